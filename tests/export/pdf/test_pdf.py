"""What poppler, qpdf and pypdf read back from a PDF."""

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documents import ADDRESSES, DOCUMENT, HEBREW, JAPANESE, LONG, addressed, alike, digest, pages, run, talk
from moving import moving
from pypdf import PdfReader

from astrai_slides.export.pdf.pages import MARGIN, PAPER, Handout, write_pdf
from astrai_slides.recording.format.model import GRID, Recording

pytestmark = pytest.mark.long

HANDOUTS: tuple[Handout, ...] = (2, 4, 6)
DPI = 72
LEAST = 0.97


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pdf") / "talk.pdf"
    write_pdf(talk(), target, DOCUMENT)
    return target


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pdf") / "notes.pdf"
    write_pdf(talk(), target, DOCUMENT, handout="notes")
    return target


def test_a_page_a_step_without_fault(file: Path) -> None:
    run("qpdf", "--check", file)
    reader = PdfReader(file, strict=True)
    assert len(reader.pages) == len(talk().steps)
    sizes = [tuple(page.mediabox) for page in reader.pages]
    assert sizes[0] == (0, 0, 960, 540)
    # where the camera of `moving` ends, its view is not as wide
    assert {size[3] for size in sizes} == {540}


def test_pages_look_like_the_end_states(file: Path, tmp_path: Path) -> None:
    made = talk()
    found = [alike(page, made, n) for n, page in enumerate(pages(file, DPI, tmp_path / "pages"))]
    assert len(found) == len(made.steps)
    assert min(found) > LEAST


def test_every_text_is_found_where_it_stands(file: Path) -> None:
    page = run("pdftotext", "-f", "1", "-l", "1", file, "-")
    for text in ("Waiting & <Queue>", "two lines", HEBREW, JAPANESE):
        # a reader marks a line that runs from right to left
        assert text in page.replace("\u202b", "").replace("\u202c", ""), text
    boxes = run("pdftotext", "-bbox", "-f", "1", "-l", "1", file, "-")
    word = next(row for row in boxes.splitlines() if ">Waiting<" in row)
    left, top = (float(word.partition(f'{key}="')[2].partition('"')[0]) for key in ("xMin", "yMin"))
    # its box begins in the middle of the slide, and ends half a unit above
    assert left == pytest.approx(480, abs=1)
    assert 270 - 540 / 9 / 2 - 15 < top < 270


def test_only_pictures_are_pictures(file: Path) -> None:
    rows = [row.split() for row in run("pdfimages", "-list", file).splitlines()[2:]]
    assert {row[0] for row in rows} == {"1", "2", "4", "5"} - {
        str(n) for n, step in enumerate(talk().steps, start=1) if len(step.end.ops) == 1
    }


def test_the_outline_names_steps_by_part(file: Path) -> None:
    reader = PdfReader(file)

    def read(items: list[Any]) -> list[Any]:
        return [
            read(item) if isinstance(item, list) else (item.title, reader.get_destination_page_number(item))
            for item in items
        ]

    assert read(reader.outline) == [
        ("Title & <more>", 0),
        ("flow", 1),
        [("Static", 1), ("Turning", 2)],
        ("going on", 3),
        ("Still", 4),
    ]


def test_properties_and_language_are_kept(file: Path) -> None:
    reader = PdfReader(file)
    root, about = reader.trailer["/Root"], reader.metadata
    assert about is not None
    assert (about.title, about.author, about.subject) == (DOCUMENT.title, DOCUMENT.speaker, DOCUMENT.event)
    assert about.creation_date is not None
    assert about.creation_date.date().isoformat() == DOCUMENT.date
    assert root["/Lang"] == DOCUMENT.language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    xmp = reader.xmp_metadata
    assert xmp is not None
    assert xmp.dc_title == {"x-default": DOCUMENT.title}
    assert xmp.dc_language == [DOCUMENT.language]


def test_the_file_is_tagged_and_figures_are_described(file: Path) -> None:
    assert "Tagged:          yes" in run("pdfinfo", file)
    made = talk()
    root = PdfReader(file).trailer["/Root"]["/StructTreeRoot"]["/K"]
    sections = [kid.get_object() for kid in root["/K"]]
    assert [section["/T"] for section in sections] == [step.title or step.name for step in made.steps]
    for section, step in zip(sections, made.steps, strict=True):
        figure, *texts = [kid.get_object() for kid in section["/K"]]
        assert figure["/S"] == "/Figure"
        assert figure["/Alt"].startswith(step.title or step.name)
        assert all(" ".join(run.text.split()) in figure["/Alt"] for run in step.texts)
        assert not re.search(r"[.,:]\.", figure["/Alt"])
        assert len(texts) == len(step.texts)


