"""The same deck in a real Firefox, from its file, without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from firefox import Firefox, firefox, firefox_path
from signal_deck import END, Shown, frame_at, read, talk

pytestmark = pytest.mark.skipif(firefox_path() is None, reason="Firefox is not installed (Debian: firefox-esr)")
NAMES = [step.name for step in talk().steps]
NOTES = """const there = (selector) => document.querySelector(selector);
while (!there('#upcoming-slide iframe') || !there('.speaker-controls-notes .value')?.textContent) {
  await new Promise(requestAnimationFrame);
}
return there('.speaker-controls-notes h3').textContent;"""
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


def test_the_speaker_view_opens_from_the_file_and_keeps_step(browser: Firefox, deck_file: Path) -> None:
    browser.open(deck_file.as_uri() + "#/title")
    main = browser.call("WebDriver:GetWindowHandle")
    browser.press("s")
    browser.run("while (!window.astrai) await new Promise(requestAnimationFrame);")
    popup = next(handle for handle in browser.call("WebDriver:GetWindowHandles") if handle != main)
    try:
        browser.call("WebDriver:SwitchToWindow", handle=popup, focus=True)
        assert browser.run(NOTES) == "Notes of title"
        panes = browser.call("WebDriver:FindElements", using="css selector", value="#upcoming-slide iframe")
        browser.call("WebDriver:SwitchToFrame", element=next(iter(panes[0].values())))
        browser.wait(marks(state="ready", step="pipeline", at="end"))
        browser.call("WebDriver:SwitchToFrame", id=None)
        browser.press("ArrowRight")
        browser.call("WebDriver:SwitchToWindow", handle=main, focus=True)
        browser.wait(marks(step="pipeline", at="end", playing="false"))
    finally:
        browser.call("WebDriver:SwitchToWindow", handle=popup, focus=True)
        browser.call("WebDriver:CloseWindow")
        browser.call("WebDriver:SwitchToWindow", handle=main, focus=True)
    assert browser.run("return window.pwned ?? null;") is None
