"""A deck that is shown to an audience by this machine's browser."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from astrai_slides.present.deck_content import knobs_of, steps_of
from astrai_slides.present.deck_server import DeckServer
from astrai_slides.present.deck_state import DeckState
from astrai_slides.present.page_server import PageServer
from astrai_slides.present.remote_server import RemoteServer
from astrai_slides.present.talk_clock import TalkClock

_CHECK_EVERY = 0.2
"""Seconds."""


class Presentation:
    """Shows `deck`, the bytes of an HTML deck, on the loopback interface at `port` (0: any).

    With a `host`, an address of this machine, phones are let in there, at the same port; `joined` is told from where.
    Raises OSError where a port or the address cannot be had.
    """

    def __init__(
        self, deck: bytes, *, port: int, host: str | None = None, joined: Callable[[str], object] = lambda _: None
    ) -> None:
        self.steps = steps_of(deck)
        self._state = DeckState(self.steps, TalkClock(len(self.steps)), knobs_of(deck))
        self._remote = RemoteServer(host, port, self._state, joined) if host else None
        try:
            self._server = DeckServer(port, deck, self._state, self._invite if self._remote else None)
        except OSError:
            if self._remote:
                self._remote.server_close()
            raise

    @property
    def address(self) -> str:
        """Where the page is."""
        return self._server.address

    @property
    def invitation(self) -> str | None:
        """Where a phone is let in, once; None without a remote control."""
        return self._remote.invitation if self._remote else None

    def times(self) -> list[float]:
        """Seconds that each step has taken so far, all visits together."""
        return self._state.times()

    def run(self, check: Callable[[], object]) -> None:
        """Serve until KeyboardInterrupt, which `check`, asked often, raises again where Python has dropped it."""
        never = threading.Event()
        with self.serving():
            while not never.wait(_CHECK_EVERY):
                check()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve for the block."""
        servers: list[PageServer] = [self._server, *([self._remote] if self._remote else [])]
        for each in servers:
            threading.Thread(target=each.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield
        finally:
            self._state.close()
            for each in servers:
                each.shutdown()
                each.server_close()

    def _invite(self) -> dict[str, Any]:
        """What the speaker view shows for a phone to be let in."""
        from astrai_slides.present.qr_code import modules

        address = self.invitation
        assert address is not None
        return {"address": address, "rows": modules(address)}
