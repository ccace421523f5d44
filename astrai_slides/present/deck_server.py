"""Serving a deck that is presented, to this machine only: its page and the deck, and what the page is asked."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult

from astrai_slides.present.deck_state import DeckPlace, DeckState
from astrai_slides.present.page_server import DECK_POLICY, LoopbackServer, PageHandler

_FILES = {
    "/": "present.html",
    **{f"/{name}": name for name in ("present.css", "present.js", "deck_frame.js", "drive.js")},
}
_JPEG = b"\xff\xd8\xff"


class DeckServer(LoopbackServer):
    """Serves `deck`, the bytes of an HTML deck, whose page says and is told by `state` where it is.

    `invite` gives what lets a phone in, as the page is to be told; None where no phone is let in.
    """

    def __init__(self, port: int, deck: bytes, state: DeckState, invite: Callable[[], dict[str, Any]] | None) -> None:
        self.deck = deck
        self.state = state
        self.invite = invite
        super().__init__(port, _DeckHandler)


class _DeckHandler(PageHandler):
    server: DeckServer
    takes: Mapping[str, int] = {"/place": 1_000, "/picture": 1_000_000, "/invite": 0}

    def _answer(self, address: SplitResult) -> None:
        if address.path in _FILES:
            self.send_file(_FILES[address.path])
        elif address.path == "/deck.html":
            self.send(self.server.deck, "text/html", **{"Content-Security-Policy": DECK_POLICY})
        elif address.path == "/orders":
            self._give_orders()
        else:
            self.refuse(HTTPStatus.NOT_FOUND)

    def _give_orders(self) -> None:
        state = self.server.state
        self.begin_stream()
        page, last = state.arrive()
        try:
            self._tell({"page": page, "remote": self.server.invite is not None})
            while (orders := state.orders(page, last)) is not None:
                if not orders:
                    self._tell(None)
                for number, what in orders:
                    self._tell(what)
                    last = number
            self.wfile.write(b"event: over\ndata: 0\n\n")
        finally:
            state.leave(page)

    def _tell(self, what: dict[str, Any] | None) -> None:
        self.wfile.write(b": still here\n\n" if what is None else f"data: {json.dumps(what)}\n\n".encode())
        self.wfile.flush()

    def _take(self, address: SplitResult, content: bytes) -> None:
        if address.path == "/place":
            taken = self._take_place(content)
        elif address.path == "/picture":
            page, index = (self.number_in(address, name) for name in ("page", "step"))
            taken = content.startswith(_JPEG) and self.server.state.take_picture(page, index, content)
        elif self.server.invite is None:
            self.refuse(HTTPStatus.NOT_FOUND)
            return
        else:
            self.send(json.dumps(self.server.invite()).encode(), "application/json")
            return
        if taken:
            self.send(b"{}", "application/json")
        else:
            self.refuse(HTTPStatus.CONFLICT)

    def _take_place(self, content: bytes) -> bool:
        """Whether that said where the page is that shows the deck."""
        try:
            said = json.loads(content)
            page, index = said["page"], said["index"]
            at_start, playing, black = (said[name] is True for name in ("atStart", "playing", "black"))
            values, knobs = (tuple(said.get(name, ())) for name in ("values", "knobs"))
        except (ValueError, TypeError, KeyError, RecursionError):
            return False
        if type(page) is not int or (index is not None and type(index) is not int):
            return False
        if any(type(each) is not int for each in values + knobs):
            return False
        if index is None:
            self.server.state.leave(page)
            return True
        return self.server.state.be_at(page, DeckPlace(index, at_start, playing, black, values, knobs))
