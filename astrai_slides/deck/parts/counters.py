"""Numbers that turn, and sentences that change, without jumping."""

from typing import Any

from manim import AnimationGroup, FadeIn, FadeOut, VGroup

from astrai_slides.deck.parts.text import TIGHT, fitted, label, paragraph
from astrai_slides.look.theme import SMALLEST_CAP, Theme


class Changing:
    """Something on screen that a new version replaces, part by part: what stays the same does not move."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._values: tuple[str, ...] = ()
        self._parts: list[Any] = []

    def make(self, index: int, value: str) -> Any:
        """Build what shows `value` as the `index`-th part, in place."""
        raise NotImplementedError

    @property
    def shown(self) -> VGroup:
        """What is on screen."""
        return VGroup(*self._parts)

    def change(self, *values: str) -> list[Any]:
        """Animations that turn to `values`, one a part: the old goes before the new comes. None if all is the same."""
        animations = []
        parts = []
        for index, value in enumerate(values):
            old = self._parts[index] if index < len(self._parts) else None
            if old is not None and self._values[index] == value:
                parts.append(old)
                continue
            new = self.make(index, value)
            parts.append(new)
            going = [FadeOut(old)] if old is not None else []
            animations.append(AnimationGroup(*going, FadeIn(new), lag_ratio=self.theme.time.handover))
        self._values, self._parts = values, parts
        return animations

    def leave(self) -> Any:
        """It goes."""
        return FadeOut(self.shown)


class Counter(Changing):
    """A figure no wider than `width`, and the words under it, in lines where one would be too small to read."""

    def __init__(self, x: float, baseline: float, width: float, cap: float, theme: Theme) -> None:
        super().__init__(theme)
        self.x, self.baseline, self.width, self.cap = x, baseline, width, cap

    def make(self, index: int, value: str) -> Any:
        """The figure on the baseline, the words below."""
        type_, palette = self.theme.type, self.theme.palette
        if index == 0:
            figure = fitted(value, self.cap, palette.ink, self.width, weight="SEMIBOLD", tabular=True)
            return figure.at(self.x, self.baseline)
        below = self.baseline - type_.small * type_.leading
        if (
            label(value, type_.small, palette.muted, tabular=True).width * SMALLEST_CAP
            > self.width * type_.small * TIGHT
        ):
            return paragraph(value, type_.small, palette.muted, self.width).at(self.x, below)
        return fitted(value, type_.small, palette.muted, self.width, tabular=True).at(self.x, below)


class Sentence(Changing):
    """Plain words about what just happened."""

    def __init__(self, x: float, baseline: float, width: float, theme: Theme) -> None:
        super().__init__(theme)
        self.x, self.baseline, self.width = x, baseline, width

    def make(self, index: int, value: str) -> Any:
        """Lines of text, the first on the baseline."""
        words = paragraph(value, self.theme.type.body, self.theme.palette.ink, self.width, leading=1.9)
        return words.at(self.x, self.baseline)
