"""Knobs of a deck in a real Chromium: the same step in another variant, at once, and nothing else on the screen."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from deck_browser import LARGE, Deck, opened
from knob_walk import WALK, actions, at_of, check
from knobbed_page import DEFAULT, LENGTH, listed, write_knobbed
from PIL import Image
from playwright.sync_api import Browser, Page
from signal_deck import CELLS, END, Shown, read, recording, step

from astrai_slides.base.knobs import Knob
from astrai_slides.export.html.page import write_html
from astrai_slides.recording.explored import Choice, Explored, ExploredPart
from astrai_slides.talk.document import Document

LAID = """[...document.querySelectorAll(".slides > *")].map((one) => one.matches("section")
  ? one.querySelector(".spoken p").textContent + (one.matches(".below") ? " below" : "") : one.textContent)"""
"""What a page has one after the other: sections by name, and slides by number."""


@pytest.fixture(scope="module")
def knobbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_knobbed(tmp_path_factory.mktemp("knobs") / "knobbed.html")


@pytest.mark.parametrize("count", [60, pytest.param(300, marks=pytest.mark.wide)])
def test_turns_and_steps_show_nothing_else(chromium: Browser, knobbed: Path, count: int) -> None:
    acts = actions(count, count)
    with opened(chromium, knobbed, viewport={"width": 640, "height": 360}) as deck:
        log = deck.page.evaluate(WALK, [acts, CELLS])
        check(log, acts)
        assert {tuple(at_of(seen["knobs"])) for seen in log} >= {(0, 0), (1, 0), (2, 0), (1, 1)}
        assert len(log) > count
        deck.press("PageUp")
        deck.wait(playing="false")
        shown = deck.shown()
        at = at_of(deck.page.evaluate("document.documentElement.dataset.knobs"))
        assert shown is not None
        assert shown.step in [number for _, number in listed(at)], "back is still, of the same variant"


def knobs(deck: Deck) -> dict[str, Any]:
    return dict(json.loads(deck.page.evaluate("document.documentElement.dataset.knobs")))


def test_keys_panel_and_address(chromium: Browser, knobbed: Path) -> None:
    with opened(chromium, knobbed, "#/one", **LARGE) as deck:
        page = deck.page
        mark = page.get_by_role("button", name="Explore this step: Slots 2")
        assert mark.is_visible()
        turned, reset = page.locator("#knobs-mark.turned"), page.locator("#knobs-panel button", has_text="Reset")
        deck.press("k")
        assert page.locator("#knobs-panel .elsewhere legend").all_inner_texts() == ["Fast"]
        assert (turned.count(), reset.is_disabled()) == (0, True)
        deck.press("Escape", "]")
        assert turned.count() == 1
        deck.press("k")
        reset.click()
        assert knobs(deck) == {"toy.slots": 2, "fast": False}
        deck.press("Escape", "]")
        deck.rest("one")
        assert deck.shown() == Shown(7, END)
        assert page.evaluate("location.hash") == "#/one?toy.slots=3"
        numbers = ["1 / 7", "2 / 7", "3 / 7", "4 / 7", "5 / 7 below", "6 / 7", "7 / 7"]
        assert page.evaluate(LAID) == ["First", *numbers[:4], "Second", *numbers[4:]]
        assert page.evaluate("document.querySelectorAll('.slides .fragment').length") == 1
        deck.press("]", "[", "[", "[", "[")
        assert knobs(deck) == {"toy.slots": 1, "fast": False}
        # it stays for the steps after, and a loaded page is where it was
        deck.press("PageDown")
        deck.rest("two")
        page.reload()
        deck.wait('[data-state="ready"]')
        deck.rest("two")
        assert deck.shown() == Shown(8, END)
        assert page.evaluate("location.hash") == "#/two?toy.slots=1"
        # the panel, by keys and by mouse
        deck.press("k", "ArrowRight", "Tab", "ArrowRight")
        assert knobs(deck) == {"toy.slots": 2, "fast": True}
        assert page.evaluate("location.hash") == "#/two?fast=on"
        assert page.get_by_role("radio", name="on").is_checked()
        group = page.get_by_role("group", name="Slots")
        assert group.get_by_role("radio", name="2").is_checked()
        deck.press("Escape")
        assert page.locator("#knobs-panel").count() == 0
        page.get_by_role("button", name="Explore this step").click()
        group.get_by_role("radio", name="3").click()
        assert page.evaluate("document.activeElement.matches('#knobs-panel *')") is False
        deck.rest("two")
        assert deck.shown() == Shown(12, END)
        deck.press("PageDown")  # a clicker's keys are the deck's
        deck.wait(step="last")
        assert page.locator("#knobs-panel").count() == 0
        assert page.locator("#knobs-mark").is_hidden()
        deck.press("k")
        assert page.locator("#knobs-panel").count() == 0, "nothing depends on a knob here"
        deck.press("Delete")
        assert knobs(deck) == {"toy.slots": 2, "fast": False}
        assert page.evaluate("astrai.knobs.map(({name, label, values, value}) => [name, label, values, value])") == [
            ["toy.slots", "Slots", [1, 2, 3], 2],
            ["fast", "Fast", [False, True], False],
        ]
        for wrong in ("'none', 1", "'fast', 'true'"):
            assert page.evaluate(f"astrai.turn({wrong}).catch((error) => error.name)") == "RangeError"
        page.evaluate("astrai.turn('toy.slots', 3).then(() => astrai.turn('toy.slots'))")
        assert knobs(deck) == {"toy.slots": 2, "fast": False}


def write_counted(target: Path) -> Path:
    """Write a deck whose second step is one of twelve, by a knob that has too many values for buttons."""
    values = tuple(range(1, 13))
    ones = [step(value, "one", LENGTH, title=f"Title {value}") for value in values]
    steps = (step(0, "title", LENGTH), ones[0], step(len(ones) + 1, "last", LENGTH), *ones[1:])
    numbers = ((1,), *((number,) for number in range(3, len(steps))))
    parts = Choice((), ((0,),)), Choice((0,), numbers), Choice((), ((2,),))
    explored = Explored(
        (Knob("count", "Count", values, tuple(map(str, values)), 0),), tuple(map(ExploredPart, parts)), steps, (), {}
    )
    write_html(replace(recording(*steps), steps=steps[:3]), target, Document("Counted"), explored)
    return target


def test_many_values_are_a_list_that_leaves_the_deck_its_keys(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, write_counted(tmp_path / "counted.html"), "#/one", **LARGE) as deck:
        page = deck.page
        deck.rest("one")
        deck.press("k")
        choice = page.get_by_role("combobox", name="Count")
        assert page.evaluate("document.activeElement.matches('#knobs-panel select')")
        deck.press("ArrowDown", "ArrowDown")
        deck.wait(knobs='{"count":3}')
        deck.rest("one")
        assert deck.shown() == Shown(3, END)
        # a clicker's keys are the deck's, also while the list has the keyboard
        deck.press("PageDown")
        deck.rest("last")
        deck.press("PageUp")
        deck.rest("one")
        deck.press("k", "k", "k")
        choice.wait_for()
        # who chose by mouse has the arrows for the deck again
        choice.click()
        choice.select_option(index=11)
        deck.wait(knobs='{"count":12}')
        deck.press("ArrowRight")
        deck.rest("last")
        assert knobs(deck) == {"count": 12}
        deck.press("ArrowLeft")
        deck.rest("one")
        assert deck.shown() == Shown(12, END)


WHEN_READY = """const look = () => {
  const isReady = document.documentElement?.dataset.state === "ready";
  if (isReady) window.readAtReady = document.getElementById("stream-0") !== null;
  else requestAnimationFrame(look);
};
look();"""
"""Notes whether the variants were read when the deck was ready."""


def test_a_deck_is_there_before_its_variants_are_read(chromium: Browser, knobbed: Path) -> None:
    # a busy machine may have the sheet for which the browser waits before it has drawn; without that, none comes first
    for _ in range(5):
        with opened(chromium, knobbed, "#/one", script=WHEN_READY) as deck:
            deck.page.wait_for_function("() => 'readAtReady' in window")
            if not deck.page.evaluate("readAtReady"):
                deck.press("]")
                deck.rest("one")
                assert deck.shown() == Shown(7, END), "it has them by then"
                return
    pytest.fail("each time the variants were read first")


def test_a_sheet_that_does_not_come_holds_nothing_up(chromium: Browser, knobbed: Path) -> None:
    fails = "URL.createObjectURL = () => 'blob:null/nothing'; window.missing = true"
    context = chromium.new_context()
    context.add_init_script(fails)
    page = context.new_page()
    page.goto(knobbed.as_uri() + "#/one?toy.slots=3")
    page.wait_for_selector('html[data-state="ready"][data-step="one"][data-at="end"]', state="attached")
    assert page.evaluate("astrai.knobs[0].value") == 3
    context.close()


def test_an_address_says_values_as_people_or_programs_do(chromium: Browser, knobbed: Path) -> None:
    with opened(chromium, knobbed, "#/two?fast=true&toy.slots=9&other=1") as deck:
        deck.rest("two")
        assert knobs(deck) == {"toy.slots": 2, "fast": True}


def test_the_speaker_view_follows_and_turns(chromium: Browser, knobbed: Path) -> None:
    with opened(chromium, knobbed, "#/one") as deck:
        with deck.page.expect_popup() as opening:
            deck.press("s")
        view = opening.value
        view.wait_for_selector('html[data-step="one"][data-at="end"]', state="attached")
        deck.press("]")
        view.locator("#speaker .text", has_text="Notes of 7.").wait_for()
        assert view.locator("#speaker .steps button").count() == DEFAULT + 2
        assert view.evaluate("document.documentElement.dataset.knobs") == '{"toy.slots":3,"fast":false}'
        view.get_by_role("button", name="Explore this step: Slots 3").click()
        view.get_by_role("radio", name="1").focus()
        view.keyboard.press("Space")
        deck.wait(step="one", knobs='{"toy.slots":1,"fast":false}')
        view.locator("#speaker .text", has_text="Notes of 5.").wait_for()
        assert deck.shown() == Shown(5, END)
        assert view.locator("#speaker .steps button").count() == DEFAULT
        # loaded anew, either is where it was
        view.reload()
        view.locator("#speaker .text", has_text="Notes of 5.").wait_for()


def test_a_turn_is_told_to_who_listens(chromium: Browser, knobbed: Path) -> None:
    with opened(chromium, knobbed, "#/one") as deck:
        deck.rest("one")
        told = deck.page.locator("[aria-live]")
        assert told.inner_text().split() == ["Title", "1", "2", "/", "5"]
        deck.press("]")
        deck.wait(knobs='{"toy.slots":3,"fast":false}')
        assert told.inner_text().split() == ["Title", "7", "3", "/", "7"]
        deck.press("k")
        # who turns by the panel hears what came of it, too
        deck.press("ArrowLeft")
        deck.wait(knobs='{"toy.slots":2,"fast":false}')
        assert told.inner_text().split() == ["Title", "1", "2", "/", "5"]


def test_a_finger_turns_knobs_on_a_phone(chromium: Browser, knobbed: Path) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with opened(chromium, knobbed, "#/one", **phone) as deck:
        page = deck.page
        deck.rest("one")
        page.get_by_role("button", name="Explore this step").tap()
        panel = page.locator("#knobs-panel").bounding_box()
        assert panel is not None
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= 390
        for box in [each.bounding_box() for each in page.locator("#knobs-panel label, #knobs-panel button").all()]:
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, "a finger hits it"
        page.get_by_role("group", name="Slots").get_by_role("radio", name="3").tap()
        deck.wait(step="one", at="end", knobs='{"toy.slots":3,"fast":false}')
        above = (0.0, (844 - 390 * 9 / 16) / 2, 390.0, 390 * 9 / 16)
        assert read(deck.screen(), above) == Shown(7, END), "the panel leaves the slide free"
        page.get_by_role("button", name="Close").tap()
        assert page.locator("#knobs-panel").count() == 0
        assert read(deck.screen(), above) == Shown(7, END)
        page.get_by_role("button", name="Explore this step").tap()
        page.get_by_role("button", name="Reset").tap()
        deck.wait(step="one", at="end", knobs='{"toy.slots":2,"fast":false}')


def test_a_second_window_of_its_address_shows_the_same(chromium: Browser, knobbed: Path) -> None:
    with opened(chromium, knobbed, "#/one") as deck:
        deck.press("]", "PageDown", "PageDown")
        deck.rest("two")
        shown = deck.shown()
        second = deck.context.new_page()
        second.goto(deck.page.url)
        second.wait_for_selector('html[data-step="two"][data-at="end"]', state="attached")
        assert read(_picture(second)) == shown == Shown(11, END)
        # each is its own from then on, also loaded again
        second.keyboard.press("[")
        second.keyboard.press("[")
        second.wait_for_selector("""html[data-knobs='{"toy.slots":1,"fast":false}']""", state="attached")
        for page, wanted in ((deck.page, Shown(11, END)), (second, Shown(8, END))):
            page.reload()
            page.wait_for_selector('html[data-state="ready"][data-step="two"][data-at="end"]', state="attached")
            assert read(_picture(page)) == wanted
        second.close()


def _picture(page: Page) -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))


def test_a_deck_without_knobs_has_nothing_of_them(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        deck.press("]", "k", "Delete")
        deck.rest("pipeline")
        assert deck.page.evaluate("document.documentElement.dataset.knobs") is None
        assert deck.page.evaluate("astrai.knobs") == []
        assert deck.page.locator("#knobs-mark").is_hidden()
        deck.press("?")
        assert "explore" not in deck.page.locator("#help").inner_text()
