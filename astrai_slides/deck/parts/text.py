"""Texts: one font, sized by cap height, placed by baseline, digits of equal width where they count."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import accumulate
from typing import Any, Literal, Self

from manim import MarkupText, Text, VGroup

from astrai_slides.errors import DeckError
from astrai_slides.look.fonts import FONT, register_font, used_fonts
from astrai_slides.look.line_breaks import is_wide, pieces
from astrai_slides.look.theme import SMALLEST_CAP

Align = Literal["left", "center", "right"]

# Inter in manim: cap height, in scene units, of a text of font size 1.
_CAP_OF_INTER = 0.0101056
_MEASURED_SIZE = 96
# Set before every text, to find the baseline: its foot stands on it, and its height is the cap height.
_PLUMB = "H"

_DIVIDES = 0.3
"""What a line's end that is at no mark costs, against uneven lines: the squares of what their widths differ by."""

TIGHT = 0.94
"""Of its width, what a text that is made smaller takes: small sizes run wider than their share (optical sizes)."""


class OnBaseline:
    """Placing a text by baseline; `drop` is how far its lowest glyph hangs below it."""

    cap: float
    drop: float

    def at(self: Any, x: float, baseline: float, align: Align = "left") -> Any:
        """Put the left edge, middle or right edge at `x`, and the baseline at height `baseline`."""
        edge = {"left": self.get_left, "center": self.get_center, "right": self.get_right}[align]()[0]
        return self.shift((x - edge, baseline - self.drop - self.get_bottom()[1], 0))

    def centered(self: Any, x: float, y: float, align: Align = "center") -> Any:
        """Like `at`, with the middle of the capitals at height `y`."""
        return self.at(x, y - self.cap / 2, align)

    @property
    def baseline(self: Any) -> float:
        """Height of the baseline."""
        return float(self.get_bottom()[1] + self.drop)

    def hang(self: Any, content: str, cap: float) -> None:
        """Take away the letter set before `content`, which says where the baseline is."""
        plumb = self.submobjects.pop(0)
        self.chars = VGroup(*self.submobjects)
        self.original_text = content
        self.cap = cap
        self.drop = float(plumb.get_bottom()[1] - self.get_bottom()[1])


class Label(OnBaseline, Text):
    """A line of text; `cap` is its cap height. Use `label`, which keeps what was set before."""

    def __init__(self, content: str, cap: float, weight: str) -> None:
        register_font()
        names = used_fonts().names
        super().__init__(
            _PLUMB + content, font=names, weight=weight, font_size=cap / _cap_of(names), warn_missing_font=False
        )
        self.hang(content, cap)


class Figures(OnBaseline, MarkupText):
    """A short line whose digits all have the same width, so that a counter does not jump."""

    def __init__(self, content: str, cap: float, weight: str) -> None:
        register_font()
        names = used_fonts().names
        super().__init__(
            f'<span font_features="tnum=1">{_PLUMB}{escape(content)}</span>',
            font=names,
            weight=weight,
            font_size=cap / _cap_of(names),
            warn_missing_font=False,
        )
        self.hang(escape(content), cap)


@lru_cache
def _cap_of(names: str) -> float:
    """Cap height, in scene units, of a text of font size 1 in the fonts called `names`."""
    if names.partition(",")[0] == FONT:
        return _CAP_OF_INTER
    plumb: Any = Text(_PLUMB, font=names, font_size=_MEASURED_SIZE, warn_missing_font=False)
    return float(plumb.height) / _MEASURED_SIZE


def _typeset(content: str, cap: float, weight: str, tabular: bool) -> Any:
    return _typeset_in(used_fonts().names, content, cap, weight, tabular)


@lru_cache(maxsize=4096)
def _typeset_in(names: str, content: str, cap: float, weight: str, tabular: bool) -> Any:
    """Set once in the fonts in use, which are called `names`."""
    return Figures(content, cap, weight) if tabular else Label(content, cap, weight)


def label(content: str, cap: float, color: str, *, weight: str = "NORMAL", tabular: bool = False) -> Any:
    """A line of text with cap height `cap`; `tabular` gives all digits the same width.

    Raises DeckError for a size that the last row could not read.
    """
    if cap < SMALLEST_CAP:
        raise DeckError(f"{content!r} would be too small to read; shorten it")
    return _typeset(content, round(cap, 4), weight, tabular).copy().set_color(color)


def fitted(content: str, cap: float, color: str, width: float, *, weight: str = "NORMAL", tabular: bool = False) -> Any:
    """A line of text, smaller than `cap` where `width` asks for it; DeckError if it cannot be read then."""
    whole = label(content, cap, color, weight=weight, tabular=tabular)
    if whole.width <= width:
        return whole
    return label(content, cap * width / whole.width * TIGHT, color, weight=weight, tabular=tabular)


def count_label(number: int, cap: float, color: str, width: float) -> Any:
    """A count in digits of equal width; where `width` is short, in three that count: 12.3M."""
    whole = label(f"{number:,}", cap, color, tabular=True)
    return whole if whole.width <= width else label(short_count(number), cap, color, tabular=True)


