"""Decode rules side by side: what AstrAI started with, what it does now, and how many rows either decodes at once."""

from dataclasses import dataclass
from typing import Any

from manim import AnimationGroup, FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.text import TIGHT, Paragraph, broken, fitted, label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import SMALLEST_CAP, Theme
from astrai_slides.serving.roles import state_color
from astrai_slides.serving.sim import DecodeRule, State
from astrai_slides.serving.sim.figures import DecodeRuleFigures
from astrai_slides.serving.words.wording import Words

_TODAY = DecodeRule.MERGED
_TITLE_LEADING = 1.7
"""Distance of baselines of a caption, in cap heights."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How past and today share a width: side by side, or under each other where it is a phone's."""

    is_stacked: bool
    then: float
    """Width for the past."""
    now_left: float
    """How far from the left edge today begins."""
    now_lines: tuple[str, ...]
    now_cap: float
    told: dict[DecodeRule, tuple[str, ...]]
    """Lines about each rule of the past."""
    leading: float
    then_height: float
    height: float

    @classmethod
    def of(cls, figures: DecodeRuleFigures, width: float, theme: Theme, words: Words) -> "_Plan":
        type_, space, ink = theme.type, theme.space, theme.palette.ink
        past = [rule for rule in figures.rows_per_forward if rule is not _TODAY]
        numbers = [label(words.rows(figures.rows_per_forward[rule]), type_.small, ink, weight="BOLD") for rule in past]
        beside = max(number.width for number in numbers) + space.near
        whole = {rule: words.rule_line(rule) for rule in past}
        lines: dict[DecodeRule, tuple[str, ...]] = {rule: (line,) for rule, line in whole.items()}
        half = (width - 2 * space.gap) / 2
        widest = beside + max(label(line, type_.small, ink).width for line in whole.values())
        now = label(words.ONE_FORWARD, type_.body, ink, weight="SEMIBOLD").width
        leading, apart = type_.small * type_.leading, 1.5 * space.near
        figure = label(words.rows(figures.rows_per_forward[_TODAY]), type_.figure, ink, weight="SEMIBOLD", tabular=True)
        today = figure.width + space.near + label(words.ROWS_PER_FORWARD, type_.small, ink).width
        if is_stacked := widest > half and widest + space.gap + today > width:
            lines = {rule: broken(line, type_.small, width - beside) for rule, line in whole.items()}
            then, now_left, leading, apart = width, 0.0, 1.75 * type_.small, space.near
        elif widest > half:
            # a narrow frame: what the past needs goes before two equal halves
            then, now_left = widest, widest + space.gap
        else:
            then, now_left = half, half + 2 * space.gap
        room, cap = width - now_left, type_.body
        if now > room and now * SMALLEST_CAP > room * cap * TIGHT:
            said = broken(words.ONE_FORWARD, cap, room, weight="SEMIBOLD")
        else:
            said, cap = (words.ONE_FORWARD,), cap if now <= room else cap * room / now * TIGHT
        told = type_.small + (sum(map(len, lines.values())) - 1) * leading
        more = (len(said) - 1) * _TITLE_LEADING * type_.body
        then_height = type_.body + apart + told
        if is_stacked:
            height = then_height + space.gap + type_.body + more + apart + type_.figure
        else:
            height = type_.body + apart + max(type_.figure + more, told)
        return cls(is_stacked, then, now_left, said, cap, lines, leading, then_height, height)


class DecodeRules:
    """The original caption on the left, what became of it on the right, and under each the rows per forward.

    The rule of today is the merged forward; all others are of the past.
    """

    def __init__(self, figures: DecodeRuleFigures, box: Box, theme: Theme, words: Words) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme, decode = theme, state_color(State.DECODE, theme)
        values = {rule: words.rows(value) for rule, value in figures.rows_per_forward.items()}
        plan = _Plan.of(figures, box.width, theme, words)
        title = box.top - type_.body
        self.then = fitted(words.SAME_POSITION, type_.body, palette.ink, plan.then, weight="SEMIBOLD")
        self.then.at(box.left, title)
        now_top, right = box.top, box.left + plan.now_left
        bottom = box.top - plan.height
        past_bottom = bottom
        if plan.is_stacked:
            past_bottom = box.top - plan.then_height
            now_top = past_bottom - space.gap
        self.now = VGroup(*(label(line, plan.now_cap, decode, weight="SEMIBOLD") for line in plan.now_lines))
        for row, each in enumerate(self.now):
            each.at(right, now_top - type_.body - row * _TITLE_LEADING * type_.body)
        self.figures = VGroup()
        lines = sum(map(len, plan.told.values()))
        for rule, told_lines in plan.told.items():
            lines -= len(told_lines)
            baseline = past_bottom + (lines + len(told_lines) - 1) * plan.leading
            number = label(values[rule], type_.small, palette.ink, weight="BOLD", tabular=True)
            number.at(box.left, baseline)
            told = Paragraph([label(line, type_.small, palette.muted) for line in told_lines], plan.leading)
            self.figures.add(VGroup(number, *told.at(number.get_right()[0] + space.near, baseline)))
        number = label(values[_TODAY], type_.figure, palette.ink, weight="SEMIBOLD", tabular=True)
        number.at(right, bottom)
        told = label(words.ROWS_PER_FORWARD, type_.small, palette.muted)
        self.figures.add(VGroup(number, told.at(number.get_right()[0] + space.near, number.baseline)))

    @staticmethod
    def height(figures: DecodeRuleFigures, width: float, theme: Theme, words: Words) -> float:
        """What captions and figures take in a box of `width`, from the first capitals to the last baseline."""
        return _Plan.of(figures, width, theme, words).height

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
