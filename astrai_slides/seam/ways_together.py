"""The ways along which a `Transform` moves points, of all its parts at once; part of `transforms_together`.

Only products of matrices are left to each part, as they were: BLAS rounds a row by how many there are.
"""

from collections.abc import Callable, Sequence
from inspect import getclosurevars
from types import CodeType, FunctionType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from manim.utils import bezier, paths

from astrai_slides.seam.manims_own import has_own

Floats = npt.NDArray[np.float64]

Alphas = float | Sequence[float]
"""How far all parts are, or each."""

_NUMBER_KINDS = frozenset({int, float, np.float64})
_POINT = (3,)
_HALF_TURN = np.pi
_paths: Any = paths
_USED = ("interpolate", "rotation_matrix")


class Way(Protocol):
    """How points get from where they begin to where they end."""

    def still_is(self, path_func: Any) -> bool:
        """Whether it is that of `path_func`, and nobody wrote to what that knows."""

    def begin(self, first: Floats, last: Floats, parts: Sequence[slice]) -> None:
        """Know points, shape (n, 3): where they begin and end, and which are those of each part."""

    def at(self, alphas: Alphas, each: Any) -> Floats:
        """Where they are at `alphas`, which `each` tells for each point, unless one number does."""


def straight() -> Way:
    """The way from where points begin to where they end without a bend."""
    return _Straight()


def way_of(path_func: Any) -> Way | None:
    """The way of `path_func`; None for one that cannot be gone together."""
    if path_func is bezier.interpolate:
        return straight()
    kind = _KINDS.get(path_func.__code__) if isinstance(path_func, FunctionType) else None
    if kind is None or not has_own(paths, paths, _USED):
        return None
    known = dict(getclosurevars(path_func).nonlocals)
    named = {"arc_angle", "unit_axis"} <= known.keys() <= {"arc_angle", "unit_axis", "circles_centers"}
    if not named or type(known["arc_angle"]) not in _NUMBER_KINDS:
        return None
    return kind(path_func, known) if all(_is_point(known[each]) for each in known.keys() - {"arc_angle"}) else None


def _is_point(value: Any) -> bool:
    return type(value) is np.ndarray and value.dtype == np.float64 and value.shape == _POINT


class _Straight:
    def still_is(self, path_func: Any) -> bool:
        return path_func is bezier.interpolate

    def begin(self, first: Floats, last: Floats, parts: Sequence[slice]) -> None:
        self._first, self._last = first, last

    def at(self, alphas: Alphas, each: Any) -> Floats:
        return _between(self._first, self._last, each)


class _Turning:
    """A way on which points turn by an angle about an axis; more is worked out of where they begin and end."""

    def __init__(self, path_func: Any, known: dict[str, Any]) -> None:
        self._gone = path_func
        self._known = known
        self._was = {name: np.array(value) for name, value in known.items() if isinstance(value, np.ndarray)}
        self._angle, self._axis = known["arc_angle"], known["unit_axis"]

    def still_is(self, path_func: Any) -> bool:
        return (
            path_func is self._gone
            and all(np.array_equal(self._known[name], value) for name, value in self._was.items())
            and all(map(np.array_equal, self._ends, self._ends_were))
        )

    def begin(self, first: Floats, last: Floats, parts: Sequence[slice]) -> None:
        self._parts, self._ends, self._ends_were = parts, (first, last), (first.copy(), last.copy())

    def _turned(self, rows: Floats, parts: Sequence[slice], alphas: Alphas) -> Floats:
        """Each of `rows` turned about the origin, as far as its part is."""
        turned = np.empty_like(rows)
        if isinstance(alphas, Sequence):
            matrices = [_paths.rotation_matrix(alpha * self._angle, self._axis).T for alpha in alphas]
        else:
            matrices = [_paths.rotation_matrix(alphas * self._angle, self._axis).T] * len(parts)
        for part, matrix in zip(parts, matrices, strict=True):
            np.dot(rows[part], matrix, out=turned[part])
        return turned


class _AlongCircles(_Turning):
    """As `path_along_circles`, about one centre."""

    def begin(self, first: Floats, last: Floats, parts: Sequence[slice]) -> None:
        super().begin(first, last, parts)
        self._first, self._center = first, self._known["circles_centers"]
        self._turned_back = self._center + self._turned(last - self._center, parts, -1.0)

    def at(self, alphas: Alphas, each: Any) -> Floats:
        between = _between(self._first, self._turned_back, each) - self._center
        return np.asarray(self._center + self._turned(between, self._parts, alphas))


class _AlongArc(_Turning):
    """As `path_along_arc`."""

    def begin(self, first: Floats, last: Floats, parts: Sequence[slice]) -> None:
        super().begin(first, last, parts)
        ways = last - first
        centers = first + 0.5 * ways
        if self._angle != _HALF_TURN:
            centers += np.cross(self._axis, ways / 2.0) / np.tan(self._angle / 2)
        self._centers, self._spokes = centers, first - centers

    def at(self, alphas: Alphas, each: Any) -> Floats:
        return np.asarray(self._centers + self._turned(self._spokes, self._parts, alphas))


def _between(first: Floats, last: Floats, alpha: Any) -> Floats:
    """As `interpolate`."""
    return np.asarray((1 - alpha) * first + alpha * last)


def _made_by(maker: FunctionType) -> CodeType | None:
    """What the function runs that `maker` makes; None where it makes several."""
    codes = [each for each in maker.__code__.co_consts if isinstance(each, CodeType)]
    return codes[0] if len(codes) == 1 else None


_KINDS: dict[CodeType | None, Callable[[Any, dict[str, Any]], Way]] = {
    _made_by(_paths.path_along_circles): _AlongCircles,
    _made_by(_paths.path_along_arc): _AlongArc,
}
