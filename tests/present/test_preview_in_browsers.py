"""A preview as an author uses it for a while, in each browser: one edit after the other, and a storm of saves."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from firefox import Firefox, firefox, firefox_path
from playwright.sync_api import Browser
from previewing import DECK, fifty_others, previewing, started

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal"),
    pytest.mark.wide,
]

SAVES, PAUSE_MS = 50, 100


def test_a_while_of_writing(chromium: Browser, tmp_path: Path) -> None:
    with previewing(chromium, tmp_path) as preview, fifty_others(preview.address, "/deck.html"):
        for path in ("/deck.py", "/manim.cfg", "/../deck.py"):
            assert preview.page.evaluate("(path) => fetch(path).then(({status}) => status)", path) == 404
        # the place is kept
        preview.page.uncheck("#follow")
        preview.seek("2", 0.25)
        before = preview.revision
        preview.edit("fill_color=BLUE", "fill_color='#ff0000'")
        preview.changed(before, state="ready")
        assert preview.place == ("2", "middle", "0.250")
        # an error, and its mend, by an editor that renames
        before = preview.revision
        good = preview.deck.read_text("utf-8")
        preview.edit("FadeIn(box)", "FadeIn(bax)")
        preview.changed(before, state="error")
        assert "deck.py:8" in preview.page.inner_text("#message")
        assert preview.place == ("2", "middle", "0.250")
        before = preview.revision
        draft = tmp_path / ".deck.py.swp"
        draft.write_text(good, "utf-8")
        draft.replace(preview.deck)
        preview.changed(before, state="ready")
        assert not preview.page.is_visible("#message")
        # the edited step is followed
        preview.page.check("#follow")
        before = preview.revision
        preview.edit("shift(UP)", "shift(2 * UP)")
        preview.changed(before, state="ready")
        assert preview.place == ("3", "end", "0.500")
        # the speaker view is open while many saves come
        preview.page.frames[1].focus("body")
        with preview.page.expect_popup() as waiting:
            preview.page.keyboard.press("s")
        view = waiting.value
        view.wait_for_selector("html[data-step]", state="attached")
        for number in range(SAVES):
            preview.deck.write_text(DECK.replace("shift(UP)", f"shift({number + 3} * UP / 9)"), "utf-8")
            preview.page.wait_for_timeout(PAUSE_MS)
        with view.expect_event("load", timeout=120_000):
            preview.deck.write_text(DECK.replace("class Talk(Slide):", "class Last(Slide):"), "utf-8")
            preview.page.wait_for_function("() => document.getElementById('deck').contentDocument.title === 'Last'")
        preview.wait(state="ready", whole="true")
        view.wait_for_function("() => document.documentElement.dataset.step")
        sums = "document.getElementById('sums').text"
        view.wait_for_function(f"(wanted) => {sums} === wanted", arg=preview.script(sums))
        view.close()


_DECK = "document.getElementById('deck').contentWindow"


class InFirefox:
    """A preview of the deck in `folder` that Firefox shows."""

    def __init__(self, browser: Firefox, folder: Path) -> None:
        self.browser, self.deck = browser, folder / "deck.py"

    def place(self) -> list[str]:
        """Step, part and second of it that are shown."""
        told = self.browser.run(
            "const {step, at, seconds} = document.documentElement.dataset; return [step, at, seconds];"
        )
        return list(told)

    def save(self, text: str, state: str = "ready", *, renamed: bool = False) -> None:
        """Save the deck, and wait until that is on the screen, and built."""
        before = self.browser.run("return document.documentElement.dataset.revision;")
        if renamed:
            draft = self.deck.with_suffix(".swp")
            draft.write_text(text, "utf-8")
            draft.replace(self.deck)
        else:
            self.deck.write_text(text, "utf-8")
        self.browser.wait(f':not([data-revision="{before}"])[data-whole="true"][data-state="{state}"]')


@contextmanager
def previewing_in_firefox(folder: Path) -> Iterator[InFirefox]:
    """Preview the deck from `folder` in Firefox."""
    (folder / "deck.py").write_text(DECK, "utf-8")
    profile = folder / "profile"
    profile.mkdir()
    process = started(folder)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with firefox(profile) as browser:
            browser.call("WebDriver:SetTimeouts", script=55_000, pageLoad=55_000)
            browser.open(address)
            browser.wait('[data-whole="true"]')
            assert browser.run("return (await fetch('/deck.py')).status;") == 404
            with fifty_others(address, "/deck.html"):
                yield InFirefox(browser, folder)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)


@pytest.mark.skipif(firefox_path() is None, reason="there is no Firefox here")
def test_a_while_of_writing_in_firefox(tmp_path: Path) -> None:
    with previewing_in_firefox(tmp_path) as preview:
        browser = preview.browser
        browser.run("const box = document.getElementById('follow'); if (box.checked) box.click();")
        browser.run(f"{_DECK}.astrai.seek('2', 0.25);")
        browser.wait('[data-step="2"][data-seconds="0.250"]')
        red = DECK.replace("fill_color=BLUE", "fill_color='#ff0000'")
        preview.save(red)
        assert preview.place() == ["2", "middle", "0.250"]
        preview.save(red.replace("FadeIn(box)", "FadeIn(bax)"), "error")
        assert "deck.py:8" in browser.run("return document.getElementById('message').innerText;")
        preview.save(red, renamed=True)
        assert preview.place() == ["2", "middle", "0.250"]
        browser.run("document.getElementById('follow').click();")
        preview.save(red.replace("shift(UP)", "shift(2 * UP)"))
        assert preview.place() == ["3", "end", "0.500"]
        (page,) = browser.call("WebDriver:GetWindowHandles")
        browser.run("document.getElementById('deck').focus();")
        browser.press("s")
        for number in range(SAVES):
            preview.deck.write_text(DECK.replace("shift(UP)", f"shift({number + 3} * UP / 9)"), "utf-8")
            browser.run(f"await new Promise((resolve) => setTimeout(resolve, {PAUSE_MS}));")
        preview.save(DECK.replace("class Talk(Slide):", "class Last(Slide):"))
        last = f"return {_DECK}.document.title;"
        while browser.run(last) != "Last":  # what was saved before is still on its way
            browser.run("await new Promise((resolve) => requestAnimationFrame(resolve));")
        sums = "document.getElementById('sums').text"
        wanted = browser.run(f"return {_DECK}.{sums};")
        (view,) = set(browser.call("WebDriver:GetWindowHandles")) - {page}
        browser.call("WebDriver:SwitchToWindow", handle=view)
        while browser.run(f"return {sums} === {json.dumps(wanted)};") is not True:
            browser.run("await new Promise((resolve) => requestAnimationFrame(resolve));")
