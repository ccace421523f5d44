"""The continuous schedule as faint cells without words, to stand behind a title."""

from collections.abc import Mapping, Sequence
from typing import Any

from manim import FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.shapes import rounded
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.roles import request_color
from astrai_slides.serving.sim import Cell, Timeline

_WIDEST = 2.2
"""Times its height, that a cell may be wide."""

_TALL = 1.5
"""Times its height: in a box that is less wide the turns go down."""

_FLATTEST = 3.0
"""Times its height, that a cell may be wide where turns go down, before turns are left out."""


class CoverGrid(VGroup):
    """Slots and turns of `timeline` in `box`; every request faint in its colour, idle cells outlined.

    The cells are as wide as it takes to fill the box, up to `_WIDEST` times their height; then nothing is left to do.
    Of a longer schedule its first turns are shown. In a box that is not much wider than high the turns go
    down.
    """

    def __init__(self, timeline: Timeline, box: Box, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        space = theme.space
        colors = {r.name: request_color(i, theme) for i, r in enumerate(timeline.requests)}
        turns = timeline.turns
        if box.width < _TALL * box.height:
            strips, across = box.columns(timeline.slots, space.near), box.width / timeline.slots
            count = max(min(len(turns), round(box.height / (across / _FLATTEST))), 1)
            high = min((box.height + space.near) / count, across) - space.near
            field = box.cut_top(count * (high + space.near) - space.near)[0]
            for number, row in enumerate(field.rows(count, space.near)):
                spots = [Box(strip.left, row.bottom, strip.right, row.top) for strip in strips]
                self._add_turn(turns[number].cells if number < len(turns) else [None] * timeline.slots, spots, colors)
            return
        rows = box.rows(timeline.slots, space.near)
        # At least about square, over the whole width.
        most = max(round(box.width / (rows[0].height + space.near)), 2 * timeline.slots)
        least = round(box.width / (_WIDEST * rows[0].height + space.near))
        columns = box.columns(max(min(most, len(turns)), least), space.near)
        for column, strip in enumerate(columns):
            spots = [Box(strip.left, row.bottom, strip.right, row.top) for row in rows]
            self._add_turn(turns[column].cells if column < len(turns) else [None] * len(rows), spots, colors)

    def _add_turn(self, turn: Sequence[Cell | None], spots: Sequence[Box], colors: Mapping[str, str]) -> None:
        space, cells = self.theme.space, VGroup()
        for cell, spot in zip(turn, spots, strict=True):
            color = self.theme.palette.line if cell is None else colors[cell.request.name]
            shape = rounded(spot, space.radius, color=color, stroke_width=space.thin, stroke_opacity=space.ghost)
            cells.add(shape.set_fill(color, opacity=0 if cell is None else space.ghost))
        self.add(cells)

    def appear(self) -> Any:
        """Turn after turn, from the first to the last."""
        return LaggedStart(*map(FadeIn, self), lag_ratio=self.theme.time.lag)
