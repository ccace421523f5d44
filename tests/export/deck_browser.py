"""Driving a deck in a real browser. Waits are on what the page publishes, never on clocks."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from signal_deck import Shown, read

TIMEOUT_MS = 15_000
NEXT_TURN = """() => new Promise((resolve) => {
  let last = 0;
  const look = () => {
    const now = astrai.current.seconds;
    if (now < last) return resolve();
    last = now;
    requestAnimationFrame(look);
  };
  look();
})"""
"""Resolves when a loop begins anew."""

FRAMES = """(count) => new Promise((resolve) => {
  const tick = () => count-- > 0 ? requestAnimationFrame(tick) : resolve();
  tick();
})"""
"""Resolves after so many frames of the browser."""

_CURRENT = "() => ({...window.astrai.current})"


@dataclass
class Deck:
    """An open deck: its page, and what the page asked for and complained about."""

    page: Page
    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def wait(self, condition: str = "", **data: str) -> None:
        """Wait until <html> carries these data attributes, and matches the selector `condition`."""
        marks = "".join(f'[data-{name}="{_quoted(value)}"]' for name, value in data.items())
        self.page.wait_for_selector(f"html{marks}{condition}", state="attached", timeout=TIMEOUT_MS)

    def rest(self, step: str, at: str = "end") -> None:
        """Wait until the deck stands still there."""
        self.wait(step=step, playing="false", at=at)

    @property
    def current(self) -> dict[str, Any]:
        """`window.astrai.current`."""
        return dict(self.page.evaluate(_CURRENT))

    def screen(self) -> npt.NDArray[np.uint8]:
        """What the window shows, (height, width, 3)."""
        return np.asarray(Image.open(io.BytesIO(self.page.screenshot())).convert("RGB"))

    def shown(self) -> Shown | None:
        """Which picture of the signal deck the window shows."""
        return read(self.screen())

    def is_clean(self) -> bool:
        """Whether nothing was asked of anyone but the file itself, and nothing complained about."""
        assert self.complaints == []
        assert [url for url in self.requests if not url.startswith(("file:", "blob:", "data:"))] == []
        return True


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


WINDOW = (640, 360)
"""Pixels of a deck's window where a test says nothing else: Chromium draws without a graphics card here."""

LARGE: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
"""Settings of a window in which small things are looked at, or whose places a test names."""


@contextmanager
def opened(browser: Browser, file: Path, address: str = "", *, script: str = "", **settings: Any) -> Iterator[Deck]:
    """Open `file` with `address` (query and hash) in a context of its own without a network; wait until it is ready.

    `script` runs before the page's own; `settings` are the context's. Whatever the page complains about, or asks of a
    network, fails on leaving.
    """
    settings = {"viewport": {"width": WINDOW[0], "height": WINDOW[1]}, "device_scale_factor": 1, **settings}
    context = browser.new_context(**settings)
    context.set_default_timeout(TIMEOUT_MS)
    context.set_offline(True)
    if script:
        context.add_init_script(script)
    deck = Deck(context.new_page(), context)
    context.on("request", lambda request: deck.requests.append(request.url))
    context.on("console", lambda message: _complain(deck, message))
    context.on("weberror", lambda error: deck.complaints.append(str(error.error)))
    try:
        deck.page.goto(file.as_uri() + address)
        deck.wait("[data-state]")
        yield deck
        assert deck.is_clean()
    finally:
        context.close()


def _complain(deck: Deck, message: Any) -> None:
    if message.type in ("error", "warning"):
        deck.complaints.append(message.text)
