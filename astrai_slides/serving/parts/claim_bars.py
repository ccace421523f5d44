"""Bars of throughput, what is claimed about it, and what was found here."""

from typing import Any

from manim import FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.bars import BarChart
from astrai_slides.deck.parts.comparison import Comparison
from astrai_slides.deck.parts.text import TIGHT, fitted, label, paragraph
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import SMALLEST_CAP, Theme

_CLOSE = 1.75
"""Distance of baselines, in cap heights, where one line does not hold what is said."""


class ClaimBars(BarChart):
    """A chart with what is quoted and what was `found` under its bars, in a line each where one holds it.

    Either may be empty.
    """

    def __init__(self, comparison: Comparison, quoted: str, found: str, box: Box, theme: Theme) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        said = [(text, color) for text, color in ((quoted, palette.ink), (found, palette.headline)) if text]
        lines = [line for text, color in said for line in _lines(text, color, box.width, theme)]
        pitch = type_.body * (type_.leading if len(lines) == len(said) else _CLOSE)
        room = box.above(box.bottom + len(lines) * pitch + space.gap) if lines else box
        super().__init__(comparison, room, theme)
        self.claim = VGroup()
        for number, line in enumerate(lines, 1):
            self.claim.add(line.at(box.left, self.columns.bottom - space.gap - number * pitch + type_.body))
        self.add(self.claim)
        self.settle(box.bottom)

    def tie(self) -> Any:
        """What is claimed, and what was found here."""
        return LaggedStart(*map(FadeIn, self.claim), lag_ratio=self.theme.time.lag)


def _lines(text: str, color: str, width: float, theme: Theme) -> list[Any]:
    """`text` in one line, as small as can be read at most, or else in several."""
    cap = theme.type.body
    whole = label(text, cap, color, weight="SEMIBOLD")
    if whole.width * SMALLEST_CAP <= width * cap * TIGHT:
        return [fitted(text, cap, color, width, weight="SEMIBOLD")]
    return list(paragraph(text, cap, color, width, weight="SEMIBOLD"))
