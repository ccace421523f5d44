"""What `[html]` of a talk file changes in the deck, in a real browser."""

from dataclasses import replace
from pathlib import Path

import fontpkg_inter
import numpy as np
import pytest
from deck_browser import FRAMES, LARGE, opened
from playwright.sync_api import Browser
from signal_deck import BACKGROUND, FPS, HEIGHT, WIDTH, frame, read, recording, step

from astrai_slides.export.html.page import write_html
from astrai_slides.export.html.styles import inlined
from astrai_slides.recording.format.model import GRID, Draw, Frame, Paint, Recording, Step, Style
from astrai_slides.talk.document import Document, PageSettings

SOON = 0.05
"""Seconds of auto_slide: enough to see the rest between two steps, on no clock of the test's."""

WATCH_STEPS = """
window.seen = [];
new MutationObserver(() => {
  const { step, at, playing } = document.documentElement.dataset;
  if (step && at === "end" && playing === "false" && window.seen.at(-1) !== step) window.seen.push(step);
}).observe(document, { attributes: true, subtree: true });
"""
"""Notes every step at whose end the deck rested."""


HOLD_HOURS = """
window.due = new Map();
const later = setTimeout, never = clearTimeout;
let last = 1e9;
window.setTimeout = (run, wait, ...rest) => wait === 3600000 ? (due.set(++last, run), last) : later(run, wait, ...rest);
window.clearTimeout = (id) => due.delete(id) || never(id);
"""
"""Keeps what waits for an hour, in place of waiting."""


def short_talk(**last: object) -> Recording:
    return recording(step(0, "one", 6), step(1, "two", 6), step(2, "three", 6, **last))


def written(folder: Path, page: PageSettings, shown: Recording | None = None) -> Path:
    target = folder / "deck.html"
    write_html(shown or short_talk(), target, Document(title="Settings", page=page))
    return target


@pytest.mark.parametrize(("setting", "shown"), [("c/t", "2/3"), ("c", "2"), (False, None)])
def test_the_slide_number_is_what_is_asked_for(
    chromium: Browser, tmp_path: Path, setting: str | bool, shown: str | None
) -> None:
    with opened(chromium, written(tmp_path, PageSettings(slide_number=setting)), "#/two") as deck:
        number = deck.page.locator(".slide-number")
        if shown is None:
            assert not number.is_visible()
        else:
            assert "".join(number.inner_text().split()) == shown


def test_the_progress_bar_can_be_left_out(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(tmp_path, PageSettings(progress=False)), "#/two") as deck:
        assert not deck.page.locator(".progress").is_visible()


def test_controls_are_tapped_and_take_no_key_for_themselves(chromium: Browser, tmp_path: Path) -> None:
    file = written(tmp_path, PageSettings(controls=True))
    with opened(chromium, file, has_touch=True, viewport={"width": 640, "height": 360}) as deck:
        following = deck.page.get_by_role("button", name="next")
        box = following.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
        number = deck.page.locator(".slide-number").bounding_box()
        assert number is not None
        assert box["y"] + box["height"] <= number["y"]
        following.tap()
        deck.rest("one")
        following.click()
        deck.rest("two")
        deck.page.get_by_role("button", name="back").tap()
        deck.rest("one")
        following.click()
        deck.rest("two")
        # the button has the focus, and Space is the deck's all the same
        deck.press("Space")
        deck.page.evaluate(FRAMES, 3)
        assert deck.current["name"] == "two"


def test_without_controls_there_are_none(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(tmp_path, PageSettings())) as deck:
        assert deck.page.get_by_role("button").count() == 0
        deck.press("End", "PageDown", "PageDown")
        deck.rest("three")


def test_a_looping_deck_goes_from_its_last_step_to_its_first_and_back(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(tmp_path, PageSettings(loop=True)), "#/three") as deck:
        deck.press("PageDown")
        deck.rest("one")
        deck.press("PageUp")
        deck.rest("one", "start")
        deck.press("PageUp")
        deck.rest("three")


def test_auto_next_of_the_last_step_goes_round_in_a_looping_deck(chromium: Browser, tmp_path: Path) -> None:
    file = written(tmp_path, PageSettings(loop=True), short_talk(auto_next=True))
    with opened(chromium, file, "#/two") as deck:
        deck.press("PageDown")
        deck.rest("one")


def test_a_kiosk_plays_every_step_by_itself_and_begins_again(chromium: Browser, tmp_path: Path) -> None:
    file = written(tmp_path, PageSettings(auto_slide=SOON, loop=True))
    with opened(chromium, file, script=WATCH_STEPS) as deck:
        deck.page.wait_for_function("() => seen.length >= 5")
        seen = deck.page.evaluate("() => seen.slice(0, 5)")
        assert seen == ["one", "two", "three", "one", "two"]


