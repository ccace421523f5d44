"""Speaker sheet on paper: a small picture of each step, its notes, planned time and the running total."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from astrai_slides.base import atomic
from astrai_slides.export.pdf.breaks import blocks, height, write_down
from astrai_slides.export.pdf.composer import Composer, composing
from astrai_slides.export.pdf.flow import Row, characters, rows
from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.pdf.paper import DIGITS, MARGIN, PAPER, begin_page, foot, heading, notes_of, plain
from astrai_slides.export.shared.durations import Duration, duration_line, plan, summary
from astrai_slides.export.shared.note_lines import Line, Look
from astrai_slides.export.shared.steps import description, is_below, section_of, title_of
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.talk.document import Document

_PICTURE_POINTS = 168.0
_GUTTER = 14.0
_BETWEEN = 16.0
_TITLE, _HEAD = 18.0, 11.0
_TEXT = 10.0, 9.7, 9.4, 9.1
"""Sizes of the text, in points: the first, but a smaller one if that saves a page on which little would stand."""
_LITTLE = 0.2
"""Share of a page."""


def write_notes_pdf(
    recording: Recording, target: Path, document: Document, *, planned: Mapping[str, float] | None = None
) -> None:
    """Write the speaker sheet as a PDF file. `planned` is as in `durations.plan`."""
    durations = plan(recording, planned or {})
    with atomic.replacing(target) as draft:
        _pdf(recording, draft, document, durations)


def _pdf(recording: Recording, draft: Path, document: Document, durations: Sequence[Duration]) -> None:
    notes = [notes_of(step) for step in recording.steps]
    heads = [heading(f"{number}. {title_of(step)}") for number, step in enumerate(recording.steps, start=1)]
    times = [
        _faint(duration_line(step, duration, document.language))
        for step, duration in zip(recording.steps, durations, strict=True)
    ]
    about, total = summary(recording, document, durations)
    tops = [heading(document.title), *(plain(text) for text in (about, total) if text)]
    every = [*heads, *times, *tops, *(line for part in notes for line in part)]
    book = Book(characters([*every, foot(document, 0)]) | DIGITS)

    def fill(composer: "Composer | _Unwritten", size: float) -> _Sheet:
        sheet = _Sheet(composer, document, book, size)
        for line in tops:
            sheet.top(line, _TITLE if line is tops[0] else size)
        for step, head, time, written in zip(recording.steps, heads, times, notes, strict=True):
            sheet.step(step, head, time, written)
        return sheet

    size = fitting(lambda size: fill(_Unwritten(), size).filled)
    with composing(recording, draft, document, book) as composer:
        fill(composer, size)


def fitting(filled: Callable[[float], float]) -> float:
    """The size of text to take, when `filled` tells how many pages one fills, the last in part."""
    wanted = filled(_TEXT[0])
    pages, part = math.ceil(wanted), wanted % 1
    if pages == 1 or not 0 < part < _LITTLE:
        return _TEXT[0]
    return next((size for size in _TEXT[1:] if filled(size) <= pages - 1), _TEXT[0])


class _Unwritten:
    """Takes what a composer does, and only counts pages."""

    def __init__(self) -> None:
        self.pages = 0

    def new_page(self, width: float, height: float) -> None:
        self.pages += 1

    def aside(self, row: Row, x: float, y: float, *, faint: bool = True) -> None: ...

    def section(self, *_: object, below: bool) -> None: ...

    def picture(self, *_: object, alt: str, framed: bool) -> None: ...

    def row(self, *_: object) -> None: ...


def _faint(text: str) -> Line:
    return Line(((text, Look(italic=True)),))


class _Sheet:
    """Steps one below the other, pictures at the left."""

    def __init__(self, composer: "Composer | _Unwritten", document: Document, book: Book, size: float) -> None:
        self._size = size
        self._composer = composer
        self._document = document
        self._book = book
        self._bottom = PAPER[1] - 1.5 * MARGIN
        self._column = PAPER[0] - 2 * MARGIN - _PICTURE_POINTS - _GUTTER
        self._y = MARGIN
        self._new_page()

    @property
    def filled(self) -> float:
        """Pages, the last one by how far down it is written."""
        return self._composer.pages - 1 + (self._y - MARGIN) / (self._bottom - MARGIN)

    def top(self, line: Line, size: float) -> None:
        def write(row: Row, y: float) -> None:
            self._composer.aside(row, MARGIN, y, faint=False)

        found = rows([line], PAPER[0] - 2 * MARGIN, self._book, size)
        self._y = write_down(found, self._y, (MARGIN, self._bottom), self._new_page, write, write)

    def step(self, step: Step, head: Line, time: Line, notes: Sequence[Line]) -> None:
        view = step.end.view
        scale = min(_PICTURE_POINTS / view.width, _PICTURE_POINTS / view.height)
        wide, tall = view.width * scale, view.height * scale
        above = [
            *rows([head], self._column, self._book, _HEAD),
            *rows([time], self._column, self._book, self._size),
        ]
        text = list(rows(notes, self._column, self._book, self._size))
        written = [*(replace(row, kept=bool(text)) for row in above), *text]
        needed = max(tall, height(next(blocks(written))))
        self._y += _BETWEEN
        if self._y + needed > self._bottom:
            self._new_page()
        self._composer.section(title_of(step), section_of(step), self._y, below=is_below(step))
        self._composer.picture(step.end, step.texts, MARGIN, self._y, wide, tall, alt=description(step), framed=True)
        left, page = MARGIN + _PICTURE_POINTS + _GUTTER, self._composer.pages
        below = self._y + tall
        self._y = write_down(
            written,
            self._y,
            (MARGIN, self._bottom),
            self._new_page,
            lambda row, y: self._composer.row(row, left, y),
            lambda row, y: self._composer.aside(row, left, y, faint=False),
        )
        if self._composer.pages == page:
            self._y = max(self._y, below)

    def _new_page(self) -> None:
        begin_page(self._composer, PAPER, self._document, self._book)
        self._y = MARGIN
