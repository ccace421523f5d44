"""A colour's exact value."""

from manim import ManimColor


def color_bytes(color: ManimColor) -> bytes:
    """Return the value that `color` is kept as, unrounded: equal for equal colours only."""
    return bytes(color._internal_value.tobytes())
