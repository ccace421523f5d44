"""Points that come one by one: the one that is spoken of stands out, those before it stay."""

from collections.abc import Sequence
from typing import Any

from manim import RIGHT, AnimationGroup, FadeIn, VGroup

from astrai_slides.deck.parts.shapes import rounded
from astrai_slides.deck.parts.text import Paragraph, paragraph
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme

_LEADING = 2.0
_CLOSE, _LOOSE = 1.6, 2.8
"""Between two points, in cap heights, beyond the distance of lines: at least, and where there is room."""


class Bullets(VGroup):
    """Points in lines, from the top of `box`, as large as they all fit: `lead` of the theme, else `body`, else `small`.

    Each is a group of its mark and its text. They are as far apart as there is room for, within reason, or with
    `close` as near as they may be; `largest` is a cap height that they are not to exceed, `cap` the one they have.
    Raises DeckError for what cannot be read in `box`.
    """

    def __init__(
        self, points: Sequence[str], box: Box, theme: Theme, *, close: bool = False, largest: float | None = None
    ) -> None:
        super().__init__()
        self.theme = theme
        if not points or not all(" ".join(point.split()) for point in points):
            raise DeckError(f"{list(points)!r:.80} has no point, or an empty one; write a text for each")
        type_ = theme.type
        sizes = [cap for cap in (type_.lead, type_.body, type_.small) if largest is None or cap <= largest]
        for cap in sizes:
            texts = [_text(point, cap, box, theme) for point in points]
            if _height(texts, cap) <= box.height and all(text.width <= box.width - _indent(cap) for text in texts):
                break
        else:
            longest = max(points, key=len)
            raise DeckError(
                f"the {len(points)} points, of which {longest!r:.60} is the longest, are more than can be read at"
                " once; shorten them, or divide them between two steps"
            )
        self.cap = cap
        left_over = (box.height - _height(texts, cap)) / max(len(texts) - 1, 1) / cap
        apart = _CLOSE if close else min(_CLOSE + left_over, _LOOSE)
        baseline = box.top - cap * (1 if close else 1.5)
        for text in texts:
            text.at(box.left + _indent(cap), baseline)
            size = cap * 0.5
            middle = baseline + cap / 2
            spot = Box(box.left, middle - size / 2, box.left + size, middle + size / 2)
            mark = rounded(spot, size / 4, stroke_width=0, fill_color=theme.palette.primary, fill_opacity=1)
            self.add(VGroup(mark, text))
            baseline -= (len(text) * _LEADING + apart) * cap

    def come(self, number: int) -> Any:
        """Point `number`, from 0, comes; those before it are muted."""
        palette, space = self.theme.palette, self.theme.space
        earlier: list[Any] = [point[1].animate.set_color(palette.muted) for point in self[:number]]
        coming = FadeIn(self[number], shift=RIGHT * space.near)
        return AnimationGroup(*earlier, coming)

    def recall(self) -> Any:
        """All points stand out again."""
        points: list[Any] = [point[1].animate.set_color(self.theme.palette.ink) for point in self]
        return AnimationGroup(*points)


def _indent(cap: float) -> float:
    return 1.5 * cap


def _text(point: str, cap: float, box: Box, theme: Theme) -> Paragraph:
    return paragraph(point, cap, theme.palette.ink, box.width - _indent(cap), leading=_LEADING)


def _height(texts: Sequence[Paragraph], cap: float) -> float:
    """From the top of the first capitals to the foot of the last descenders."""
    lines = sum(map(len, texts))
    return cap * (2 + (lines - 1) * _LEADING + (len(texts) - 1) * _CLOSE)
