"""Pages of a folder in a browser, as a reader comes to them: over HTTP, and from nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, ElementHandle, Frame, Page

READY = "html[data-state='ready']"
RESTS = "html[data-at='end'][data-playing='false']"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word, and without an icon, for which browsers ask by themselves."""

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Visit:
    """A page that is open, what it complained about, and what it asked of others than its server."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def decks(self) -> list[tuple[ElementHandle, Frame]]:
        """Each frame of the page with the deck in it, which is ready; each is brought into view for that."""
        found = []
        for place in self.page.query_selector_all("iframe"):
            place.scroll_into_view_if_needed()
            deck = place.content_frame()
            assert deck is not None
            deck.wait_for_selector(READY, state="attached")
            found.append((place, deck))
        return found


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the files of `folder` are."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def visited(browser: Browser, address: str, **settings: Any) -> Iterator[Visit]:
    """Open `address`; leaving fails where the page complained, or asked anything of another server than its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **settings)
    origin = "/".join(address.split("/")[:3])
    try:
        visit = Visit(context.new_page())
        context.on(
            "request",
            lambda request: (
                visit.foreign.append(request.url) if not request.url.startswith((origin, "data:", "blob:")) else None
            ),
        )
        context.on(
            "console",
            lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        context.on("weberror", lambda error: visit.complaints.append(str(error.error)))
        context.on("response", lambda answer: visit.complaints.append(answer.url) if answer.status >= 400 else None)
        visit.page.goto(address, wait_until="load")
        yield visit
        assert not visit.complaints, (address, visit.complaints)
        assert not visit.foreign, (address, visit.foreign)
    finally:
        context.close()


def plays_when_clicked(visit: Visit, *steps: int) -> None:
    """The page has decks with so many steps; each plays its first where it is seen, and goes on where it is clicked."""
    decks = visit.decks()
    assert len(decks) == len(steps)
    for (place, deck), count in zip(decks, steps, strict=True):
        assert deck.evaluate("astrai.steps.length") == count
        place.scroll_into_view_if_needed()
        deck.wait_for_selector(RESTS, state="attached")
        assert deck.evaluate("astrai.current.index") == 0
        visit.page.keyboard.press("End")
        assert deck.evaluate("astrai.current.index") == 0, "keys are the page's"
        place.scroll_into_view_if_needed()
        place.click()
        visit.page.keyboard.press("End")
        deck.wait_for_function("(last) => astrai.current.index === last", arg=count - 1)
        deck.wait_for_selector(RESTS, state="attached")
