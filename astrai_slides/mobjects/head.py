"""The head of a slide: its title over a rule; and the foot: what it assumes."""

from typing import Any

from manim import FadeIn, FadeOut, VGroup

from astrai_slides.layout import Layout
from astrai_slides.mobjects.shapes import line
from astrai_slides.mobjects.text import Paragraph, fitted, paragraph
from astrai_slides.theme import Theme


def heading(content: str, layout: Layout, theme: Theme) -> Any:
    """A title in its place at the head."""
    safe, type_ = layout.safe, theme.type
    text = fitted(content, type_.head, theme.palette.ink, safe.width, weight="SEMIBOLD")
    return text.at(safe.left, safe.top - type_.head)


def rule(layout: Layout, theme: Theme) -> Any:
    """The line under the head."""
    safe = layout.safe
    return line((safe.left, layout.rule), (safe.right, layout.rule), theme.palette.faint, theme.space.stroke)


def footnote(content: str, layout: Layout, theme: Theme) -> Paragraph:
    """Small print at the foot, its last line on the foot's baseline."""
    words = paragraph(content, theme.type.small, theme.palette.muted, layout.safe.width)
    return words.ending_at(layout.safe.left, layout.foot)


class Head:
    """The title at the head, changing from step to step."""

    def __init__(self, layout: Layout, theme: Theme) -> None:
        self.layout, self.theme = layout, theme
        self.shown: Any = VGroup()
        self.foot: Any = VGroup()

    @property
    def foot_top(self) -> float:
        """Height up to which the foot reaches."""
        return float(self.foot.get_top()[1]) if len(self.foot) else self.layout.foot

    def change(self, title: str, foot: str = "") -> list[Any]:
        """Animations to another title and foot; none for what stays."""
        new_title = heading(title, self.layout, self.theme)
        new_foot = footnote(foot, self.layout, self.theme)
        animations = []
        for old, new in ((self.shown, new_title), (self.foot, new_foot)):
            if _words(old) != _words(new):
                animations += [FadeOut(old)] if len(old) else []
                animations += [FadeIn(new)] if len(new) else []  # type: ignore[list-item]
        self.shown, self.foot = (
            old if _words(old) == _words(new) else new for old, new in ((self.shown, new_title), (self.foot, new_foot))
        )
        return animations


def _words(text: Any) -> str:
    lines = list(text) if isinstance(text, Paragraph) else [text]
    return "\n".join(str(getattr(line, "original_text", "")) for line in lines)
