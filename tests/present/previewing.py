"""`astrai-slides preview` as a user starts it, and its page in a real browser."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

TIMEOUT_MS = 60_000

FEW_FRAMES = "[CLI]\nframe_rate = 20\npixel_width = 640\npixel_height = 360\n"
"""manim.cfg of a previewed folder: what is tried is what is shown when, not how many frames it has."""

DECK = """from manim import BLUE, RIGHT, UP, FadeIn, Square
from manim_slides import Slide


class Talk(Slide):
    def construct(self):
        box = Square(fill_color=BLUE, fill_opacity=1)
        self.play(FadeIn(box), run_time=0.5)
        self.next_slide()
        self.play(box.animate.shift(RIGHT), run_time=0.5)
        self.next_slide()
        self.play(box.animate.shift(UP), run_time=0.5)
"""


@dataclass
class Previewed:
    """A preview of the deck in `folder`, and the page that shows it."""

    folder: Path
    process: "subprocess.Popen[str]"
    address: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def deck(self) -> Path:
        """The deck's file."""
        return self.folder / "deck.py"

    def edit(self, old: str, new: str) -> None:
        """Save the deck with `new` in place of `old`."""
        text = self.deck.read_text("utf-8")
        assert old in text
        self.deck.write_text(text.replace(old, new), "utf-8")

    def wait(self, condition: str = "", **data: str) -> None:
        """Wait until <html> carries these data attributes and matches `condition`."""
        marks = "".join(f'[data-{name}="{value}"]' for name, value in data.items())
        self.page.wait_for_selector(f"html{marks}{condition}", state="attached", timeout=TIMEOUT_MS)

    def changed(self, before: int, **data: str) -> None:
        """Wait until another picture than that of the revision `before` is on the screen, and built."""
        self.wait(f':not([data-revision="{before}"])', whole="true", **data)

    @property
    def revision(self) -> int:
        """How many changes have been on the screen."""
        return int(self.page.get_attribute("html", "data-revision") or 0)

    @property
    def place(self) -> tuple[str | None, ...]:
        """Step, part and second of it that are shown."""
        return tuple(self.page.get_attribute("html", f"data-{name}") for name in ("step", "at", "seconds"))

    def seek(self, step: str, seconds: float) -> None:
        """Show a moment of a step, and wait until the page says so."""
        self.script(f"astrai.seek({step!r}, {seconds})")
        self.wait(step=step, seconds=f"{seconds:.3f}")

    def script(self, expression: str) -> Any:
        """Evaluate an expression in the deck's own page."""
        return self.page.frames[1].evaluate(expression)

    def parts(self) -> dict[str, str]:
        """What the data scripts of the deck hold."""
        return dict(
            self.script("Object.fromEntries([...document.querySelectorAll('script[id]')].map(s => [s.id, s.text]))")
        )


def started(folder: Path, *arguments: str, **pipes: Any) -> "subprocess.Popen[str]":
    """Start a preview of the deck in `folder`, with a cache of its own."""
    command = [sys.executable, "-m", "astrai_slides", "preview", "deck.py", "--no-open", *arguments]
    return subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=subprocess.PIPE, text=True, **pipes)


def environment(folder: Path) -> dict[str, str]:
    """Variables for commands that share the cache of `folder`."""
    return {**os.environ, "ASTRAI_SLIDES_CACHE": str(folder / ".cache")}


@contextmanager
def fifty_others(address: str, path: str, source: str = "127.0.0.1") -> Iterator[None]:
    """Have fifty programs on `source` connected to the server at `address` meanwhile, and one that asks for what is at
    `path` again and again and never reads."""
    host, port = re.findall(r"//([^:]+):(\d+)/", address)[0]
    there = [socket.create_connection((host, int(port)), 20, (source, 0)) for _ in range(51)]
    try:
        for each in there[1:]:
            each.sendall(f"GET /events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        there[0].setblocking(False)
        with suppress(OSError):  # when there is no more room, or the server has enough of it
            for _ in range(50):
                there[0].sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        yield
    finally:
        for each in there:
            each.close()


@contextmanager
def previewing(browser: Browser, folder: Path, *arguments: str, deck: str = DECK) -> Iterator[Previewed]:
    """Preview `deck` from `folder`; a complaint of the page fails on leaving."""
    (folder / "deck.py").write_text(deck, "utf-8")
    (folder / "manim.cfg").write_text(FEW_FRAMES, "utf-8")
    process = started(folder, *arguments)
    context = browser.new_context(viewport={"width": 960, "height": 600})
    try:
        assert process.stdout is not None
        shown = Previewed(folder, process, process.stdout.readline().strip(), context.new_page())
        shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))
        shown.page.goto(shown.address)
        shown.wait("[data-state]", whole="true")
        yield shown
        assert shown.complaints == []
    finally:
        context.close()
        process.send_signal(signal.SIGINT)
        process.wait(10)
