"""Knobs of a deck in a real Firefox: what is on the screen while they are turned, keys, names, touch and windows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from firefox import Firefox, firefox, firefox_path
from gliding_chart import LENGTHS, TURN, check_glide, write_chart
from knob_walk import WALK, actions, at_of, check
from knobbed_page import listed, write_knobbed
from signal_deck import CELLS, END, Shown, read

pytestmark = [
    pytest.mark.skipif(firefox_path() is None, reason="Firefox is not installed (Debian: firefox-esr)"),
    pytest.mark.wide,
]

PIECE = 25
"""Acts that are sent at once."""
KNOBS = "[data-knobs='{}']"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What Marionette calls an element by."""
DEFAULT, THREE = '{"toy.slots":2,"fast":false}', '{"toy.slots":3,"fast":false}'
TOLD = "return document.querySelector('[aria-live]').innerText.split(/\\s+/).join(' ');"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("firefox")) as session:
        yield session


@pytest.fixture(scope="module")
def knobbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_knobbed(tmp_path_factory.mktemp("knobs") / "knobbed.html")


def named(browser: Firefox, selector: str) -> tuple[str, str]:
    """The role and the name by which Firefox tells a screen reader of an element."""
    found = browser.call("WebDriver:FindElement", using="css selector", value=selector)[ELEMENT]
    role, name = (browser.call(f"WebDriver:GetComputed{what}", id=found) for what in ("Role", "Label"))
    return role, name


def focused(browser: Firefox) -> tuple[str, str]:
    return named(browser, ":focus")


def test_turns_and_steps_show_nothing_else(browser: Firefox, knobbed: Path) -> None:
    acts, log = actions(300, 300), []
    browser.open(knobbed.as_uri())
    for start in range(0, len(acts), PIECE):
        piece = json.dumps([acts[start : start + PIECE], CELLS])
        seen: list[dict[str, Any]] = browser.run(f"return await ({WALK})({piece});")
        log += [each if each["after"] is None else {**each, "after": each["after"] + start} for each in seen]
        # and what is on the screen, once it rests
        browser.run("astrai.pause(); astrai.seek(astrai.current.index);")
        browser.wait("[data-playing='false'][data-at='end']")
        last = browser.run("return {...astrai.current, knobs: document.documentElement.dataset.knobs};")
        number = listed(at_of(last["knobs"]))[last["index"]][1]
        assert read(browser.screen()) == Shown(number, END)
    check(log, acts)
    assert {tuple(at_of(seen["knobs"])) for seen in log} == {(slots, fast) for slots in range(3) for fast in range(2)}
    assert len(log) > len(acts)


def test_a_bar_glides_to_what_it_is_then(browser: Firefox, tmp_path: Path) -> None:
    browser.open(write_chart(tmp_path / "chart.html").as_uri() + "#/bars")
    browser.wait("[data-state='ready'][data-step='bars'][data-at='end']")
    for value, (before, after) in (("true", LENGTHS), ("false", LENGTHS[::-1])):
        seen = browser.run(f"return await ({TURN})({value});")
        check_glide(seen, before, after)
        assert len(seen) > 2, "it was looked at under way"


def test_keys_names_and_what_is_told(browser: Firefox, knobbed: Path) -> None:
    browser.open(knobbed.as_uri() + "#/one")
    browser.wait("[data-state='ready'][data-step='one'][data-at='end']")
    assert named(browser, "#knobs-mark") == ("button", "Explore this step: Slots 2")
    assert browser.run(TOLD) == "Title 1 2 / 5"
    browser.press("]")
    browser.wait(KNOBS.format(THREE))
    assert browser.run(TOLD) == "Title 7 3 / 7"
    assert named(browser, "#knobs-mark") == ("button", "Explore this step: Slots 3")
    browser.press("k")
    assert focused(browser) == ("radio", "3")
    assert [named(browser, f"#knobs-panel fieldset:nth-of-type({nth})") for nth in (1, 2)] == [
        ("group", "Slots"),
        ("group", "Fast"),
    ]
    browser.press("ArrowLeft")
    browser.wait(KNOBS.format(DEFAULT))
    assert focused(browser) == ("radio", "2")
    assert browser.run(TOLD) == "Title 1 2 / 5"
    browser.press("Tab")
    assert focused(browser) == ("radio", "off")
    browser.press("Tab")
    # nothing is turned: there is nothing to reset
    assert focused(browser) == ("button", "close")
    browser.press("Escape")
    assert browser.run("return document.getElementById('knobs-panel');") is None


