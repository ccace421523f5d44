"""The cover's ground: the continuous schedule as faint cells, without words."""

from typing import Any

from manim import FadeIn, LaggedStart, VGroup

from astrai_slides.layout import Box
from astrai_slides.mobjects.shapes import rounded
from astrai_slides.serving import Timeline
from astrai_slides.theme import Theme

_COLUMNS = 16


class CoverGrid(VGroup):
    """Slots and turns of `timeline`, repeated to fill `box`; every request faint in its colour, idle cells outlined."""

    def __init__(self, timeline: Timeline, box: Box, theme: Theme) -> None:
        self.theme = theme
        space = theme.space
        colors = {r.name: theme.request_color(i) for i, r in enumerate(timeline.requests)}
        rows = box.rows(timeline.slots, space.near)
        turns = timeline.turns
        super().__init__()
        for column in range(max(_COLUMNS, len(turns))):
            cells = VGroup()
            for slot, row in enumerate(rows):
                cell = turns[column % len(turns)].cells[slot]
                spot = row.columns(max(_COLUMNS, len(turns)), space.near)[column]
                color = theme.palette.faint if cell is None else colors[cell.request.name]
                shape = rounded(spot, space.radius, color=color, stroke_width=space.thin, stroke_opacity=space.ghost)
                cells.add(shape.set_fill(color, opacity=0 if cell is None else space.ghost))
            self.add(cells)

    def appear(self) -> Any:
        """Turn after turn, from left to right."""
        return LaggedStart(*map(FadeIn, self), lag_ratio=self.theme.time.lag)
