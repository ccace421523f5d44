"""A deck in a page, and one with knobs, in a real Firefox."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedding import deck, write_folder, write_page
from firefox import Firefox, firefox, firefox_path
from knobbed_page import KNOBS, NAMES, counterpart, listed, write_knobbed
from signal_deck import END, Shown, read

pytestmark = [
    pytest.mark.skipif(firefox_path() is None, reason="Firefox is not installed (Debian: firefox-esr)"),
    pytest.mark.wide,
]

UNTIL = """const deck = document.querySelectorAll("astrai-deck")[{index}];
while (!({condition})) await new Promise(requestAnimationFrame);
return true;"""
LEFT = """const left = document.querySelector("astrai-deck > img");
await left.decode();
return [left.naturalWidth, left.naturalHeight];"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("firefox")) as session:
        yield session


def until(browser: Firefox, *, index: int, condition: str) -> None:
    """Wait until the condition holds, in which `deck` is the one of that number."""
    assert browser.run(UNTIL.format(index=index, condition=condition)) is True


def scroll(browser: Firefox, place: int) -> None:
    """Scroll there, and stay there when a key's smooth scrolling ends."""
    stays = f"(window.stayed = scrollY === {place} ? (window.stayed || 0) + 1 : 0, scrollTo(0, {place}), stayed > 30)"
    until(browser, index=0, condition=stays)


def test_a_deck_plays_in_view_and_is_a_picture_elsewhere(browser: Firefox, tmp_path: Path) -> None:
    page = write_page(write_folder(tmp_path), deck("pipeline", ""), deck("flow/continuous", ""))
    browser.open(page.as_uri())
    until(browser, index=0, condition="heard.some((place) => place.name === 'pipeline' && place.playing)")
    until(browser, index=0, condition="deck.place?.atEnd")
    top = browser.screen()[:450, :800]
    assert read(top) == Shown(1, END)
    browser.press("PageDown")
    until(browser, index=0, condition="scrollY >= 200")
    scroll(browser, 2450)
    until(browser, index=0, condition="!deck.querySelector('iframe')")
    assert browser.run(LEFT) == [800, 450]
    until(browser, index=1, condition="deck.place?.atEnd")
    scroll(browser, 0)
    until(browser, index=0, condition="deck.querySelector('iframe[slot]') && deck.place.name === 'pipeline'")
    assert read(browser.screen()[:450, :800]) == Shown(1, END)


def test_random_turns_and_steps_show_what_they_say(browser: Firefox, tmp_path: Path) -> None:
    browser.open(write_knobbed(tmp_path / "knobbed.html").as_uri())
    chance = random.Random(4)
    at, index = [1, 0], 0
    assert browser.run("await astrai.seek(0);") is None
    for turn in range(300):
        act = chance.choice(["turn", "turn", "seek", "back"])
        if act == "turn":
            knob = chance.randrange(len(KNOBS))
            after = [*at]
            after[knob] = chance.randrange(len(KNOBS[knob].values))
            value = KNOBS[knob].texts[after[knob]] if knob == 0 else str(bool(after[knob])).lower()
            assert browser.run(f"await astrai.turn('{KNOBS[knob].name}', {value});") is None
            index, at = counterpart(index, at, after), after
        elif act == "seek":
            index = chance.randrange(len(listed(at)))
            assert browser.run(f"await astrai.seek({index});") is None
        elif index:
            index -= 1
            browser.press("PageUp")
        number = listed(at)[index][1]
        browser.wait(f"[data-step='{NAMES[number]}'][data-at='end'][data-playing='false']")
        if turn % 10 == 0:
            assert read(browser.screen()) == Shown(number, END), (turn, act, at, index)
