"""The Markdown of speaker notes, as markdown-it reads it, and from there to lines."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from astrai_slides.export.shared.links import Linkifier, can_open
from astrai_slides.export.shared.note_lines import BULLET, Line, Look, Runs
from astrai_slides.look.line_breaks import is_wide

_MAX_LEVEL = 8


class NotesParser(MarkdownIt):
    """CommonMark with tables, strikethrough and written-out addresses as links; HTML is text."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "linkify": True})
        self.linkify = Linkifier()
        self.enable(["table", "strikethrough", "linkify"])
        self.core.ruler.push("join_wide", _join_wide)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 (markdown-it's name)
        """Return the text of an address as it was written."""
        return link


def _join_wide(state: StateCore) -> None:
    """Where the source is wrapped within a script without spaces, as Chinese, nothing stands for the break."""
    for block in state.tokens:
        inline = block.children or []
        for place, token in enumerate(inline):
            if token.type == "softbreak":
                before = next((each.content[-1] for each in inline[place::-1] if each.content), "")
                after = next((each.content[0] for each in inline[place:] if each.content), "")
                if before and after and _needs_no_space(before, after):
                    token.type, token.tag = "text", ""


def _needs_no_space(last: str, first: str) -> bool:
    """As CSS has it: between two wide letters, and beside a wide mark; Korean words have spaces between them."""
    wide = [is_wide(each) and not unicodedata.name(each, "").startswith("HANGUL") for each in (last, first)]
    marks = [is_wide(each) and unicodedata.category(each).startswith("P") for each in (last, first)]
    return all(wide) or any(marks)


@cache
def markdown() -> NotesParser:
    """Return the parser for notes that are read as lines."""
    return NotesParser()


def read(notes: str) -> Iterable[Line]:
    """Yield the paragraphs of `notes`, which are clean."""
    return _Reader().read(markdown().parse(notes))


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
                rows[-1].append((text, look))
    return rows
