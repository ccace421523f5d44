"""Steps that are films or hold pictures: painted on the same canvas, never black, never of another step."""

import base64
import hashlib
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from deck_browser import FRAMES, NEXT_TURN, opened
from PIL import Image
from playwright.sync_api import Browser
from pypdf import PdfReader
from signal_deck import END, FPS, Shown, frame, read, recording, step

from astrai_slides.export.document import Document
from astrai_slides.export.html import write_html
from astrai_slides.recording.model import Blob, Film, Frame, Picture, Step
from astrai_slides.recording.raster import rasterise, rgb

SIZE = (640, 360)
LENGTH = 30
LOOK = """() => new Promise((resolve) => {
  const seen = [], canvas = document.getElementById('stage'), small = document.createElement('canvas');
  small.width = 640;
  small.height = 360;
  let left = 25;
  const tick = () => {
    small.getContext('2d', {willReadFrequently: true}).drawImage(canvas, 0, 0, 640, 360);
    seen.push(small.toDataURL().split(',')[1]);
    if (--left) requestAnimationFrame(tick); else resolve(seen);
  };
  astrai.next();
  tick();
})"""
"""Press next; what the canvas shows from then on."""


def _pixels(shown: Frame) -> np.ndarray:
    return rgb(rasterise(shown, {}, *SIZE))


def _blob(mime: str, data: bytes) -> Blob:
    return Blob(hashlib.sha256(data).hexdigest(), mime, data)


def _still(shown: Frame) -> tuple[Blob, Frame]:
    buffer = io.BytesIO()
    Image.fromarray(_pixels(shown)).save(buffer, "PNG")
    blob, view = _blob("image/png", buffer.getvalue()), shown.view
    across, down = view.width // 2, view.height // 2
    return blob, replace(shown, ops=(Picture(blob.digest, *SIZE, (-across, down, across, down, -across, -down)),))


def _film(index: int, target: Path) -> Blob:
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS))
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "10", "g": "10"}
        for number in (*range(LENGTH), END):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(_pixels(frame(index, number)), format="rgb24")))
        container.mux(stream.encode(None))
    return _blob("video/mp4", target.read_bytes())


@pytest.fixture(scope="module")
def film_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film")
    blobs: dict[str, Blob] = {}

    def filmed(index: int, name: str, **settings: object) -> Step:
        film = _film(index, folder / f"{name}.mp4")
        (first, start), (last, end) = _still(frame(index, 0)), _still(frame(index, END))
        blobs.update({blob.digest: blob for blob in (film, first, last)})
        made = step(index, name, LENGTH, **settings)
        return replace(made, frames=(start,), runs=((0, LENGTH),), end=end, film=Film(film.digest, "a test"))

    picture, still = _still(frame(3, 7))
    blobs[picture.digest] = picture
    pictured = replace(step(3, "picture"), frames=(still,), runs=((0, 10),))
    steps = (step(0, "paths"), filmed(1, "film"), filmed(2, "turning", loop=True), pictured, step(4, "last"))
    target = folder / "film.html"
    write_html(recording(*steps, blobs=blobs), target, Document(title="Films"))
    return target


def test_a_film_plays_on_the_canvas_to_its_end_state(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file, "#/paths") as deck:
        deck.press("PageDown")
        deck.wait(step="film", playing="true", at="middle")
        deck.page.evaluate(FRAMES, 10)
        deck.press("Space")
        deck.rest("film", "middle")
        shown = deck.shown()
        assert shown is not None
        assert shown.step == 1
        assert shown.frame < LENGTH
        deck.press("Space")
        deck.rest("film")
        assert deck.shown() == Shown(1, END)


def test_no_picture_of_a_film_is_black(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file, "#/paths") as deck:
        for index in (1, 2):
            for data in deck.page.evaluate(LOOK):
                shown = read(np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")))
                assert shown is not None
                assert shown.step in (index, index - 1)
            if index == 1:
                deck.rest("film")


def test_seeking_in_a_film_is_exact(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file) as deck:
        for place in (12, 3, 29, 0):
            deck.page.evaluate("(place) => astrai.seek('film', place / 30)", place)
            assert deck.shown() == Shown(1, place)
        deck.page.evaluate("() => astrai.seek('film')")
        assert deck.shown() == Shown(1, END)


def test_a_film_loops_until_next_and_back_shows_end_states(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file, "#/film") as deck:
        deck.press("PageDown")
        deck.page.evaluate(NEXT_TURN)
        deck.wait(step="turning", playing="true")
        deck.press("PageDown")
        deck.rest("picture")
        assert deck.shown() == Shown(3, END)
        deck.press("PageUp")
        deck.rest("turning")
        assert deck.shown() == Shown(2, END)
        deck.press("PageUp")
        deck.rest("film")
        assert deck.shown() == Shown(1, END)


def test_a_film_plays_backwards(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file, "#/film") as deck:
        deck.press("v")
        deck.wait(step="film", playing="true")
        deck.rest("film", "start")
        assert deck.shown() == Shown(1, 0)


def test_a_picture_is_shown(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file) as deck:
        deck.page.evaluate("() => astrai.seek('picture', 0)")
        assert deck.shown() == Shown(3, 7)


def test_a_film_prints_as_its_end_state(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file) as deck:
        pdf = PdfReader(io.BytesIO(deck.page.pdf(prefer_css_page_size=True, print_background=True)))
        assert len(pdf.pages) == 5
        images = list(pdf.pages[1].images)
        assert len(images) == 1
        pixels = np.asarray(images[0].image.convert("RGB"))
        assert read(pixels) == Shown(1, END)