def test_auto_slide_stops_at_the_last_step_and_leaves_loop_steps_at_a_turn(chromium: Browser, tmp_path: Path) -> None:
    turning = recording(step(0, "one", 6), step(1, "turning", 6, loop=True), step(2, "three", 6))
    with opened(chromium, written(tmp_path, PageSettings(auto_slide=SOON), turning), script=WATCH_STEPS) as deck:
        deck.rest("three")
        deck.page.evaluate(FRAMES, 10)
        assert deck.current["name"] == "three"


def test_space_holds_a_kiosk_where_it_rests(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, written(tmp_path, PageSettings(auto_slide=3600)), "#/two", script=HOLD_HOURS) as deck:
        waiting = "() => due.size"
        assert deck.page.evaluate(waiting) == 1
        deck.press("Space")
        assert deck.page.evaluate(waiting) == 0
        deck.press("Space")
        assert deck.page.evaluate(waiting) == 1
        deck.press("b")
        assert deck.page.evaluate(waiting) == 0
        deck.press("b")
        assert deck.page.evaluate(waiting) == 1
        deck.press("o")
        assert deck.page.evaluate(waiting) == 0
        deck.press("o")
        deck.page.evaluate("() => [...due.values()].at(-1)()")
        deck.rest("three")


def test_the_background_is_seen_about_the_picture_and_not_in_it(chromium: Browser, tmp_path: Path) -> None:
    file = written(tmp_path, PageSettings(background="#102030"))
    with opened(chromium, file, viewport={"width": 640, "height": 640}) as deck:
        for key in ("", "PageDown"):
            if key:
                deck.press(key)
                deck.rest("one")
            screen = deck.screen()
            assert read(screen) is not None
            assert np.abs(screen[60, 320].astype(int) - (0x10, 0x20, 0x30)).max() <= 2


def test_own_styles_are_applied_with_pictures_and_fonts_and_nothing_is_asked_for(
    chromium: Browser, tmp_path: Path
) -> None:
    (tmp_path / "mark.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path fill="#ff00ff" d="M0 0h8v8H0z"/></svg>'
    )
    font = next((Path(fontpkg_inter.__file__).parent / "files").glob("*.ttf"))
    (tmp_path / "own.ttf").write_bytes(font.read_bytes())
    sheet = tmp_path / "my.css"
    sheet.write_text(
        "@font-face { font-family: Own; src: url('own.ttf'); }\n"
        ".slide-number { color: rgb(1, 2, 3) !important; font-family: Own !important; opacity: 1 !important; }\n"
        "body::after { content: '</style>'; position: fixed; z-index: 99; top: 0; left: 0; width: 40px; height: 40px;"
        " overflow: hidden; color: transparent; background: url(mark.svg); }\n"
    )
    with opened(chromium, written(tmp_path, PageSettings(css=inlined(sheet))), "#/two") as deck:
        number = deck.page.locator(".slide-number")
        assert number.evaluate("(found) => getComputedStyle(found).color") == "rgb(1, 2, 3)"
        assert (
            deck.page.evaluate("() => document.fonts.load('20px Own').then((loaded) => loaded[0].status)") == "loaded"
        )
        assert deck.screen()[20, 20].tolist() == [255, 0, 255]
        assert "".join(number.inner_text().split()) == "2/3"


def test_a_page_that_shows_a_deck_in_a_frame_presses_its_keys(chromium: Browser, tmp_path: Path) -> None:
    written(tmp_path, PageSettings())
    outer = tmp_path / "outer.html"
    outer.write_text('<!DOCTYPE html><iframe src="deck.html" allow="fullscreen" width="640" height="360"></iframe>')
    page = chromium.new_page()
    page.goto(outer.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator('html[data-state="ready"]').wait_for(state="attached")
    page.evaluate("() => frames[0].postMessage({ astrai: 'key', code: 34 }, '*')")
    frame.locator('html[data-step="one"][data-at="end"]').wait_for(state="attached")
    page.close()


def test_a_gradient_without_length_has_the_colour_that_cairo_paints(chromium: Browser, tmp_path: Path) -> None:
    square = frame(0, 0).ops[0]
    assert isinstance(square, Draw)
    stops = (0xFF0000FF, 0x00FF00FF, 0x00FF00FF, 0x0000FFFF)
    paint = Paint(stops, (5, 5, 5, 5))
    picture = Frame(
        (replace(square, style=Style(fill=paint), x=-GRID // 2, y=-GRID // 2),), frame(0, 0).view, 0xFFFFFFFF
    )
    shown = Recording("Flat", FPS, WIDTH, HEIGHT, BACKGROUND, (Step("flat", (picture,), ((0, 1),), picture),), {})
    with opened(chromium, written(tmp_path, PageSettings(), shown), **LARGE) as deck:
        got = deck.screen()[HEIGHT // 2, WIDTH // 2].astype(int)
    assert np.abs(got - np.array(paint.flat_parts[:3])).max() <= 1
