"""Serving a preview on this machine: one page, the deck, and what changes. Nothing else, and to nobody else."""

import json
from collections.abc import Callable
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult

from astrai_slides.present.clicks import MOST_BYTES
from astrai_slides.present.page_server import DECK_POLICY, Bulletin, LoopbackServer, PageHandler

_CLICK = "/clicked"
_FILES = {
    "/": "preview.html",
    **{f"/{name}": name for name in ("preview.css", "preview.js", "deck_frame.js", "strip.js", "clicked.js")},
}


class PreviewServer(LoopbackServer):
    """Serves on the loopback interface.

    `deck` gives the newest deck's page, None as long as there is none; `update` what has changed since the deck of
    that number, None for one that is not known any more; `clicked` answers clicks, None for what is no click.
    """

    def __init__(
        self,
        port: int,
        bulletin: Bulletin,
        deck: Callable[[], bytes | None],
        update: Callable[[int], bytes],
        clicked: Callable[[bytes], dict[str, Any] | None],
    ) -> None:
        self.bulletin = bulletin
        self.deck = deck
        self.update = update
        self.clicked = clicked
        super().__init__(port, _Handler)


class _Handler(PageHandler):
    server: PreviewServer
    takes = MappingProxyType({_CLICK: MOST_BYTES})

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
            self.send(self.server.update(max(0, self.number_in(address, "since"))), "application/json")
        elif address.path == "/events":
            self.stream(self.server.bulletin)
        else:
            self.refuse(HTTPStatus.NOT_FOUND)

    def _take(self, address: SplitResult, content: bytes) -> None:
        told = self.server.clicked(content)
        if told is None:
            self.refuse(HTTPStatus.BAD_REQUEST)
        else:
            self.send(json.dumps(told).encode(), "application/json")
