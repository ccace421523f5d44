"""A glyph of a colour font is seen, in its place and its colours, in a browser, on paper and in a PPTX file."""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from colour_font import BLUE, CHARACTER, FAMILY, INSTALLED, RED, write_colour_font
from deck_browser import opened
from documents import pages
from PIL import Image
from playwright.sync_api import Browser
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from astrai_slides.export.html.page import write_html
from astrai_slides.export.pdf.pages import write_pdf
from astrai_slides.export.pptx.presentation import write_pptx
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.document import Document

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Pango cannot be asked there")

DECK = f"""
from manim import *

class Emoji(Scene):
    def construct(self):
        self.add(Text("x {CHARACTER}", font="{FAMILY}", font_size=144).to_edge(RIGHT, buff=0))
"""
NEAR = 40


@pytest.fixture(scope="module")
def emoji(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("emoji")
    write_colour_font(folder / "colours.ttf")
    (folder / "deck.py").write_text(INSTALLED + DECK, "utf-8")
    return record_scene(folder / "deck.py", "Emoji", fps=5, width=640, height=360)


def _spans(picture: npt.NDArray[np.uint8]) -> list[tuple[float, float]]:
    """Where, as shares of the width, the red and the blue half of the glyph begin and end."""
    found = []
    for colour in (RED, BLUE):
        alike = np.abs(picture[..., :3].astype(int) - colour).max(axis=2) < NEAR
        columns = np.flatnonzero(alike.any(axis=0))
        assert alike.sum() > 0.001 * alike.size
        found.append((columns[0] / picture.shape[1], columns[-1] / picture.shape[1]))
    return found


def _is_in_place(picture: npt.NDArray[np.uint8]) -> bool:
    (red, red_end), (blue, blue_end) = _spans(picture)
    assert 0.05 < blue_end - red < 0.2
    assert red_end == pytest.approx(blue, abs=0.01)
    assert blue_end == pytest.approx(1, abs=0.01)
    return True


def test_a_browser_shows_it(chromium: Browser, emoji: Recording, tmp_path: Path) -> None:
    write_html(emoji, tmp_path / "deck.html", Document(title="Emoji"))
    with opened(chromium, tmp_path / "deck.html") as deck:
        assert _is_in_place(deck.screen())


def test_a_pdf_shows_it(emoji: Recording, tmp_path: Path) -> None:
    write_pdf(emoji, tmp_path / "deck.pdf", Document(title="Emoji"))
    (page,) = pages(tmp_path / "deck.pdf", 50, tmp_path / "pages")
    with Image.open(page) as picture:
        assert _is_in_place(np.asarray(picture.convert("RGB")))


def test_a_pptx_has_it_as_a_picture_in_its_place(emoji: Recording, tmp_path: Path) -> None:
    write_pptx(emoji, tmp_path / "deck.pptx", Document(title="Emoji"), [None])
    made = Presentation(str(tmp_path / "deck.pptx"))
    shapes = list(made.slides[0].shapes)
    while groups := [shape for shape in shapes if shape.shape_type == MSO_SHAPE_TYPE.GROUP]:
        shapes = [each for each in shapes if each not in groups] + [each for group in groups for each in group.shapes]
    (picture,) = [shape for shape in shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert (picture.left + picture.width) / made.slide_width == pytest.approx(1, abs=0.01)
    assert 0.05 < picture.width / made.slide_width < 0.2
