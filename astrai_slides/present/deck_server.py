"""Serving a deck that is presented, to this machine only: its page and the deck, and nothing else."""

from http import HTTPStatus
from urllib.parse import SplitResult

from astrai_slides.present.page_server import DECK_POLICY, LoopbackServer, PageHandler

_FILES = {"/": "present.html", **{f"/{name}": name for name in ("present.css", "present.js", "deck_frame.js")}}


class DeckServer(LoopbackServer):
    """Serves `deck`, the bytes of an HTML deck."""

    def __init__(self, port: int, deck: bytes) -> None:
        self.deck = deck
        super().__init__(port, _DeckHandler)


class _DeckHandler(PageHandler):
    server: DeckServer

    def _answer(self, address: SplitResult) -> None:
        if address.path in _FILES:
            self._send_file(_FILES[address.path])
        elif address.path == "/deck.html":
            self._send(self.server.deck, "text/html", **{"Content-Security-Policy": DECK_POLICY})
        else:
            self._refuse(HTTPStatus.NOT_FOUND)
