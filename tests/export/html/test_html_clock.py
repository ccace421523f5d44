"""What in the deck follows a clock, under a clock that the test drives."""

from pathlib import Path

import pytest
from deck_browser import opened
from playwright.sync_api import Browser
from signal_deck import recording, step

from astrai_slides.export.html.page import write_html
from astrai_slides.talk.document import Document


@pytest.fixture
def file(tmp_path: Path) -> Path:
    steps = [
        step(0, "one", 60),
        step(1, "double", 60, playback_rate=2.0, reversed_playback_rate=0.5),
    ]
    target = tmp_path / "deck.html"
    write_html(recording(*steps), target, Document(title="Clock"))
    return target


def test_the_pointer_hides_after_three_seconds_without_a_move(chromium: Browser, file: Path) -> None:
    cursor = "() => getComputedStyle(document.querySelector('.reveal')).cursor"
    with opened(chromium, file) as deck:
        deck.page.clock.install()
        deck.page.mouse.move(200, 200)
        deck.page.clock.run_for(2_900)
        assert deck.page.evaluate(cursor) != "none"
        deck.page.clock.run_for(200)
        assert deck.page.evaluate(cursor) == "none"
        deck.page.mouse.move(210, 200)
        assert deck.page.evaluate(cursor) != "none"


def test_a_step_plays_at_its_own_rate_in_both_directions(chromium: Browser, file: Path) -> None:
    with opened(chromium, file, "#/one") as deck:
        clock = deck.page.clock
        clock.install()
        clock.pause_at("2100-01-01")
        seconds = {}
        for name, key in (("one", "r"), ("double", "PageDown"), ("backwards", "v")):
            if name == "backwards":
                deck.press("End")
            deck.press(key)
            clock.run_for(100)
            begun = deck.current["seconds"]
            clock.run_for(400)
            seconds[name] = deck.current["seconds"] - begun
    assert seconds["one"] == pytest.approx(0.4, abs=0.05)
    assert seconds["double"] == pytest.approx(0.8, abs=0.05)
    assert seconds["backwards"] == pytest.approx(-0.2, abs=0.05)
