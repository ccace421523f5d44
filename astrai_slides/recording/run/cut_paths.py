"""Points of mobjects cut into sub-paths, as manim's camera does it: of many with as many points at once."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

POINTS_PER_CURVE = 4
RELATIVE_TOLERANCE = 1e-5

CutPath: TypeAlias = tuple[tuple[tuple[int, bool], ...], bytes]
"""Sub-paths and points, as a `Path` has them."""

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.int64]

_MOST_PATTERNS = 4096
"""Ways in which outlines are made of sub-paths that are remembered: a glyph that moves or changes keeps its own."""


def cut_each(
    points: Sequence[_Floats], grids: Sequence[npt.NDArray[np.int32]], tolerances: Sequence[float]
) -> list[CutPath]:
    """Return what `cut` does of each of `points`, shape (n, 2), with their places on the grid."""
    alike: dict[tuple[int, float], list[int]] = {}
    for place, (each, tolerance) in enumerate(zip(points, tolerances, strict=True)):
        alike.setdefault((len(each), tolerance), []).append(place)
    found: dict[int, CutPath] = {}
    for (_, tolerance), places in alike.items():
        if len(places) == 1:
            (place,) = places
            (found[place],) = cut(points[place][None], grids[place][None], tolerance)
            continue
        together = np.stack([points[place] for place in places]), np.stack([grids[place] for place in places])
        found.update(zip(places, cut(*together, tolerance), strict=True))
    return [found[place] for place in range(len(points))]


def cut(points: _Floats, grid: npt.NDArray[np.int32], tolerance: float) -> list[CutPath]:
    """Cut each of `points` into sub-paths and drop anchors that repeat; by exact points, as manim's camera does.

    `points` are of mobjects, shape (mobjects, n, 2), and `grid` the same on the grid, each from its first on.
    """
    count = points.shape[1] - points.shape[1] % POINTS_PER_CURVE
    ends, starts = (
        points[:, POINTS_PER_CURVE - 1 : count - 1 : POINTS_PER_CURVE],
        points[:, POINTS_PER_CURVE:count:POINTS_PER_CURVE],
    )
    found: list[CutPath] = [((), b"")] * len(points)
    for breaks, rows in _by_pattern(_apart(ends, starts, tolerance)):
        first, last, kept, curves = _kept(count, breaks)
        whole = len(rows) == len(points)
        some, some_grid = (points, grid) if whole else (points[rows], grid[rows])
        closed = (~_apart(some[:, first], some[:, last], tolerance)).tolist()
        told = some_grid[:, :count][:, kept]
        for row, ends_meet, places in zip(rows, closed, told, strict=True):
            found[row] = tuple(zip(curves, ends_meet, strict=True)), places.tobytes()
    return found


@lru_cache(maxsize=_MOST_PATTERNS)
def _kept(count: int, breaks: bytes) -> tuple[_Places, _Places, _Places, list[int]]:
    """Of `count` points, `breaks` between curves: first and last of each sub-path, those kept, curves of each."""
    apart = np.frombuffer(breaks, dtype=bool)
    first = np.concatenate(([0], np.flatnonzero(apart) + 1)) * POINTS_PER_CURVE
    last = np.concatenate((first[1:], [count])) - 1
    kept = np.ones(count, dtype=bool)
    kept[POINTS_PER_CURVE::POINTS_PER_CURVE] = apart
    return first, last, np.flatnonzero(kept), ((last + 1 - first) // POINTS_PER_CURVE).tolist()


def _by_pattern(breaks: _Flags) -> Iterator[tuple[bytes, Sequence[int]]]:
    """The distinct rows of `breaks`, each with where it stands."""
    if len(breaks) == 1 or not breaks.any():
        yield breaks[0].tobytes(), range(len(breaks))
        return
    alike: dict[bytes, list[int]] = {}
    for row, each in enumerate(breaks):
        alike.setdefault(each.tobytes(), []).append(row)
    yield from alike.items()


def _apart(a: _Floats, b: _Floats, tolerance: float) -> _Flags:
    """Which points of `a` and `b`, shape (..., 2), are too far from each other for manim to join them."""
    return np.asarray((np.abs(a - b) > tolerance + RELATIVE_TOLERANCE * np.abs(b)).any(axis=-1))
