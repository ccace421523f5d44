"""Every patch and private name of manim, manim-slides, svgelements and manimpango."""