def short_count(number: int) -> str:
    """A count in three digits that count: 999, 1.23k, 10M."""
    rounded = float(f"{number:.3g}")
    for factor, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if rounded >= factor:
            return f"{rounded / factor:.3g}{unit}"
    return f"{number}"


class Paragraph(VGroup):
    """Lines of text broken to a width, first baseline first."""

    def __init__(self, lines: list[Any], leading: float) -> None:
        super().__init__(*lines)
        self.leading = leading

    def at(self, x: float, baseline: float, align: Align = "left") -> Self:
        """Put the first line's baseline at height `baseline`, the others under it."""
        for index, line in enumerate(self):
            line.at(x, baseline - index * self.leading, align)
        return self

    def ending_at(self, x: float, baseline: float, align: Align = "left") -> Self:
        """Put the last line's baseline at height `baseline`."""
        return self.at(x, baseline + (len(self) - 1) * self.leading, align)


def paragraph(
    content: str, cap: float, color: str, width: float, *, leading: float = 2.1, weight: str = "NORMAL"
) -> Paragraph:
    """`content` in lines no wider than `width`; newlines break too. `leading` is in cap heights."""
    lines = [line for part in content.split("\n") for line in broken(part, cap, width, weight=weight)]
    return Paragraph([label(line, cap, color, weight=weight) for line in lines], leading * cap)


def broken(content: str, cap: float, width: float, *, weight: str = "NORMAL") -> tuple[str, ...]:
    """The lines that `paragraph` sets `content` in."""
    return _broken_in(used_fonts().names, content, round(cap, 4), weight, width)


@lru_cache(maxsize=1024)
def _broken_in(names: str, content: str, cap: float, weight: str, width: float) -> tuple[str, ...]:
    """Lines of `content`, kept by the fonts that it is set in, too, which are called `names`."""
    words = [pieces(word) for word in content.split()]
    if not words:
        return ()
    # what stands on a line together, and the space after it where it ends a word
    parts = [(piece, " " if place + 1 == len(word) else "") for word in words for place, piece in enumerate(word)]
    glyphs = list(_typeset(" ".join(map("".join, words)), cap, weight, False))
    if len(glyphs) == sum(len(piece) for piece, _ in parts):
        spans = _spans_of_glyphs([len(piece) for piece, _ in parts], glyphs)
    else:
        spans = _spans_of_beginnings(["".join(part) for part in parts], cap, weight)
    starts = _line_starts(spans, width)
    # As many lines as needed, but even ones: the narrowest width that does not need one more.
    low, high = 0.0, width
    for _ in range(12):
        middle = (low + high) / 2
        if len(_line_starts(spans, middle)) > len(starts):
            low = middle
        else:
            high = middle
    starts = _line_starts(spans, high)
    if len(starts) > 1 and any(is_wide(character) for character in content):
        starts = _at_marks(["".join(part) for part in parts], spans, width, len(starts))
    return tuple(
        "".join(map("".join, parts[a:b])).rstrip() for a, b in zip(starts, [*starts[1:], len(parts)], strict=True)
    )


def _spans_of_glyphs(lengths: list[int], glyphs: list[Any]) -> list[tuple[float, float]]:
    """Left and right of each part that has so many of the `glyphs`."""
    spans: list[tuple[float, float]] = []
    place = 0
    for length in lengths:
        spans.append((float(glyphs[place].get_left()[0]), float(glyphs[place + length - 1].get_right()[0])))
        place += length
    return spans


def _spans_of_beginnings(parts: list[str], cap: float, weight: str) -> list[tuple[float, float]]:
    """Left and right of each part where glyphs are no letters, as in Arabic: by the widths of all beginnings."""
    rights = [float(_typeset(text.rstrip(), cap, weight, False).width) for text in accumulate(parts)]
    return list(zip([0.0, *rights], rights, strict=False))


def _at_marks(parts: Sequence[str], spans: Sequence[tuple[float, float]], width: float, lines: int) -> list[int]:
    """Where each of so many `lines` starts: even ones, that end with a mark where they can, and seldom within a word.

    Scripts such as Chinese have no spaces between words, so that even lines alone would divide many.
    """
    count = len(parts)
    even = sum(right - left for left, right in spans) / lines
    # the best cost of the first parts in so many lines, and where the last of these starts
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(lines):
        found: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            for end in range(start + 1, count + 1):
                long = spans[end - 1][1] - spans[start][0]
                if long > width and end > start + 1:
                    break
                total = cost + (1 - long / even) ** 2 + (_end_cost(parts[end - 1], parts[end]) if end < count else 0.0)
                if end not in found or total < found[end][0]:
                    found[end] = total, start
        best.append(found)
    starts, end = [], count
    for number in range(lines, 0, -1):
        end = best[number][end][1]
        starts.append(end)
    return starts[::-1]


def _end_cost(last: str, first: str) -> float:
    """What the end of a line between these two costs."""
    if unicodedata.category(last.rstrip()[-1]).startswith("P"):
        return 0.0
    return _DIVIDES / 2 if unicodedata.category(first[0]).startswith("P") else _DIVIDES


def _line_starts(spans: list[tuple[float, float]], width: float) -> list[int]:
    starts = [0]
    for index, (_, right) in enumerate(spans):
        if right - spans[starts[-1]][0] > width and index > starts[-1]:
            starts.append(index)
    return starts
