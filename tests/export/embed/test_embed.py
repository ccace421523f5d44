"""A deck in a page, in a real Chromium: it plays where it is seen, rests elsewhere, and leaves the page its keys."""

import io
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from deck_browser import FRAMES, LARGE, Deck, opened
from embedding import IS_AT, IS_FRAMED, WAS_AT, deck, write_folder, write_page
from knobbed_page import write_knobbed
from PIL import Image
from playwright.sync_api import Browser
from signal_deck import END, Shown, read

from astrai_slides.embed.frame import frame_with


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


SCROLLED = """(place) => {
  window.stayed = scrollY === place ? (window.stayed || 0) + 1 : 0;
  scrollTo(0, place);
  return stayed > 20;
}"""
"""Scrolls there; whether it has stayed there, where a key's smooth scrolling is under way."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("embed"))


def shown(page: Deck, element: str = "astrai-deck", index: int = 0) -> Shown | None:
    """Which picture an embedded deck shows."""
    picture = page.page.locator(element).nth(index).screenshot()
    pixels: npt.NDArray[np.uint8] = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    return read(pixels)


def test_a_deck_plays_in_view_and_is_a_picture_elsewhere(chromium: Browser, folder: Path) -> None:
    file = write_page(folder, deck("pipeline", ""), deck("flow/continuous", ""))
    with opened(chromium, file, **LARGE) as page:
        page.page.wait_for_function(WAS_AT, arg={"name": "pipeline", "playing": True})
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "pipeline", "atEnd": True}])
        assert shown(page) == Shown(1, END)
        page.page.wait_for_function(IS_FRAMED, arg=[1, False])
        # keys are the page's: it scrolls, and the deck stays
        page.press("ArrowDown", "PageDown", "Space")
        page.page.wait_for_function("() => scrollY >= 200")
        page.page.wait_for_function(SCROLLED, arg=0)
        assert page.page.evaluate("document.querySelector('astrai-deck').place.name") == "pipeline"
        page.page.mouse.click(400, 100)
        page.press("End")
        page.page.wait_for_function(IS_AT, arg=[0, {"name": 'last "one" <b>', "atEnd": True}])
        # gone on, it is the picture that it was, and nothing more
        page.page.evaluate("scrollTo(0, 2450)")
        page.page.wait_for_function(IS_FRAMED, arg=[0, False])
        page.page.wait_for_function(IS_AT, arg=[1, {"name": "flow/continuous", "atEnd": True}])
        page.page.evaluate("window.kept = setInterval, setInterval = () => 0")  # or it would come back
        page.page.evaluate("scrollTo(0, 0)")
        assert shown(page) == Shown(6, END), "the picture that it left off with"
        page.page.evaluate("setInterval = kept, scrollTo(0, 2450)")
        page.page.evaluate(FRAMES, 5)
        page.page.evaluate("scrollTo(0, 0)")
        page.page.wait_for_function(IS_FRAMED, arg=[0, True])
        page.page.wait_for_function(IS_AT, arg=[0, {"name": 'last "one" <b>', "atEnd": True, "playing": False}])
        assert shown(page) == Shown(6, END), "it comes back where it was, and plays nothing again"


def test_a_frame_plays_in_view_and_holds_elsewhere(chromium: Browser, folder: Path) -> None:
    frame = '<iframe src="deck.html?embed#/turning"></iframe>'
    with opened(chromium, write_page(folder, "<p></p>", frame, "<p></p>"), **LARGE) as page:
        inside = page.page.frames[1]
        inside.wait_for_selector('html[data-state="ready"]', state="attached")
        page.page.evaluate(FRAMES, 5)
        assert inside.evaluate("({...astrai.current}).playing") is False
        assert inside.evaluate("document.getElementById('controls').children.length") == 4
        for _ in range(2):
            page.page.evaluate("scrollTo(0, 4000)")
            inside.wait_for_selector('html[data-step="turning"][data-playing="true"]', state="attached")
            page.page.evaluate("scrollTo(0, 0)")
            inside.wait_for_selector('html[data-step="turning"][data-playing="false"]', state="attached")
        # whoever asks for it, nothing plays that nobody sees
        inside.evaluate("astrai.play('pipeline')")
        inside.wait_for_selector('html[data-step="pipeline"][data-playing="false"]', state="attached")


def test_a_deck_that_a_page_holds_whole_is_a_part_of_it(chromium: Browser, folder: Path) -> None:
    # as a notebook does: such a frame has no address that could say so
    frame = frame_with((folder / "deck.html").read_text("utf-8"), "A deck")
    with opened(chromium, write_page(folder, "", frame, frame), **LARGE) as page:
        page.page.evaluate("document.querySelectorAll('iframe').forEach((one) => { one.loading = 'eager'; })")
        first, second = page.page.frames[1:]
        for each in (first, second):
            each.wait_for_selector('html[data-state="ready"]', state="attached")
        page.page.evaluate(FRAMES, 5)
        assert first.evaluate("astrai.current.playing") is False
        page.page.evaluate("document.querySelector('iframe').scrollIntoView({block: 'center'})")
        first.wait_for_selector('html[data-step="title"][data-playing="true"]', state="attached")
        first.wait_for_selector('html[data-step="title"][data-at="end"]', state="attached")
        # keys are the page's until it is clicked, and then the deck's
        box = page.page.locator("iframe").first.bounding_box()
        assert box is not None
        page.page.mouse.click(box["x"] + 400, box["y"] + 100)
        page.press("ArrowRight")
        first.wait_for_selector('html[data-step="pipeline"][data-at="end"]', state="attached")
        page.press("ArrowLeft")
        first.wait_for_selector('html[data-step="title"][data-at="end"]', state="attached")
        assert second.evaluate("document.documentElement.dataset.at") == "start"
        page.press("s")
        first.get_by_text("A deck that lies in another page has no speaker view").wait_for()


def test_what_the_documents_say_of_quarto_is_a_deck(chromium: Browser, folder: Path, project_root: Path) -> None:
    # Quarto hands a raw block on as it is
    documents = (project_root / "docs" / "documents.md").read_text("utf-8")
    (block,) = re.findall(r"~~~\{=html\}\n(.*?)~~~\n", documents, re.DOTALL)
    assert block.count("MyDeck-embed/") == 3
    page = folder.with_name("quarto.html")
    note = "window.heard = []; addEventListener('message', ({ data }) => heard.push(data))"
    head = f'<!DOCTYPE html><html data-state="ready"><script>{note}</script>'
    page.write_text(head + block.replace("MyDeck-embed", folder.name), "utf-8")
    with opened(chromium, page, **LARGE) as shown_page:
        shown_page.page.wait_for_function(WAS_AT, arg={"name": "title", "playing": True})
        assert shown_page.page.frames[1].locator("#controls button").count() == 4


@pytest.mark.parametrize("inside", ["", '<img src="steps/03-turning.webp" alt="A deck" style="width: 100%">'])
def test_a_picture_is_seen_before_the_deck_is_loaded(chromium: Browser, folder: Path, inside: str) -> None:
    file = write_page(folder, f'<astrai-deck src="deck.html" step="pipeline">{inside}</astrai-deck>', between=2001)
    waits = "window.due = [], window.setInterval = (run) => due.push(run)"
    with opened(chromium, file, script=waits, **LARGE) as page:
        page.page.wait_for_function("() => document.querySelector('astrai-deck img')?.complete && due.length > 0")
        assert page.page.locator("iframe").count() == 0
        # the first step with words on it, or what stands inside
        assert shown(page) == (Shown(2, END) if inside else Shown(1, END))
        page.page.evaluate("due[0]()")
        page.page.wait_for_function(WAS_AT, arg={"name": "pipeline", "playing": True})
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "pipeline", "atEnd": True}])
        assert shown(page) == Shown(1, END)
        assert not page.page.locator("astrai-deck > img").is_visible()


def test_it_is_as_wide_as_its_place(chromium: Browser, folder: Path) -> None:
    page_file = folder / "narrow.html"
    page_file.write_text(
        """<!DOCTYPE html><html data-state="ready"><meta name="viewport" content="width=device-width">
        <script>window.heard = []; document.addEventListener("astrai", ({ target, detail }) => {
          if (detail.astrai === "at") target.place = detail; }, true);</script>
        <script src="astrai-deck.js" defer></script>
        <body style="margin: 0"><astrai-deck src="deck.html" step="pipeline"></astrai-deck><p>After it</p></body>""",
        "utf-8",
    )
    with opened(chromium, page_file, viewport={"width": 320, "height": 640}) as page:
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "pipeline", "atEnd": True}])
        for width, height in ((320, 180), (1280, 720), (640, 360)):
            page.page.set_viewport_size({"width": width, "height": 640})
            page.page.frames[1].wait_for_function(
                "([width, height]) => innerWidth === width && innerHeight === height", arg=[width, height]
            )
            page.page.evaluate(FRAMES, 3)
            box = page.page.locator("astrai-deck").bounding_box()
            assert box == {"x": 0, "y": 0, "width": width, "height": height}
            if height <= 640:
                assert shown(page) == Shown(1, END)
            assert page.page.evaluate("document.documentElement.scrollWidth") == width, "nothing sticks out"


@pytest.mark.wide
def test_twenty_decks_are_few_frames(chromium: Browser, folder: Path) -> None:
    file = write_page(folder, *[deck("pipeline") for _ in range(20)], between=200)
    with opened(chromium, file, **LARGE) as page:
        for index in range(20):
            page.page.evaluate(
                "(index) => document.querySelectorAll('astrai-deck')[index].scrollIntoView({block: 'center'})", index
            )
            page.page.wait_for_function(IS_AT, arg=[index, {"atEnd": True}])
            assert shown(page, index=index) == Shown(1, END)
            assert page.page.evaluate("document.querySelectorAll('astrai-deck iframe').length") <= 4


@pytest.mark.wide
def test_messages_and_attributes_move_it(chromium: Browser, folder: Path) -> None:
    with opened(chromium, write_page(folder, deck("pipeline", "controls")), **LARGE) as page:
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "pipeline", "atEnd": True}])
        page.page.evaluate("document.querySelector('astrai-deck').setAttribute('step', 'flow/static')")
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "flow/continuous", "atEnd": True}])
        for message, wanted in (
            ('{astrai: "back"}', {"name": "flow/static", "atEnd": True}),
            ('{astrai: "next"}', {"name": "flow/continuous", "playing": True}),
            ('{astrai: "pause"}', {"name": "flow/continuous", "playing": False}),
            ('{astrai: "go", step: 6}', {"name": 'last "one" <b>', "atEnd": True}),
            ('{astrai: "play"}', {"name": 'last "one" <b>', "playing": True}),
            ('{astrai: "go", step: "title", how: "start"}', {"name": "title", "atStart": True}),
            ('{astrai: "key", code: 34}', {"name": "title", "playing": True}),
        ):
            page.page.evaluate(f"document.querySelector('astrai-deck').send({message})")
            page.page.wait_for_function(IS_AT, arg=[0, wanted])
        # what is no word of it, and a step that is not there, is nothing
        for message in ('{astrai: "constructor"}', '{astrai: "go", step: 99}', "null", '"next"'):
            page.page.evaluate(f"document.querySelector('astrai-deck').send({message})")
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "title", "atEnd": True}])


@pytest.mark.wide
def test_with_reduced_motion_nothing_plays(chromium: Browser, folder: Path) -> None:
    with opened(chromium, write_page(folder, deck("pipeline")), reduced_motion="reduce", **LARGE) as page:
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "pipeline", "atEnd": True}])
        assert page.page.evaluate("heard.filter((each) => each.playing).length") == 0
        assert page.page.frames[1].evaluate("document.getElementById('notice')") is None
        assert shown(page) == Shown(1, END)


@pytest.mark.wide
def test_a_page_on_paper_has_its_picture(chromium: Browser, folder: Path) -> None:
    with opened(chromium, write_page(folder, deck("pipeline", "")), **LARGE) as page:
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "pipeline", "atEnd": True}])
        page.page.emulate_media(media="print")
        assert shown(page) == Shown(1, END)


@pytest.mark.wide
def test_a_finger_scrolls_the_page_over_a_deck(chromium: Browser, folder: Path) -> None:
    with opened(chromium, write_page(folder, deck("pipeline", "")), has_touch=True, is_mobile=True, **LARGE) as page:
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "pipeline", "atEnd": True}])
        assert (
            page.page.frames[1].evaluate("getComputedStyle(document.querySelector('.reveal')).touchAction")
            == "pan-y pinch-zoom"
        )
        page.page.mouse.move(400, 200)
        page.page.mouse.wheel(0, 300)
        page.page.wait_for_function("() => scrollY >= 300")


@pytest.mark.wide
def test_knobs_are_turned_from_the_page(chromium: Browser, folder: Path) -> None:
    write_knobbed(folder / "knobbed.html")
    file = write_page(folder, deck("one", 'knobs="toy.slots=3"').replace("deck.html", "knobbed.html"))
    with opened(chromium, file, **LARGE) as page:
        page.page.wait_for_function(IS_AT, arg=[0, {"name": "one", "atEnd": True, "knobs": "toy.slots=3"}])
        assert shown(page) == Shown(7, END)
        page.page.evaluate("document.querySelector('astrai-deck').setAttribute('knobs', 'toy.slots=1&fast=on')")
        page.page.wait_for_function(IS_AT, arg=[0, {"atEnd": True, "knobs": "toy.slots=1&fast=on"}])
        assert shown(page) == Shown(5, END)
        page.page.evaluate("document.querySelector('astrai-deck').removeAttribute('knobs')")
        page.page.wait_for_function(IS_AT, arg=[0, {"atEnd": True, "knobs": ""}])
        assert shown(page) == Shown(1, END)


@pytest.mark.wide
def test_a_page_of_another_origin_is_told_where_it_is_and_shown_nothing(chromium: Browser, folder: Path) -> None:
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) for _ in range(2)]
    threads = [Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    own, other = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    (folder / "framing.html").write_text(
        "<script>window.heard = []; addEventListener('message', (e) => heard.push(e.data))</script>"
    )
    page = chromium.new_page()
    try:
        for origin in (own, other):
            page.goto(f"{own}/framing.html")
            page.evaluate(
                """(src) => {
                const frame = document.body.appendChild(document.createElement("iframe"));
                frame.src = src;
                window.say = (message) => frame.contentWindow.postMessage(message, "*"); }""",
                f"{origin}/deck.html?embed=still#/pipeline",
            )
            page.wait_for_function("heard.some(({ astrai }) => astrai === 'ready')")
            page.evaluate("say({astrai: 'picture'}), say({astrai: 'go', step: 6}), say({astrai: 'hello'})")
            page.wait_for_function("heard.some(({ astrai, index }) => astrai === 'at' && index === 6)")
            if origin == own:
                page.wait_for_function("heard.some(({ picture }) => picture instanceof Blob)")
            assert page.evaluate("heard.filter(({ picture }) => picture).length") == (1 if origin == own else 0)
    finally:
        page.close()
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()
