"""Rows of mobjects that are drawn frame after frame: only what changed of one is drawn again."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from manim import VMobject
from manim.camera.camera import Camera

from astrai_slides.base.identity import address
from astrai_slides.recording.format.model import Draw, Path, Style
from astrai_slides.recording.run.drawn_again import DrawnAgain, MovedOnes, RepaintedOnes, looks_of, shows_as_manim
from astrai_slides.recording.run.drawn_before import LIMIT, DrawnBefore

_FEWEST = 8
"""Fewer mobjects than these are not worth arrays."""


class DrawsOne(Protocol):
    """Draws mobjects, each by itself: see `Collector`."""

    def lookup(self, mobject: Any) -> DrawnBefore:
        """Return what is known of `mobject`."""

    def draw_each(self, camera: Camera, mobjects: Sequence[VMobject]) -> list[Draw | None]:
        """Return what `camera` would paint for each of `mobjects`."""

    def paths(
        self,
        points: Sequence[npt.NDArray[np.float64]],
        grids: Sequence[npt.NDArray[np.int32]],
        tolerances: Sequence[float],
    ) -> list[Path]:
        """Return the path of each of `points`, which are on the grid as well, from their first on."""

    def paint_key(self, camera: Camera, mobject: VMobject) -> tuple[Any, ...]:
        """Return what decides the style of `mobject`."""

    def look_up_style(self, camera: Camera, mobject: VMobject, x: int, y: int, key: tuple[Any, ...]) -> Style | None:
        """Return the style by its `paint_key`, for a path that begins at (x, y) on the grid."""

    def style(self, camera: Camera, mobject: VMobject, x: int, y: int) -> Style | None:
        """Return the style of `mobject`; None where nothing of it would be seen."""

    def interned(self, known: DrawnBefore) -> Draw | None:
        """Return the draw of what is known; None where nothing would be seen."""


@dataclass(slots=True)
class _Row:
    """Mobjects that were drawn one after the other, as they were drawn last."""

    ids: list[int]
    mobjects: Sequence[VMobject]
    """Kept, so that `ids` stay their own."""
    knowns: list[DrawnBefore]
    draws: list[Draw | None]
    again: DrawnAgain | None = None
    """None where only drawing them tells what changed."""


class DrawnRows:
    """Rows of a play, by the first mobject of each: what is drawn between two pictures is one."""

    def __init__(self, one: DrawsOne) -> None:
        """`one` draws what was not drawn in the frame before."""
        self._one = one
        self._rows: dict[int, _Row] = {}
        self._opaque: dict[tuple[Any, ...], Style | None] = {}
        """Of mobjects without gradients, by colours, widths, joint and cap."""

    def draw(self, camera: Camera, mobjects: Sequence[VMobject]) -> list[Draw | None]:
        """Return what `camera` would paint for each of `mobjects`; None where nothing would be seen."""
        kind: Any = type(camera)
        told = len(mobjects) >= _FEWEST and shows_as_manim(kind)
        ids = [*map(address, mobjects)]
        row = self._rows.get(ids[0]) if told else None
        seen_before = row is not None and row.ids == ids
        if row is not None and seen_before and row.again is not None:
            changed = row.again.take(looks_of(mobjects))
            if changed is not None:
                self._draw_changed(camera, row, row.again, *changed)
                return row.draws
        self._leave_those_with(ids)
        drawn = self._one.draw_each(camera, mobjects)
        if told:
            knowns = [self._one.lookup(mobject) for mobject in mobjects]
            again = _begin(mobjects, knowns)
            self._rows[ids[0]] = _Row(ids, mobjects, knowns, drawn, again)
        return drawn

    def leave(self) -> None:
        """Know of each mobject by itself again what it looked like: from here on each may be drawn alone."""
        for row in self._rows.values():
            _leave(row)
        self._rows.clear()

    def forget(self) -> None:
        """Let go of mobjects and styles."""
        self._rows.clear()
        self._opaque.clear()

    def _leave_those_with(self, ids: Sequence[int]) -> None:
        for first, row in list(self._rows.items()):
            if row.again is not None and not set(row.ids).isdisjoint(ids):
                _leave(self._rows.pop(first))

    def _draw_changed(
        self, camera: Camera, row: _Row, again: DrawnAgain, placed: MovedOnes, painted: RepaintedOnes
    ) -> None:
        """Draw what of `row` is in another place, of another shape, or painted in another way."""
        one = self._one
        for place, x, y, reshaped in zip(placed.places, placed.x, placed.y, placed.reshaped, strict=True):
            known = row.knowns[place]
            known.x, known.y, known.exact = x, y, reshaped
        others = [*compress(placed.places, placed.reshaped)]
        paths = one.paths(
            [again.points(place)[:, :2] for place in others],
            [again.on_grid(place) for place in others],
            [row.mobjects[place].tolerance_for_point_equality for place in others],
        )
        for place, path in zip(others, paths, strict=True):
            row.knowns[place].path = path
        opaque, width_multiple = self._opaque, camera.cairo_line_width_multiple
        told = zip(painted.places, painted.colours, again.values(painted.places), strict=True)
        for place, colours, (*widths, joint, cap) in told:
            known, mobject = row.knowns[place], row.mobjects[place]
            if not colours:
                known.paint = one.paint_key(camera, mobject)
                known.style = one.look_up_style(camera, mobject, known.x, known.y, known.paint)
                continue
            known.paint = ()  # not told from what it was painted with
            # an enumeration is hashed by a function of Python's
            key = (*colours, *widths, address(joint), address(cap), width_multiple)
            if key not in opaque:
                opaque[key] = one.style(camera, mobject, known.x, known.y)
            known.style = opaque[key]
        for place in {*placed.places, *painted.places}:
            known = row.knowns[place]
            row.draws[place] = known.draw = one.interned(known)


def _begin(mobjects: Sequence[VMobject], knowns: Sequence[DrawnBefore]) -> DrawnAgain | None:
    if any(known.path is None for known in knowns):
        return None
    looks = looks_of(mobjects)
    again = DrawnAgain(looks, LIMIT) if looks is not None else None
    return again if again is not None and again.can_be_told else None


def _leave(row: _Row) -> None:
    if row.again is not None:
        for place in row.again.was_moved:
            row.knowns[place].points = row.again.points(place).tobytes()
            row.knowns[place].rounded = row.again.on_grid(place).tobytes()
