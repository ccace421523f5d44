"""Numbers that turn, and sentences that change, without jumping."""

from typing import Any

from manim import DOWN, UP, AnimationGroup, FadeIn, FadeOut, VGroup

from astrai_slides.mobjects.text import label, paragraph
from astrai_slides.theme import Theme


class Changing:
    """Something on screen that a new version replaces; `make` builds the version for a value."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.value: Any = None
        self.shown: Any = VGroup()

    def make(self, value: Any) -> Any:
        """Build what shows `value`, in place."""
        raise NotImplementedError

    def change(self, value: Any) -> list[Any]:
        """Animations that turn to `value`; none if it is shown already."""
        if value == self.value:
            return []
        old, new = self.shown, self.make(value)
        self.value, self.shown = value, new
        step = self.theme.space.near
        going = [FadeOut(old, shift=UP * step)] if len(old) else []
        return [AnimationGroup(*going, FadeIn(new, shift=UP * step))]

    def leave(self) -> Any:
        """It goes."""
        return FadeOut(self.shown, shift=DOWN * self.theme.space.hair)


class Counter(Changing):
    """A figure and the words under it; `value` is (figure, words)."""

    def __init__(self, x: float, baseline: float, cap: float, theme: Theme) -> None:
        super().__init__(theme)
        self.x, self.baseline, self.cap = x, baseline, cap

    def make(self, value: tuple[str, str]) -> VGroup:
        """The figure on the baseline, the words below."""
        figure, words = value
        type_, palette = self.theme.type, self.theme.palette
        number = label(figure, self.cap, palette.ink, weight="SEMIBOLD", tabular=True).at(self.x, self.baseline)
        under = label(words, type_.small, palette.muted, tabular=True)
        return VGroup(number, under.at(self.x, self.baseline - type_.small * 2.1))


class Sentence(Changing):
    """Plain words about what just happened."""

    def __init__(self, x: float, baseline: float, width: float, theme: Theme) -> None:
        super().__init__(theme)
        self.x, self.baseline, self.width = x, baseline, width

    def make(self, value: str) -> Any:
        """Lines of text, the first on the baseline."""
        words = paragraph(value, self.theme.type.body, self.theme.palette.ink, self.width, leading=1.9)
        return words.at(self.x, self.baseline)
