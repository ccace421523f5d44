"""The head of a slide: its title over a rule; and the foot: what it assumes."""

import re
from bisect import bisect
from typing import Any, Protocol

from manim import AnimationGroup, FadeIn, FadeOut, VGroup

from astrai_slides.deck.parts.shapes import line
from astrai_slides.deck.parts.text import Paragraph, fitted, paragraph
from astrai_slides.look.layout import HEAD_LEADING, Layout
from astrai_slides.look.theme import Theme

_SMALLER = 0.95
_PART_ENDS = " ,;.:，；。："
_PARTS = re.compile(r"(?<=[,;.:] )|(?<=[，；。：])")
"""Where a caption may be cut off: after a sentence or a part of one."""


def heading(content: str, layout: Layout, theme: Theme) -> Any:
    """A title in its place at the head; where that has room for it, and one would be too small, in two lines."""
    safe, type_ = layout.safe, theme.type
    words, color = " ".join(content.split()), theme.palette.ink
    if not layout.is_tall:
        text = fitted(words, type_.head, color, safe.width, weight="SEMIBOLD")
        return text.at(safe.left, safe.top - type_.head)
    bottom = layout.rule + theme.space.gap
    room, cap = safe.top - bottom, type_.head
    while True:
        lines = paragraph(words, cap, color, safe.width, leading=HEAD_LEADING, weight="SEMIBOLD")
        high = cap + (len(lines) - 1) * lines.leading
        if high <= room and all(line.width <= safe.width for line in lines):
            return lines[0].at(safe.left, bottom) if len(lines) == 1 else lines.ending_at(safe.left, bottom)
        cap *= _SMALLER


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

    def room_above(self, foot: str) -> float:
        """Height down to which a picture may reach when `foot` stands under it."""
        lines = max(len(footnote(foot, self.layout, self.theme)), 1)
        type_ = self.theme.type
        return self.layout.foot + ((lines - 1) * type_.leading + 1) * type_.small + self.theme.space.gap

    def brief(self, foot: str, most: int | None = None) -> str:
        """`foot` where `most` lines, those of a foot, hold it, else as many of its parts as they do, and an ellipsis.

        An audience reads a line or two; what is left out belongs into the notes.
        """
        most = self.layout.foot_lines if most is None else most

        def too_long(text: str) -> bool:
            return len(footnote(text, self.layout, self.theme)) > most

        if not too_long(foot):
            return foot
        parts = _PARTS.split(foot)
        shorter = [f"{''.join(parts[:count]).rstrip(_PART_ENDS)} …" for count in range(1, len(parts))]
        count = bisect(shorter, False, key=too_long)
        return shorter[count - 1] if count else foot

    def take(self, cover: "_Cover") -> None:
        """Go on from a cover whose title has risen: title and byline give way to those of the first `change`."""
        self.shown, self.foot, cover.byline = cover.title, cover.byline, VGroup()

    def change(self, title: str, foot: str = "") -> list[Any]:
        """Animations to another title and foot, the old before the new; none for what stays."""
        animations = []
        shown = []
        for old, new in (
            (self.shown, heading(title, self.layout, self.theme)),
            (self.foot, footnote(foot, self.layout, self.theme)),
        ):
            if _words(old) == _words(new):
                shown.append(old)
                continue
            shown.append(new)
            going = [FadeOut(old)] if len(old) else []
            coming = [FadeIn(new)] if len(new) else []
            animations.append(AnimationGroup(*going, *coming, lag_ratio=self.theme.time.handover))
        self.shown, self.foot = shown
        return animations


class _Cover(Protocol):
    """What `take` needs of a cover."""

    title: Any
    byline: Any


def _words(text: Any) -> str:
    lines = list(text) if isinstance(text, Paragraph) else [text]
    return "\n".join(str(getattr(line, "original_text", "")) for line in lines)
