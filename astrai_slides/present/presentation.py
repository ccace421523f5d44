"""A deck that is shown to an audience by this machine's browser."""

import threading

from astrai_slides.present.deck_server import DeckServer


class Presentation:
    """Shows `deck`, the bytes of an HTML deck, on the loopback interface at `port` (0: any)."""

    def __init__(self, deck: bytes, *, port: int) -> None:
        self._server = DeckServer(port, deck)

    @property
    def address(self) -> str:
        """Where the page is."""
        return self._server.address

    def run(self) -> None:
        """Serve until KeyboardInterrupt."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            threading.Event().wait()
        finally:
            self._server.shutdown()
            self._server.server_close()
