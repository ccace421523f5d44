"""Decks for manim-slides that know nothing of this project, built in every format and read by who reads them."""

import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner
from documents import run
from lxml import etree
from manim_slides.config import PresentationConfig
from openxml_audit import OpenXmlValidator
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader
from skimage.metrics import structural_similarity

from astrai_slides.cli import main
from astrai_slides.export.registry import FORMATS

pytestmark = pytest.mark.long

SCENES = ("Canvas", "Flow")
STEPS = 4
"""Of each scene."""
LOOP, AUTO_NEXT = 1, 2
"""Steps of Flow."""
ALIKE = 0.97
SMALL = 0.002
"""MB, which no clip of these can meet."""


def build(deck: Path, *options: str) -> str:
    result = CliRunner().invoke(main, ["build", str(deck), *options, "--quality", "l"])
    assert result.exit_code == 0, result.output
    return result.stderr


@pytest.fixture(scope="module")
def deck(project_root: Path) -> Path:
    return project_root / "tests" / "corpus" / "stages.py"


@pytest.fixture(scope="module")
def folder(deck: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was built of two scenes, in every format that there is."""
    folder = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        said = build(deck, *SCENES, "--each", "--to", ",".join(FORMATS))
        for scene in SCENES:
            assert re.search(rf"^{scene}\.pptx: .*video .*pictures .*end .*largest step '.*', ", said, re.MULTILINE)
    return folder


@pytest.fixture(params=SCENES)
def scene(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_format_is_there(folder: Path, scene: str) -> None:
    for each in FORMATS.values():
        target = folder / each.file_name(scene, scene)
        assert all(path.stat().st_size for path in each.files(target)), each.name


def test_html_has_every_step_and_note(folder: Path) -> None:
    page = (folder / "Flow.html").read_text(encoding="utf-8")
    root = etree.HTML(page)
    assert len(root.xpath("//section")) == STEPS
    assert "Loops: &lt;b&gt;&amp; &lt;/script&gt;" in page
    assert "Canvas" in (folder / "Canvas.html").read_text(encoding="utf-8")


def test_pptx_is_valid_and_has_titles_notes_loop_and_advance(folder: Path, scene: str) -> None:
    assert [error.description for error in OpenXmlValidator().validate(folder / f"{scene}.pptx").errors] == []
    slides = list(Presentation(folder / f"{scene}.pptx").slides)
    assert len(slides) == STEPS
    assert all(slide.shapes.title.text for slide in slides)
    films = [slide._element.xpath(".//a:videoFile") for slide in slides]
    assert all(len(film) == 1 for film in films)
    if scene != "Flow":
        return
    repeats = [slide._element.xpath(".//p:cMediaNode/p:cTn/@repeatCount") for slide in slides]
    assert [n for n, repeat in enumerate(repeats) if repeat == ["indefinite"]] == [LOOP]
    advances = [slide._element.xpath("./p:transition/@advTm") for slide in slides]
    assert [n for n, advance in enumerate(advances) if advance] == [AUTO_NEXT]
    first = slides[0].notes_slide.notes_text_frame.paragraphs
    assert [paragraph.text for paragraph in first] == ["First", "one"]
    assert slides[LOOP].notes_slide.notes_text_frame.text == "Loops: <b>& </script>"


def test_nothing_blinks_when_a_video_begins_and_when_the_end_state_covers_it(folder: Path, scene: str) -> None:
    slides = list(Presentation(folder / f"{scene}.pptx").slides)
    for number, slide in enumerate(slides):
        media, poster = (
            slide.part.related_part(slide._element.xpath(path)[0]).blob
            for path in (".//a:videoFile/@r:link", ".//p:pic//a:blip/@r:embed")
        )
        with av.open(io.BytesIO(media)) as film:
            frames = [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]
        with Image.open(io.BytesIO(poster)) as image:
            first = np.asarray(image.convert("L"))
        assert structural_similarity(first, frames[0]) > ALIKE, number
        small = folder / f"{scene}-{number}.png"
        run("pdftoppm", "-r", "64.05", "-png", "-singlefile", "-f", str(number + 1), "-l", str(number + 1),
            folder / f"{scene}.pdf", small.with_suffix(""))  # fmt: skip
        with Image.open(small) as image:
            last = np.asarray(image.convert("L").resize(frames[-1].shape[::-1]))
        assert structural_similarity(last, frames[-1]) > ALIKE, number


def test_pdf_is_sound_and_can_be_searched(folder: Path, scene: str) -> None:
    run("qpdf", "--check", folder / f"{scene}.pdf")
    assert len(PdfReader(folder / f"{scene}.pdf", strict=True).pages) == STEPS
    if scene == "Canvas":
        assert ["Canvas" in page for page in run("pdftotext", folder / "Canvas.pdf", "-").split("\f")] == [
            *[True] * (STEPS - 1),
            *[False] * 2,
        ]


def test_speaker_sheets_have_every_step(folder: Path, scene: str) -> None:
    sheet = (folder / f"{scene}.notes.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^## \d+\. ", sheet, re.MULTILINE)) == sheet.count("data:image/png") == STEPS
    paper = run("pdftotext", folder / f"{scene}.notes.pdf", "-")
    assert len(re.findall(r", total \d+:\d\d", paper)) == STEPS
    assert ("Loops: <b>& </script>" in paper) == (scene == "Flow")


def test_manim_slides_presents_it(folder: Path, scene: str) -> None:
    config = PresentationConfig.from_file(folder / "slides" / f"{scene}.json")
    assert len(config.slides) == STEPS
    assert all(slide.file.stat().st_size and slide.rev_file.stat().st_size for slide in config.slides)
    if scene == "Flow":
        assert [n for n, slide in enumerate(config.slides) if slide.loop] == [LOOP]
        assert [n for n, slide in enumerate(config.slides) if slide.auto_next] == [AUTO_NEXT]


def test_movies_move(folder: Path, scene: str) -> None:
    with av.open(str(folder / f"{scene}.mp4")) as movie:
        assert len(movie.chapters()) == STEPS
        frames = [frame.to_ndarray(format="gray") for frame in movie.decode(video=0)]
    assert any(not np.array_equal(one, other) for one, other in pairwise(frames))
    for kind in ("gif", "webp"):
        with Image.open(folder / f"{scene}.{kind}") as image:
            assert image.n_frames > STEPS, kind


def test_a_limit_on_media_is_met_as_far_as_it_can_be(
    deck: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    said = build(deck, "Flow", "--to", "pptx", "--max-media-size", str(SMALL), "--out", str(tmp_path))
    assert re.search(r"Flow: the videos take .* at the lowest quality, more than 2 kB: allow more, leave out", said)

    def clips(path: Path) -> list[bytes]:
        with zipfile.ZipFile(path) as archive:
            return [archive.read(name) for name in archive.namelist() if name.endswith(".mp4")]

    large, small = clips(folder / "Flow.pptx"), clips(tmp_path / "Flow.pptx")
    assert len(large) == len(small) == STEPS
    assert sum(map(len, small)) < sum(map(len, large))
    for content in small:
        with av.open(io.BytesIO(content)) as film:
            assert film.streams.video[0].width < 854
