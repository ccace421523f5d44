"""Curves that are cut in parts so that two shapes have as many, as manim cuts them: those that stay whole at once."""

from typing import Any

import numpy as np
from manim import VMobject
from manim.utils import bezier

_INSERT = VMobject.insert_n_curves_to_point_list
_TUPLES, _GENERATED = VMobject.get_cubic_bezier_tuples_from_points, VMobject.gen_cubic_bezier_tuples_from_points
_CURVE = 4
"""Points of a curve."""
_SPACE = 3

_MOST = 10_000
"""More curves are left to manim, which counts them in 32 bits."""

_subdivide = bezier.subdivide_bezier


def inserted_curves(self: VMobject, n: int, points: Any) -> Any:
    """As `VMobject.insert_n_curves_to_point_list`, which copies every curve by itself."""
    kind = type(self)
    if (
        type(points) is not np.ndarray
        or points.dtype != np.float64
        or points.ndim != 2
        or points.shape[1] != _SPACE
        or not _CURVE <= len(points) <= _CURVE * _MOST
        or not 0 <= n <= _MOST
        or self.n_points_per_cubic_curve != _CURVE
        or kind.get_cubic_bezier_tuples_from_points is not _TUPLES
        or kind.gen_cubic_bezier_tuples_from_points is not _GENERATED
    ):
        return _INSERT(self, n, points)
    whole = points[: len(points) - len(points) % _CURVE]
    if n == 0:
        return whole.copy()
    curves = np.ascontiguousarray(whole).reshape(-1, _CURVE, _SPACE)
    count = len(curves)
    # where the parts of each curve begin, as `bezier_remap` has it
    shares = np.bincount(np.arange(count + n) * count // (count + n), minlength=count)
    made = np.repeat(curves, shares, axis=0)
    starts = np.cumsum(shares) - shares
    for place in np.flatnonzero(shares > 1).tolist():
        start, share = starts[place], shares[place]
        made[start : start + share] = _subdivide(curves[place], int(share)).reshape(-1, _CURVE, _SPACE)
    return made.reshape(-1, _SPACE)
