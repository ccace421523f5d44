"""Draws that stand still while they fade: what each covers of every pixel is found once, and painted through.

Cairo goes along all curves of a path each time it is filled or stroked, and takes half as long again where the paint is
translucent. Only there is what it does with a coverage the same to the last bit, so that it does not matter what was
painted before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import cairo

from astrai_slides.base.identity import address
from astrai_slides.recording.format.model import Cap, Draw, Join, Path, Style, View
from astrai_slides.recording.paint.boxes import PixelBox, box

Place: TypeAlias = tuple[View, float, float]
"""What is seen, and the width and height that it fills, in pixels."""

Cover: TypeAlias = Callable[["cairo.Context[cairo.ImageSurface]", int], None]
"""Fills a path, or strokes it so wide: 0 is for the fill."""

_POINT_BYTES = 8
_PIXELS_A_POINT = 512
"""A coverage with more pixels for each point of its path takes as long as the path."""

_MOST_DRAWS = 20_000
_MOST_BYTES = 32 << 20
"""Beyond so many draws, or bytes of coverages, all are found again."""


def lets_through(style: Style) -> bool:
    """Whether all that is painted in `style` is of one translucent colour each."""
    for paint in (style.fill, style.stroke, style.back):
        if paint is not None and (paint.line is not None or paint.stops[0] & 0xFF == 0xFF):
            return False
    return True


@dataclass(slots=True)
class Stood:
    """A draw that was painted before where it is now, and the pixels that it may cover."""

    path: Path
    """Kept, so that its id is of no other."""
    join: Join
    cap: Cap
    pens: tuple[int, int]
    """The widths of its stroke and of that behind."""
    left: int = 0
    top: int = 0
    width: int = -1
    """None are known before it is painted again."""
    height: int = 0
    covers: "dict[int, cairo.ImageSurface]" = field(default_factory=dict)
    """By the width of the stroke, 0 for the fill."""

    def is_within(self, pixels: PixelBox) -> bool:
        """Whether it covers none but `pixels`: where Cairo cuts a path off, pixels beside that come out otherwise."""
        left, top, right, bottom = pixels
        inside = left <= self.left and top <= self.top
        return inside and self.left + self.width <= right and self.top + self.height <= bottom


class StandingDraws:
    """What draws cover that are painted where they were painted before, in frames of one place after the other."""

    def __init__(self) -> None:
        self._place: Place = (View(0, 0, 1, 1), 0, 0)
        self._known: dict[tuple[int, int, int], Stood] = {}
        self._bytes = 0

    def begin(self, view: View, width: float, height: float) -> None:
        """Say where the draws lie that are asked for next."""
        place = view, width, height
        if place != self._place:
            self._place = place
            self._forget()

    def of(self, draw: Draw) -> Stood | None:
        """Return what is known of `draw`; None where it is to be painted as any other."""
        key, style = (address(draw.path), draw.x, draw.y), draw.style
        known = self._known.get(key)
        pens = style.stroke_width, style.back_width
        if known is None or (known.pens, known.join, known.cap) != (pens, style.join, style.cap):
            if len(self._known) >= _MOST_DRAWS:
                self._forget()
            self._known[key] = Stood(draw.path, style.join, style.cap, pens)
            return None
        if known.width < 0:
            self._measure(known, draw)
        return known if known.width else None

    def cover(self, known: Stood, width: int, matrix: cairo.Matrix, cover: Cover) -> cairo.ImageSurface:
        """Return what a stroke so wide covers, or the fill, whose path `matrix` takes to pixels."""
        surface = known.covers.get(width)
        if surface is None:
            if self._bytes > _MOST_BYTES:
                self._forget()
            surface = known.covers[width] = cairo.ImageSurface(cairo.FORMAT_A8, known.width, known.height)
            self._bytes += known.width * known.height
            ctx = cairo.Context(surface)
            ctx.set_matrix(matrix * cairo.Matrix(1, 0, 0, 1, -known.left, -known.top))
            cover(ctx, width)
            surface.flush()
        return surface

    def _measure(self, known: Stood, draw: Draw) -> None:
        view, width, height = self._place
        left, top, right, bottom = box(draw, view, width, height)
        known.left, known.top = max(left, 0), max(top, 0)
        across, down = min(right, int(width)) - known.left, min(bottom, int(height)) - known.top
        few = 0 < across * down <= _PIXELS_A_POINT * len(draw.path.xy) // _POINT_BYTES
        known.width, known.height = (across, down) if few and across > 0 else (0, 0)

    def _forget(self) -> None:
        self._known.clear()
        self._bytes = 0
