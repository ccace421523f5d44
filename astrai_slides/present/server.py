"""Serving a preview on this machine: one page, the deck, and what changes. Nothing else, and to nobody else."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import SplitResult, parse_qs

from astrai_slides.present.page_server import DECK_POLICY, Bulletin, LoopbackServer, PageHandler

_FILES = {
    "/": "preview.html",
    **{f"/{name}": name for name in ("preview.css", "preview.js", "deck_frame.js", "strip.js")},
}


class PreviewServer(LoopbackServer):
    """Serves on the loopback interface.

    `deck` gives the newest deck's page, None as long as there is none; `update` what has changed since the deck of
    that number, None for one that is not known any more.
    """

    def __init__(
        self, port: int, bulletin: Bulletin, deck: Callable[[], bytes | None], update: Callable[[int], bytes]
    ) -> None:
        self.bulletin = bulletin
        self.deck = deck
        self.update = update
        super().__init__(port, _Handler)


class _Handler(PageHandler):
    server: PreviewServer

    def _answer(self, address: SplitResult) -> None:
        if address.path in _FILES:
            self.send_file(_FILES[address.path])
        elif address.path == "/deck.html":
            deck = self.server.deck()
            if deck is None:
                self.refuse(HTTPStatus.NOT_FOUND)
            else:
                self.send(deck, "text/html", **{"Content-Security-Policy": DECK_POLICY})
        elif address.path == "/update":
            since = parse_qs(address.query).get("since", ["0"])[0]
            self.send(self.server.update(int(since) if since.isdecimal() else 0), "application/json")
        elif address.path == "/events":
            self.stream(self.server.bulletin)
        else:
            self.refuse(HTTPStatus.NOT_FOUND)