def test_fonts_are_embedded(noted: Path) -> None:
    rows = run("pdffonts", noted).splitlines()[2:]
    assert len(rows) >= 4, "upright, bold, italic, and the one without ink"
    # columns: name, type, encoding, embedded, subset, has a map to Unicode, object
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_the_same_deck_is_the_same_file(file: Path, tmp_path: Path) -> None:
    write_pdf(talk(), tmp_path / "again.pdf", DOCUMENT)
    assert digest((tmp_path / "again.pdf").read_bytes()) == digest(file.read_bytes())


def test_the_page_has_the_decks_aspect(tmp_path: Path) -> None:
    made = moving()
    end = replace(made.steps[0].end, view=replace(made.steps[0].end.view, width=9 * GRID, height=16 * GRID))
    write_pdf(replace(made, steps=(replace(made.steps[0], end=end),)), tmp_path / "a.pdf", DOCUMENT)
    assert tuple(PdfReader(tmp_path / "a.pdf").pages[0].mediabox) == (0, 0, 304, 540)


def test_a_deck_without_steps_is_a_file_all_the_same(tmp_path: Path) -> None:
    write_pdf(replace(talk(), steps=()), tmp_path / "a.pdf", DOCUMENT)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


# -- handouts


def test_notes_stand_beneath_and_none_is_lost(noted: Path) -> None:
    run("qpdf", "--check", noted)
    text = run("pdftotext", "-layout", noted, "-").replace("\u202b", "").replace("\u202c", "")
    seen = set(text.split())
    missing = [word for word in LONG.split() if word not in seen]
    assert missing == []
    for part in ("Say this", HEBREW, JAPANESE, "quoted", "first goes on", "<script>alert(1)</script>", "Short."):
        assert part in text, part
    first = run("pdftotext", "-f", "1", "-l", "1", noted, "-")
    assert "1. Title & <more>" in first
    # the talk and the page's number are at the foot
    assert f"{DOCUMENT.title} · Ada" in first
    count = len(PdfReader(noted).pages)
    assert str(count) in run("pdftotext", "-f", str(count), "-l", str(count), noted, "-").split()


TABLE = """# Static
| | x static | holds for |
|---|---|---|
| Equal | 1.00 | all |
| Real chat lengths | 2.33 | a last column of many words that is far wider than the page and so has to be broken twice |
"""


def words(pdf: Path) -> dict[str, tuple[float, float, float]]:
    """Left, top and right of each word, in points; of the last one of several alike."""
    found = re.findall(
        r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)".*?>(.*?)</word>', run("pdftotext", "-bbox", pdf, "-")
    )
    return {word: (float(left), float(top), float(right)) for left, top, right, word in found}


def test_a_table_of_notes_stands_in_columns(tmp_path: Path) -> None:
    made = talk()
    one = replace(made, steps=(replace(made.steps[1], notes=TABLE),))
    write_pdf(one, tmp_path / "a.pdf", DOCUMENT, handout="notes")
    at = words(tmp_path / "a.pdf")
    columns = (("Equal", "Real"), ("x", "1.00", "2.33"), ("holds", "all", "a", "twice"))
    for column in columns[:2]:
        assert len({round(at[word][0], 1) for word in column}) == 1, column
    assert {round(at[word][0], 1) for word in ("holds", "all", "a")} == {round(at["holds"][0], 1)}
    assert at["lengths"][2] < at["2.33"][0]
    assert at["2.33"][2] < at["a"][0]
    # a row's cells begin side by side, and rows follow each other
    assert at["Real"][1] == at["2.33"][1] == at["a"][1] > at["Equal"][1] == at["1.00"][1] > at["holds"][1]
    # the wide cell goes on below itself, within the page
    assert at["twice"][1] > at["a"][1]
    assert max(right for _, _, right in at.values()) <= PAPER[0] - MARGIN + 1


