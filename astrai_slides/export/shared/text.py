"""Speaker notes (Markdown) as DrawingML paragraphs; any text as XML."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from markdown_it import MarkdownIt
from markdown_it.token import Token

from astrai_slides.talk.document import can_open, links_in

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PICTURES = 0x2400
_DELETE, _DELETE_PICTURE = 0x7F, "\u2421"
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")

_INDENT = 285_750
_HEADING_SIZES = {1: 1600, 2: 1400, 3: 1300}
_SIZE = 1200
"""Hundredths of a point; other headings are bold only. PowerPoint's notes are of 12 points, LibreOffice's own of 20."""

_MONOSPACED = "Consolas"
_MAX_LEVEL = 8

_CHARACTER = 84_000
"""EMU that a character of a table takes, at the notes' 12 points, with room to spare."""

_COLUMN_GAP = 3
"""Characters between columns of a table."""

_TABLE_ROOM = 4_000_000
"""EMU at which the last column of a table begins at the latest: notes are 5,486,400 wide."""

LinkTo = Callable[[str], str]
"""Relates the notes to an address and returns the relationship's id."""


def clean(text: str) -> str:
    """Return `text` with every character that XML cannot hold made visible, so that nothing is lost unseen.

    Control characters become their pictures (U+2400 on), half surrogates and non-characters U+FFFD.
    """
    text = _CONTROL.sub(lambda found: _picture(ord(found[0])), text)
    return _NO_CHARACTER.sub("\ufffd", text)


def xml(text: str) -> str:
    """Return `text` as XML character data."""
    return escape(clean(text))


