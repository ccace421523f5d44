"""Code in the colours of the theme, with lines that stand out."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

from manim import AnimationGroup, FadeIn, FadeOut, Group, LaggedStart, MarkupText, VGroup
from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String
from pygments.util import ClassNotFound

from astrai_slides.deck.parts.shapes import plain
from astrai_slides.deck.parts.text import OnBaseline
from astrai_slides.errors import DeckError
from astrai_slides.look.fonts import code_fonts, register_font
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import SMALLEST_CAP, Palette, Theme

_LEADING = 2.1
_TAB = 4
_CAP_OF_FONT = 0.0101379
"""Cap height, in scene units, of a code of font size 1."""
_ADVANCE, _BEARING = 600 / 730, 93 / 730
"""Of the code's font, in cap heights: the width of every character, and how far right of its place an H begins."""


class CodeLine(OnBaseline, MarkupText):
    """A line of code without the spaces around it; `bearing` is how far right of its place its first glyph begins."""

    def __init__(self, content: str, cap: float) -> None:
        fonts = code_fonts()
        register_font(fonts)
        super().__init__(
            # no ligatures, which would make one glyph of two characters
            f'<span font_features="calt=0,liga=0">H{escape(content)}</span>',
            font=fonts.names,
            font_size=cap / _CAP_OF_FONT,
            warn_missing_font=False,
        )
        origin = float(self.submobjects[0].get_left()[0]) + (_ADVANCE - _BEARING) * cap
        self.hang(escape(content), cap)
        self.bearing = float(self.get_left()[0]) - origin

    def tint(self, colours: Sequence[str]) -> "CodeLine":
        """Give each glyph its colour; the first of them to all, where glyphs are not one for each character."""
        fits = len(colours) == len(self.chars)
        for place, glyph in enumerate(self.chars):
            glyph.set_color(colours[place if fits else 0])
        return self


class Listing(VGroup):
    """Code in the left upper corner of `box`, no larger than the theme's `lead`, smaller where it must be.

    `language` is a name that Pygments knows: "python", "bash", "json", "text". `lines` has a line of the code each, an
    empty group for an empty one. Raises DeckError for code that cannot be read in `box`.
    """

    def __init__(self, code: str, language: str, box: Box, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        rows = code.expandtabs(_TAB).strip("\n").rstrip().split("\n")
        self._cap = cap = _cap_for(rows, box, theme)
        self._left, self._top = box.left, box.top
        self._colours = _colours(rows, language, theme.palette)
        self._width = max(map(len, rows)) * _ADVANCE * cap + 2 * theme.space.gap
        self._band = VGroup()
        self.lines = VGroup(*(self._line(number, row) for number, row in enumerate(rows)))
        self.add(self.lines)

    def _line(self, number: int, row: str) -> Any:
        if not row.strip():
            return VGroup()
        indent = len(row) - len(row.lstrip())
        line = _set_line(row.strip(), self._cap).copy().tint(self._colours[number])
        x = self._left + self.theme.space.gap + indent * _ADVANCE * self._cap + line.bearing
        return line.at(x, self._bottom(number) + (_LEADING - 1) / 2 * self._cap)

    def _bottom(self, number: int) -> float:
        """Where the room of line `number`, from 0, ends."""
        return self._top - (number + 1) * _LEADING * self._cap

    def appear(self) -> Any:
        """The lines come, from the first to the last."""
        return LaggedStart(*(FadeIn(line) for line in self.lines if len(line)), lag_ratio=self.theme.time.lag)

    def emphasise(self, *numbers: int) -> Any:
        """The lines with these numbers, from 1, stand out on a band, and all others are muted; without any, none is.

        Raises DeckError for a line that there is not.
        """
        for number in numbers:
            if not 1 <= number <= len(self.lines):
                raise DeckError(f"there is no line {number}; the code has lines 1 to {len(self.lines)}")
        shown = {number - 1 for number in numbers} or set(range(len(self.lines)))
        muted = self.theme.palette.muted
        changes: list[Any] = [
            line.animate.tint(colours if place in shown else [muted] * len(colours))
            for place, (line, colours) in enumerate(zip(self.lines, self._colours, strict=True))
            if len(line)
        ]
        old, self._band = self._band, self._bands(sorted(shown) if numbers else [])
        going = [FadeOut(old)] if len(old) else []
        coming = [FadeIn(self._band)] if len(self._band) else []
        return AnimationGroup(*going, *coming, *changes)

    def _bands(self, shown: Sequence[int]) -> VGroup:
        """A band behind each run of the lines `shown`, and a mark at its beginning."""
        palette, bands = self.theme.palette, VGroup()
        ends = [place for place in shown if place + 1 not in shown]
        for first, last in zip([place for place in shown if place - 1 not in shown], ends, strict=True):
            band = Box(self._left, self._bottom(last), self._left + self._width, self._bottom(first - 1))
            mark, _ = band.cut_left(self.theme.space.hair)
            for box, color in ((band, palette.faint), (mark, palette.accent)):
                bands.add(plain(box, stroke_width=0, fill_color=color, fill_opacity=1))
        return bands.set_z_index(-1)

    def leave(self) -> Any:
        """All of it goes."""
        return FadeOut(Group(self._band, self.lines))


def _cap_for(rows: Sequence[str], box: Box, theme: Theme) -> float:
    """The cap height at which `rows` fit into `box`."""
    longest = max(rows, key=len)
    if not longest.strip():
        raise DeckError("there is no code to show; give at least one line")
    wide = (box.width - 2 * theme.space.gap) / _ADVANCE
    high = box.height / _LEADING
    if high / len(rows) < SMALLEST_CAP:
        raise DeckError(
            f"the code that begins with {rows[0].strip()!r:.60} has {len(rows)} lines, of which"
            f" {int(high / SMALLEST_CAP)} can be read at once; show fewer"
        )
    if wide / len(longest) < SMALLEST_CAP:
        raise DeckError(
            f"the line of code {longest.strip()!r:.60} has {len(longest)} characters, of which"
            f" {int(wide / SMALLEST_CAP)} can be read beside each other; break it"
        )
    return min(theme.type.lead, wide / len(longest), high / len(rows))


@lru_cache(maxsize=1024)
def _set_line(content: str, cap: float) -> CodeLine:
    return CodeLine(content, cap)


def _colours(rows: Sequence[str], language: str, palette: Palette) -> list[list[str]]:
    """A colour for every character of every row that is no space."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        raise DeckError(
            f"{language!r} is no language that Pygments knows; write one such as 'python', or 'text'"
        ) from None
    found: list[list[str]] = [[]]
    for kind, text in lex("\n".join(rows), lexer):
        color = next((getattr(palette, name) for token, name in _KINDS if kind in token), palette.ink)
        for character in text:
            if character == "\n":
                found.append([])
            elif not character.isspace():
                found[-1].append(color)
    return found


_KINDS = (
    (Comment, "muted"),
    (Keyword, "primary"),
    (Operator.Word, "primary"),
    (Name.Tag, "primary"),
    (String, "headline"),
    (Number, "accent"),
)
"""Colours by kinds of Pygments; all else has that of other texts."""
