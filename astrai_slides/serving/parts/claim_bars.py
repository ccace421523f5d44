"""Bars of throughput, what is claimed about it, and what was found here."""

from typing import Any

from manim import FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.bars import BarChart
from astrai_slides.deck.parts.comparison import Comparison
from astrai_slides.deck.parts.text import fitted
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme


class ClaimBars(BarChart):
    """A chart with what is quoted and what was `found` under its bars, a line each; either may be empty."""

    def __init__(self, comparison: Comparison, quoted: str, found: str, box: Box, theme: Theme) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        said = [(text, color) for text, color in ((quoted, palette.ink), (found, palette.headline)) if text]
        pitch = type_.body * type_.leading
        room = box.above(box.bottom + len(said) * pitch + space.gap) if said else box
        super().__init__(comparison, room, theme)
        self.claim = VGroup()
        for number, (text, color) in enumerate(said, 1):
            line = fitted(text, type_.body, color, box.width, weight="SEMIBOLD")
            self.claim.add(line.at(box.left, self.columns.bottom - space.gap - number * pitch + type_.body))
        self.add(self.claim)
        self.settle(box.bottom)

    def tie(self) -> Any:
        """What is claimed, and what was found here."""
        return LaggedStart(*map(FadeIn, self.claim), lag_ratio=self.theme.time.lag)
