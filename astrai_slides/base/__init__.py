"""What everything stands on: files, progress, the cache, what a build reads. No manim, no click."""