def test_an_address_keeps_it_in_this_window_and_in_another(browser: Firefox, knobbed: Path) -> None:
    browser.open(knobbed.as_uri() + "#/one")
    browser.wait("[data-state='ready'][data-step='one'][data-at='end']")
    browser.press("]", "PageDown", "PageDown")
    there = "[data-state='ready'][data-step='two'][data-at='end']"
    browser.wait(there)
    assert browser.run("return location.hash;") == "#/two?toy.slots=3"
    browser.call("WebDriver:Refresh")
    browser.wait(there)
    assert read(browser.screen()) == Shown(11, END)
    address = browser.run("return location.href;")
    first = browser.call("WebDriver:GetWindowHandle")
    second = browser.call("WebDriver:NewWindow", type="window", focus=True)["handle"]
    try:
        browser.call("WebDriver:SwitchToWindow", handle=second)
        browser.open(address)
        browser.wait(there)
        assert read(browser.screen()) == Shown(11, END)
        browser.press("[", "[")
        browser.wait(KNOBS.format('{"toy.slots":1,"fast":false}'))
        browser.call("WebDriver:Refresh")
        browser.wait(there)
        assert read(browser.screen()) == Shown(8, END)
    finally:
        browser.call("WebDriver:CloseWindow")
        browser.call("WebDriver:SwitchToWindow", handle=first)
    assert read(browser.screen()) == Shown(11, END)


def test_the_speaker_view_follows_and_turns(browser: Firefox, knobbed: Path) -> None:
    browser.open(knobbed.as_uri() + "#/one")
    browser.wait("[data-state='ready'][data-step='one'][data-at='end']")
    first = browser.call("WebDriver:GetWindowHandle")
    browser.press("s")
    [view] = [each for each in browser.call("WebDriver:GetWindowHandles") if each != first]
    says = """const there = () => document.querySelector("#speaker .text")?.innerText.includes("Notes of {}.");
    while (!there()) await new Promise(requestAnimationFrame);
    return document.documentElement.dataset.knobs;"""
    try:
        browser.press("]")
        browser.call("WebDriver:SwitchToWindow", handle=view)
        assert browser.run(says.format(7)) == THREE
        assert named(browser, "#knobs-mark") == ("button", "Explore this step: Slots 3")
        browser.press("[")
        assert browser.run(says.format(1)) == DEFAULT
        browser.press("[")
        assert browser.run(says.format(5)) == '{"toy.slots":1,"fast":false}'
        browser.call("WebDriver:SwitchToWindow", handle=first)
        browser.wait("[data-step='one'][data-at='end']" + KNOBS.format('{"toy.slots":1,"fast":false}'))
        assert read(browser.screen()) == Shown(5, END)
    finally:
        browser.call("WebDriver:SwitchToWindow", handle=view)
        browser.call("WebDriver:CloseWindow")
        browser.call("WebDriver:SwitchToWindow", handle=first)


def test_a_finger_turns_knobs_at_the_width_of_a_phone(browser: Firefox, knobbed: Path) -> None:
    browser.resize(500, 800)
    try:
        browser.open(knobbed.as_uri() + "#/one")
        browser.wait("[data-state='ready'][data-step='one'][data-at='end']")
        tap(browser, "#knobs-mark")
        left, right, width = browser.run(
            """const { left, right } = document.getElementById("knobs-panel").getBoundingClientRect();
            return [left, right, innerWidth];"""
        )
        assert 0 <= left < right <= width
        tap(browser, "#knobs-panel fieldset:nth-of-type(1) label:nth-of-type(3)")
        browser.wait("[data-step='one'][data-at='end']" + KNOBS.format(THREE))
        tap(browser, "#knobs-panel p button:nth-of-type(2)")
        assert browser.run("return document.getElementById('knobs-panel');") is None
        assert read(browser.screen()) == Shown(7, END)
    finally:
        browser.resize(1280, 720)


def tap(browser: Firefox, selector: str) -> None:
    """Touch the middle of what the selector finds."""
    x, y = browser.run(
        f"""const found = document.querySelector({json.dumps(selector)});
        const {{ left, top, width, height }} = found.getBoundingClientRect();
        return [Math.round(left + width / 2), Math.round(top + height / 2)];"""
    )
    move = {"type": "pointerMove", "x": x, "y": y, "duration": 0}
    touch = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
    finger = {"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}, "actions": touch}
    browser.call("WebDriver:PerformActions", actions=[finger])
