"""What is seen of a PPTX in LibreOffice, and of a PDF: every page is its step's end state.

The flagship deck and scenes that know nothing of this project are one talk here, converted once.
"""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from documents import DOCUMENT, LONG, alike, clips, corpus, pages, run, talk
from lxml import etree
from moving import film
from PIL import Image
from similarity import GREEN, ssim

from astrai_slides.export.pdf.pages import write_pdf
from astrai_slides.export.pptx.presentation import write_pptx
from astrai_slides.export.shared.markdown import lines
from astrai_slides.export.shared.steps import description
from astrai_slides.export.stills.svg import svg
from astrai_slides.recording.format.model import Draw, Recording
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.file import deck_attributes, load_talk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCREEN_DPI, SHARP_DPI, GLANCE_DPI = 96, 300, 72
LEAST_IN_OFFICE, LEAST_IN_PDF, LEAST_IN_SVG = 0.95, 0.97, 0.97
MOST_BYTES = 300_000
FULLEST = 3
"""The step of the flagship with the most in it: flow."""
FOREIGN = (
    "texts:InterText", "paint:GradientText", "paint:LightBackground", "strokes:Joins", "order:ZIndex", "camera:Zooming",
    "fallbacks:MixedDeck",
)  # fmt: skip
MORE_FOREIGN = (
    "texts:TinyText", "paint:Backgrounds", "strokes:BackgroundStroke", "plots:Arrows", "plots:Booleans", "stages:Flow",
    "fallbacks:TurnedPicture", "fallbacks:Wireframe",
)  # fmt: skip


