"""The speaker view: a second window of the same file, in a real Chromium."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from deck_browser import FRAMES, Deck, opened
from PIL import Image
from playwright.sync_api import Browser, Page
from signal_deck import END, Shown, read, recording, step, talk

from astrai_slides.export.html.page import write_html
from astrai_slides.talk.document import Document

FORGED = """() => new Promise((resolve) => addEventListener('message', ({ data }) => {
  if (data.index === 3) return requestAnimationFrame(() => resolve(document.documentElement.dataset.step));
  postMessage({ ...data, index: 3, atEnd: true, atStart: false }, '*');
}))"""
"""What the speaker view shows after a message that only seems to be the deck's."""

NAMES = [step.name for step in talk().steps]
BEGIN = datetime(2026, 11, 26, 13, 53)
PLANNED = Document("Planned", planned=(("one", 30.0), ("two", 60.0)))


@contextmanager
def speaking(browser: Browser, file: Path, address: str = "", **settings: Any) -> Iterator[tuple[Deck, Page]]:
    """Open `file` and, by S, its speaker view."""
    with opened(browser, file, address, **settings) as deck:
        with deck.page.expect_popup() as waiting:
            deck.press("s")
        view = waiting.value
        view.set_viewport_size({"width": 1280, "height": 800})
        view.wait_for_selector("html[data-step]", state="attached")
        yield deck, view
        view.close()


def wait(view: Page, **data: str) -> None:
    """Wait until the speaker view shows that."""
    Deck(view, view.context).wait(**data)


def picture(view: Page, pane: str) -> npt.NDArray[np.uint8]:
    """What the pane "now" or "then" shows."""
    png = view.locator(f"#speaker .{pane} .picture").screenshot()
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def text(view: Page, name: str) -> str:
    return view.locator(f"#speaker .{name}").inner_text()


@pytest.fixture(scope="module")
def planned_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("planned") / "planned.html"
    write_html(recording(step(0, "one", 6), step(1, "two", 6), step(2, "three", 6)), target, PLANNED)
    return target


def test_it_shows_this_step_and_the_next_with_the_notes_and_keys_go_both_ways(
    chromium: Browser, deck_file: Path
) -> None:
    with speaking(chromium, deck_file) as (deck, view):
        wait(view, step="title", at="start")
        assert read(picture(view, "now")) == Shown(0, 0)
        assert read(picture(view, "then")) == Shown(0, END)
        assert text(view, "text").startswith("Notes of title")
        deck.press("PageDown", "PageDown")
        wait(view, step="pipeline", at="end", playing="false")
        assert read(picture(view, "now")) == Shown(1, END)
        assert read(picture(view, "then")) == Shown(2, END)
        assert view.locator("#speaker .text strong").inner_text() == "this"
        view.keyboard.press("ArrowLeft")
        deck.rest("title")
        wait(view, step="title", at="end")
        view.keyboard.press("ArrowRight")
        deck.wait(step="pipeline", playing="true")
        wait(view, step="pipeline", playing="true")  # it moves with the deck
        deck.rest("pipeline")
        view.keyboard.press("v")
        deck.rest("pipeline", "start")
        wait(view, step="pipeline", at="start", playing="false")
        view.keyboard.press("End")
        wait(view, step=NAMES[-1], at="end")
        assert "The end." in text(view, "then")
        assert view.evaluate("() => window.pwned") is None


def test_black_is_for_the_audience_alone(chromium: Browser, deck_file: Path) -> None:
    with speaking(chromium, deck_file, "#/pipeline") as (deck, view):
        view.keyboard.press("b")
        view.get_by_text("The audience sees black.").wait_for()
        deck.page.wait_for_function("() => getComputedStyle(document.querySelector('.pause-overlay')).opacity === '1'")
        assert deck.screen().max() == 0
        assert read(picture(view, "now")) == Shown(1, END)
        assert read(picture(view, "then")) == Shown(2, END)
        view.keyboard.press("PageDown")  # brings the picture back
        view.get_by_text("The audience sees black.").wait_for(state="hidden")
        assert deck.current["name"] == "pipeline"


