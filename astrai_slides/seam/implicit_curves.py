"""Curves of `ImplicitFunction`, found sooner: manim has the package isosurfaces find them, which works with arrays of
two numbers each and asks for the function's value at most points several times.

What is found is the same to the last bit, as it is worked out by the same operations in the same order, and the
function is asked at the same points, once at each. Where it draws random numbers, or gives no plain ones, isosurfaces
is asked.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from manim.mobject.graphing import functions

from astrai_slides.base.replaced import replaced

_PLOT: Callable[..., Any] = vars(functions)["plot_isoline"]

_NEAR = 0.01
"""How far along an edge isosurfaces looks for the function's slope."""
_INFINITE = 1e200
"""Values beyond are no zeros, but an asymptote."""
_COARSE = 10
"""Cells of fewer tolerances than this are not divided."""

_CORNERS = ((0, 0), (1, 0), (0, 1), (1, 1))
"""Of a cell: bottom left, bottom right, top left, top right."""


class _OtherNumbersError(Exception):
    """The function gives something else than plain numbers."""


@contextmanager
def implicit_curves_sooner() -> Iterator[None]:
    """Inside the block, let implicit functions be plotted as this module does."""
    with replaced(functions, "plot_isoline", _plot):
        yield


def _plot(
    fn: Callable[[Any], Any], pmin: Any, pmax: Any, min_depth: int = 5, max_quads: int = 10000, tol: Any = None
) -> Any:
    """As `isosurfaces.plot_isoline`, in two dimensions."""
    plain = all(type(each) is np.ndarray and each.dtype in (np.float64, np.int64) for each in (pmin, pmax))
    chance, numpy_chance = random.getstate(), np.random.get_state()
    if plain and tol is None:
        try:
            curves = _Plot(fn, pmin, pmax).curves(min_depth, max_quads)
        except _OtherNumbersError:
            pass
        else:
            drawn = np.random.get_state()
            same = all(np.array_equal(one, other) for one, other in zip(drawn, numpy_chance, strict=True))
            if same and random.getstate() == chance:
                return curves
        random.setstate(chance)
        np.random.set_state(numpy_chance)
    return _PLOT(fn, pmin, pmax, min_depth, max_quads, tol)


class _Point:
    """A place, and the function's value there."""

    __slots__ = ("val", "x", "y")

    def __init__(self, x: float, y: float, val: Any) -> None:
        self.x, self.y, self.val = x, y, val


class _Cell:
    __slots__ = ("children", "depth", "dual", "vertices")

    def __init__(self, vertices: list[_Point], depth: int) -> None:
        self.vertices, self.depth = vertices, depth
        self.children: list[_Cell] = []
        self.dual: _Point | None = None


class _Triangle:
    __slots__ = ("first", "next", "point", "prev", "second", "third", "visited")

    def __init__(self, first: _Point, second: _Point, third: _Point) -> None:
        self.first, self.second, self.third = first, second, third
        self.next: _Triangle | None = None
        self.prev: _Triangle | None = None
        self.point: _Point | None = None
        """Where the curve leaves it for the next."""
        self.visited = False


