"""Notes as rows of words, broken at a width."""

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from astrai_slides.export.pdf.fallback import drawn
from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.shared.characters import runs_right_to_left
from astrai_slides.export.shared.markdown import Line, Look

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
_HAIR = 0.01
_TAB = "    "
_PIECES = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of text without a break in it. `spaced`: a space follows."""

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
    """Words on one baseline. `text` is in reading order, `first` begins a paragraph."""

    words: tuple[Placed, ...]
    height: float
    size: float
    text: str
    heading: int = 0
    first: bool = False


def rows(lines: Sequence[Line], width: float, book: Book, size: float = SIZE) -> Iterator[Row]:
    """Break `lines` into rows `width` points wide. Cells of a table stand below each other."""
    for table, members in itertools.groupby(lines, key=lambda line: line.columns):
        if table:
            yield from _table(list(members), width, book, size)
            continue
        together = list(members)
        for place, line in enumerate(together):
            close = place + 1 < len(together) and _indented(line) and _indented(together[place + 1])
            yield from _rows(line, width, book, size, _LIST_GAP if close else _GAP_AFTER)


def _table(lines: Sequence[Line], width: float, book: Book, size: float) -> Iterator[Row]:
    room = width - _COLUMN_GAP * (len(lines[0].columns) - 1)
    cells = [[Line(cell) for cell in line.cells] for line in lines]
    wanted = [max(_natural(cell, size, book) for cell in column) for column in zip(*cells, strict=True)]
    widths = _fitted(wanted, room)
    lefts = [0.0, *itertools.accumulate(each + _COLUMN_GAP for each in widths)]
    for place, line in enumerate(cells):
        below = _LIST_GAP if place + 1 < len(cells) else _GAP_AFTER
        broken = [list(_rows(cell, wide, book, size, 0)) for cell, wide in zip(line, widths, strict=True)]
        for index in range(max(map(len, broken))):
            beside = [(left, each[index]) for left, each in zip(lefts, broken, strict=False) if index < len(each)]
            words = tuple(Placed(placed.word, left + placed.x) for left, row in beside for placed in row.words)
            last = index + 1 == max(map(len, broken))
            yield Row(
                words,
                size * (LEADING + (below if last else 0)),
                size,
                "\t".join(row.text.strip() for _, row in beside),
                first=place == index == 0,
            )


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
            yield _row(row, line, size, indent, width, space, right_to_left, first, book)
            row, used, first = [], 0.0, False
        row.append(word)
        used += word.width + (space if word.spaced else 0)
    yield _row(row, line, size, indent, width, space, right_to_left, first, book, gap)


def _broken(line: Line, size: float, room: float, book: Book) -> Iterator[Word]:
    """Words of `line`; one that is wider than the column is cut."""
    for text, run_look in line.runs:
        look = run_look
        if line.heading or line.quote:
            look = Look(look.bold or line.heading > 0, look.italic or line.quote, look.struck, look.code, look.link)
        pieces = _PIECES.findall(text.replace("\t", _TAB))
        for place, piece in enumerate(pieces):
            if piece.isspace():
                if place == 0:
                    yield Word("", look, 0, size, False, True)
                continue
            spaced = place + 1 < len(pieces)
            left = piece
            while left:
                word = _word(left, look, size, book, spaced)
                if word.width <= room or len(left) == 1:
                    yield word
                    break
                cut = max(1, min(len(left) - 1, int(len(left) * room / word.width)))
                yield _word(left[:cut], look, size, book, False)
                left = left[cut:]


def _word(text: str, look: Look, size: float, book: Book, spaced: bool) -> Word:
    face = book.face(bold=look.bold, italic=look.italic)
    if all(character in face for character in text):
        return Word(text, look, face.advance(text) * size, size, False, spaced)
    return Word(text, look, drawn(text, bold=look.bold, italic=look.italic).width * size, size, True, spaced)


def _row(
    words: list[Word],
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
    order = _seen_order(words, right_to_left)
    gaps = [
        space if abs(one - other) > 1 or words[min(one, other)].spaced else 0.0
        for one, other in itertools.pairwise(order)
    ]
    total = sum(word.width for word in words) + sum(gaps)
    x = width - indent - total if right_to_left else indent
    placed: list[Placed] = []
    for index, gap in zip(order, [*gaps, 0.0], strict=False):
        placed.append(Placed(words[index], x))
        x += words[index].width + gap
    if first and line.marker:
        marker = _word(line.marker, Look(), size, book, False)
        at = width - indent + _MARKER_GAP if right_to_left else indent - marker.width - _MARKER_GAP
        placed.insert(0, Placed(marker, at))
    text = "".join(word.text + (" " if word.spaced else "") for word in words)
    height = size * (LEADING + below)
    return Row(tuple(placed), height, size, text, line.heading, first)


def _seen_order(words: Sequence[Word], right_to_left: bool) -> list[int]:
    """Indices of `words` from left to right: stretches of the other direction are turned around."""
    stretches: list[tuple[bool, list[int]]] = []
    for index, word in enumerate(words):
        strong = any(character.isalpha() for character in word.text)
        turned = runs_right_to_left(word.text) if strong else (stretches[-1][0] if stretches else right_to_left)
        if stretches and stretches[-1][0] == turned:
            stretches[-1][1].append(index)
        else:
            stretches.append((turned, [index]))
    ordered = [members[::-1] if turned else members for turned, members in stretches]
    if right_to_left:
        ordered.reverse()
    return [index for members in ordered for index in members]