def test_a_blocked_window_is_told_of_and_how_to_allow_it(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, script="window.open = () => null;") as deck:
        deck.press("s")
        assert "blocked" in deck.page.inner_text("#notice")
        assert "Allow pop-up windows" in deck.page.inner_text("#notice")
        deck.press("PageDown")
        deck.rest("title")
        assert deck.page.locator("#notice").count() == 0


def test_a_step_is_chosen_from_the_list_or_by_its_number_out_of_sight_of_the_audience(
    chromium: Browser, deck_file: Path
) -> None:
    with speaking(chromium, deck_file) as (deck, view):
        view.get_by_role("button", name="go to step 4").click()
        deck.rest(NAMES[3])
        wait(view, step=NAMES[3], at="end")
        assert view.locator("#speaker [aria-current]").get_attribute("aria-label") == "go to step 4"
        view.keyboard.press("2")
        assert view.inner_text("#jump").startswith("Go to step 2")
        assert deck.page.locator("#jump").count() == 0
        view.keyboard.press("Enter")
        deck.rest("pipeline")
        view.keyboard.press("?")
        assert "speaker view" in view.inner_text("#help")
        assert deck.page.locator("#help").count() == 0


def test_time_runs_against_the_plan(chromium: Browser, planned_file: Path) -> None:
    with opened(chromium, planned_file) as deck:
        clock = deck.context.clock
        clock.set_fixed_time(BEGIN)
        with deck.page.expect_popup() as waiting:
            deck.press("s")
        view = waiting.value
        view.wait_for_selector("html[data-step]", state="attached")
        assert text(view, "total") == "0:00 of ≈ 1:30"
        assert text(view, "step") == "step 0:00 of 0:30 · 0:30 left"
        assert [entry.split("\n")[-1] for entry in text(view, "steps").split("\n") if ":" in entry] == [
            "0:30",
            "1:00",
            "≈ 0:00",
        ]
        deck.page.evaluate("() => astrai.seek('one')")
        view.get_by_text("on time").wait_for()
        clock.set_fixed_time(BEGIN + timedelta(seconds=40))
        view.get_by_text("0:10 behind · 0:50 left").wait_for()
        assert text(view, "step") == "step 0:40 of 0:30 · 0:10 over"
        deck.page.evaluate("() => astrai.seek('two')")
        view.get_by_text("step 0:00 of 1:00").wait_for()
        view.reload()  # over which it goes on
        wait(view, step="two")
        clock.set_fixed_time(BEGIN + timedelta(seconds=60))
        view.get_by_text("step 0:20 of 1:00").wait_for()
        assert text(view, "late") == "0:10 behind · 0:30 left"
        assert text(view, "total") == "1:00 of ≈ 1:30"
        view.get_by_role("button", name="stop or start").click()
        view.reload()  # over which it stays as it is
        wait(view, step="two")
        clock.set_fixed_time(BEGIN + timedelta(hours=1))
        view.get_by_text("02:53 PM").wait_for()
        assert text(view, "total") == "1:00 of ≈ 1:30"
        view.get_by_role("button", name="reset").click()
        view.get_by_text("0:00 of ≈ 1:30").wait_for()
        view.close()


def test_notes_are_set_larger_by_a_key(chromium: Browser, deck_file: Path) -> None:
    size = "() => parseFloat(getComputedStyle(document.querySelector('#speaker .text')).fontSize)"
    with speaking(chromium, deck_file) as (_, view):
        first = view.evaluate(size)
        view.keyboard.press("+")
        view.keyboard.press("+")
        larger = view.evaluate(size)
        view.get_by_role("button", name="smaller notes").click()
        assert first < view.evaluate(size) < larger
        view.reload()
        wait(view, step="title")
        assert first < view.evaluate(size) < larger


