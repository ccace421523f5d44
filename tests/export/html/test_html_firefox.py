"""The same deck in a real Firefox, from its file, without a network."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from deck_browser import FRAMES, NEXT_TURN
from film_deck import LENGTH
from firefox import Firefox, firefox, firefox_path
from pypdf import PdfReader
from signal_deck import END, Shown, frame_at, read, talk

pytestmark = pytest.mark.skipif(firefox_path() is None, reason="Firefox is not installed (Debian: firefox-esr)")
NAMES = [step.name for step in talk().steps]
NOTES = """const there = () => document.querySelector('#speaker .text')?.textContent;
while (!there()) await new Promise(requestAnimationFrame);
return document.querySelector('#speaker .text h3').textContent;"""
DARK = """const style = getComputedStyle(document.querySelector('.pause-overlay'));
while (style.opacity !== '1') await new Promise(requestAnimationFrame);"""
NOTICE = "return document.getElementById('notice')?.textContent ?? '';"
SAYS_BLACK = """const word = document.querySelector('#speaker .now .word');
while (word.textContent !== 'The audience sees black.') await new Promise(requestAnimationFrame);"""
CURRENT = "return {...astrai.current};"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("firefox")) as session:
        yield session


def marks(**data: str) -> str:
    return "".join(f"[data-{name}='{value}']" for name, value in data.items())


def test_presses_walk_the_deck_and_back(browser: Firefox, deck_file: Path) -> None:
    browser.open(deck_file.as_uri())
    browser.wait(marks(state="ready", step="title", at="start", playing="false"))
    assert read(browser.screen()) == Shown(0, 0)
    for index, name in enumerate(NAMES[:2]):
        browser.press("PageDown")
        browser.wait(marks(step=name, at="end", playing="false"))
        assert read(browser.screen()) == Shown(index, END)
    browser.press("ArrowRight")
    browser.wait(marks(step="turning", playing="true", at="middle"))
    browser.press("ArrowRight", "ArrowRight", "ArrowRight")
    browser.wait(marks(step="flow/continuous", playing="false", at="end"))
    for index in (4, 3, 2, 1, 0):
        browser.press("ArrowLeft")
        browser.wait(marks(step=NAMES[index], playing="false", at="end"))
        assert read(browser.screen()) == Shown(index, END)


def test_replay_pause_and_reload(browser: Firefox, deck_file: Path) -> None:
    browser.open(deck_file.as_uri() + "#/pipeline")
    browser.call("WebDriver:Refresh")
    browser.wait(marks(state="ready", step="pipeline", at="end"))
    browser.press("End", "r")  # the longest step: a busy machine is to press a key before it ends
    browser.wait(marks(step=NAMES[6], playing="true", at="middle"))
    browser.press(" ")
    browser.wait(marks(step=NAMES[6], playing="false", at="middle"))
    paused = browser.run(CURRENT)["seconds"]
    assert read(browser.screen()) == Shown(6, frame_at(paused))
    browser.press("v")
    browser.wait(marks(playing="false", at="start"))
    assert read(browser.screen()) == Shown(6, 0)


def test_loops_turn_until_next_flow_on_and_back_stays(browser: Firefox, deck_file: Path) -> None:
    browser.open(deck_file.as_uri() + "#/turning")
    browser.wait(marks(state="ready", step="turning", at="end"))
    assert read(browser.screen()) == Shown(2, END)
    browser.press("r")
    browser.run(f"for (let turn = 0; turn < 3; turn++) await ({NEXT_TURN})();")
    # one press cuts to the following step, a second one lets that one's turn end
    assert browser.run("astrai.next(); return astrai.current.name;") == NAMES[3]
    assert browser.run(f"await ({FRAMES})(3); astrai.next(); return astrai.current.name;") == NAMES[3]
    browser.wait(marks(step="flow/continuous", playing="false", at="end"))
    browser.press("ArrowLeft")
    browser.wait(marks(step="flow/static", playing="false", at="end"))
    browser.run(f"await ({FRAMES})(40);")
    assert browser.run(CURRENT)["name"] == "flow/static"
    assert read(browser.screen()) == Shown(4, END)


def test_a_pause_goes_on_and_the_dark_holds(browser: Firefox, deck_file: Path) -> None:
    browser.open(deck_file.as_uri() + "#/7")
    browser.wait(marks(state="ready", step=NAMES[6], at="end"))
    browser.press("r")
    browser.wait(marks(playing="true", at="middle"))
    browser.press(" ")
    browser.wait(marks(playing="false", at="middle"))
    browser.press(" ")
    browser.wait(marks(playing="true", at="middle"))
    browser.press(".")
    browser.wait(marks(playing="false", at="middle"))
    held = browser.run(CURRENT)["seconds"]
    browser.run(DARK)
    assert browser.screen().max() == 0
    browser.press("PageDown")
    assert browser.run(CURRENT)["seconds"] >= held
    browser.wait(marks(step=NAMES[6], playing="false", at="end"))
    assert read(browser.screen()) == Shown(6, END)


@pytest.mark.parametrize("query", ["?print-pdf", "?print-pdf&notes"])
def test_print_is_one_page_a_step(browser: Firefox, deck_file: Path, query: str) -> None:
    browser.open(deck_file.as_uri() + query)
    browser.wait("[data-state=ready]")
    page = {"width": 21.0, "height": 29.7} if "notes" in query else {"width": 33.867, "height": 19.05}
    margin = dict.fromkeys(("top", "bottom", "left", "right"), 1.5 if "notes" in query else 0)
    pdf = PdfReader(io.BytesIO(base64.b64decode(browser.call("WebDriver:Print", page=page, margin=margin))))
    assert len(pdf.pages) == len(NAMES)
    assert not any(page.images for page in pdf.pages)
    assert ("Say this" in pdf.pages[1].extract_text()) == ("notes" in query)


def test_reduced_motion_shows_end_states_only(deck_file: Path, tmp_path: Path) -> None:
    with firefox(tmp_path, **{"ui.prefersReducedMotion": 1}) as browser:
        browser.open(deck_file.as_uri())
        browser.wait(marks(state="ready", step="title", playing="false", at="end"))
        assert "this system asks for reduced motion" in browser.run(NOTICE)
        for index in range(1, len(NAMES)):
            # it never was anywhere else
            shown = browser.run("astrai.next(); return {...astrai.current};")
            assert (shown["index"], shown["playing"], shown["ended"]) == (index, False, True)
            assert read(browser.screen()) == Shown(index, END)


def test_motion_that_the_address_takes_away_is_told_of_once(browser: Firefox, deck_file: Path) -> None:
    browser.open(deck_file.as_uri() + "?motion=reduced")
    browser.wait(marks(state="ready", step="title", at="end"))
    assert "as the address asks" in browser.run(NOTICE)
    browser.call("WebDriver:Refresh")
    browser.wait(marks(state="ready", step="title", at="end"))
    assert browser.run(NOTICE) == ""


def test_the_speaker_view_opens_from_the_file_and_keeps_step(browser: Firefox, deck_file: Path) -> None:
    browser.open(deck_file.as_uri() + "#/title")
    main = browser.call("WebDriver:GetWindowHandle")
    browser.press("s")
    browser.run("while (!window.astrai) await new Promise(requestAnimationFrame);")
    popup = next(handle for handle in browser.call("WebDriver:GetWindowHandles") if handle != main)
    try:
        browser.call("WebDriver:SwitchToWindow", handle=popup, focus=True)
        assert browser.run(NOTES) == "Notes of title"
        browser.wait(marks(state="ready", step="title", at="end"))
        browser.press("ArrowRight")
        browser.wait(marks(step="pipeline", at="end", playing="false"))
        assert browser.run("return document.querySelector('#speaker .then h2').textContent;") == "NextTurning"
        browser.press("b")
        browser.run(SAYS_BLACK)
        assert (
            browser.run("return getComputedStyle(document.querySelector('#speaker .now canvas')).visibility;")
            == "visible"
        )
        browser.press("b")
        browser.call("WebDriver:SwitchToWindow", handle=main, focus=True)
        browser.wait(marks(step="pipeline", at="end", playing="false"))
    finally:
        browser.call("WebDriver:SwitchToWindow", handle=popup, focus=True)
        browser.call("WebDriver:CloseWindow")
        browser.call("WebDriver:SwitchToWindow", handle=main, focus=True)
    assert browser.run("return window.pwned ?? null;") is None


def test_a_film_is_sought_and_plays_both_ways(browser: Firefox, film_file: Path) -> None:
    browser.open(film_file.as_uri() + "#/film")
    browser.wait(marks(state="ready", step="film", at="end"))
    for place in (12, 3, 3, 29, 17):
        browser.run(f"await astrai.seek('film', {place} / 30);")
        assert read(browser.screen()) == Shown(1, place)
    for key, rest in (("r", "end"), ("v", "start")):
        between: set[int] = set()
        # it lasts a second, in which a busy machine may take no more than two screenshots
        for _ in range(20):
            browser.run(f"await astrai.seek('film', {LENGTH} / 30);")
            browser.wait(marks(step="film", playing="false", at="end"))
            browser.press(key)
            while browser.run("return document.documentElement.dataset.playing;") == "true":
                shown = read(browser.screen())
                assert shown is not None
                assert shown.step == 1
                between |= {shown.frame} & set(range(1, LENGTH))
            browser.wait(marks(step="film", playing="false", at=rest))
            if len(between) >= 3:
                break
        assert len(between) >= 3
