"""Implicit curves traced sooner and through exactly the same points; part of `faster_manim`.

isosurfaces, which manim asks, makes an array of two numbers for each of some twenty thousand points of a curve, which
takes twenty times as long as the curve's own function. Here a point is numbers. The function is asked for the same
points, in the same order, and all sums are those of isosurfaces.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from struct import Struct
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from manim.mobject.graphing import functions

from astrai_slides.base.replaced import replaced

_VERSION = "0.1.2"
"""Of isosurfaces, whose sums these are."""

_functions: Any = functions
_PLOT: Any = _functions.plot_isoline
_OWNER = "isosurfaces.isoline"
"""The module that it comes from, unless somebody else put another there."""

_MOST_WHOLE = 1 << 31
"""Whole numbers below are the same as numbers with a fraction, and so are their sums and shares."""

_CHILDREN = 4
_SMALL = 10
"""A cell of fewer tolerances is divided no more."""

_FAR_FROM_ZERO = 1e200
_STEP = 0.01
"""Share of an edge after which its function is asked for its slope."""
_REST = 1 - _STEP

_packed = Struct("2d").pack

Floats: TypeAlias = npt.NDArray[np.float64]
Vertex: TypeAlias = tuple[float, float, float]
"""Where it is, and the function's value there."""


class _AnotherKindError(Exception):
    """The function gives something else than a number."""


@contextmanager
def implicit_curves_traced_sooner() -> Iterator[None]:
    """Have curves of implicit functions traced sooner inside the block."""
    if _functions.plot_isoline is _PLOT and _PLOT.__module__ == _OWNER:
        with replaced(functions, "plot_isoline", plot_isoline):
            yield
    else:
        yield


def plot_isoline(
    fn: Callable[[Any], Any],
    pmin: Any,
    pmax: Any,
    min_depth: int = 5,
    max_quads: int = 10000,
    tol: Any = None,
) -> list[list[Floats]]:
    """As isosurfaces' `plot_isoline` of a function that takes any pair of numbers."""
    if _is_known() and tol is None and _are_places(pmin, pmax):
        try:
            return _Plot(fn, pmin, pmax).curves(min_depth, max_quads)
        except _AnotherKindError:
            pass
    curves: list[list[Floats]] = _PLOT(fn, pmin, pmax, min_depth, max_quads, tol)
    return curves


@cache
def _is_known() -> bool:
    try:
        return version("isosurfaces") == _VERSION
    except PackageNotFoundError:
        return False


def _are_places(*places: Any) -> bool:
    return all(
        isinstance(each, np.ndarray) and each.shape == (2,) and each.dtype in (np.float64, np.int64) for each in places
    )


class _Cell:
    """A square of the plane: its corners (lower left, lower right, upper left, upper right) and its quarters."""

    __slots__ = ("children", "depth", "vertices")

    def __init__(self, vertices: tuple[Vertex, Vertex, Vertex, Vertex], depth: int) -> None:
        self.vertices = vertices
        self.depth = depth
        self.children: list[_Cell] = []


class _Triangle:
    """A triangle of a center and an edge, through which a curve goes on into the next."""

    __slots__ = ("bisected", "center", "next", "one", "other", "previous", "visited")

    def __init__(self, one: Vertex, other: Vertex, center: Vertex) -> None:
        self.one, self.other, self.center = one, other, center
        self.next: _Triangle | None = None
        self.previous: _Triangle | None = None
        self.bisected: Vertex | None = None
        self.visited = False