def test_a_heading_of_notes_that_repeats_the_title_is_left_out(tmp_path: Path) -> None:
    made = talk()
    for notes, count in ((TABLE, 1), (TABLE.replace("# Static", "# Static!"), 2), ("Static", 2)):
        one = replace(made, steps=(replace(made.steps[1], notes=notes, texts=()),))
        write_pdf(one, tmp_path / "a.pdf", DOCUMENT, handout="notes")
        assert len(re.findall(r"\bStatic\b", run("pdftotext", tmp_path / "a.pdf", "-"))) == count


def test_links_of_notes_are_kept(noted: Path) -> None:
    notes = [note.get_object() for page in PdfReader(noted).pages for note in page.get("/Annots", [])]
    assert [note["/A"]["/URI"] for note in notes] == ["https://example.org/a?b=1&c=2"]
    left, bottom, right, top = (float(side) for side in notes[0]["/Rect"])
    assert 0 < left < right < PAPER[0]
    assert 0 < bottom < top < PAPER[1]


def test_addresses_on_a_slide_are_links_where_they_stand(tmp_path: Path) -> None:
    write_pdf(addressed(), tmp_path / "a.pdf", DOCUMENT)
    run("qpdf", "--check", tmp_path / "a.pdf")
    notes = [note.get_object() for note in PdfReader(tmp_path / "a.pdf").pages[0].get("/Annots", [])]
    assert [note["/A"]["/URI"] for note in notes] == [address for each in ADDRESSES.values() for address in each]
    unit = 540 / 9
    for note in notes:
        left, bottom, right, top = (float(side) for side in note["/Rect"])
        assert 480 - 6 * unit < left < right < 480 + 6 * unit
        assert top - bottom == pytest.approx(unit / 2, abs=0.1)
    # the first is all of its line but "see " and the full stop
    text, (address,) = next(iter(ADDRESSES.items()))
    wide = 12 * unit / len(text)
    left, bottom, right, _ = (float(side) for side in notes[0]["/Rect"])
    assert (left, right) == pytest.approx((480 - 6 * unit + 4 * wide, 480 + 6 * unit - wide), abs=0.1)
    assert bottom == pytest.approx(270 + 3 * unit, abs=0.1)
    assert right - left == pytest.approx(wide * len(address), abs=0.1)


def test_addresses_written_out_in_notes_are_links(tmp_path: Path) -> None:
    write_pdf(addressed(), tmp_path / "a.pdf", DOCUMENT, handout="notes")
    notes = [note.get_object() for note in PdfReader(tmp_path / "a.pdf").pages[0].get("/Annots", [])]
    wanted = [address for each in ADDRESSES.values() for address in each]
    assert [note["/A"]["/URI"] for note in notes] == 2 * wanted, "on the slide, and in its notes"


@pytest.mark.parametrize("handout", HANDOUTS)
def test_handouts_of_so_many_a_page(handout: Handout, tmp_path: Path) -> None:
    made = moving()
    many: Recording = replace(made, steps=tuple(replace(made.steps[0], name=f"step-{n}", title="") for n in range(7)))
    write_pdf(many, tmp_path / "a.pdf", DOCUMENT, handout=handout)
    run("qpdf", "--check", tmp_path / "a.pdf")
    reader = PdfReader(tmp_path / "a.pdf")
    assert isinstance(handout, int)
    texts = [page.extract_text() for page in reader.pages]
    for number, text in enumerate(texts):
        shown = [n for n in range(7) if f"step-{n}" in text]
        assert shown == list(range(7))[number * handout : (number + 1) * handout]
    assert len(texts) == -(-7 // handout)
    drawn = pages(tmp_path / "a.pdf", 36, tmp_path / "pages")
    assert len(drawn) == len(texts)


MEASURE = """
import sys
from astrai_slides.look.fonts import FONT, register_font
from manim import Text

register_font()
sys.stdout.write(f"width {Text('slot', font=FONT).width:.6f}")
"""
DRAW_FIRST = """
from astrai_slides.export.shared.outlined_words import drawn

assert drawn("\u3053", bold=False, italic=False).width
"""


@pytest.mark.long
def test_words_drawn_for_notes_leave_decks_their_font() -> None:
    """Pango keeps what it once took for a family: a deck recorded after an export must look the same."""
    found = [run(sys.executable, "-c", script).rpartition("width ")[2] for script in (MEASURE, DRAW_FIRST + MEASURE)]
    assert found[0] == found[1] != ""
