"""Notes as rows of words, broken at a width."""

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bidi.mirror import MIRRORED

from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.shared.direction import levels, runs_right_to_left, seen_order
from astrai_slides.export.shared.note_lines import Line, Look
from astrai_slides.export.shared.outlined_words import drawn
from astrai_slides.look.line_breaks import is_wide, pieces

SIZE = 10.0
"""Points."""

LEADING = 1.45
_HEADINGS = {1: 1.15, 2: 1.08}
_INDENT = 16.0
_MARKER_GAP = 4.0
_GAP_AFTER = 0.6
_LIST_GAP = 0.15
"""Space below a paragraph and an item of a list, in font sizes."""
_COLUMN_GAP = 16.0
_SHORT_TABLE = 8
"""Rows of a table that is not broken between pages, its head among them."""
_HAIR = 0.01
_TAB = "    "
_PIECES = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text without a break in it. `spaced`: a space follows."""

    text: str
    look: Look
    width: float
    size: float
    paths: bool
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A word `x` points from the left of its column."""

    word: Word
    x: float


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one baseline. `text` is in reading order, `first` begins a paragraph.

    `kept`: no page ends below it. `head` are the rows that say again what columns hold where a page begins with it.
    """

    words: tuple[Placed, ...]
    height: float
    size: float
    text: str
    heading: int = 0
    first: bool = False
    kept: bool = False
    head: tuple["Row", ...] = ()


def rows(lines: Sequence[Line], width: float, book: Book, size: float = SIZE) -> Iterator[Row]:
    """Break `lines` into rows `width` points wide. Cells of a table stand below each other."""
    for table, members in itertools.groupby(lines, key=lambda line: line.columns):
        if table:
            yield from _table(list(members), width, book, size)
            continue
        together = list(members)
        for place, line in enumerate(together):
            close = place + 1 < len(together) and _indented(line) and _indented(together[place + 1])
            broken = list(_rows(line, width, book, size, _LIST_GAP if close else _GAP_AFTER))
            for index, row in enumerate(broken):
                # neither the first nor the last row of a paragraph stands alone, nor a heading without what it heads
                lonely = index + 1 < len(broken) and index in (0, len(broken) - 2)
                yield replace(row, kept=lonely or line.heading > 0)


def _table(lines: Sequence[Line], width: float, book: Book, size: float) -> Iterator[Row]:
    room = width - _COLUMN_GAP * (len(lines[0].columns) - 1)
    cells = [[Line(cell) for cell in line.cells] for line in lines]
    wanted = [max(_natural(cell, size, book) for cell in column) for column in zip(*cells, strict=True)]
    widths = _fitted(wanted, room)
    lefts = [0.0, *itertools.accumulate(each + _COLUMN_GAP for each in widths)]
    head: tuple[Row, ...] = ()
    for place, line in enumerate(cells):
        # the head stays with the row below it, a short table as a whole, and of a long one no row stands alone
        kept = place + 1 < len(cells) and (place == 0 or len(cells) <= _SHORT_TABLE or place == len(cells) - 2)
        below = _LIST_GAP if place + 1 < len(cells) else _GAP_AFTER
        broken = [list(_rows(cell, wide, book, size, 0)) for cell, wide in zip(line, widths, strict=True)]
        for index in range(max(map(len, broken))):
            beside = [(left, each[index]) for left, each in zip(lefts, broken, strict=False) if index < len(each)]
            words = tuple(Placed(placed.word, left + placed.x) for left, row in beside for placed in row.words)
            last = index + 1 == max(map(len, broken))
            row = Row(
                words,
                size * (LEADING + (below if last else 0)),
                size,
                "\t".join(row.text.strip() for _, row in beside),
                first=place == index == 0,
                kept=kept or not last,
                head=head if place else (),
            )
            if place == 0:
                head = (*head, row)
            yield row


def _natural(line: Line, size: float, book: Book) -> float:
    """How wide `line` is unbroken."""
    space = book.face().advance(" ") * size
    return sum(word.width + space * word.spaced for word in _broken(line, size, math.inf, book))


def _fitted(wanted: Sequence[float], room: float) -> list[float]:
    """Widths of columns that together take no more than `room`: narrow ones keep theirs, wide ones share the rest."""
    shares: dict[int, float] = {}
    left = room
    for done, column in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        # a hair more, so that a word as wide as its column is not cut
        shares[column] = min(wanted[column] + _HAIR, max(_HAIR, left / (len(wanted) - done)))
        left -= shares[column]
    return [shares[column] for column in range(len(wanted))]


def _indented(line: Line) -> bool:
    return line.listed or line.quote


def characters(lines: Iterable[Line]) -> set[str]:
    """All characters that `lines` need."""
    return {character for line in lines for character in line.text + line.marker}


def _rows(line: Line, width: float, book: Book, base: float, gap: float) -> Iterator[Row]:
    size = base * _HEADINGS.get(line.heading, 1.0)
    indent = _INDENT * (line.level + 1) if _indented(line) else 0.0
    right_to_left = runs_right_to_left(line.text)
    room = max(size, width - indent)
    space = book.face().advance(" ") * size
    row: list[Word] = []
    used = 0.0
    first = True
    for word in _broken(line, size, room, book):
        if row and used + word.width > room:
            yield _row(_drawn_together(row), line, size, indent, width, space, right_to_left, first, book)
            row, used, first = [], 0.0, False
        row.append(word)
        used += word.width + (space if word.spaced else 0)
    yield _row(_drawn_together(row), line, size, indent, width, space, right_to_left, first, book, gap)


def _broken(line: Line, size: float, room: float, book: Book) -> Iterator[Word]:
    """Words of `line`, and pieces of those in which a line may end; one that is wider than the column is cut."""
    for text, run_look in line.runs:
        look = run_look
        if line.heading or line.quote:
            look = Look(look.bold or line.heading > 0, look.italic or line.quote, look.struck, look.code, look.link)
        words = _PIECES.findall(text.replace("\t", _TAB))
        for place, word in enumerate(words):
            if word.isspace():
                if place == 0:
                    yield Word("", look, 0, size, False, True)
                continue
            *before, last = pieces(word)
            for piece in before:
                yield from _cut(piece, look, size, room, book, False)
            yield from _cut(last, look, size, room, book, place + 1 < len(words))


def _cut(piece: str, look: Look, size: float, room: float, book: Book, spaced: bool) -> Iterator[Word]:
    left = piece
    while left:
        word = _word(left, look, size, book, spaced)
        if word.width <= room or len(left) == 1:
            yield word
            return
        cut = max(1, min(len(left) - 1, int(len(left) * room / word.width)))
        yield _word(left[:cut], look, size, book, False)
        left = left[cut:]


def _word(text: str, look: Look, size: float, book: Book, spaced: bool) -> Word:
    if all(map(is_wide, text)):
        # each is an em wide, whatever its ink: a row's are drawn together, see `_drawn_together`
        return Word(text, look, len(text) * size, size, True, spaced)
    face = book.face(bold=look.bold, italic=look.italic)
    if all(character in face for character in text):
        return Word(text, look, face.advance(text) * size, size, False, spaced)
    return Word(text, look, drawn(text, bold=look.bold, italic=look.italic).width * size, size, True, spaced)


def _drawn_together(words: Sequence[Word]) -> list[Word]:
    """`words` with neighbours that are drawn alike and without a space as one, shaped as the text they are."""
    found: list[Word] = []
    for word in words:
        last = found[-1] if found else None
        if (
            last
            and last.text
            and word.text
            and last.paths
            and word.paths
            and not last.spaced
            and last.look == word.look
        ):
            text = last.text + word.text
            width = drawn(text, bold=word.look.bold, italic=word.look.italic).width * word.size
            found[-1] = replace(word, text=text, width=width)
        else:
            found.append(word)
    return found


def _row(
    words: Sequence[Word],
    line: Line,
    size: float,
    indent: float,
    width: float,
    space: float,
    right_to_left: bool,
    first: bool,
    book: Book,
    below: float = 0.0,
) -> Row:
    text = "".join(word.text + (" " if word.spaced else "") for word in words)
    parts = _parts(words, levels(text, right_to_left=right_to_left), space, book)
    total = sum(part.advance for part in parts)
    x = width - indent - total if right_to_left else indent
    placed: list[Placed] = []
    for index in seen_order([part.level for part in parts]):
        part = parts[index]
        if part.word is not None:
            placed.append(Placed(part.word, x))
        x += part.advance
    if first and line.marker:
        marker = _word(line.marker, Look(), size, book, False)
        at = width - indent + _MARKER_GAP if right_to_left else indent - marker.width - _MARKER_GAP
        placed.insert(0, Placed(marker, at))
    height = size * (LEADING + below)
    return Row(tuple(placed), height, size, text, line.heading, first)


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands together on a line: letters of one level, or the space after a word, which is not drawn."""

    word: Word | None
    advance: float
    level: int


def _parts(words: Sequence[Word], levels: Sequence[int], space: float, book: Book) -> list[_Part]:
    """Part `words` where their direction turns, as in a number after Hebrew letters."""
    if not any(levels):
        return [
            _Part(word, word.width + space * (word.spaced and place + 1 < len(words)), 0)
            for place, word in enumerate(words)
        ]
    parts: list[_Part] = []
    at = 0
    for word in words:
        for level, run in itertools.groupby(range(at, at + len(word.text)), key=levels.__getitem__):
            places = [place - at for place in run]
            text = word.text[places[0] : places[-1] + 1]
            one = _word(_turned(text) if level % 2 else text, word.look, word.size, book, False)
            parts.append(_Part(one, one.width, level))
        at += len(word.text)
        if word.spaced:
            parts.append(_Part(None, space, levels[at]))
            at += 1
    return parts[:-1] if parts and parts[-1].word is None else parts


def _turned(text: str) -> str:
    """`text` that runs from right to left, for drawing: Pango turns letters by itself, mere marks are turned here."""
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text):
        return text
    return "".join(MIRRORED.get(character, character) for character in reversed(text))
