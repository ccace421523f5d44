"""Long titles on paper: what stands above the steps is broken between pages, and each page keeps its number."""

from pathlib import Path

import pytest
from pypdf import PdfReader
from signal_deck import recording, step

from astrai_slides.export.pdf.sheet import write_notes_pdf
from astrai_slides.export.shared.widths import shortened, wide
from astrai_slides.talk.document import Document


@pytest.mark.parametrize("title", ["Serving models to many " * 9, "SERVING MODELS TO MANY " * 9])
def test_a_long_title_leaves_each_page_its_number(tmp_path: Path, title: str) -> None:
    document = Document(title, "Ada", "PyCon")
    write_notes_pdf(recording(step(0, "one", 3, notes="a\n\n" * 90)), tmp_path / "notes.pdf", document)
    pages = PdfReader(tmp_path / "notes.pdf").pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert any(line.endswith(f"… · {number}") for line in page.extract_text().splitlines())


def test_a_title_longer_than_a_page_is_there_whole(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(400)]
    write_notes_pdf(recording(step(0, "one", 3)), tmp_path / "notes.pdf", Document(" ".join(words)))
    pages = PdfReader(tmp_path / "notes.pdf").pages
    assert len(pages) > 1
    seen: set[str] = set()

    def visit(text: str, matrix: list[float], at: list[float], *_: object) -> None:
        if at[5] > 0 or matrix[5] > 0:
            seen.update(text.split())

    for page in pages:
        page.extract_text(visitor_text=visit)
    assert [word for word in words if word not in seen] == []


def test_wide_characters_count_twice() -> None:
    assert shortened("\u8bf7" * 40, 80) == "\u8bf7" * 40
    cut = shortened("a" + "\u8bf7" * 40, 80)
    assert cut == "a" + "\u8bf7" * 39 + "\u2026"
    assert wide(cut) == 80
