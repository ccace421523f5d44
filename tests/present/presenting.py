"""A project with one talk, `astrai-slides present` in it as a speaker starts it, and its pages in real browsers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Page

TIMEOUT_MS = 30_000
NAMES = ["title", "flow/static", "flow/continuous"]

DECK = """from manim import RIGHT, UP, FadeIn, Square

from astrai_slides.deck.base import Deck


class Talk(Deck):
    def construct(self):
        box = Square()
        self.step("title", title="The title", notes="Say *hello*.")
        self.play(FadeIn(box), run_time=0.2)
        self.step("flow/static", title="Static", notes="Count the <idle> cells.")
        self.play(box.animate.shift(RIGHT), run_time=0.2)
        self.step("flow/continuous", title="Continuous")
        self.play(box.animate.shift(UP), run_time=0.2)
"""

TALK = """# my talk
scene = "deck.py:Talk"
title = "Small talk"

[planned]  # in seconds
title = 7  # be quick
"""

SMALL = "[CLI]\npixel_width = 320\npixel_height = 180\nframe_rate = 10\n"


def write_project(folder: Path) -> Path:
    """Write the talk and its deck into `folder`; its cache will be there as well."""
    (folder / "presentations").mkdir()
    (folder / "presentations" / "talk.toml").write_text(TALK, "utf-8")
    (folder / "deck.py").write_text(DECK, "utf-8")
    (folder / "manim.cfg").write_text(SMALL, "utf-8")
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Variables for commands that share the cache of `folder`."""
    return {**os.environ, "ASTRAI_SLIDES_CACHE": str(folder / ".cache")}


def started(folder: Path, command: str, *arguments: str, **settings: Any) -> "subprocess.Popen[str]":
    """Start a command in the project `folder`."""
    words = [sys.executable, "-m", "astrai_slides", command, "--no-open", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | settings
    return subprocess.Popen(words, cwd=folder, env=environment(folder), text=True, **pipes)


def interrupted(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """End it by Ctrl-C; what it has printed since its first line, and on standard error."""
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=10)


@contextmanager
def presenting(folder: Path, command: str, *arguments: str) -> Iterator[str]:
    """Have a command run in the project `folder` meanwhile, and yield the address that it prints."""
    process = started(folder, command, *arguments)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        interrupted(process)


@dataclass
class ShownDeck:
    """The page of a presentation, and the deck that is its frame."""

    page: Page
    deck: Frame

    def rest(self, step: str, at: str = "end") -> None:
        """Wait until the deck stands still there."""
        marks = f'[data-step="{step}"][data-at="{at}"][data-playing="false"]'
        self.deck.wait_for_selector(f"html{marks}", state="attached", timeout=TIMEOUT_MS)

    def is_black(self, black: bool = True) -> None:
        """Wait until the screen is black, or not."""
        self.deck.wait_for_selector(f".reveal{'' if black else ':not('}.paused{'' if black else ')'}", state="attached")

    def press(self, *keys: str) -> None:
        """Press keys in the deck."""
        for key in keys:
            self.page.keyboard.press(key)


@contextmanager
def shown(browser: Browser, address: str, **settings: Any) -> Iterator[ShownDeck]:
    """Open the page of a presentation in a context of its own; a complaint of it fails on leaving."""
    context = browser.new_context(**{"viewport": {"width": 960, "height": 600}, **settings})
    context.set_default_timeout(TIMEOUT_MS)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    try:
        page = context.new_page()
        page.goto(address)
        yield ShownDeck(page, whole(page))
        assert complaints == []
    finally:
        context.close()


def whole(page: Page) -> Frame:
    """The frame of a page of a presentation, once it shows its deck."""
    page.wait_for_selector('html[data-state="ready"]', state="attached")
    (frame,) = page.frames[1:]
    return frame