def attribute(text: str) -> str:
    """Return `text` as a quoted XML attribute."""
    return quoteattr(clean(text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def runs_right_to_left(text: str) -> bool:
    """Whether the first strong character of `text` is of a script written from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


@cache
def markdown() -> MarkdownIt:
    """Return the parser for notes: CommonMark with tables and strikethrough; HTML is text."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class Look:
    """How a stretch of text looks."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    link: str = ""


Runs: TypeAlias = tuple[tuple[str, Look], ...]
"""Stretches of text, each with its look."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of notes. `marker` is "" for none, a bullet, or a number with its point; `heading` 0 for none."""

    runs: Runs
    level: int = 0
    marker: str = ""
    heading: int = 0
    quote: bool = False
    listed: bool = False
    """Whether it belongs to an item of a list, be it the first line with its marker or one that goes on below it."""

    cells: tuple[Runs, ...] = ()
    """What stands in each column, if this is a row of a table; `runs` then has it all, with tabs between."""

    columns: tuple[int, ...] = ()
    """Characters of the widest cell in each column of the row's table."""

    @property
    def text(self) -> str:
        """The bare text."""
        return "".join(text for text, _ in self.runs)


BULLET = "\u2022"


def lines(notes: str) -> list[Line]:
    """Return the paragraphs of `notes` (Markdown)."""
    return list(_Reader().read(markdown().parse(clean(notes))))


def paragraphs(notes: str, language: str, link_to: LinkTo) -> str:
    """Return `notes` (Markdown) as `a:p` elements, at least one."""
    return "".join(_paragraph(line, language, link_to) for line in lines(notes)) or "<a:p/>"


class _Reader:
    """Walks markdown-it's block tokens and yields lines."""

    def __init__(self) -> None:
        self._lists: list[int | None] = []
        self._marker = ""
        self._heading = 0
        self._quotes = 0
        self._table: list[list[Runs]] = []
        self._in_head = False

    def read(self, tokens: Sequence[Token]) -> Iterable[Line]:
        for token in tokens:
            kind = token.type
            if kind in ("bullet_list_open", "ordered_list_open"):
                start = int(token.attrGet("start") or 1) if kind == "ordered_list_open" else None
                self._lists.append(start)
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._lists.pop()
            elif kind == "list_item_open":
                self._marker = self._next_marker()
            elif kind == "heading_open":
                self._heading = int(token.tag[1:])
            elif kind == "heading_close":
                self._heading = 0
            elif kind == "blockquote_open":
                self._quotes += 1
            elif kind == "blockquote_close":
                self._quotes -= 1
            elif kind == "tr_open":
                self._table.append([])
            elif kind in ("th_open", "td_open"):
                self._in_head = kind == "th_open"
            elif kind == "table_close":
                table, self._table = self._table, []
                yield from map(self._row, table, [_widths(table)] * len(table))
            elif kind == "inline":
                yield from self._inline(token)
            elif kind in ("fence", "code_block"):
                for row in token.content.removesuffix("\n").split("\n"):
                    yield self._line([(row, Look(code=True))])
            elif kind == "hr":
                yield self._line([("\u2014" * 3, Look())])

    def _next_marker(self) -> str:
        number = self._lists[-1]
        if number is None:
            return BULLET
        self._lists[-1] = number + 1
        return f"{number}."

    def _inline(self, token: Token) -> Iterable[Line]:
        rows = _rows(token.children or [])
        if not self._table:
            yield from map(self._line, rows)
            return
        cell = [run for row in rows for run in row]
        if self._in_head:
            cell = [(text, replace(look, bold=True)) for text, look in cell]
        self._table[-1].append(tuple(cell))

    def _row(self, cells: Sequence[Runs], columns: tuple[int, ...]) -> Line:
        runs: list[tuple[str, Look]] = []
        for place, cell in enumerate(cells):
            if place:
                runs.append(("\t", Look()))
            runs += cell
        return replace(self._line(runs), cells=tuple(cells), columns=columns)

    def _line(self, runs: Sequence[tuple[str, Look]]) -> Line:
        marker, self._marker = self._marker, ""
        level = min(_MAX_LEVEL, max(0, len(self._lists) - (1 if self._lists else 0)))
        return Line(tuple(runs), level, marker, self._heading, self._quotes > 0, bool(self._lists))


def _widths(table: Sequence[Sequence[Runs]]) -> tuple[int, ...]:
    """Characters of the widest cell of each column."""
    return tuple(max(sum(len(text) for text, _ in cell) for cell in column) for column in zip(*table, strict=False))


def _rows(children: Sequence[Token]) -> list[list[tuple[str, Look]]]:
    """Split inline tokens at hard breaks; where the source is only wrapped, as in CommonMark, a space stands."""
    rows: list[list[tuple[str, Look]]] = [[]]
    bold = italic = struck = 0
    links: list[str] = []
    for child in children:
        kind = child.type
        if kind == "hardbreak":
            rows.append([])
        elif kind == "softbreak":
            rows[-1].append((" ", Look()))
        elif kind in ("strong_open", "strong_close"):
            bold += child.nesting
        elif kind in ("em_open", "em_close"):
            italic += child.nesting
        elif kind in ("s_open", "s_close"):
            struck += child.nesting
        elif kind == "link_open":
            address = str(child.attrGet("href") or "")
            links.append(address if can_open(address) else "")
        elif kind == "link_close":
            links.pop()
        else:
            text = child.content or "".join(inner.content for inner in child.children or [])
            if text:
                look = Look(bold > 0, italic > 0, struck > 0, kind == "code_inline", links[-1] if links else "")
                rows[-1] += [(text, look)] if look.code or links else _linked(text, look)
    return rows


def _linked(text: str, look: Look) -> Iterable[tuple[str, Look]]:
    """`text` with the addresses that are written out in it as links."""
    done = 0
    for start, end, address in links_in(text):
        if start > done:
            yield text[done:start], look
        yield text[start:end], replace(look, link=address)
        done = end
    if done < len(text):
        yield text[done:], look


def _paragraph(line: Line, language: str, link_to: LinkTo) -> str:
    # said where it is none, as LibreOffice would take that of the paragraph above
    attributes = ' marL="0" indent="0"'
    indented = line.listed or line.quote
    if indented:
        left = _INDENT * (line.level + 1)
        attributes = f' marL="{left}" indent="{-_INDENT if line.marker else 0}"'
    tabs = ""
    if len(line.columns) > 1:
        stops = _stops(line.columns)
        # without any margin, with which LibreOffice takes no stops
        attributes = ""
        tabs = "".join(f'<a:tab pos="{stop}" algn="l"/>' for stop in stops)
        tabs = f"<a:tabLst>{tabs}</a:tabLst>"
    if line.level:
        attributes += f' lvl="{line.level}"'
    if runs_right_to_left(line.text):
        attributes += ' algn="r" rtl="1"'
    bullet = "<a:buNone/>"
    if line.marker == BULLET:
        bullet = f'<a:buFont typeface="Arial"/><a:buChar char="{BULLET}"/>'
    elif line.marker:
        number = min(32_767, max(1, int(line.marker.removesuffix("."))))
        bullet = f'<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod" startAt="{number}"/>'
    runs = "".join(_run(text, look, line, language, link_to) for text, look in line.runs)
    return f"<a:p><a:pPr{attributes}>{bullet}{tabs}</a:pPr>{runs}</a:p>"


def _stops(columns: Sequence[int]) -> list[int]:
    """Where the second column of a table and those after it begin, in EMU."""
    stops = [count * _CHARACTER for count in accumulate(width + _COLUMN_GAP for width in columns[:-1])]
    fitted = min(1.0, _TABLE_ROOM / stops[-1])
    return [round(stop * fitted) for stop in stops]


def _run(text: str, look: Look, line: Line, language: str, link_to: LinkTo) -> str:
    attributes = f' lang={attribute(language)} sz="{_HEADING_SIZES.get(line.heading, _SIZE)}"'
    if look.bold or line.heading:
        attributes += ' b="1"'
    if look.italic or line.quote:
        attributes += ' i="1"'
    if look.struck:
        attributes += ' strike="sngStrike"'
    inside = ""
    if look.code:
        inside += f'<a:latin typeface="{_MONOSPACED}"/><a:cs typeface="{_MONOSPACED}"/>'
    if look.link:
        inside += f'<a:hlinkClick r:id="{link_to(look.link)}"/>'
    return f"<a:r><a:rPr{attributes}>{inside}</a:rPr><a:t>{xml(text)}</a:t></a:r>"


def _picture(code: int) -> str:
    return _DELETE_PICTURE if code == _DELETE else chr(_PICTURES + code)
