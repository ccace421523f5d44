"""A strip of tokens: a text in the pieces that a model reads and writes."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from manim import LEFT, AnimationGroup, FadeIn, LaggedStart, VGroup

from astrai_slides.deck.parts.shapes import rounded
from astrai_slides.deck.parts.text import label
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme

_SPACE, _BREAK = "\u2423", "\u21b5"
"""How a space and a line break look, which are part of a token."""


class TokenBox(VGroup):
    """A word in its box."""

    def __init__(self, shape: Any, word: Any) -> None:
        super().__init__(shape, word)

    def dressed(self, theme: Theme, fill: str | None) -> Self:
        """Fill the box with the colour `fill` of `theme`, or outline it, and colour the word for that."""
        shape, word = self
        if fill is None:
            shape.set_stroke(theme.palette.line, width=theme.space.stroke).set_fill(opacity=0)
            word.set_color(theme.palette.ink)
        else:
            shape.set_stroke(width=0).set_fill(fill, opacity=1)
            word.set_color(theme.palette.on_fill)
        return self


class TokenStrip(VGroup):
    """Tokens in boxes beside each other, in rows from the top of `box`, a `TokenBox` each.

    They are as large as they all fit: `lead` of the theme, else `body`, else `small`. The first `given` are what was
    there before, outlined; the others, filled, are what is made of it. Spaces and line breaks in a token are shown as
    signs. Raises DeckError for tokens that cannot be read in `box`.
    """

    def __init__(self, tokens: Sequence[str], box: Box, theme: Theme, *, given: int | None = None) -> None:
        super().__init__()
        self.theme = theme
        self.given = len(tokens) if given is None else given
        shown = [token.replace("\n", _BREAK).replace(" ", _SPACE) for token in tokens]
        if not shown or not all(shown):
            raise DeckError(f"{list(tokens)!r:.80} has no token, or an empty one; give a text for each")
        type_ = theme.type
        for cap in (type_.lead, type_.body, type_.small):
            words = [label(word, cap, theme.palette.ink) for word in shown]
            spots = _spots([word.width for word in words], cap, box, theme)
            if spots is not None:
                break
        else:
            widest = max(tokens, key=len)
            raise DeckError(
                f"the {len(tokens)} tokens, of which {widest!r:.40} is the longest, are more than can be read at once;"
                " show fewer"
            )
        for number, (word, spot) in enumerate(zip(words, spots, strict=True)):
            token = TokenBox(rounded(spot, theme.space.radius), word.centered(*spot.center[:2]))
            self.add(token.dressed(theme, self._usual(number)))

    def _usual(self, number: int) -> str | None:
        return None if number < self.given else self.theme.palette.primary

    def appear(self) -> Any:
        """The tokens that were given come."""
        return LaggedStart(*map(FadeIn, self[: self.given]), lag_ratio=self.theme.time.lag)

    def come(self, number: int) -> Any:
        """Token `number`, from 0, comes."""
        return FadeIn(self[number], shift=LEFT * self.theme.space.near)

    def point_out(self, numbers: Iterable[int]) -> Any:
        """These tokens get a colour of their own; all others have that of what they are."""
        chosen, accent = set(numbers), self.theme.palette.accent
        changes: list[Any] = [
            token.animate.dressed(self.theme, accent if number in chosen else self._usual(number))
            for number, token in enumerate(self)
        ]
        return AnimationGroup(*changes)


def _spots(widths: Sequence[float], cap: float, box: Box, theme: Theme) -> list[Box] | None:
    """Where a box for each of the words goes; None if `box` has no room for them."""
    pad, near = theme.space.pad, theme.space.near
    height = 2.4 * cap
    left, top = box.left, box.top
    spots = []
    for word in widths:
        width = max(word + 2 * pad, height)
        if left > box.left and left + width > box.right:
            left, top = box.left, top - height - 1.5 * near
        if width > box.width or top - height < box.bottom:
            return None
        spots.append(Box(left, top - height, left + width, top))
        left += width + near
    return spots
