"""What pages for paper have in common: their size, foot and kinds of lines."""

from typing import Protocol

from astrai_slides.export.pdf.flow import Row, rows
from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.shared.characters import clean
from astrai_slides.export.shared.markdown import lines
from astrai_slides.export.shared.note_lines import Line, Look
from astrai_slides.export.shared.steps import title_of
from astrai_slides.export.shared.widths import shortened
from astrai_slides.recording.format.model import Step
from astrai_slides.talk.document import Document

PAPER = 595.28, 841.89
"""A4 in points, upright."""

MARGIN = 42.0
FOOT = 8.0
"""Points of the letters at a page's foot."""

_LONGEST_FOOT = 80
"""Characters at a page's foot before its number: so many have room in one row, capitals too."""

DIGITS = set("0123456789")


class Pages(Protocol):
    """What pages are begun on: a composer, or what only counts them."""

    @property
    def pages(self) -> int:
        """How many there are."""

    def new_page(self, width: float, height: float) -> None:
        """Begin one of that size, in points."""

    def aside(self, row: Row, x: float, y: float, *, faint: bool = True) -> None:
        """Write a row that is no part of the text."""


def begin_page(composer: Pages, paper: tuple[float, float], document: Document, book: Book) -> None:
    """Begin a page of `paper` with the talk's name and the page's number at its foot."""
    composer.new_page(*paper)
    row = next(rows([foot(document, composer.pages)], paper[0] - 2 * MARGIN, book, FOOT))
    composer.aside(row, MARGIN, paper[1] - MARGIN - row.size)


def foot(document: Document, page: int) -> Line:
    """What stands at the foot of a page, in one row: the number is always there, and an ellipsis for what is not."""
    said = " · ".join(part for part in (document.title, document.speaker, document.event) if part)
    return plain(" · ".join(part for part in (shortened(said, _LONGEST_FOOT), str(page)) if part))


def plain(text: str) -> Line:
    """A line without any form."""
    return Line(((clean(text), Look()),))


def heading(text: str) -> Line:
    """A bold line."""
    return Line(((clean(text), Look(bold=True)),))


def notes_of(step: Step) -> list[Line]:
    """The step's notes, without a heading at their top that only says its title again."""
    written = lines(step.notes)
    twice = bool(written) and written[0].heading > 0 and written[0].text.strip() == clean(title_of(step)).strip()
    return written[1:] if twice else written
