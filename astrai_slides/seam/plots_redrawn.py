"""What a plot that is redrawn in each frame asks of manim thousands of times, the same numbers sooner."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import NumberLine, VMobject
from manim.mobject.graphing.scale import LinearBase

_NUMBERS = frozenset({float, int, np.float64})
_NUMBER_TO_POINT = NumberLine.number_to_point
_START, _END = NumberLine.get_start, NumberLine.get_end

_SUBPATHS = VMobject.get_subpaths_from_points
_CURVE = 4
"""Points of a curve."""
_FEW_POINTS = 24
"""Of a path with fewer, neighbours are compared sooner one by one."""
_RELATIVE = 1e-5
"""What `numpy.allclose` lets numbers differ by, for their size."""


def number_to_point(self: NumberLine, number: Any) -> Any:
    """As `NumberLine.number_to_point`, which looks for tips in families, and makes arrays of one number."""
    kind = type(self)
    points = self.points
    if (
        type(number) not in _NUMBERS
        or kind.get_start is not _START
        or kind.get_end is not _END
        or type(self.scaling) is not LinearBase
        or points.dtype != np.float64
        or len(points) == 0
        or "start_tip" in self.__dict__
        or any(hasattr(kind, name) for name in ("tip", "start_tip"))
    ):
        return _NUMBER_TO_POINT(self, number)
    tip = self.__dict__.get("tip")
    end = tip.get_start() if tip is not None and tip in self.submobjects else points[-1]
    first = self.x_range[0]
    alpha = float((np.float64(number / self.scaling.scale_factor) - first) / (self.x_range[1] - first))
    return (1 - alpha) * points[0] + alpha * end


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
