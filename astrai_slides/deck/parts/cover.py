"""The cover of a talk: its title, what it is about, and who speaks; room for a picture behind them."""

from typing import Any

from manim import UP, AnimationGroup, FadeIn, FadeOut, ReplacementTransform, Transform, VGroup

from astrai_slides.deck.parts.head import heading
from astrai_slides.deck.parts.text import Paragraph, broken, fitted, paragraph
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box, Layout
from astrai_slides.look.theme import Theme

_MOST_LINES = 2
"""Of a byline: more is read by nobody."""


class Cover:
    """Title, promise and byline; `ground` is what they leave free once the title is at the head.

    A line break in the title is one on the cover only. Raises DeckError for a title, or a byline, that cannot be read.
    """

    def __init__(self, title: str, promise: str, byline: str, layout: Layout, theme: Theme) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        safe, body = layout.safe, layout.body
        self.shift = space.near
        self.head = heading(title, layout, theme)
        self.title = _title(title, layout, theme)
        self.promise = paragraph(promise, type_.lead, palette.ink, safe.width)
        self.promise.at(safe.left, body.top - type_.lead - space.gap)
        self.byline: Any = paragraph(" ".join(byline.split()), type_.body, palette.muted, safe.width)
        self.byline.ending_at(safe.left, layout.foot)
        if len(self.byline) > _MOST_LINES or any(line.width > safe.width for line in self.byline):
            raise DeckError(f"{byline!r} is longer than {_MOST_LINES} lines on the cover; shorten it")
        last: Any = self.promise[-1]
        top = last.baseline - 2 * space.gap
        extra = max(len(self.byline) - 1, 0) * self.byline.leading
        self.ground = Box(safe.left, body.bottom + (space.gap + extra if byline else 0.0), safe.right, top)

    def rise(self) -> Any:
        """The title goes to the head."""
        if not isinstance(self.title, Paragraph):
            return Transform(self.title, self.head)
        lines, self.title = self.title, self.head
        return ReplacementTransform(lines, self.head)

    def say(self) -> Any:
        """Promise and byline come."""
        return AnimationGroup(
            *(FadeIn(part, shift=UP * self.shift) for part in (self.promise, self.byline) if len(part))
        )

    def leave(self, *behind: Any) -> Any:
        """All but the title goes, with what stands `behind`; the byline later, if a head has taken it."""
        return FadeOut(VGroup(self.promise, self.byline, *behind))


def _title(content: str, layout: Layout, theme: Theme) -> Any:
    """The title in the middle of the frame, all its lines in one size."""
    cap, color, width = theme.type.cover, theme.palette.ink, layout.safe.width
    lines = [line for part in content.splitlines() if (line := " ".join(part.split()))]
    if layout.is_tall:
        # a phone is too narrow for a title in one line
        lines = [words for line in lines for words in broken(line, cap, width, weight="SEMIBOLD")]
    if len(lines) < 2:
        return fitted(" ".join(lines), cap, color, width, weight="SEMIBOLD").centered(0, 0)
    cap = min(fitted(line, cap, color, width, weight="SEMIBOLD").cap for line in lines)
    set_lines = [fitted(line, cap, color, width, weight="SEMIBOLD") for line in lines]
    title = Paragraph(set_lines, theme.type.leading * cap)
    return title.at(0, (len(lines) - 1) / 2 * title.leading - cap / 2, "center")
