"""PDF: a page a step as vectors, or handouts; searchable, with outline, structure and properties."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from astrai_slides.base import atomic
from astrai_slides.export.pdf.breaks import write_down
from astrai_slides.export.pdf.composer import Composer, composing
from astrai_slides.export.pdf.flow import characters, rows
from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.pdf.paper import DIGITS, FOOT, MARGIN, PAPER, begin_page, foot, heading, notes_of, plain
from astrai_slides.export.shared.steps import description, is_below, section_of, title_of
from astrai_slides.recording.format.model import Recording
from astrai_slides.talk.document import Document

Handout = Literal["notes", 2, 4, 6]
"""Pages for the audience: each step with its notes beneath, or that many steps a page."""

PAGE_HEIGHT = 540.0
"""Points (7.5 inches) of a page that is a slide."""

_TITLE = 13.0
_CAPTION = 9.0
_GAP = 10.0


@dataclass(frozen=True, slots=True)
class _Grid:
    """Steps on a page: columns, rows, and whether the paper lies on its side."""

    columns: int
    rows: int
    wide: bool = False


_GRIDS = {2: _Grid(1, 2), 4: _Grid(2, 2, wide=True), 6: _Grid(2, 3)}


def write_pdf(recording: Recording, target: Path, document: Document, *, handout: Handout | None = None) -> None:
    """Write `recording` as a PDF file: what each step ends with, one a page, or as a `handout`."""
    with atomic.replacing(target) as draft:
        if handout is None:
            with composing(recording, draft, document, Book()) as composer:
                _slides(recording, composer)
        elif handout == "notes":
            _with_notes(recording, draft, document)
        else:
            _many(recording, draft, document, _GRIDS[handout])


def _slides(recording: Recording, composer: Composer) -> None:
    for step in recording.steps:
        width = float(round(PAGE_HEIGHT * step.end.view.width / step.end.view.height))
        composer.new_page(width, PAGE_HEIGHT)
        composer.section(title_of(step), section_of(step), below=is_below(step))
        composer.picture(step.end, step.texts, 0, 0, width, PAGE_HEIGHT, alt=description(step))


def _with_notes(recording: Recording, draft: Path, document: Document) -> None:
    notes = [notes_of(step) for step in recording.steps]
    heads = [heading(f"{number}. {title_of(step)}") for number, step in enumerate(recording.steps, start=1)]
    book = Book(characters([*heads, *(line for part in notes for line in part), foot(document, 0)]) | DIGITS)
    width, height = PAPER
    room = width - 2 * MARGIN
    bottom = height - MARGIN - 2 * FOOT
    with composing(recording, draft, document, book) as composer:
        for step, head, written in zip(recording.steps, heads, notes, strict=True):
            begin_page(composer, PAPER, document, book)
            composer.section(title_of(step), section_of(step), MARGIN, below=is_below(step))
            wide = room
            tall = wide * step.end.view.height / step.end.view.width
            if tall > height / 2:
                wide, tall = wide * height / 2 / tall, height / 2
            composer.picture(
                step.end, step.texts, MARGIN + (room - wide) / 2, MARGIN, wide, tall, alt=description(step), framed=True
            )
            write_down(
                [*rows([head], room, book, _TITLE), *rows(written, room, book)],
                MARGIN + tall + _GAP,
                (MARGIN, bottom),
                lambda: begin_page(composer, PAPER, document, book),
                lambda row, y: composer.row(row, MARGIN, y),
                lambda row, y: composer.aside(row, MARGIN, y, faint=False),
            )


def _many(recording: Recording, draft: Path, document: Document, grid: _Grid) -> None:
    heads = [plain(f"{number}. {title_of(step)}") for number, step in enumerate(recording.steps, start=1)]
    book = Book(characters([*heads, foot(document, 0)]) | DIGITS)
    paper = PAPER[::-1] if grid.wide else PAPER
    cell_width = (paper[0] - 2 * MARGIN - (grid.columns - 1) * MARGIN / 2) / grid.columns
    cell_height = (paper[1] - 2 * MARGIN - 2 * FOOT) / grid.rows
    caption = 2 * _CAPTION + _GAP
    with composing(recording, draft, document, book) as composer:
        for index, (step, head) in enumerate(zip(recording.steps, heads, strict=True)):
            place = index % (grid.columns * grid.rows)
            if place == 0:
                begin_page(composer, paper, document, book)
            x = MARGIN + place % grid.columns * (cell_width + MARGIN / 2)
            y = MARGIN + place // grid.columns * cell_height
            scale = min(cell_width / step.end.view.width, (cell_height - caption - _GAP) / step.end.view.height)
            wide, tall = step.end.view.width * scale, step.end.view.height * scale
            composer.section(title_of(step), section_of(step), y, below=is_below(step))
            left = x + (cell_width - wide) / 2
            composer.picture(step.end, step.texts, left, y, wide, tall, alt=description(step), framed=True)
            row = next(rows([head], wide, book, _CAPTION))
            composer.row(row, left, y + tall + _CAPTION / 2)
