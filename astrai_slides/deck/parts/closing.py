"""The last slide: what to remember, where to read on, and the address as a code for phones."""

from typing import Any

from manim import UP, AnimationGroup, FadeIn, FadeOut, VGroup

from astrai_slides.deck.parts.qr import qr_code
from astrai_slides.deck.parts.text import fitted, paragraph
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box, Layout
from astrai_slides.look.theme import Theme

_CODE = 0.65
"""How wide the code is, as a share of the slide's shorter side."""


class Closing:
    """A headline, what there is to say under it, and `address`, with its code beside them; below on an upright slide.

    `shown` is the address as people read it; without it `address` without `https://`. Raises DeckError for texts that
    cannot be read, and for an address that no code can hold.
    """

    def __init__(
        self, headline: str, words: str, address: str, layout: Layout, theme: Theme, *, shown: str = ""
    ) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        if not address.strip():
            raise DeckError("the closing slide has no address; write where to read on")
        safe = Box(layout.safe.left, layout.foot, layout.safe.right, layout.safe.top)
        upright = safe.height > safe.width
        side = min(safe.width, safe.height) * _CODE
        if upright:
            left, right = safe.cut_top(safe.height - side - 2 * space.gap)
            width, middle = left.width, left.center[1]
            spot = Box(right.left, right.bottom, right.left + side, right.bottom + side)
        else:
            left, right = safe.cut_left(safe.width - side)
            width, middle = left.width - 2 * space.gap, left.center[1]
            spot = Box(right.left, middle - side / 2, right.right, middle + side / 2)
        self.theme = theme
        told = shown or address.removeprefix("https://").removeprefix("http://").rstrip("/")
        self.code = qr_code(address, spot)
        self.headline: Any = fitted(headline, type_.cover, palette.ink, width, weight="SEMIBOLD")
        self.words: Any = paragraph(words, type_.lead, palette.muted, width)
        self.address: Any = fitted(told, type_.lead, palette.ink, width, weight="SEMIBOLD")
        below = space.gap + len(self.words) * self.words.leading + 2 * space.gap
        height = self.headline.cap + below + self.address.cap
        top = middle + height / 2
        self.headline.at(left.left, top - self.headline.cap)
        self.words.at(left.left, top - self.headline.cap - space.gap - self.words.leading)
        self.address.at(left.left, top - height)
        if height > left.height:
            raise DeckError(f"{words!r:.60} is more than can be read on the closing slide; shorten it")

    @property
    def texts(self) -> VGroup:
        """What is to be read."""
        return VGroup(self.headline, self.words, self.address)

    @property
    def shown(self) -> VGroup:
        """All that is on the slide."""
        return VGroup(self.texts, self.code)

    def appear(self) -> Any:
        """It comes, code last."""
        lag = self.theme.time.lag
        texts = [each for each in self.texts if len(each)]
        return AnimationGroup(
            *(FadeIn(text, shift=UP * self.theme.space.near) for text in texts), FadeIn(self.code), lag_ratio=lag
        )

    def leave(self) -> Any:
        """It goes."""
        return FadeOut(self.shown)
