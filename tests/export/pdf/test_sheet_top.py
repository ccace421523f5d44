"""What stands above the steps of a speaker sheet goes on on the next page where it is longer than one."""

from pathlib import Path

from pypdf import PdfReader
from signal_deck import recording, step

from astrai_slides.export.pdf.sheet import write_notes_pdf
from astrai_slides.talk.document import Document


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
