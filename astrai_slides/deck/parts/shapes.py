"""Small drawing helpers that several components share."""

from functools import lru_cache
from typing import Any

import numpy as np
from manim import Arrow, Line, Rectangle, RoundedRectangle, VGroup, VMobject

from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme

_DECIMALS = 6
"""Of sizes of boxes, in scene units: far finer than a pixel, and equal for boxes that are meant to be."""


def rounded(box: Box, radius: float, **style: Any) -> Any:
    """A rounded rectangle that fills `box`."""
    radius = min(radius, box.width / 2, box.height / 2)
    sizes = (round(size, _DECIMALS) for size in (box.width, box.height, radius))
    return _rounded(*sizes, tuple(style.items())).copy().move_to(box.center)


@lru_cache(maxsize=1024)
def _rounded(width: float, height: float, radius: float, style: tuple[tuple[str, Any], ...]) -> Any:
    """Made once for its size: manim takes milliseconds to round corners, and a deck has hundreds of equal boxes."""
    return RoundedRectangle(width=width, height=height, corner_radius=radius, **dict(style))


def plain(box: Box, **style: Any) -> Any:
    """A rectangle that fills `box`."""
    return Rectangle(width=box.width, height=box.height, **style).move_to(box.center)


def line(start: tuple[float, float], end: tuple[float, float], color: str, width: float) -> Any:
    """A straight line."""
    return Line((*start, 0), (*end, 0), color=color, stroke_width=width)


def dashes(start: tuple[float, float], end: tuple[float, float], color: str, width: float, dash: float) -> Any:
    """A dashed line as one path that begins and ends with a dash; `dash` is about the length of a dash and of a gap."""
    first, last = np.array((*start, 0.0)), np.array((*end, 0.0))
    count = max(round(float(np.linalg.norm(last - first)) / dash / 2), 1)
    parts = 2 * count - 1
    path = VMobject(color=color, stroke_width=width)
    for index in range(0, parts, 2):
        path.start_new_path(first + (last - first) * (index / parts))
        path.add_line_to(first + (last - first) * ((index + 1) / parts))
    return path


def dashed_box(box: Box, color: str, width: float, dash: float) -> VGroup:
    """A dashed outline of `box`, with whole corners."""
    corners = [(box.left, box.bottom), (box.right, box.bottom), (box.right, box.top), (box.left, box.top)]
    sides = zip(corners, corners[1:] + corners[:1], strict=True)
    return VGroup(*(dashes(start, end, color, width, dash) for start, end in sides))


def hatching(box: Box, spacing: float, color: str, width: float) -> Any:
    """Diagonal lines, `spacing` apart along the edges, clipped to `box`, as one path."""
    path = VMobject(color=color, stroke_width=width)
    around = box.width + box.height
    count = max(round(around / spacing), 2)
    for index in range(1, count):
        # The line x - y = offset - height, seen from the lower left corner.
        offset = index * around / count - box.height
        start, end = max(offset, 0.0), min(offset + box.height, box.width)
        path.start_new_path(np.array((box.left + start, box.bottom + start - offset, 0.0)))
        path.add_line_to(np.array((box.left + end, box.bottom + end - offset, 0.0)))
    return path


def arrow(start: tuple[float, float], end: tuple[float, float], theme: Theme) -> Any:
    """A quiet arrow, as between stages."""
    return Arrow(
        (*start, 0),
        (*end, 0),
        buff=0,
        color=theme.palette.line,
        stroke_width=theme.space.stroke,
        tip_length=theme.space.near,
        max_tip_length_to_length_ratio=1,
        max_stroke_width_to_length_ratio=100,
    )
