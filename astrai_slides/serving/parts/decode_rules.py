"""Decode rules side by side: what AstrAI started with, what it does now, and how many rows either decodes at once."""

from typing import Any

from manim import AnimationGroup, FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.text import fitted, label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.sim import Comparison
from astrai_slides.serving.words import en as words


class DecodeRules:
    """The original caption on the left, what became of it on the right, and under each the rows per forward.

    The figures are those of `comparison`: its headline is the rule of today, all others are of the past.
    """

    def __init__(self, comparison: Comparison, box: Box, theme: Theme) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme = theme
        left, right = box.columns(2, 2 * space.gap)
        title = box.top - type_.body
        self.then = fitted(words.SAME_POSITION, type_.body, palette.ink, left.width, weight="SEMIBOLD")
        self.now = fitted(words.ONE_FORWARD, type_.body, palette.decode, right.width, weight="SEMIBOLD")
        self.then.at(left.left, title)
        self.now.at(right.left, title)
        past = [bar for bar in comparison.bars if not bar.headline]
        today = next(bar for bar in comparison.bars if bar.headline)
        self.figures = VGroup()
        bottom = box.top - self.height(comparison, theme)
        for row, bar in enumerate(past):
            baseline = bottom + (len(past) - 1 - row) * type_.small * type_.leading
            number = label(words.rows(bar.value), type_.small, palette.ink, weight="BOLD", tabular=True)
            number.at(left.left, baseline)
            told = label(words.rule_line(bar), type_.small, palette.muted)
            self.figures.add(VGroup(number, told.at(number.get_right()[0] + space.near, baseline)))
        number = label(words.rows(today.value), type_.figure, palette.ink, weight="SEMIBOLD", tabular=True)
        number.at(right.left, bottom)
        told = label(comparison.unit, type_.small, palette.muted)
        self.figures.add(VGroup(number, told.at(number.get_right()[0] + space.near, number.baseline)))

    @staticmethod
    def _gap(theme: Theme) -> float:
        return 1.5 * theme.space.near

    @classmethod
    def height(cls, comparison: Comparison, theme: Theme) -> float:
        """What the captions with their figures take, from the first capitals to the last baseline."""
        type_ = theme.type
        past = len(comparison.bars) - 1
        under = max(type_.figure, type_.small + (past - 1) * type_.small * type_.leading)
        return type_.body + cls._gap(theme) + under

    def start(self) -> Any:
        """The original caption comes."""
        return FadeIn(self.then)

    def become(self) -> list[Any]:
        """The original caption steps back, and the one of today comes."""
        return [self.then.animate.set_color(self.theme.palette.muted), FadeIn(self.now)]

    def count(self) -> Any:
        """The rows per forward come, those of the past first."""
        past, today = self.figures[:-1], self.figures[-1]
        return LaggedStart(AnimationGroup(*map(FadeIn, past)), FadeIn(today), lag_ratio=0.5)

    def everything(self) -> VGroup:
        """All that is on screen at the end."""
        return VGroup(self.then, self.now, self.figures)
