"""The speaker sheet: what a reader of Markdown and a reader of PDF find in it."""

import base64
import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from documents import DOCUMENT, EMOJI, HEBREW, JAPANESE, LONG, run, talk
from markdown_it import MarkdownIt
from markdown_it.token import Token
from moving import FPS
from PIL import Image
from pypdf import PdfReader
from skimage.metrics import structural_similarity

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.pdf.sheet import write_notes_pdf
from astrai_slides.export.shared.durations import JAPANESE_A_MINUTE, WORDS_A_MINUTE, clock, plan
from astrai_slides.export.sheet.sheet import write_notes
from astrai_slides.recording.paint.raster import rasterise, rgb

pytestmark = pytest.mark.long

PLANNED = {"title": 90.0, "flow/static": 30.5, "flow/turning": 20.0, "going on": 5.0, "still": 600.0}
TIMES = ["1:30, total 1:30", "0:30, total 2:00", "0:20, total 2:20", "0:05, total 2:26", "10:00, total 12:26"]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("notes") / "talk.notes.md"
    write_notes(talk(), target, DOCUMENT, planned=PLANNED)
    return target.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("notes") / "talk.notes.pdf"
    write_notes_pdf(talk(), target, DOCUMENT, planned=PLANNED)
    return target


def read(sheet: str) -> list[Token]:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser.parse(sheet)


def headings(tokens: list[Token]) -> list[tuple[str, str]]:
    found = []
    for opened, inline in pairwise(tokens):
        if opened.type == "heading_open":
            found.append((opened.tag, "".join(child.content for child in inline.children or [])))
    return found


def test_a_sheet_has_each_steps_heading_and_those_of_its_notes_below(sheet: str) -> None:
    steps = talk().steps
    found = headings(read(sheet))
    assert found[0] == ("h1", DOCUMENT.title)
    assert [text for tag, text in found if tag == "h2"] == [
        f"{number}. {step.title or step.name}" for number, step in enumerate(steps, start=1)
    ]
    assert ("h3", "Say this") in found


def test_a_sheet_shows_each_end_state(sheet: str) -> None:
    made = talk()
    pictures = re.findall(r"\(data:image/png;base64,([^)]+)\)", sheet)
    assert len(pictures) == len(made.steps)
    for packed, step in zip(pictures, made.steps, strict=True):
        with Image.open(io.BytesIO(base64.b64decode(packed, validate=True))) as image:
            shown = np.asarray(image.convert("RGB"))
        wanted = rgb(rasterise(step.end, made.blobs, shown.shape[1], shown.shape[0]))
        assert structural_similarity(shown, wanted, channel_axis=2) > 0.97


def test_a_sheet_tells_planned_and_running_times(sheet: str) -> None:
    for line in TIMES:
        assert f"*{line}" in sheet
    assert "5 steps, 12:26 planned\n" in sheet, "nothing is estimated"
    assert "0:20, total 2:20, repeats until next*" in sheet
    assert "0:05, total 2:26, goes on by itself*" in sheet


def test_notes_are_kept_as_they_were_written(sheet: str) -> None:
    for part in (LONG, HEBREW, JAPANESE, EMOJI, "**bold**", "  1. inner", "[link](https://example.org/a?b=1&c=2)"):
        assert part in sheet
    assert "\x07" not in sheet


@pytest.mark.parametrize(
    ("notes", "wanted"),
    [
        ("# One\n\n## Two", [("h3", "One"), ("h4", "Two")]),
        ("Under\n=====\n\nLine", [("h3", "Under")]),
        ("two\nlines\n---", [("h4", "two lines")]),
        ("###### Deep", [("h6", "Deep")]),
        ("```\n# no heading\n```", []),
        ("#no heading", []),
        ("# Static\n\n## Two", [("h4", "Two")]),
        ("Static\n======\n\n# Static", [("h3", "Static")]),
        ("Words\n\n# Static", [("h3", "Static")]),
    ],
)
def test_headings_of_notes_stand_below_the_sheets(notes: str, wanted: list[tuple[str, str]], tmp_path: Path) -> None:
    made = talk()
    one = replace(made, steps=(replace(made.steps[1], notes=notes),))
    write_notes(one, tmp_path / "a.md", DOCUMENT)
    found = headings(read((tmp_path / "a.md").read_text(encoding="utf-8")))[2:]
    assert [(tag, text.replace(" ", "")) for tag, text in found] == [
        (tag, text.replace(" ", "")) for tag, text in wanted
    ]


def test_paper_has_titles_notes_and_times(paper: Path) -> None:
    run("qpdf", "--check", paper)
    text = run("pdftotext", "-layout", paper, "-").replace("\u202b", "").replace("\u202c", "")
    flat = " ".join(text.split())
    for number, step in enumerate(talk().steps, start=1):
        assert f"{number}. {step.title or step.name}" in flat
    for part in (*TIMES, "5 steps, 12:26 planned", "Say this", HEBREW, JAPANESE, "first goes on"):
        assert part in flat, part
    assert [word for word in LONG.split() if word not in set(text.split())] == []
    reader = PdfReader(paper)
    assert reader.metadata is not None
    assert reader.metadata.title == DOCUMENT.title


def test_without_a_plan_a_step_takes_its_motion_or_its_words() -> None:
    made = talk()
    quiet = replace(made.steps[0], notes="")
    spoken = replace(made.steps[0], name="spoken", notes="word " * (2 * WORDS_A_MINUTE))
    motion, words, given = plan(replace(made, steps=(quiet, spoken, made.steps[4])), {"still": 7})
    assert motion.seconds == pytest.approx(quiet.length / FPS)
    assert words.seconds == pytest.approx(120)
    assert (motion.estimated, words.estimated, given.estimated) == (True, True, False)
    assert given.total == pytest.approx(motion.seconds + words.seconds + 7)


def test_the_steps_of_a_part_share_what_is_planned_for_it() -> None:
    made = talk()
    apart = plan(made, {"flow": 90, "title": 1})
    static, turning = apart[1:3]
    alone = plan(made, {})
    assert static.seconds + turning.seconds == pytest.approx(90)
    assert static.seconds / turning.seconds == pytest.approx(alone[1].seconds / alone[2].seconds)
    assert [timing.estimated for timing in apart] == [False, False, False, True, True]
    rest = plan(made, {"flow": 90, "flow/turning": 60})
    assert (rest[1].seconds, rest[2].seconds) == (pytest.approx(30), 60)


def test_a_sheet_says_what_is_estimated(tmp_path: Path) -> None:
    paces = f"{WORDS_A_MINUTE} words or {JAPANESE_A_MINUTE} characters a minute"
    wanted = f"estimated: a step's motion, or its notes at {paces})"
    for planned, said in (({}, f" planned ({wanted}"), ({"title": 60.0}, f" planned (in part {wanted}")):
        write_notes(talk(), tmp_path / "a.md", DOCUMENT, planned=planned)
        assert said in (tmp_path / "a.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (5.4, "0:05"), (59.6, "1:00"), (3725, "62:05")])
def test_times_are_minutes_and_seconds(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_faults_name_what_to_write_instead(tmp_path: Path) -> None:
    missing = r"'titel': there is no such step; mend \[planned\] .*\. The deck has: title, flow/static[^:]*\Z"
    with pytest.raises(AstraiSlidesError, match=missing):
        write_notes(talk(), tmp_path / "a.md", DOCUMENT, planned={"titel": 3})
    assert list(tmp_path.iterdir()) == []
