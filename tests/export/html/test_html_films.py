"""Steps that are films or hold pictures: painted on the same canvas, never black, never of another step."""

import base64
import io
from pathlib import Path

import numpy as np
from deck_browser import FRAMES, NEXT_TURN, opened
from film_deck import LENGTH
from PIL import Image
from playwright.sync_api import Browser
from pypdf import PdfReader
from signal_deck import END, Shown, read

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


SPY = """() => {
  window.painted = 0;
  window.early = [];
  const shown = new Map(), paint = CanvasRenderingContext2D.prototype.drawImage;
  const follow = (video) => video.requestVideoFrameCallback((_, { mediaTime }) => {
    shown.set(video, mediaTime);
    follow(video);
  });
  CanvasRenderingContext2D.prototype.drawImage = function (image, ...rest) {
    if (shown.has(image)) {
      painted += 1;
      if (!(Math.abs(shown.get(image) - image.currentTime) <= 1 / 30)) early.push(image.currentTime);
    } else if (image instanceof HTMLVideoElement) {
      shown.set(image, NaN);
      follow(image);
    }
    return paint.call(this, image, ...rest);
  };
}"""
"""From the second picture of a video on, note which were painted before the browser told that it shows them."""


LATE = """
const ask = HTMLVideoElement.prototype.requestVideoFrameCallback;
HTMLVideoElement.prototype.requestVideoFrameCallback = function (run) {
  return ask.call(this, (...told) => setTimeout(run, 600, ...told));
};
"""
"""A browser that is so busy that it shows a video's picture late."""


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


def test_a_sought_picture_is_painted_only_when_it_is_there(chromium: Browser, film_file: Path) -> None:
    """Browsers say that they have sought before they show it: what is painted then is sometimes the picture before."""
    places = [(7 * turn) % (LENGTH - 1) + 1 for turn in range(25)]
    with opened(chromium, film_file, "#/film") as deck:
        deck.page.evaluate(SPY)
        for place in places:
            deck.page.evaluate("(place) => astrai.seek('film', place / 30)", place)
            assert deck.shown() == Shown(1, place)
        assert deck.page.evaluate("() => painted") >= len(places) - 1
        assert deck.page.evaluate("() => early") == []


def test_a_picture_that_comes_late_is_waited_for(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file, "#/film", script=LATE) as deck:
        deck.page.evaluate(SPY)
        for place in (7, 21, 12):
            deck.page.evaluate("(place) => astrai.seek('film', place / 30)", place)
            assert deck.shown() == Shown(1, place)
        assert deck.page.evaluate("() => painted") >= 2
        assert deck.page.evaluate("() => early") == []


def test_a_seek_to_the_picture_that_is_there_ends(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file, "#/film") as deck:
        for _ in range(3):
            deck.page.evaluate("() => astrai.seek('film', 12 / 30)")
            assert deck.shown() == Shown(1, 12)


def test_the_last_of_many_seeks_wins(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file, "#/film") as deck:
        deck.page.evaluate("() => Promise.all([3, 20, 8, 27, 14].map((place) => astrai.seek('film', place / 30)))")
        assert deck.shown() == Shown(1, 14)


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
        between: set[int] = set()
        # it lasts a second, in which a busy machine may take no more than two screenshots
        for _ in range(20):
            deck.page.evaluate("(length) => astrai.seek('film', length / 30)", LENGTH)
            deck.rest("film")
            deck.press("v")
            seen = []
            while deck.page.evaluate("() => document.documentElement.dataset.at") != "start":
                seen.append(deck.shown())
            deck.rest("film", "start")
            assert deck.shown() == Shown(1, 0)
            assert all(shown is not None and shown.step == 1 for shown in seen)
            frames = [shown.frame for shown in seen if shown is not None and shown.frame != END]
            assert frames == sorted(frames, reverse=True)
            between |= set(frames) & set(range(1, LENGTH))
            if len(between) >= 3:
                break
        assert len(between) >= 3


def test_a_film_played_backwards_shows_no_picture_that_it_was_at_before(chromium: Browser, film_file: Path) -> None:
    with opened(chromium, film_file, "#/film") as deck:
        deck.rest("film")
        # somewhere else, and then the end, which is no picture of the film
        deck.page.evaluate("() => astrai.seek('film', 0.2)")
        deck.rest("film", "middle")
        deck.page.evaluate("(length) => astrai.seek('film', length / 30)", LENGTH)
        deck.rest("film")
        # a film that is late, for as long as one looks
        deck.page.evaluate(
            "() => Object.defineProperty(HTMLMediaElement.prototype, 'currentTime', {get: () => 0.2, set() {}})"
        )
        deck.press("v")
        assert deck.shown() == Shown(1, END)


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
