"""Bars of throughput, and the claim that their headline explains."""

from typing import Any

from manim import FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.bars import BarChart
from astrai_slides.deck.parts.comparison import Comparison
from astrai_slides.deck.parts.text import fitted
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme


class ClaimBars(BarChart):
    """A chart with a `claim` under its bars, and under that the `reason` that ties it to the headline."""

    def __init__(self, comparison: Comparison, claim: str, reason: str, box: Box, theme: Theme) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        room = box
        if claim:
            under = type_.small * type_.leading if reason else 0.0
            room = box.above(box.bottom + type_.lead + under + 2 * space.near)
        super().__init__(comparison, room, theme)
        self.claim = VGroup()
        if claim:
            said = fitted(claim, type_.lead, palette.headline, self.columns.width, weight="SEMIBOLD")
            said.at(self.columns.left, self.columns.bottom - space.near - type_.lead)
            self.claim.add(said)
        if claim and reason:
            because = fitted(reason, type_.small, palette.ink, self.columns.width)
            self.claim.add(because.at(self.columns.left, said.baseline - type_.small * type_.leading))
        self.add(self.claim)
        self.settle(box.bottom)

    def tie(self) -> Any:
        """The claim that the headline explains, and what ties it to its slots."""
        return LaggedStart(*map(FadeIn, self.claim), lag_ratio=self.theme.time.lag)
