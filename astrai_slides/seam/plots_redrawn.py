"""What a plot that is redrawn in each frame asks of manim thousands of times, the same numbers sooner."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from manim import Axes, NumberLine, VMobject
from manim.mobject.graphing.scale import LinearBase

_NUMBERS = frozenset({float, int, np.float64})
_NUMBER_TO_POINT = NumberLine.number_to_point
_START, _END = NumberLine.get_start, NumberLine.get_end
_TIP_START = VMobject.get_start
_COORDS_TO_POINT, _ORIGIN_SHIFT = Axes.coords_to_point, Axes._origin_shift
_FLAT = 2
"""Axes of a flat coordinate system; fewer coordinates are no point, but a list of points."""

_SUBPATHS = VMobject.get_subpaths_from_points
_CURVE = 4
"""Points of a curve."""
_FEW_POINTS = 24
"""Of a path with fewer, neighbours are compared sooner one by one."""
_RELATIVE = 1e-5
"""What `numpy.allclose` lets numbers differ by, for their size."""


def _plain(line: Any) -> bool:
    """Whether the points of `line` are found as those of manim's own number lines, with equal steps."""
    kind = type(line)
    points = line.points
    return not (
        kind.get_start is not _START
        or kind.get_end is not _END
        or type(line.scaling) is not LinearBase
        or points.dtype != np.float64
        or len(points) == 0
        or "start_tip" in line.__dict__
        or hasattr(kind, "tip")
        or hasattr(kind, "start_tip")
    )


def _end(line: Any) -> Any:
    """Where `line`, which is plain, ends."""
    tip = line.__dict__.get("tip")
    if tip is None or tip not in line.submobjects:
        return line.points[-1]
    return tip.points[0] if type(tip).get_start is _TIP_START and len(tip.points) else tip.get_start()


def number_to_point(self: NumberLine, number: Any) -> Any:
    """As `NumberLine.number_to_point`, which looks for tips in families, and makes arrays of one number."""
    if type(number) not in _NUMBERS or not _plain(self):
        return _NUMBER_TO_POINT(self, number)
    scaling: Any = self.scaling
    first = self.x_range[0]
    alpha = float((np.float64(number / scaling.scale_factor) - first) / (self.x_range[1] - first))
    return (1 - alpha) * self.points[0] + alpha * _end(self)


def coords_to_point(self: Axes, *coords: Any) -> Any:
    """As `Axes.coords_to_point`, which makes arrays of two numbers and of each point on the way."""
    lines = self.axes.submobjects
    if (
        len(coords) < _FLAT
        or len(lines) < _FLAT
        or lines[0] is not self.x_axis
        or not _NUMBERS.issuperset(map(type, coords))
        or type(self)._origin_shift is not _ORIGIN_SHIFT
    ):
        return _COORDS_TO_POINT(self, *coords)
    known = [_line(line) for line, _ in zip(lines, coords, strict=False)]
    axes = [line for line in known if line is not None]
    if len(axes) < len(known):
        return _COORDS_TO_POINT(self, *coords)
    zero = axes[0].at(float(_ORIGIN_SHIFT((lines[0].x_min, lines[0].x_max))))
    point = axes[0].at(float(coords[0]))
    for line, number in zip(axes[1:], coords[1:], strict=False):
        point = [one + (other - start) for one, other, start in zip(point, line.at(float(number)), zero, strict=True)]
    return np.array(point)


class _Line(NamedTuple):
    """What decides where the numbers of a line lie: by plain numbers, with which three are added soonest."""

    scale: float
    first: float
    length: float
    start: list[float]
    end: list[float]

    def at(self, number: float) -> list[float]:
        """The point of `number`."""
        alpha = (number / self.scale - self.first) / self.length
        rest = 1 - alpha
        return [rest * one + alpha * other for one, other in zip(self.start, self.end, strict=True)]


def _line(line: Any) -> _Line | None:
    """What decides where the numbers of `line` lie; None if that may be something else besides."""
    kind = type(line)
    if kind.number_to_point is not number_to_point or "number_to_point" in line.__dict__ or not _plain(line):
        return None
    end = _end(line)
    first, last = float(line.x_range[0]), float(line.x_range[1])
    scale, length = float(line.scaling.scale_factor), last - first
    # of which arrays only warn, where Python fails
    if not scale or not length or end.dtype != np.float64:
        return None
    return _Line(scale, first, length, line.points[0].tolist(), end.tolist())


def subpaths_from_points(self: VMobject, points: Any) -> list[npt.NDArray[np.float64]]:
    """As `VMobject.get_subpaths_from_points`, with all neighbours compared at once."""
    if (
        len(points) < _FEW_POINTS
        or type(points) is not np.ndarray
        or points.dtype != np.float64
        or points.ndim != 2
        or type(self).consider_points_equals is not VMobject.consider_points_equals
        or self.n_points_per_cubic_curve != _CURVE
        or type(self.tolerance_for_point_equality) is not float
        or not np.isfinite(points).all()
    ):
        return list(_SUBPATHS(self, points))
    starts = points[_CURVE::_CURVE]
    ends = points[_CURVE - 1 : -1 : _CURVE][: len(starts)]
    near = np.abs(ends - starts) <= self.tolerance_for_point_equality + _RELATIVE * np.abs(starts)
    cuts = [0, *((np.flatnonzero(~near.all(axis=1)) + 1) * _CURVE).tolist(), len(points)]
    return [points[one:other] for one, other in pairwise(cuts) if other - one >= _CURVE]
