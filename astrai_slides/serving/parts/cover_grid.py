"""The continuous schedule as faint cells without words, to stand behind a title."""

from typing import Any

from manim import FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.shapes import rounded
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.roles import request_color
from astrai_slides.serving.sim import Timeline

_WIDEST = 2.2
"""Times its height, that a cell may be wide."""


class CoverGrid(VGroup):
    """Slots and turns of `timeline` in `box`; every request faint in its colour, idle cells outlined.

    The cells are as wide as it takes to fill the box, up to `_WIDEST` times their height; then nothing is left to do.
    Of a longer schedule its first turns are shown.
    """

    def __init__(self, timeline: Timeline, box: Box, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        space = theme.space
        colors = {r.name: request_color(i, theme) for i, r in enumerate(timeline.requests)}
        rows = box.rows(timeline.slots, space.near)
        turns = timeline.turns
        # At least about square, over the whole width.
        most = max(round(box.width / (rows[0].height + space.near)), 2 * timeline.slots)
        least = round(box.width / (_WIDEST * rows[0].height + space.near))
        columns = box.columns(max(min(most, len(turns)), least), space.near)
        for column, strip in enumerate(columns):
            cells = VGroup()
            for slot, row in enumerate(rows):
                cell = turns[column].cells[slot] if column < len(turns) else None
                spot = Box(strip.left, row.bottom, strip.right, row.top)
                color = theme.palette.line if cell is None else colors[cell.request.name]
                shape = rounded(spot, space.radius, color=color, stroke_width=space.thin, stroke_opacity=space.ghost)
                cells.add(shape.set_fill(color, opacity=0 if cell is None else space.ghost))
            self.add(cells)

    def appear(self) -> Any:
        """Turn after turn, from left to right."""
        return LaggedStart(*map(FadeIn, self), lag_ratio=self.theme.time.lag)