class _Plot:
    """The names of methods are those of isosurfaces."""

    def __init__(self, fn: Callable[[Any], Any], pmin: Any, pmax: Any) -> None:
        self._fn = fn
        self._known: dict[tuple[float, float], Any] = {}
        self._pmin, self._pmax = pmin, pmax
        self._tol_x, self._tol_y = ((pmax - pmin) / 1000).tolist()
        self._triangles: list[_Triangle] = []
        self._hanging: dict[tuple[float, float], _Triangle] = {}

    def curves(self, min_depth: int, max_quads: int) -> list[list[tuple[float, float]]]:
        """The curves, each as its points."""
        self._triangulate(self._tree(min_depth, max_quads))
        curves = []
        for triangle in self._triangles:
            if not triangle.visited and triangle.next is not None:
                curves.append([(point.x, point.y) for point in _march(triangle)])
        return curves

    def _value(self, x: float, y: float) -> Any:
        key = (x, y)
        known = self._known.get(key)
        if known is None:
            # as they come out of an array: with others a function may work otherwise
            known = self._fn((np.float64(x), np.float64(y)))
            if not isinstance(known, (int, float)):
                raise _OtherNumbersError
            if x and y:  # there are two zeros, of which dividing tells
                self._known[key] = known
        return known

    def _midpoint(self, one: _Point, other: _Point) -> _Point:
        x, y = (one.x + other.x) / 2, (one.y + other.y) / 2
        return _Point(x, y, self._value(x, y))

    def _intersect_zero(self, one: _Point, other: _Point) -> _Point:
        denom = one.val - other.val
        k1, k2 = -other.val / denom, one.val / denom
        x, y = float(k1 * one.x + k2 * other.x), float(k1 * one.y + k2 * other.y)
        return _Point(x, y, self._value(x, y))

    # -- cells

    def _tree(self, min_depth: int, max_cells: int) -> _Cell:
        max_cells = max(4**min_depth, max_cells)
        width = self._pmax - self._pmin
        corners = [np.array([self._pmin[0] + i * width[0], self._pmin[1] + j * width[1]]) for i, j in _CORNERS]
        values = [self._fn(corner) for corner in corners]
        if not all(isinstance(value, (int, float)) for value in values):
            raise _OtherNumbersError
        root = _Cell([_Point(float(at[0]), float(at[1]), value) for at, value in zip(corners, values, strict=True)], 0)
        waiting = deque([root])
        leaves = 1
        while waiting and leaves < max_cells:
            cell = waiting.popleft()
            if cell.depth < min_depth or self._should_descend(cell):
                self._divide(cell)
                waiting.extend(cell.children)
                leaves += 3
        return root

    def _divide(self, cell: _Cell) -> None:
        first, last = cell.vertices[0], cell.vertices[3]
        for vertex in cell.vertices:
            left, bottom = (first.x + vertex.x) / 2, (first.y + vertex.y) / 2
            width, height = (last.x + vertex.x) / 2 - left, (last.y + vertex.y) / 2 - bottom
            vertices = []
            for i, j in _CORNERS:
                x, y = left + i * width, bottom + j * height
                vertices.append(_Point(x, y, self._value(x, y)))
            cell.children.append(_Cell(vertices, cell.depth + 1))

    def _should_descend(self, cell: _Cell) -> bool:
        a, b, c, d = cell.vertices
        if d.x - a.x < _COARSE * self._tol_x and d.y - a.y < _COARSE * self._tol_y:
            return False
        undefined = [each.val != each.val for each in (a, b, c, d)]
        if any(undefined):
            return not all(undefined)
        sign = _sign(a.val)
        return any(_sign(each.val) != sign for each in (b, c, d))

    # -- triangles

    def _triangulate(self, cell: _Cell) -> None:
        if cell.children:
            for child in cell.children:
                self._triangulate(child)
            first, second, third, fourth = cell.children
            self._cross_row(first, second)
            self._cross_row(third, fourth)
            self._cross_col(first, third)
            self._cross_col(second, fourth)

    def _cross_row(self, a: _Cell, b: _Cell) -> None:
        if a.children or b.children:
            self._cross_row(a.children[1] if a.children else a, b.children[0] if b.children else b)
            self._cross_row(a.children[3] if a.children else a, b.children[2] if b.children else b)
            return
        dual_a, dual_b = self._face_dual(a), self._face_dual(b)
        if a.depth < b.depth:
            one, other = b.vertices[2], b.vertices[0]
        else:
            one, other = a.vertices[3], a.vertices[1]
        self._add_four(one, dual_b, other, dual_a, self._edge_dual(one, other))

    def _cross_col(self, a: _Cell, b: _Cell) -> None:
        if a.children or b.children:
            self._cross_col(a.children[2] if a.children else a, b.children[0] if b.children else b)
            self._cross_col(a.children[3] if a.children else a, b.children[1] if b.children else b)
            return
        dual_a, dual_b = self._face_dual(a), self._face_dual(b)
        if a.depth < b.depth:
            one, other = b.vertices[0], b.vertices[1]
        else:
            one, other = a.vertices[2], a.vertices[3]
        self._add_four(one, dual_b, other, dual_a, self._edge_dual(one, other))

    def _face_dual(self, cell: _Cell) -> _Point:
        if cell.dual is None:
            cell.dual = self._midpoint(cell.vertices[0], cell.vertices[3])
        return cell.dual

    def _edge_dual(self, p1: _Point, p2: _Point) -> _Point:
        if (p1.val > 0) != (p2.val > 0):
            return self._midpoint(p1, p2)
        far = 1 - _NEAR
        x1, y1 = p1.x * far + p2.x * _NEAR, p1.y * far + p2.y * _NEAR
        x2, y2 = p1.x * _NEAR + p2.x * far, p1.y * _NEAR + p2.y * far
        df1, df2 = self._value(x1, y1), self._value(x2, y2)
        if (df1 > 0) == (df2 > 0):
            return self._midpoint(p1, p2)
        return self._intersect_zero(_Point(p1.x, p1.y, df1), _Point(p2.x, p2.y, df2))

    def _add_four(self, a: _Point, b: _Point, c: _Point, d: _Point, center: _Point) -> None:
        four = _Triangle(a, b, center), _Triangle(b, c, center), _Triangle(c, d, center), _Triangle(d, a, center)
        for i in range(4):
            self._sandwich(four[i], four[(i + 1) % 4], four[(i + 2) % 4])
        self._triangles += four

    def _sandwich(self, a: _Triangle, b: _Triangle, c: _Triangle) -> None:
        x, y, center = b.first, b.second, b.third
        if center.val > 0 >= y.val:
            self._set_next(b, c, center, y)
        if x.val > 0 >= center.val:
            self._set_next(b, a, x, center)
        key = (x.x + y.x, x.y + y.y)
        if y.val > 0 >= x.val:
            if key in self._hanging:
                self._set_next(b, self._hanging.pop(key), y, x)
            else:
                self._hanging[key] = b
        elif y.val <= 0 < x.val:
            if key in self._hanging:
                self._set_next(self._hanging.pop(key), b, x, y)
            else:
                self._hanging[key] = b

    def _set_next(self, one: _Triangle, other: _Triangle, above: _Point, below: _Point) -> None:
        if not above.val > 0 >= below.val:
            return
        point, is_zero = self._zero(above, below)
        if not is_zero:
            return
        one.point = point
        one.next = other
        other.prev = one

    def _zero(self, p1: _Point, p2: _Point) -> tuple[_Point, bool]:
        while not (abs(p2.x - p1.x) < self._tol_x and abs(p2.y - p1.y) < self._tol_y):
            middle = self._midpoint(p1, p2)
            if middle.val == 0:
                return middle, True
            if (middle.val > 0) == (p1.val > 0):
                p1 = middle
            else:
                p2 = middle
        point = self._intersect_zero(p1, p2)
        goes_through = _sign(point.val - p1.val) == _sign(p2.val - point.val) and point.val < _INFINITE
        return point, bool(point.val == 0 or goes_through)


def _sign(value: Any) -> Any:
    """As `numpy.sign`."""
    if value != value:
        return value
    return 1 if value > 0 else -1 if value < 0 else 0


def _march(triangle: _Triangle) -> list[_Point]:
    """The curve through `triangle`, from its start if it has one."""
    start, at, closed = triangle, triangle, False
    while at.prev is not None:
        at = at.prev
        if at is start:
            closed = True
            break
    curve = []
    onward: _Triangle | None = at
    while onward is not None and not onward.visited:
        if onward.point is not None:
            curve.append(onward.point)
        onward.visited = True
        onward = onward.next
    if closed:
        curve.append(curve[0])
    return curve
