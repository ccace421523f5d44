"""SVG files that manim has read."""

from manim.mobject.svg.svg_mobject import SVG_HASH_TO_MOB_MAP


def forget_svgs() -> None:
    """Let manim read every SVG file again, as in a new process.

    It keeps by its path what it has read of a file, for all scenes that are to come: a scene then shows the file as it
    was for the scene before, and none of its own reads it. A copy is no original, either: of strokes that Typst set
    manim scales only those of the original.
    """
    SVG_HASH_TO_MOB_MAP.clear()
