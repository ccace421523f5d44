"""Speaker sheet on paper: a small picture of each step, its notes, planned time and the running total."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from astrai_slides.base import atomic
from astrai_slides.export.pdf.composer import Composer, composing
from astrai_slides.export.pdf.flow import Row, characters, rows
from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.pdf.paper import DIGITS, MARGIN, PAPER, begin_page, foot, heading, notes_of, plain
from astrai_slides.export.shared.durations import Duration, duration_line, plan, summary
from astrai_slides.export.shared.markdown import Line, Look
from astrai_slides.export.shared.steps import description, is_below, section_of, title_of
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.talk.document import Document

_PICTURE_POINTS = 168.0
_GUTTER = 14.0
_BETWEEN = 16.0
_TITLE, _HEAD, _TEXT = 18.0, 11.0, 10.0


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
    times = [_faint(duration_line(step, duration)) for step, duration in zip(recording.steps, durations, strict=True)]
    about, total = summary(recording, document, durations)
    tops = [(heading(document.title), _TITLE), *((plain(text), _TEXT) for text in (about, total) if text)]
    every = [*heads, *times, *(line for line, _ in tops), *(line for part in notes for line in part)]
    book = Book(characters([*every, foot(document, 0)]) | DIGITS)
    with composing(recording, draft, document, book) as composer:
        sheet = _Sheet(composer, document, book)
        for line, size in tops:
            sheet.top(line, size)
        for step, head, time, written in zip(recording.steps, heads, times, notes, strict=True):
            sheet.step(step, head, time, written)


def _faint(text: str) -> Line:
    return Line(((text, Look(italic=True)),))


class _Sheet:
    """Steps one below the other, pictures at the left."""

    def __init__(self, composer: Composer, document: Document, book: Book) -> None:
        self._composer = composer
        self._document = document
        self._book = book
        self._bottom = PAPER[1] - 1.5 * MARGIN
        self._column = PAPER[0] - 2 * MARGIN - _PICTURE_POINTS - _GUTTER
        self._y = MARGIN
        self._new_page()

    def top(self, line: Line, size: float) -> None:
        for row in rows([line], PAPER[0] - 2 * MARGIN, self._book, size):
            self._composer.aside(row, MARGIN, self._y, faint=False)
            self._y += row.height

    def step(self, step: Step, head: Line, time: Line, notes: Sequence[Line]) -> None:
        view = step.end.view
        scale = min(_PICTURE_POINTS / view.width, _PICTURE_POINTS / view.height)
        wide, tall = view.width * scale, view.height * scale
        written: list[Row] = [
            *rows([head], self._column, self._book, _HEAD),
            *rows([time], self._column, self._book, _TEXT),
            *rows(notes, self._column, self._book, _TEXT),
        ]
        needed = max(tall, sum(row.height for row in written[:4]))
        self._y += _BETWEEN
        if self._y + needed > self._bottom:
            self._new_page()
        self._composer.section(title_of(step), section_of(step), self._y, below=is_below(step))
        self._composer.picture(step.end, step.texts, MARGIN, self._y, wide, tall, alt=description(step), framed=True)
        below = self._y + tall
        for row in written:
            if self._y + row.height > self._bottom:
                self._new_page()
                below = self._y
            self._composer.row(row, MARGIN + _PICTURE_POINTS + _GUTTER, self._y)
            self._y += row.height
        self._y = max(self._y, below)

    def _new_page(self) -> None:
        begin_page(self._composer, PAPER, self._document, self._book)
        self._y = MARGIN