class _Plot:
    def __init__(self, fn: Callable[[Any], Any], pmin: Any, pmax: Any) -> None:
        self._fn = fn
        self._at = _asked(fn)
        self._begin, self._size = pmin, pmax - pmin
        self._tolerance: tuple[float, float] = tuple(((pmax - pmin) / 1000).tolist())
        self._triangles: list[_Triangle] = []
        self._hanging: dict[bytes, _Triangle] = {}

    def curves(self, min_depth: int, max_quads: int) -> list[list[Floats]]:
        root = self._tree(min_depth, max_quads)
        self._inside(root)
        return [[*np.array(curve)] for curve in _traced(self._triangles)]

    def _tree(self, min_depth: int, max_quads: int) -> _Cell:
        most = max(_CHILDREN**min_depth, max_quads)
        root = _Cell(self._corners(), 0)
        queue, leaves = deque([root]), 1
        while queue and leaves < most:
            cell = queue.popleft()
            if cell.depth < min_depth or self._is_crossed(cell):
                self._divide(cell)
                queue.extend(cell.children)
                leaves += _CHILDREN - 1
        return root

    def _corners(self) -> tuple[Vertex, Vertex, Vertex, Vertex]:
        # as arrays: these may be of whole numbers, which the function is asked for then
        begin, size = self._begin, self._size
        places = [np.array([begin[0] + right * size[0], begin[1] + up * size[1]]) for up in (0, 1) for right in (0, 1)]
        one, two, three, four = (
            (float(place[0]), float(place[1]), _number(self._fn((place[0], place[1])))) for place in places
        )
        return one, two, three, four

    def _is_crossed(self, cell: _Cell) -> bool:
        first, *_, last = cell.vertices
        across, up = self._tolerance
        if last[0] - first[0] < _SMALL * across and last[1] - first[1] < _SMALL * up:
            return False
        values = [each[2] for each in cell.vertices]
        unknown = [value != value for value in values]  # what is no number is not itself
        if any(unknown):
            return not all(unknown)
        sign = _sign(values[0])
        return any(_sign(value) != sign for value in values)

    def _divide(self, cell: _Cell) -> None:
        at, depth = self._at, cell.depth + 1
        (first_x, first_y, _), *_, (last_x, last_y, _) = cell.vertices
        for x, y, _ in cell.vertices:
            left, bottom = (first_x + x) / 2, (first_y + y) / 2
            width, height = (last_x + x) / 2 - left, (last_y + y) / 2 - bottom
            # zero times, as that may change a zero's sign
            left, right = left + 0 * width, left + width
            bottom, top = bottom + 0 * height, bottom + height
            cell.children.append(
                _Cell((at(left, bottom), at(right, bottom), at(left, top), at(right, top)), depth),
            )

    def _inside(self, cell: _Cell) -> None:
        if cell.children:
            for child in cell.children:
                self._inside(child)
            lower_left, lower_right, upper_left, upper_right = cell.children
            self._beside(lower_left, lower_right)
            self._beside(upper_left, upper_right)
            self._above(lower_left, upper_left)
            self._above(lower_right, upper_right)

    def _beside(self, left: _Cell, right: _Cell) -> None:
        if left.children or right.children:
            lower, upper = (left.children[1], left.children[3]) if left.children else (left, left)
            lower_right, upper_right = (right.children[0], right.children[2]) if right.children else (right, right)
            self._beside(lower, lower_right)
            self._beside(upper, upper_right)
            return
        center_left, center_right = self._center(left), self._center(right)
        bottom, top = (
            (right.vertices[0], right.vertices[2]) if left.depth < right.depth else (left.vertices[1], left.vertices[3])
        )
        self._four(top, center_right, bottom, center_left, self._edge(top, bottom))

    def _above(self, below: _Cell, above: _Cell) -> None:
        if below.children or above.children:
            left, right = (below.children[2], below.children[3]) if below.children else (below, below)
            left_above, right_above = (above.children[0], above.children[1]) if above.children else (above, above)
            self._above(left, left_above)
            self._above(right, right_above)
            return
        center_below, center_above = self._center(below), self._center(above)
        first, last = (
            (above.vertices[0], above.vertices[1])
            if below.depth < above.depth
            else (below.vertices[2], below.vertices[3])
        )
        self._four(first, center_above, last, center_below, self._edge(first, last))

    def _middle(self, one: Vertex, other: Vertex) -> Vertex:
        return self._at((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)

    def _center(self, cell: _Cell) -> Vertex:
        return self._middle(cell.vertices[0], cell.vertices[3])

    def _edge(self, one: Vertex, other: Vertex) -> Vertex:
        """The point of an edge that its triangles meet in."""
        x, y, value = one
        other_x, other_y, other_value = other
        if (value > 0) != (other_value > 0):
            return self._middle(one, other)
        slope = self._at(x * _REST + other_x * _STEP, y * _REST + other_y * _STEP)[2]
        other_slope = self._at(x * _STEP + other_x * _REST, y * _STEP + other_y * _REST)[2]
        if (slope > 0) == (other_slope > 0):
            return self._middle(one, other)
        return self._crossing((x, y, slope), (other_x, other_y, other_slope))

    def _crossing(self, one: Vertex, other: Vertex) -> Vertex:
        """Where a line between two values is zero."""
        apart = one[2] - other[2]
        share, rest = -other[2] / apart, one[2] / apart
        return self._at(share * one[0] + rest * other[0], share * one[1] + rest * other[1])

    def _four(self, a: Vertex, b: Vertex, c: Vertex, d: Vertex, center: Vertex) -> None:
        above = center[2] > 0
        if (a[2] > 0) == above == (b[2] > 0) and (c[2] > 0) == above == (d[2] > 0):
            return  # no curve comes through, as of most
        triangles = _Triangle(a, b, center), _Triangle(b, c, center), _Triangle(c, d, center), _Triangle(d, a, center)
        for before, triangle, after in zip(
            triangles, (*triangles[1:], triangles[0]), (*triangles[2:], *triangles[:2]), strict=True
        ):
            self._connect(before, triangle, after)
        self._triangles.extend(triangles)

    def _connect(self, before: _Triangle, triangle: _Triangle, after: _Triangle) -> None:
        """Find the triangle that a curve goes into from `triangle`, which lies between two with its center."""
        one, other, center = triangle.one, triangle.other, triangle.center
        if center[2] > 0 >= other[2]:
            self._go_on(triangle, after, center, other)
        if one[2] > 0 >= center[2]:
            self._go_on(triangle, before, one, center)
        if other[2] > 0 >= one[2]:
            beside = self._beyond(triangle)
            if beside is not None:
                self._go_on(triangle, beside, other, one)
        elif other[2] <= 0 < one[2]:
            beside = self._beyond(triangle)
            if beside is not None:
                self._go_on(beside, triangle, one, other)

    def _beyond(self, triangle: _Triangle) -> _Triangle | None:
        """The triangle beyond the edge of `triangle`; None where it waits for it from now on."""
        edge = _packed(triangle.one[0] + triangle.other[0], triangle.one[1] + triangle.other[1])
        beside = self._hanging.pop(edge, None)
        if beside is None:
            self._hanging[edge] = triangle
        return beside

    def _go_on(self, triangle: _Triangle, following: _Triangle, positive: Vertex, negative: Vertex) -> None:
        found = self._zero(positive, negative)
        if found is not None:
            triangle.bisected, triangle.next = found, following
            following.previous = triangle

    def _zero(self, one: Vertex, other: Vertex) -> Vertex | None:
        """Where the function is zero between two points; None where it only jumps."""
        across, up = self._tolerance
        while not (abs(other[0] - one[0]) < across and abs(other[1] - one[1]) < up):
            middle = self._middle(one, other)
            if middle[2] == 0:
                return middle
            if (middle[2] > 0) == (one[2] > 0):
                one = middle
            else:
                other = middle
        found = self._crossing(one, other)
        value = found[2]
        if value == 0 or (_alike(value - one[2], other[2] - value) and value < _FAR_FROM_ZERO):
            return found
        return None


def _asked(fn: Callable[[Any], Any]) -> Callable[[float, float], Vertex]:
    """What asks `fn` for its value at a place. It is asked so often that each look-up counts."""
    number = np.float64

    def at(x: float, y: float) -> Vertex:
        value = fn((number(x), number(y)))
        return x, y, float(value) if type(value) is number else _number(value)

    return at


def _number(value: Any) -> float:
    kind = type(value)
    if kind is np.float64 or kind is float or (kind in (int, np.int64) and -_MOST_WHOLE < value < _MOST_WHOLE):
        return float(value)
    raise _AnotherKindError


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _alike(one: float, other: float) -> bool:
    """Whether two numbers have the same sign; what is no number has none."""
    return (one > 0 and other > 0) or (one < 0 and other < 0) or one == other == 0


def _traced(triangles: list[_Triangle]) -> Iterator[list[tuple[float, float]]]:
    for start in triangles:
        if start.visited or start.next is None:
            continue
        first, closed = start, False
        while first.previous is not None:
            first = first.previous
            if first is start:
                closed = True
                break
        curve: list[tuple[float, float]] = []
        triangle: _Triangle | None = first
        while triangle is not None and not triangle.visited:
            if triangle.bisected is not None:
                curve.append(triangle.bisected[:2])
            triangle.visited = True
            triangle = triangle.next
        if closed:
            curve.append(curve[0])
        yield curve
