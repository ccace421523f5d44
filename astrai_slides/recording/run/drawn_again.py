"""The same mobjects drawn frame after frame: what changed of all of them is found by comparing arrays.

Most of what manim calls moving stands still, or only moves, in most frames; asking that of one mobject after the other
takes some twenty small calls of NumPy a mobject and frame.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import VMobject
from manim.camera.camera import Camera

from astrai_slides.recording.format.model import GRID
from astrai_slides.seam.manims_own import has_own

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_CURVE = 4
"""Points of a cubic curve."""

_CAMERA_METHODS = ("transform_points_pre_display", "get_fill_rgbas", "get_stroke_rgbas")
_MOBJECT_METHODS = ("get_fill_rgbas", "get_stroke_rgbas", "get_stroke_width")
_NUMBER_KINDS = frozenset({int, float, np.float64})

_told = attrgetter(
    *("points", "fill_rgbas", "stroke_rgbas", "background_stroke_rgbas"),
    *("stroke_width", "background_stroke_width", "joint_type", "cap_style"),
)
_ARRAYS = 4
"""So many of these are arrays; the others are one value a mobject."""

_any = np.logical_or.reduceat


def shows_as_manim(kind: Any) -> bool:
    """Whether cameras of class `kind` show points and colours as they are."""
    return has_own(kind, Camera, _CAMERA_METHODS)


@dataclass(frozen=True, slots=True)
class Appearance:
    """What mobjects look like: arrays of all of them, one below the other, and what each has one of."""

    arrays: tuple[Floats, ...]
    """Points, shape (n, 3), and colours of fill, stroke and stroke behind, shape (n, 4)."""
    counts: tuple[tuple[int, ...], ...]
    """Rows of each mobject, for each array."""
    values: tuple[tuple[Any, ...], ...]
    """Stroke widths, those of strokes behind, joints and caps, each of all mobjects."""


def looks_of(mobjects: Sequence[VMobject]) -> Appearance | None:
    """Return what `mobjects` look like; None where one has it in another way."""
    if not all(has_own(kind, VMobject, _MOBJECT_METHODS) for kind in set(map(type, mobjects))):
        return None
    try:
        told = list(zip(*map(_told, mobjects), strict=True))
        counts = tuple(tuple(map(len, each)) for each in told[:_ARRAYS])
        arrays = tuple(np.concatenate(each) for each in told[:_ARRAYS])
    except (AttributeError, TypeError, ValueError):
        return None
    if not all(each.dtype == np.float64 and each.ndim == 2 for each in arrays):
        return None
    if min(counts[0]) < _CURVE or not all(map(all, counts)):
        return None
    if not all(_NUMBER_KINDS.issuperset(map(type, widths)) for widths in told[_ARRAYS : _ARRAYS + 2]):
        return None
    return Appearance(arrays, counts, tuple(told[_ARRAYS:]))


def _changed(now: Floats, before: Floats, starts: Ints) -> Flags | None:
    """For which mobjects, whose rows begin at `starts`, two arrays of one shape differ; None if for none."""
    apart = now.view(np.int64) != before.view(np.int64)
    return np.asarray(_any(apart.ravel(), starts * apart.shape[1])) if apart.any() else None


@dataclass(frozen=True, slots=True)
class MovedOnes:
    """Mobjects on the grid, by their places in the order in which they are drawn."""

    places: list[int]
    x: list[int]
    y: list[int]
    """Where each begins."""
    reshaped: list[bool]
    """Whether its points, from its first on, are others than before."""


@dataclass(frozen=True, slots=True)
class RepaintedOnes:
    """Mobjects that may be painted in another way than before, by their places."""

    places: list[int]
    colours: list[tuple[int, ...]]
    """Of fill, stroke and stroke behind, RGBA; empty where one is a gradient, or no number."""


class DrawnAgain:
    """What mobjects looked like when they were drawn last, all of them in one order."""

    def __init__(self, looks: Appearance, limit: float) -> None:
        """`limit` is how far points may be, on the grid."""
        self.was_moved: set[int] = set()
        """Places of those that were moved since."""
        self._looks = looks
        self._limit = limit
        self._counts = np.array(looks.counts[0])
        self._starts: list[Ints] = [np.cumsum(each, dtype=np.int64) - np.array(each) for each in looks.counts]
        self._has_gradient: Flags = np.asarray((np.array(looks.counts[1:]) > 1).any(axis=0))
        self._grid = np.zeros((len(looks.arrays[0]), 2), np.dtype("<i4"))
        self.can_be_told = self._placed(looks, np.ones(len(self._counts), dtype=bool)) is not None
        """Whether all lie where the grid can tell it."""

    def points(self, place: int) -> Floats:
        """Points of the mobject at `place`, shape (n, 3)."""
        return self._looks.arrays[0][self._rows(place)]

    def on_grid(self, place: int) -> npt.NDArray[np.int32]:
        """Points of the mobject at `place` on the grid, from its first, shape (n, 2)."""
        return self._grid[self._rows(place)]

    def _rows(self, place: int) -> slice:
        start = int(self._starts[0][place])
        return slice(start, start + int(self._counts[place]))

    def values(self, places: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """What each of the mobjects at `places` has one of: see `Appearance.values`."""
        return zip(*([each[place] for place in places] for each in self._looks.values), strict=True)

    def take(self, looks: Appearance | None) -> tuple[MovedOnes, RepaintedOnes] | None:
        """Take what the mobjects look like now, and return what changed; None, without a change, where that cannot be
        told."""
        if looks is None or looks.counts != self._looks.counts:
            return None
        before = self._looks
        moved = _changed(looks.arrays[0], before.arrays[0], self._starts[0])
        placed = _NOTHING if moved is None else self._placed(looks, moved)
        if placed is None:
            return None
        self._looks = looks
        self.was_moved.update(placed.places)
        painted = self._has_gradient.copy()
        for now, then, starts in zip(looks.arrays[1:], before.arrays[1:], self._starts[1:], strict=True):
            changed = _changed(now, then, starts)
            if changed is not None:
                painted |= changed
        for values, earlier in zip(looks.values, before.values, strict=True):
            if values != earlier:
                painted |= np.array([one != other for one, other in zip(values, earlier, strict=True)])
        return placed, self._painted(np.flatnonzero(painted))

    def _placed(self, looks: Appearance, moved: Flags) -> MovedOnes | None:
        places = np.flatnonzero(moved)
        counts = self._counts[places]
        starts = np.cumsum(counts) - counts
        points = looks.arrays[0]
        rows = slice(None) if len(places) == len(moved) else np.flatnonzero(np.repeat(moved, self._counts))
        first = points[self._starts[0][places], :2]
        own_first = first.take(np.repeat(np.arange(len(places)), counts), axis=0)
        with np.errstate(invalid="ignore", over="ignore"):
            away = points[rows, :2] - own_first
            away *= GRID
            corner = first * GRID
            # a point that is no number makes all of this none
            if not max(away.max(), -away.min(), np.abs(corner).max()) <= self._limit:
                return None
        grid = np.rint(away, out=away).astype(self._grid.dtype, order="C")
        # both coordinates of a point are compared as one number
        now, before = grid.view(np.int64).ravel(), self._grid.view(np.int64).ravel()
        reshaped = np.asarray(_any(now != before[rows], starts))
        before[rows] = now
        x, y = np.rint(corner).astype(np.int64).T.tolist()
        return MovedOnes(places.tolist(), x, y, reshaped.tolist())

    def _painted(self, places: Ints) -> RepaintedOnes:
        if not len(places):
            return _UNPAINTED
        shown = []
        for colours, starts in zip(self._looks.arrays[1:], self._starts[1:], strict=True):
            scaled = colours[starts[places]] * 0xFF
            told: Flags = np.isfinite(scaled).all(axis=1) & ~self._has_gradient[places]
            parts = np.rint(np.clip(np.where(told[:, None], scaled, 0), 0, 0xFF)).astype(np.int64)
            packed = parts[:, 0] << 24 | parts[:, 1] << 16 | parts[:, 2] << 8 | parts[:, 3]
            shown.append(np.where(told, packed, -1).tolist())
        return RepaintedOnes(places.tolist(), [() if min(each) < 0 else each for each in zip(*shown, strict=True)])


_NOTHING = MovedOnes([], [], [], [])
_UNPAINTED = RepaintedOnes([], [])
