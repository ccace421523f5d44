"""What stands on the screen before the first press, in a real Chromium."""

from dataclasses import replace
from pathlib import Path

import pytest
from deck_browser import Deck, opened
from lanes import rest_wide
from playwright.sync_api import Browser
from pypdf import PdfReader
from signal_deck import END, Shown, frame, recording, step

from astrai_slides.export.html.page import write_html
from astrai_slides.recording.format.model import Recording
from astrai_slides.talk.document import Document

DOCUMENT = Document("A <b>talk</b>", "Ada & Bob", "PyCon", "2026-11-26")

AT_ONCE = """(code) => {
  dispatchEvent(new KeyboardEvent('keydown', {keyCode: code}));
  return getComputedStyle(document.getElementById('cover')).display;
}"""
"""Whether the cover is there as soon as a key's handler has returned, which is before anything is painted."""


COVER = """() => {
  const cover = document.getElementById('cover');
  return cover.checkVisibility() ? cover.innerText.trim() : '';
}"""


def dark_at_first(**settings: object) -> Recording:
    """Two steps, of which the first begins with nothing."""
    first = step(0, "one", 12, **settings)
    nothing = replace(frame(0, 0), ops=())
    return recording(replace(first, frames=(nothing, *first.frames[1:])), step(1, "two", 6))


def cover(deck: Deck) -> str:
    """The words of the cover, "" where it is not seen."""
    return str(deck.page.evaluate(COVER))


@pytest.fixture(scope="module")
def covered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cover") / "covered.html"
    write_html(dark_at_first(), file, DOCUMENT)
    return file


def test_an_empty_opening_has_title_speaker_and_event_over_it(chromium: Browser, covered: Path) -> None:
    with opened(chromium, covered) as deck:
        deck.rest("one", "start")
        assert cover(deck).split("\n") == ["A <b>talk</b>", "", "Ada & Bob", "", "PyCon · 2026-11-26"]
        around = deck.screen()[:100]
        assert (around == around[0, 0]).all()  # on the picture's own background
        title = deck.page.locator("#cover h1").bounding_box()
        assert title is not None
        assert title["height"] > 40


@pytest.mark.parametrize("title", ["Serving models to many " * 40, "M" * 400, "\u8bf7\u6c42\u6392\u961f" * 100])
@pytest.mark.parametrize("shape", rest_wide([(390, 844), (1280, 720)], 1))
def test_a_long_title_is_seen_whole(chromium: Browser, tmp_path: Path, title: str, shape: tuple[int, int]) -> None:
    write_html(dark_at_first(), tmp_path / "long.html", Document(title, "Ada Lovelace, " * 30, "PyCon"))
    with opened(chromium, tmp_path / "long.html", viewport={"width": shape[0], "height": shape[1]}) as deck:
        assert title.strip() in cover(deck)
        box = deck.page.locator("#cover > div").bounding_box()
        assert box is not None
        picture = shape[0] * 9 / 16
        assert box["height"] <= picture
        assert box["width"] <= shape[0]


def test_it_is_gone_before_the_first_picture_is_painted_and_comes_back(chromium: Browser, covered: Path) -> None:
    with opened(chromium, covered) as deck:
        assert deck.page.evaluate(AT_ONCE, 34) == "none"
        deck.rest("one")
        assert deck.shown() == Shown(0, END)
        assert deck.page.evaluate(AT_ONCE, 33) == "flex"
        deck.press("End", "Home")
        deck.rest("one", "start")
        assert cover(deck)
        deck.press("PageDown")
        deck.rest("one")
        deck.press("v")  # backwards to the start
        deck.rest("one", "start")
        assert cover(deck)


def test_links_and_the_overview_show_none(chromium: Browser, covered: Path) -> None:
    with opened(chromium, covered, "#/one") as deck:
        assert cover(deck) == ""
        deck.press("Home", "o")
        deck.page.wait_for_selector(".reveal.overview")
        assert cover(deck) == ""
        deck.page.emulate_media(media="print")
        assert cover(deck) == ""


def test_print_has_none(chromium: Browser, covered: Path, tmp_path: Path) -> None:
    with opened(chromium, covered) as deck:
        deck.page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
        assert cover(deck)  # and goes on with it
    printed = PdfReader(tmp_path / "printed.pdf")
    assert len(printed.pages) == 2
    assert "Ada" not in "".join(page.extract_text() for page in printed.pages)


def test_a_first_picture_that_shows_something_is_the_cover(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        assert deck.page.locator("#cover").count() == 0
        assert deck.shown() == Shown(0, 0)


def test_a_deck_without_a_title_says_that_of_its_first_step(chromium: Browser, tmp_path: Path) -> None:
    write_html(dark_at_first(title="Begin"), tmp_path / "untitled.html", Document(""))
    with opened(chromium, tmp_path / "untitled.html") as deck:
        assert cover(deck) == "Begin"
