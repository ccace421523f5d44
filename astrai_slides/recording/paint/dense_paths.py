"""Paths so dense that Cairo takes minutes for one of them: their stroke is drawn in pieces, and once for all paints.

What Cairo needs for a stroke grows with the square of how many segments a row of pixels meets. A `Coverage` holds how
much of each pixel a path covers, joined of pieces that meet few segments each; it is painted through in any colour.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cairo
import numpy as np
import numpy.typing as npt

from astrai_slides.base.identity import address
from astrai_slides.recording.format.model import Cap, Path

Curves: TypeAlias = npt.NDArray[np.int32]
"""Points of a sub-path, or of a part of one, shape (1 + 3 * curves, 2), grid steps."""

Place: TypeAlias = tuple[float, ...]
"""The six numbers of a matrix from grid steps to pixels, and the width and height of the surface."""

DENSE = 2_000
"""Segments that a row of pixels meets on average from which a path is dense."""

_PIECE = 300
"""Segments that a row meets of one piece, about: fewer cost more calls, more cost Cairo more."""

_FEW = 2 * DENSE
"""Curves up to which no path is dense, and none is measured."""

_CURVE_BYTES = 3 * 2 * 4
"""What a curve's three points take at least, two numbers of four bytes each."""

_MAX_COVERAGES = 8
"""Coverages kept: what fades is painted from one, what moves never twice."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of each pixel is covered, and the box (left, top, width, height) beyond which nothing is."""

    surface: cairo.ImageSurface
    inked: tuple[int, int, int, int]


class Coverages:
    """Coverages of dense paths, the latest kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, object, Place], tuple[Path, Coverage]] = OrderedDict()

    def get(
        self, path: Path, shape: object, place: Place, draw: Callable[["cairo.Context[cairo.ImageSurface]"], None]
    ) -> Coverage:
        """Return the coverage of `path` at `place`; what is not kept is drawn by `draw` in white on nothing.

        `shape` tells coverages of one path apart, as strokes of two widths.
        """
        key = (address(path), shape, place)
        kept = self._kept.get(key)
        if kept is None:
            surface = cairo.ImageSurface(cairo.FORMAT_A8, int(place[-2]), int(place[-1]))
            ctx = cairo.Context(surface)
            ctx.set_matrix(cairo.Matrix(*place[:6]))
            draw(ctx)
            surface.flush()
            # the path is kept as well, so that its id is of no other
            kept = self._kept[key] = (path, Coverage(surface, _inked(surface)))
            if len(self._kept) > _MAX_COVERAGES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return kept[1]


def _inked(surface: cairo.ImageSurface) -> tuple[int, int, int, int]:
    cover = np.frombuffer(surface.get_data(), np.uint8).reshape(surface.get_height(), surface.get_stride())
    rows, columns = (np.flatnonzero(cover.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return 0, 0, 0, 0
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top


def place_of(matrix: cairo.Matrix, surface: cairo.ImageSurface) -> Place:
    """Return what tells the pixels on `surface` of one drawing with `matrix` from those of others."""
    numbers = (matrix.xx, matrix.yx, matrix.xy, matrix.yy, matrix.x0, matrix.y0)
    return (*numbers, surface.get_width(), surface.get_height())


def may_be_dense(path: Path) -> bool:
    """Whether `path` has so many curves that it can be dense."""
    return len(path.xy) > _FEW * _CURVE_BYTES and sum(count for count, _ in path.subpaths) > _FEW


def pieces_of(path: Path, place: Place) -> int:
    """Return in how many pieces the stroke of `path` is to be drawn at `place`; 0 if it is not dense."""
    if not may_be_dense(path):
        return 0
    met = segments_met(path, place)
    return -(-met // _PIECE) if met > DENSE else 0


def segments_met(path: Path, place: Place) -> int:
    """Return how many curves of `path` a row of pixels meets on average, among the rows that it goes through."""
    _, across, _, down, _, y0, _, height = place
    anchors = [points[::3] for points, _ in path.curves()]
    rows = [np.clip(each[:, 0] * across + each[:, 1] * down + y0, 0, height) for each in anchors]
    ways = sum(float(np.abs(np.diff(each)).sum()) for each in rows)
    extent = max(each.max() for each in rows) - min(each.min() for each in rows)
    return round(ways / max(1.0, float(extent)))


def pieces(path: Path, count: int) -> Iterator[list[tuple[Curves, bool]]]:
    """Yield `path` as about `count` lists of sub-paths (points, whether closed), to be stroked without caps.

    A sub-path that is cut goes on with the curve it ended in, so that joins are drawn.
    """
    budget = max(1, -(-sum(curves for curves, _ in path.subpaths) // count))
    piece: list[tuple[Curves, bool]] = []
    room = budget
    for points, closed in path.curves():
        curves = len(points) // 3
        if curves <= room:
            piece.append((points, closed))
            room -= curves
            continue
        if closed:  # ends over its first curve, with the join between
            line = [] if (points[0] == points[-1]).all() else [_line(points[-1], points[0])[1:]]
            points = np.concatenate([points, *line, points[1:4]])
            curves = len(points) // 3
        start = 0
        while start < curves:
            stop = min(curves, start + max(1, room))
            piece.append((points[3 * start : 3 * min(curves, stop + 1) + 1], False))
            room -= stop - start
            start = stop
            if room <= 0:
                yield piece
                piece, room = [], budget
    if piece:
        yield piece


def ends(path: Path, cap: Cap, half: float) -> list[tuple[Curves, bool]]:
    """Return what a stroke without caps lacks at open ends: for SQUARE lines as long as `half` (of its width), to be
    stroked without caps as well, and for ROUND dots, to be stroked with round ones.
    """
    if cap == Cap.BUTT:
        return []
    return [each for points, closed in path.curves() if not closed for each in _ends(points, cap, half)]


def _line(start: npt.NDArray[np.int32], stop: npt.NDArray[np.int32]) -> Curves:
    way = stop - start
    return np.array([start, start + way // 3, start + 2 * way // 3, stop], np.int32)


def _ends(points: Curves, cap: Cap, half: float) -> Iterator[tuple[Curves, bool]]:
    for end, *before in (points[:4], points[-1:-5:-1]):
        if cap == Cap.ROUND:
            yield _line(end, end), False
            continue
        ways = [way for way in (end - np.array(before, np.float64)) if way.any()]
        if ways:
            yield _line(end, np.rint(end + ways[0] * half / np.hypot(*ways[0])).astype(np.int32)), False