def test_it_outlives_a_reload_of_either_window_and_says_when_the_deck_is_gone(
    chromium: Browser, deck_file: Path
) -> None:
    with speaking(chromium, deck_file, "#/pipeline") as (deck, view):
        deck.page.reload()
        deck.rest("pipeline")
        deck.press("End")
        wait(view, step=NAMES[-1], at="end")
        view.reload()
        wait(view, step=NAMES[-1], at="end")
        view.keyboard.press("PageUp")
        deck.rest(NAMES[-2])
        deck.page.goto("about:blank")
        view.get_by_text("No deck answers here").wait_for()


def test_a_deck_built_anew_is_shown_by_the_view_that_was_open(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "edited.html"
    write_html(recording(step(0, "one", 6), step(1, "two", 6)), file, Document("Before"))
    with speaking(chromium, file) as (deck, view):
        write_html(recording(step(0, "one", 6), step(1, "two", 6), step(2, "new", 6)), file, Document("After"))
        deck.page.reload()
        deck.wait(state="ready")
        view.get_by_role("button", name="go to step 3").click()
        deck.rest("new")


def test_a_narrow_window_has_everything_without_scrolling_sideways(chromium: Browser, deck_file: Path) -> None:
    with speaking(chromium, deck_file, "#/pipeline") as (_, view):
        view.set_viewport_size({"width": 500, "height": 800})
        view.evaluate(FRAMES, 3)
        assert view.evaluate("() => document.documentElement.scrollWidth") == 500
        for part in ("now .picture", "then .picture", "time", "steps", "say"):
            box = view.locator(f"#speaker .{part}").bounding_box()
            assert box is not None
            assert box["width"] > 450
        assert read(picture(view, "now")) == Shown(1, END)


def test_only_the_deck_that_opened_it_is_believed(chromium: Browser, deck_file: Path) -> None:
    with speaking(chromium, deck_file) as (deck, view):
        assert view.evaluate(FORGED) == "title"
        deck.page.evaluate("() => postMessage({astrai: 'go', index: 3}, '*')")
        view.evaluate(FRAMES, 3)
        wait(view, step="title", at="start")
        deck.rest("title", "start")


def test_a_view_that_no_deck_opened_says_so(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "?speaker") as deck:
        assert deck.page.inner_text("#speaker .alone").startswith("No deck answers here")


def test_a_page_around_the_deck_presses_keys_and_no_more(chromium: Browser, deck_file: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer.html"
    outer.write_text(f'<!DOCTYPE html><iframe src="{deck_file.as_uri()}" width="640" height="360"></iframe>')
    page = chromium.new_page()
    page.goto(outer.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator('html[data-state="ready"]').wait_for(state="attached")
    page.evaluate("() => frames[0].postMessage({ astrai: 'go', index: 3 }, '*')")
    page.evaluate("() => frames[0].postMessage({ astrai: 'key', code: 34 }, '*')")
    frame.locator('html[data-step="title"][data-at="end"]').wait_for(state="attached")
    page.close()


def test_a_view_of_a_deck_that_was_built_anew_asks_once_for_its_reload(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "deck.html"
    write_html(recording(step(0, "one", 6), step(1, "two", 6)), file, PLANNED)
    with opened(chromium, file) as deck:
        write_html(recording(step(0, "one", 6), step(1, "two", 9)), file, PLANNED)
        loads: list[str] = []
        deck.page.context.on("page", lambda page: page.on("load", lambda: loads.append(page.url)))
        with deck.page.expect_popup() as waiting:
            deck.press("s")
        view = waiting.value
        view.get_by_text("Reload the deck.").wait_for()
        assert len(loads) <= 2
        deck.page.reload()
        wait(view, step="one")
        view.get_by_text("Reload the deck.").wait_for(state="hidden")
        view.close()
