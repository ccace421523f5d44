"""The cover: the talk's title over the continuous schedule as faint cells, without words."""

from typing import Any

from manim import UP, AnimationGroup, FadeIn, FadeOut, LaggedStart, Transform, VGroup

from astrai_slides.deck.parts.head import heading
from astrai_slides.deck.parts.shapes import rounded
from astrai_slides.deck.parts.text import fitted, label, paragraph
from astrai_slides.look.layout import Box, Layout
from astrai_slides.look.theme import Theme
from astrai_slides.serving.sim import Timeline


class CoverGrid(VGroup):
    """Slots and turns of `timeline`, repeated to fill `box`; every request faint in its colour, idle cells outlined."""

    def __init__(self, timeline: Timeline, box: Box, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        space = theme.space
        colors = {r.name: theme.request_color(i) for i, r in enumerate(timeline.requests)}
        rows = box.rows(timeline.slots, space.near)
        # About square cells, over the whole width.
        count = max(round(box.width / (rows[0].height + space.near)), 2 * timeline.slots)
        columns = box.columns(count, space.near)
        turns = timeline.turns
        for column, strip in enumerate(columns):
            cells = VGroup()
            for slot, row in enumerate(rows):
                cell = turns[column % len(turns)].cells[slot]
                spot = Box(strip.left, row.bottom, strip.right, row.top)
                color = theme.palette.line if cell is None else colors[cell.request.name]
                shape = rounded(spot, space.radius, color=color, stroke_width=space.thin, stroke_opacity=space.ghost)
                cells.add(shape.set_fill(color, opacity=0 if cell is None else space.ghost))
            self.add(cells)

    def appear(self) -> Any:
        """Turn after turn, from left to right."""
        return LaggedStart(*map(FadeIn, self), lag_ratio=self.theme.time.lag)


class Cover:
    """Title, promise and byline, and the grid behind."""

    def __init__(self, title: str, promise: str, byline: str, timeline: Timeline, layout: Layout, theme: Theme) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        safe, ground = layout.safe, layout.below_rule
        self.shift = space.near
        self.head = heading(title, layout, theme)
        self.title = fitted(title, type_.cover, palette.ink, safe.width, weight="SEMIBOLD")
        self.title.centered(0, 0)
        self.promise = paragraph(promise, type_.lead, palette.ink, safe.width)
        self.promise.at(safe.left, ground.top - type_.lead - space.gap)
        words = label(byline, type_.body, palette.muted) if byline else VGroup()
        self.byline = words.at(safe.left, layout.foot) if byline else words
        last: Any = self.promise[-1]
        top = last.baseline - 2 * space.gap
        self.grid = CoverGrid(
            timeline, Box(safe.left, ground.bottom + (space.gap if byline else 0.0), safe.right, top), theme
        )

    def rise(self) -> Any:
        """The title goes to the head."""
        return Transform(self.title, self.head)

    def say(self) -> Any:
        """Promise and byline come."""
        return AnimationGroup(
            *(FadeIn(part, shift=UP * self.shift) for part in (self.promise, self.byline) if len(part))
        )

    def leave(self) -> Any:
        """All but the title goes."""
        return FadeOut(VGroup(self.promise, self.byline, self.grid))
