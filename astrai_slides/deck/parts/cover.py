"""The cover of a talk: its title, what it is about, and who speaks; room for a picture behind them."""

from typing import Any

from manim import UP, AnimationGroup, FadeIn, FadeOut, Transform, VGroup

from astrai_slides.deck.parts.head import heading
from astrai_slides.deck.parts.text import fitted, label, paragraph
from astrai_slides.look.layout import Box, Layout
from astrai_slides.look.theme import Theme


class Cover:
    """Title, promise and byline; `ground` is what they leave free once the title is at the head."""

    def __init__(self, title: str, promise: str, byline: str, layout: Layout, theme: Theme) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        safe, body = layout.safe, layout.body
        self.shift = space.near
        self.head = heading(title, layout, theme)
        self.title = fitted(title, type_.cover, palette.ink, safe.width, weight="SEMIBOLD")
        self.title.centered(0, 0)
        self.promise = paragraph(promise, type_.lead, palette.ink, safe.width)
        self.promise.at(safe.left, body.top - type_.lead - space.gap)
        words = label(byline, type_.body, palette.muted) if byline else VGroup()
        self.byline = words.at(safe.left, layout.foot) if byline else words
        last: Any = self.promise[-1]
        top = last.baseline - 2 * space.gap
        self.ground = Box(safe.left, body.bottom + (space.gap if byline else 0.0), safe.right, top)

    def rise(self) -> Any:
        """The title goes to the head."""
        return Transform(self.title, self.head)

    def say(self) -> Any:
        """Promise and byline come."""
        return AnimationGroup(
            *(FadeIn(part, shift=UP * self.shift) for part in (self.promise, self.byline) if len(part))
        )

    def leave(self, *behind: Any) -> Any:
        """All but the title goes, with what stands `behind`."""
        return FadeOut(VGroup(self.promise, self.byline, *behind))
