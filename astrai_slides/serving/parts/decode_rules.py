"""Decode rules side by side: what AstrAI started with, what it does now, and how many rows either decodes at once."""

from typing import Any

from manim import AnimationGroup, FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.text import fitted, label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.roles import state_color
from astrai_slides.serving.sim import DecodeRule, State
from astrai_slides.serving.sim.figures import DecodeRuleFigures
from astrai_slides.serving.words.wording import Words

_TODAY = DecodeRule.MERGED


class DecodeRules:
    """The original caption on the left, what became of it on the right, and under each the rows per forward.

    The rule of today is the merged forward; all others are of the past.
    """

    def __init__(self, figures: DecodeRuleFigures, box: Box, theme: Theme, words: Words) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme, decode = theme, state_color(State.DECODE, theme)
        values = {rule: words.rows(value) for rule, value in figures.rows_per_forward.items()}
        left, right = box.columns(2, 2 * space.gap)
        past = [rule for rule in figures.rows_per_forward if rule is not _TODAY]
        told_past = {rule: label(words.rule_line(rule), type_.small, palette.muted) for rule in past}
        number_width = max(label(values[rule], type_.small, palette.ink, weight="BOLD").width for rule in past)
        widest = number_width + space.near + max(told.width for told in told_past.values())
        if widest > left.width:
            # a narrow frame: what the past needs goes before two equal halves
            left, right = box.cut_left(widest)
            right = Box(right.left + space.gap, right.bottom, right.right, right.top)
        title = box.top - type_.body
        self.then = fitted(words.SAME_POSITION, type_.body, palette.ink, left.width, weight="SEMIBOLD")
        self.now = fitted(words.ONE_FORWARD, type_.body, decode, right.width, weight="SEMIBOLD")
        self.then.at(left.left, title)
        self.now.at(right.left, title)
        self.figures = VGroup()
        bottom = box.top - self.height(figures, theme)
        for row, rule in enumerate(past):
            baseline = bottom + (len(past) - 1 - row) * type_.small * type_.leading
            number = label(values[rule], type_.small, palette.ink, weight="BOLD", tabular=True)
            number.at(left.left, baseline)
            told = told_past[rule]
            self.figures.add(VGroup(number, told.at(number.get_right()[0] + space.near, baseline)))
        number = label(values[_TODAY], type_.figure, palette.ink, weight="SEMIBOLD", tabular=True)
        number.at(right.left, bottom)
        told = label(words.ROWS_PER_FORWARD, type_.small, palette.muted)
        self.figures.add(VGroup(number, told.at(number.get_right()[0] + space.near, number.baseline)))

    @staticmethod
    def _gap(theme: Theme) -> float:
        return 1.5 * theme.space.near

    @classmethod
    def height(cls, figures: DecodeRuleFigures, theme: Theme) -> float:
        """What the captions with their figures take, from the first capitals to the last baseline."""
        type_ = theme.type
        past = len(figures.rows_per_forward) - 1
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
