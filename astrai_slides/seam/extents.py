"""How far mobjects reach, which is asked wherever one is put beside another: the same numbers sooner."""

from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Mobject, VMobject

Points = npt.NDArray[np.float64]

_BOUNDARY, _ANCHORS = VMobject.get_points_defining_boundary, VMobject.get_anchors
_CRITICAL_POINT, _EXTREMUM = Mobject.get_critical_point, Mobject.get_extremum_along_dim
_CURVE = 4
"""Points of a curve."""
_SPACE = 3

_least, _most = np.minimum.reduce, np.maximum.reduce


def points_defining_boundary(self: VMobject) -> Any:
    """As `VMobject.get_points_defining_boundary`, which makes a list of every point on the way."""
    parts = []
    for each in self.get_family():
        points = each.points
        kind: Any = type(each)
        if (
            getattr(kind, "get_anchors", None) is not _ANCHORS
            or kind.get_start_anchors is not VMobject.get_start_anchors
            or kind.get_end_anchors is not VMobject.get_end_anchors
            or each.n_points_per_cubic_curve != _CURVE
            or type(points) is not np.ndarray
            or points.dtype != np.float64
            or points.ndim != 2
            or points.shape[1] != _SPACE
            or len(points) % _CURVE
        ):
            return _BOUNDARY(self)
        if len(points):
            # the first and the last of each curve
            parts.append(points.reshape(-1, _CURVE, _SPACE)[:, :: _CURVE - 1])
    if not parts:
        return np.array(())
    return (parts[0] if len(parts) == 1 else np.concatenate(parts)).reshape(-1, _SPACE)


def critical_point(self: Mobject, direction: Any) -> Any:
    """As `Mobject.get_critical_point`, with three calls of NumPy for six."""
    kind = type(self)
    if kind.get_extremum_along_dim is not _EXTREMUM or self.dim != _SPACE:
        return _CRITICAL_POINT(self, direction)
    points = self.get_points_defining_boundary()
    if type(points) is not np.ndarray or points.dtype != np.float64:
        return _CRITICAL_POINT(self, direction)
    found = np.zeros(_SPACE)
    if len(points) == 0:
        return found
    for dim in range(_SPACE):
        values, key = points[:, dim], direction[dim]
        if key < 0:
            found[dim] = _least(values)
        elif key == 0:
            found[dim] = (_least(values) + _most(values)) / 2
        else:
            found[dim] = _most(values)
    return found
