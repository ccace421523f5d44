"""What is at hand for who has no keys, and what the deck says to whom it is shown, in a real Chromium."""

from pathlib import Path

import pytest
from deck_browser import WINDOW, Deck, opened
from lanes import rest_wide
from playwright.sync_api import Browser
from signal_deck import Shown, recording, step, talk

from astrai_slides.export.html.page import write_html
from astrai_slides.talk.document import Document, PageSettings

NAMES = [step.name for step in talk().steps]
TOUCH = {"has_touch": True, "is_mobile": True, "viewport": {"width": 640, "height": 360}}
FINGER = "() => dispatchEvent(new PointerEvent('pointerdown', {pointerType: 'touch'}))"
SCROLLS = "() => { const s = document.querySelector('.slides'); return s.offsetWidth - s.clientWidth; }"
SHARE = "() => Number(/scaleX\\((.+)\\)/.exec(document.querySelector('#progress span').style.transform)[1])"


def buttons(deck: Deck) -> list[str]:
    """What the buttons are called that can be seen."""
    return [str(each.get_attribute("aria-label")) for each in deck.page.get_by_role("button").all()]


def test_a_touch_screen_has_buttons_unless_the_talk_wants_none(
    chromium: Browser, deck_file: Path, tmp_path: Path
) -> None:
    with opened(chromium, deck_file, **TOUCH) as deck:
        assert buttons(deck) == ["back", "overview", "next"]
        deck.page.get_by_role("button", name="next").tap()
        deck.rest("title")
        deck.page.get_by_role("button", name="overview").tap()
        deck.page.wait_for_selector(".reveal.overview")
    write_html(talk(), tmp_path / "none.html", Document("None", page=PageSettings(controls=False)))
    with opened(chromium, tmp_path / "none.html", **TOUCH) as deck:
        assert buttons(deck) == []


def test_a_finger_on_another_screen_brings_the_buttons(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.page.mouse.click(300, 300)
        assert buttons(deck) == []
        deck.page.evaluate(FINGER)
        deck.page.evaluate(FINGER)
        assert buttons(deck) == ["back", "overview", "next"]


@pytest.mark.parametrize(("query", "count"), [("", 3), ("?buttons=none", 0)])
def test_a_frame_has_buttons_unless_its_page_wants_none(
    chromium: Browser, deck_file: Path, tmp_path: Path, query: str, count: int
) -> None:
    outer = tmp_path / "outer.html"
    outer.write_text(f'<!DOCTYPE html><iframe src="{deck_file.as_uri()}{query}" width="640" height="360"></iframe>')
    page = chromium.new_page()
    page.goto(outer.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator('html[data-state="ready"]').wait_for(state="attached")
    assert frame.get_by_role("button").count() == count
    if count:
        frame.get_by_role("button", name="next").click()
        frame.locator('html[data-step="title"][data-at="end"]').wait_for(state="attached")
        assert frame.locator(":focus").count() == 0, "Space would press the button again, not pause"
    page.close()


def test_reduced_motion_says_so_once_and_in_the_help(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, reduced_motion="reduce") as deck:
        said = deck.page.locator("#notice")
        assert "?motion=full" in said.inner_text()
        deck.press("PageDown")
        deck.rest(NAMES[1])
        assert said.count() == 0
        deck.page.reload()
        deck.wait(state="ready")
        assert said.count() == 0
        deck.press("?")
        assert "reduced motion" in deck.page.inner_text("#help")


def test_motion_that_the_address_takes_away_is_told_of_as_well(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file, "?motion=reduced") as deck:
        assert "as the address asks" in deck.page.inner_text("#notice")
        deck.page.reload()
        deck.wait(state="ready")
        assert deck.page.locator("#notice").count() == 0


@pytest.mark.parametrize(("query", "wish"), [("?motion=full", "reduce"), ("", "no-preference")])
def test_where_all_moves_nothing_is_said_of_motion(chromium: Browser, deck_file: Path, query: str, wish: str) -> None:
    with opened(chromium, deck_file, query, reduced_motion=wish) as deck:
        assert deck.page.locator("#notice").count() == 0
        deck.press("?")
        assert "motion" not in deck.page.inner_text("#help")


def test_a_number_that_no_step_has_is_answered_with_those_there_are(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        deck.press("g", "4", "2", "Enter")
        assert deck.page.inner_text("#notice") == f"There is no step 42: this deck has the steps 1 to {len(NAMES)}."
        deck.rest("title", "start")
        deck.press("2", "Enter")
        deck.rest(NAMES[1])
        assert deck.page.locator("#notice").count() == 0


@pytest.mark.parametrize("size", rest_wide([(1366, 768), (390, 844), (1280, 720), (1920, 1080), (1024, 768)], 2))
def test_an_overview_of_six_steps_does_not_scroll(chromium: Browser, tmp_path: Path, size: tuple[int, int]) -> None:
    file = tmp_path / "six.html"
    write_html(recording(*(step(number, str(number), 3) for number in range(6))), file, Document("Six"))
    with opened(chromium, file, viewport={"width": size[0], "height": size[1]}) as deck:
        deck.press("o")
        deck.page.wait_for_selector("section:last-of-type canvas.still[data-drawn]", state="attached")
        assert deck.page.evaluate(SCROLLS) == 0
        box = deck.page.locator("section:last-of-type h2").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1]


def test_every_step_has_the_same_share_of_the_line_at_the_bottom(chromium: Browser, deck_file: Path) -> None:
    with opened(chromium, deck_file) as deck:
        assert deck.page.evaluate(SHARE) == 0
        for index, name in enumerate(NAMES):
            deck.page.evaluate("(name) => astrai.seek(name)", name)
            assert deck.page.evaluate(SHARE) == pytest.approx((index + 1) / len(NAMES), abs=0.001)
        deck.page.mouse.click(WINDOW[0] * 2.5 / len(NAMES), WINDOW[1] - 2)
        deck.rest(NAMES[2])
        assert deck.shown() == Shown(2, 63)
