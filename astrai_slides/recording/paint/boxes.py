"""What ops can touch, as boxes of device units: strokes, miters and anti-aliasing included."""

from collections.abc import Sequence
from math import ceil, floor
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from astrai_slides.base.identity import ById
from astrai_slides.recording.format.model import GRID, WIDTH_GRID, Draw, Join, Op, Path, Picture, Style, View

PixelBox: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in device units."""

PixelBoxes: TypeAlias = npt.NDArray[np.int64]
"""One box a row, shape (n, 4)."""

STROKE_SCALE = GRID / WIDTH_GRID
"""Grid steps of one of the units that strokes are as wide as."""

_MITER_LIMIT = 10.0
_SQUARE_REACH = 2**0.5

_MAX_PATHS = 20_000
"""Paths whose bounds are kept."""

_bounds_known: ById[Path, tuple[int, int, int, int]] = ById()


def box(op: Op, view: View, width: float, height: float) -> PixelBox:
    """What `op` can touch at most where `view` fills `width` x `height`, as whole device units."""
    if isinstance(op, Draw):
        reach = _reach(op.style)
        left, bottom, right, top = _bounds(op.path)
        left, right = op.x + left - reach, op.x + right + reach
        bottom, top = op.y + bottom - reach, op.y + top + reach
    else:
        left, bottom, right, top = _corners(op)
    across, down = width / view.width, height / view.height
    return (
        floor(width / 2 + (left - view.x) * across) - 1,
        floor(height / 2 - (top - view.y) * down) - 1,
        ceil(width / 2 + (right - view.x) * across) + 1,
        ceil(height / 2 - (bottom - view.y) * down) + 1,
    )


def boxes(ops: Sequence[Op], view: View, width: float, height: float) -> PixelBoxes:
    """What `box` returns of each of `ops`, computed together."""
    found = np.empty((len(ops), 4), np.float64)
    draws = [op for op in ops if isinstance(op, Draw)]
    at: slice | list[int] = slice(None)
    if len(draws) < len(ops):
        at = [place for place, op in enumerate(ops) if isinstance(op, Draw)]
        for place, op in enumerate(ops):
            if not isinstance(op, Draw):
                found[place] = _corners(op)
    if draws:
        numbers = np.frombuffer(b"".join([op.path.xy for op in draws]), "<i4")
        lengths = np.array([len(op.path.xy) for op in draws]) // (2 * numbers.itemsize)
        starts = np.cumsum(lengths) - lengths
        places = np.array([(op.x, op.y, _reach(op.style)) for op in draws])
        for axis in range(2):
            along = np.ascontiguousarray(numbers[axis::2])
            found[at, axis] = np.minimum.reduceat(along, starts) + places[:, axis] - places[:, 2]
            found[at, axis + 2] = np.maximum.reduceat(along, starts) + places[:, axis] + places[:, 2]
    across, down = width / view.width, height / view.height
    result = np.empty((len(ops), 4), np.int64)
    result[:, 0] = np.floor(width / 2 + (found[:, 0] - view.x) * across) - 1
    result[:, 1] = np.floor(height / 2 - (found[:, 3] - view.y) * down) - 1
    result[:, 2] = np.ceil(width / 2 + (found[:, 2] - view.x) * across) + 1
    result[:, 3] = np.ceil(height / 2 - (found[:, 1] - view.y) * down) + 1
    return result


def meets(one: PixelBox, other: PixelBox) -> bool:
    """Whether two boxes have an area in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def meeting(many: PixelBoxes, one: PixelBox) -> list[int]:
    """Which of `many` have an area in common with `one`, in order."""
    left, top, right, bottom = one
    found = (many[:, 0] < right) & (many[:, 2] > left) & (many[:, 1] < bottom) & (many[:, 3] > top)
    return np.flatnonzero(found).tolist()


def union(one: PixelBox, other: PixelBox) -> PixelBox:
    """The smallest box that holds both."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def area(one: PixelBox) -> int:
    """How many units `one` holds."""
    return (one[2] - one[0]) * (one[3] - one[1])


def _reach(style: Style) -> float:
    """How far beyond its path what is drawn in `style` can go, grid steps."""
    width = max(style.stroke_width if style.stroke else 0, style.back_width if style.back else 0)
    return width * STROKE_SCALE / 2 * (_MITER_LIMIT if style.join == Join.MITER else _SQUARE_REACH)


def _corners(picture: Picture) -> tuple[float, float, float, float]:
    x0, y0, x1, y1, x2, y2 = picture.corners
    xs, ys = (x0, x1, x2, x1 + x2 - x0), (y0, y1, y2, y1 + y2 - y0)
    return min(xs), min(ys), max(xs), max(ys)


def _bounds(path: Path) -> tuple[float, float, float, float]:
    known = _bounds_known.get(path)
    if known is None:
        if len(_bounds_known) >= _MAX_PATHS:
            _bounds_known.clear()
        points = path.points
        (left, bottom), (right, top) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        known = _bounds_known[path] = (left, bottom, right, top)
    return known
