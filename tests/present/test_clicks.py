"""A click on what is drawn: the line that made it, in the page, on the clipboard and in the user's editor."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from previewing import DECK, Previewed, previewing

from astrai_slides.present.clicks import Clicks


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"7",
        b"{}",
        b'{"deck": 1, "step": 0, "frame": null, "x": NaN, "y": 0, "aspect": 1}',
        b'{"deck": 1, "step": 0, "frame": null, "x": 0, "y": 0, "aspect": 0}',
        b'{"deck": 1, "step": 0, "frame": "x", "x": 0, "y": 0, "aspect": 1}',
        b'{"deck": 1e999, "step": 0, "frame": 1, "x": 0, "y": 0, "aspect": 1}',
        b'{"deck": 1, "step": 0, "frame": 1, "x": 0, "y": 0}',
        b"[" * 900,
    ],
)
def test_what_is_no_click_is_none(content: bytes) -> None:
    assert Clicks(None).answer(content) is None


def test_of_a_deck_whose_lines_are_not_known_nothing_is_told() -> None:
    click = {"deck": 3, "step": 0, "frame": None, "x": 0.5, "y": 0.5, "aspect": 1.7}
    answer = Clicks(None).answer(json.dumps(click).encode())
    assert answer is not None
    assert "is being recorded" in answer["said"]


def click(preview: Previewed, x: float, y: float) -> None:
    """Click on the picture, in shares of its frame."""
    box = preview.page.locator("#deck").bounding_box()
    assert box is not None
    preview.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


@pytest.mark.skipif(sys.platform == "win32", reason="the editor is a shell's")
def test_a_click_names_the_line_copies_it_and_opens_it_also_after_an_edit(chromium: Browser, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    editor = tmp_path / "an editor"
    editor.write_text(f'#!/bin/sh\necho "$@" > {opened}\n', "utf-8")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    with previewing(chromium, tmp_path, "--no-follow", "--editor", f"'{editor}'") as preview:
        page = preview.page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        preview.wait(state="ready")
        preview.seek("1", 0.4)
        page.wait_for_function("() => !document.querySelector('#state').textContent")  # the lines are known
        click(preview, 0.5, 0.5)
        assert opened.read_text("utf-8") == f"+7 {preview.deck}\n"
        page.wait_for_selector('#source[data-place="deck.py:7"]')
        assert page.inner_text("#source") == "deck.py:7"
        assert "box = Square" in str(page.get_attribute("#source", "title"))
        page.wait_for_selector('#source[data-copied="deck.py:7"]')
        assert page.evaluate("navigator.clipboard.readText()") == "deck.py:7"
        click(preview, 0.05, 0.5)
        page.wait_for_selector('#source[data-place=""]')
        assert "no line of the deck" in page.inner_text("#source")
        before = preview.revision
        preview.deck.write_text("# above\n" + DECK.replace("color=BLUE", "color='#ff0000'"), "utf-8")
        preview.changed(before, state="ready")
        page.wait_for_function("() => !document.querySelector('#state').textContent")
        click(preview, 0.5, 0.5)
        assert opened.read_text("utf-8") == f"+8 {preview.deck}\n"
        page.wait_for_selector('#source[data-place="deck.py:8"]')
        assert preview.place == ("1", "middle", "0.400"), "a click moves nothing"
        # on the last good picture: the line has moved, then it is another
        preview.deck.write_text(f"\n\n{preview.deck.read_text('utf-8')}        1 / 0\n", "utf-8")
        preview.wait(state="error")
        click(preview, 0.5, 0.42)
        assert opened.read_text("utf-8") == f"+10 {preview.deck}\n"
        preview.edit("box = Square(", "box = Square(stroke_width=2, ")
        click(preview, 0.5, 0.42)
        opened.read_text("utf-8")
        page.wait_for_selector('#source:has-text("edited since this was recorded")')