@pytest.fixture(scope="module")
def flagship(project_root: Path, small_talk: str, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """The flagship with a small toy: its whole one shows the same things more often."""
    deck, talk = "slides/continuous_batching.py", tmp_path_factory.mktemp("talk") / "small.toml"
    talk.write_text(small_talk, encoding="utf-8")
    attributes = deck_attributes(load_talk(talk))
    return record_scene(project_root / deck, "ContinuousBatching", fps=2, width=854, height=480, attributes=attributes)


@pytest.fixture(scope="module", params=[FOREIGN, pytest.param(MORE_FOREIGN, marks=pytest.mark.wide)])
def everything(flagship: Recording, request: pytest.FixtureRequest) -> Recording:
    foreign = corpus(*request.param)
    return replace(
        flagship, steps=(*flagship.steps, *foreign.steps), blobs={**flagship.blobs, **foreign.blobs}, warnings=()
    )


def test_drawings_of_steps_are_seen_in_a_browser_as_they_end(everything: Recording, chromium: "Browser") -> None:
    page = chromium.new_page(viewport={"width": 854, "height": 480})
    found = {}
    for step in everything.steps:
        page.goto("about:blank")
        drawn = svg(step, everything.blobs, 854, 480)
        page.set_content(f"<style>* {{ margin: 0 }} svg {{ display: block }}</style>{drawn.partition('?>')[2]}")
        with Image.open(io.BytesIO(page.screenshot())) as image:
            seen = np.asarray(image.convert("RGB"))
        found[step.name] = ssim(seen, rgb(rasterise(step.end, everything.blobs, 854, 480)), GREEN)
    page.close()
    assert {name: round(value, 4) for name, value in found.items() if value < LEAST_IN_SVG} == {}


@pytest.fixture(scope="module")
def flagship_pdf(flagship: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("flagship") / "flagship.pdf"
    write_pdf(flagship, target, DOCUMENT)
    return target


def converted(deck: Path, kind: str) -> Path:
    """What LibreOffice makes of `deck`, beside it."""
    folder = deck.parent
    profile = (folder / "profile").as_uri()
    run("soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind, "--outdir", folder, deck)
    return deck.with_suffix(f".{kind}")


ODF = {
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def test_libreoffice_reads_every_title_note_and_description(tmp_path: Path) -> None:
    made = talk()
    write_pptx(made, tmp_path / "talk.pptx", DOCUMENT, clips())
    with zipfile.ZipFile(converted(tmp_path / "talk.pptx", "odp")) as archive:
        root = etree.fromstring(archive.read("content.xml"), etree.XMLParser(huge_tree=True))
    slides = root.xpath("//draw:page", namespaces=ODF)
    assert len(slides) == len(made.steps)
    for slide, step, clip in zip(slides, made.steps, clips(), strict=True):
        title = slide.xpath(".//draw:frame[@presentation:class='title']", namespaces=ODF)
        assert ["".join(box.itertext()).strip() for box in title] == [step.title or step.name]
        described = slide.xpath(".//svg:desc/text()", namespaces=ODF)
        assert [text for text in described if text == description(step)]
        assert len(slide.xpath(".//draw:plugin", namespaces=ODF)) == (clip is not None)
        notes = "".join(slide.xpath("presentation:notes//text:p//text()", namespaces=ODF))
        if step.notes:
            assert all(word in notes for line in lines(step.notes) for word in line.text.split()), step.name
    assert LONG.split()[-1] in "".join(slides[0].xpath("presentation:notes//text()", namespaces=ODF))


def test_every_slide_in_libreoffice_is_its_steps_end_state(everything: Recording, tmp_path: Path) -> None:
    deck = tmp_path / "all.pptx"
    # with a clip of something else beneath, which the end states have to cover
    write_pptx(everything, deck, DOCUMENT, [film(20).data] * len(everything.steps))
    converted(deck, "pdf")
    shown = pages(tmp_path / "all.pdf", SCREEN_DPI, tmp_path / "pages")
    assert len(shown) == len(everything.steps)
    found = {step.name: alike(shown[n], everything, n) for n, step in enumerate(everything.steps)}
    assert {name: value for name, value in found.items() if value < LEAST_IN_OFFICE} == {}
    assert alike(shown[0], everything, 1) < LEAST_IN_OFFICE, "another step is told apart"


def test_every_page_of_the_pdf_is_its_steps_end_state(everything: Recording, tmp_path: Path) -> None:
    write_pdf(everything, tmp_path / "all.pdf", DOCUMENT)
    run("qpdf", "--check", tmp_path / "all.pdf")
    shown = pages(tmp_path / "all.pdf", GLANCE_DPI, tmp_path / "pages")
    assert len(shown) == len(everything.steps)
    found = {step.name: alike(shown[n], everything, n) for n, step in enumerate(everything.steps)}
    assert {name: value for name, value in found.items() if value < LEAST_IN_PDF} == {}


def test_the_flagships_pages_match_at_300_dpi(flagship: Recording, flagship_pdf: Path, tmp_path: Path) -> None:
    shown = pages(flagship_pdf, SHARP_DPI, tmp_path / "pages")
    assert alike(shown[0], flagship, 1) < LEAST_IN_PDF, "another step is told apart"
    # GLANCE_DPI has every step
    found = {flagship.steps[n].name: alike(shown[n], flagship, n) for n in (0, FULLEST)}
    assert {name: value for name, value in found.items() if value < LEAST_IN_PDF} == {}


def test_the_flagship_is_small_and_drawn(flagship: Recording, flagship_pdf: Path) -> None:
    assert all(isinstance(op, Draw) for step in flagship.steps for op in step.end.ops)
    assert flagship_pdf.stat().st_size < MOST_BYTES
    assert run("pdfimages", "-list", flagship_pdf).splitlines()[2:] == []


def test_every_text_of_the_flagship_is_found(flagship: Recording, flagship_pdf: Path) -> None:
    for number, step in enumerate(flagship.steps, start=1):
        page = run("pdftotext", "-f", str(number), "-l", str(number), flagship_pdf, "-")
        seen = " ".join(page.split())
        assert step.texts, step.name
        missing = [text.text for text in step.texts if any(word not in seen for word in text.text.split())]
        assert missing == []
        # whole lines can be searched for, not only words
        assert [
            line for text in step.texts for line in text.text.splitlines() if " ".join(line.split()) not in seen
        ] == []


def test_pictures_stay_pictures_and_the_rest_is_drawn(everything: Recording, tmp_path: Path) -> None:
    write_pdf(everything, tmp_path / "all.pdf", DOCUMENT)
    rows = [row.split() for row in run("pdfimages", "-list", tmp_path / "all.pdf").splitlines()[2:]]
    with_images = {int(row[0]) - 1 for row in rows}
    wanted = {n for n, step in enumerate(everything.steps) if not all(isinstance(op, Draw) for op in step.end.ops)}
    assert with_images == wanted
    assert wanted
