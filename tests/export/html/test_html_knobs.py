"""Knobs of a deck in a real Chromium: the same step in another variant, at once, and nothing else on the screen."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from deck_browser import LARGE, Deck, opened
from knobbed_page import DEFAULT, KNOBS, LENGTH, NAMES, counterpart, listed, write_knobbed
from playwright.sync_api import Browser
from signal_deck import CELLS, END, FRAME_CELLS, STEP_CELLS, Shown, frame_at

ACTIONS = ["turn", "turn", "turn", "next", "next", "back", "replay", "jump"]

WALK = """async ([actions, cells]) => {
  const canvas = document.getElementById("stage"), log = [];
  const own = new OffscreenCanvas(canvas.width, 1).getContext("2d", { willReadFrequently: true });
  const look = (after) => {
    const { width, height } = canvas, cell = width / 16, bits = [];
    own.drawImage(canvas, 0, height / 2 | 0, width, 1, 0, 0, width, 1);
    const row = own.getImageData(0, 0, width, 1).data;
    for (let place = 0; place < cells; place++) {
      const x = Math.round(width / 2 + ((-cells / 2 + place) * 1.25 + 0.5) * cell) * 4;
      bits.push(row[x] > 150 ? 1 : row[x + 2] > 150 ? 0 : -1);
    }
    const { index, ended, seconds } = astrai.current, { knobs, step } = document.documentElement.dataset;
    const sections = [...document.querySelectorAll(".slides > section")];
    const present = sections.findIndex((one) => one.matches(".present"));
    log.push({ after, bits, index, ended, seconds, knobs, step, sections: sections.length, present });
  };
  const frame = () => new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    requestAnimationFrame(() => { look(null); channel.port2.postMessage(null); });
  });
  for (const [place, { act, knob, value, frames, index }] of actions.entries()) {
    if (act === "turn") astrai.turn(knob, value);
    else if (act === "jump") astrai.seek(index % astrai.steps.length);
    else if (act === "replay") astrai.play();
    else astrai[act]();
    look(place);
    for (let count = 0; count < frames; count++) { await frame(); look(null); }
  }
  return log;
}"""
"""Acts, and looks after each act, in each frame and after it, what the canvas shows and what the deck says of it."""


LAID = """[...document.querySelectorAll(".slides > *")].map((one) => one.matches("section")
  ? one.querySelector(".spoken p").textContent + (one.matches(".below") ? " below" : "") : one.textContent)"""
"""What a page has one after the other: sections by name, and slides by number."""


@pytest.fixture(scope="module")
def knobbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_knobbed(tmp_path_factory.mktemp("knobs") / "knobbed.html")


def number(bits: list[int]) -> int:
    return sum(bit << place for place, bit in enumerate(bits))


def at_of(knobs: str) -> list[int]:
    told = json.loads(knobs)
    return [knob.values.index(told[knob.name]) for knob in KNOBS]


def actions(seed: int, count: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        knob = chance.choice(KNOBS)
        act = {"act": chance.choice(ACTIONS), "frames": chance.choice([0, 0, 1, 2, 4]), "index": chance.randrange(9)}
        made.append({**act, "knob": knob.name, "value": chance.choice(knob.values)})
    return made


def check(log: list[dict[str, Any]], acts: list[dict[str, Any]]) -> None:
    """Every picture is the one that the deck says, and the deck is where the actions lead."""
    at, index = [1, 0], 0
    for seen in log:
        assert -1 not in seen["bits"], f"no picture of the deck: {seen}"
        assert sum(seen["bits"][:-1]) & 1 == seen["bits"][-1], seen
        told = at_of(seen["knobs"])
        steps = listed(told)
        assert seen["sections"] == len(steps)
        assert seen["present"] == seen["index"]
        shown = Shown(number(seen["bits"][:STEP_CELLS]), number(seen["bits"][STEP_CELLS : STEP_CELLS + FRAME_CELLS]))
        said = END if seen["ended"] else min(frame_at(seen["seconds"]), LENGTH - 1)
        assert shown.step == steps[seen["index"]][1], seen
        assert seen["step"] == NAMES[shown.step]
        assert shown.frame == said, seen
        if seen["after"] is None:
            assert (told, seen["index"]) == (at, index)
            continue
        act = acts[seen["after"]]
        if act["act"] == "turn":
            knob = [each.name for each in KNOBS].index(act["knob"])
            after = [*at]
            after[knob] = KNOBS[knob].values.index(act["value"])
            index, at = counterpart(index, at, after), after
        else:
            index = seen["index"]
        assert (told, seen["index"]) == (at, index), act


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


def test_a_deck_without_knobs_has_nothing_of_them(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "#/pipeline") as deck:
        deck.press("]", "k", "Delete")
        deck.rest("pipeline")
        assert deck.page.evaluate("document.documentElement.dataset.knobs") is None
        assert deck.page.evaluate("astrai.knobs") == []
        assert deck.page.locator("#knobs-mark").is_hidden()
        deck.press("?")
        assert "explore" not in deck.page.locator("#help").inner_text()
