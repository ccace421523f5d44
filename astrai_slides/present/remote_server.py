"""Serving the remote control to a phone in the same network: its page, and where the deck is. Nothing else of it."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult

from astrai_slides.present.admission import Admission
from astrai_slides.present.deck_state import DeckState
from astrai_slides.present.page_server import PageHandler, PageServer

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
MOST_CONNECTIONS = 64
MOST_EACH = 16
"""Connections of one address, of which a phone needs three."""
MOST_STREAMS = 2
"""Of one session: a phone that comes back may not have been noticed to be gone."""
DEADLINE = 10.0
"""Seconds that a connection may last, unless it is a stream of a session."""
_PAGE_FILES = ("remote.css", "remote.js", "remote_screen.js", "remote_knobs.js")
_FILES = {"/": "remote.html", **{f"/{name}": name for name in _PAGE_FILES}}
_KEYS = {"next", "back", "black"}
_TURN = re.compile(r"([0-9]{1,4})=([0-9]{1,4})")


@dataclass(slots=True)
class _Connection:
    """Since when there is one, from where, and of which session it is a stream ("" for none)."""

    since: float
    address: str
    session: str = ""


class RemoteServer(PageServer):
    """Serves at `host`, an address of this machine in a network, and a port (0: any).

    `joined` is told from where somebody was let in.
    """

    def __init__(
        self, host: str, port: int, state: DeckState, joined: Callable[[str], object] = lambda _: None
    ) -> None:
        self.state = state
        self.admission = Admission()
        self.joined = joined
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, _Connection] = {}
        super().__init__(host, port, _RemoteHandler)

    @property
    def hosts(self) -> set[str]:
        """Its address, which browsers write without the usual port."""
        return super().hosts | ({self.host} if self.server_port == 80 else set())

    @property
    def cookie(self) -> str:
        """The name of its cookie, which browsers send to every port of this machine."""
        return f"astrai-remote-{self.server_port}"

    @property
    def invitation(self) -> str:
        """An address that lets in the first who opens it. What stands behind `#` no server is told of, and no proxy."""
        return f"{self.address}#{self.admission.secret()}"

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether there is room for one more connection."""
        with self._lock:
            there = [each.address for each in self._connections.values()]
            if len(there) >= MOST_CONNECTIONS or there.count(client_address[0]) >= MOST_EACH:
                return False
            self._connections[request] = _Connection(time.monotonic(), client_address[0])
            return True

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection."""
        with self._lock:
            self._connections.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """End connections that take too long to say what they want, or to take the answer."""
        overdue = time.monotonic() - DEADLINE
        with self._lock:
            late = [each for each, about in self._connections.items() if not about.session and about.since < overdue]
            _end(late)

    def keep(self, request: socket.socket, session: str) -> None:
        """Let a connection last as a stream of `session`, and end the oldest of too many."""
        with self._lock:
            if request in self._connections:
                self._connections[request].session = session
            streams = [each for each, about in self._connections.items() if about.session == session]
            _end(streams[:-MOST_STREAMS])


def _end(connections: list[socket.socket]) -> None:
    """Have those who read from them or write to them notice that they are over."""
    for each in connections:
        try:
            each.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue  # it is over already


class _RemoteHandler(PageHandler):
    server: RemoteServer
    takes: Mapping[str, int] = {"/session": 200, "/press": 200, "/turn": 200}

    def _answer(self, address: SplitResult) -> None:
        if address.path in _FILES:
            self.send_file(_FILES[address.path], POLICY)
        elif address.path not in ("/steps", "/knobs", "/events", "/picture"):
            self.refuse(HTTPStatus.NOT_FOUND)
        elif not (session := self._session()):
            self.refuse(HTTPStatus.FORBIDDEN)
        elif address.path == "/steps":
            self.send(json.dumps([asdict(step) for step in self.server.state.steps]).encode(), "application/json")
        elif address.path == "/knobs":
            self.send(json.dumps([asdict(knob) for knob in self.server.state.knobs]).encode(), "application/json")
        elif address.path == "/events":
            self._tell_of_changes(session)
        else:
            picture = self.server.state.picture(self.number_in(address, "step"))
            if picture is None:
                self.refuse(HTTPStatus.NOT_FOUND)
            else:
                self.send(picture, "image/jpeg")

    def _tell_of_changes(self, session: str) -> None:
        """Tell how it is, after each change and every few seconds, by which a phone knows that it still hears us."""
        self.server.keep(self.connection, session)
        self.begin_stream()
        number, state = -1, self.server.state
        while (newer := state.bulletin.newer(number)) is not None:
            number, _ = newer
            self.wfile.write(f"data: {json.dumps(state.notice())}\n\n".encode())
            self.wfile.flush()

    def _take(self, address: SplitResult, content: bytes) -> None:
        try:
            said = json.loads(content)
            (word,) = said.values()
        except (ValueError, AttributeError, RecursionError):
            self.refuse(HTTPStatus.BAD_REQUEST)
            return
        if not isinstance(word, str):
            self.refuse(HTTPStatus.BAD_REQUEST)
        elif address.path == "/session":
            self._let_in(word)
        elif not self._session():
            self.refuse(HTTPStatus.FORBIDDEN)
        elif address.path == "/turn":
            self._turn(word)
        elif word not in _KEYS:
            self.refuse(HTTPStatus.BAD_REQUEST)
        else:
            self._acknowledge(self.server.state.order(word))

    def _turn(self, word: str) -> None:
        """Turn the knob of a number to the value of a number: `1=3`."""
        numbers = _TURN.fullmatch(word)
        if not numbers:
            self.refuse(HTTPStatus.BAD_REQUEST)
        else:
            self._acknowledge(self.server.state.turn(int(numbers[1]), int(numbers[2])))

    def _acknowledge(self, is_taken: bool) -> None:
        if is_taken:
            self.send(b"{}", "application/json")
        else:
            self.refuse(HTTPStatus.CONFLICT)

    def _let_in(self, secret: str) -> None:
        token = self.server.admission.admit(secret)
        if token is None:
            self.refuse(HTTPStatus.FORBIDDEN)
            return
        self.server.joined(self.client_address[0])
        cookie = f"{self.server.cookie}={token}; Path=/; HttpOnly; SameSite=Strict"
        self.send(b"{}", "application/json", **{"Set-Cookie": cookie})

    def _session(self) -> str:
        """The token of the session that whoever asks is of; "" for none."""
        for each in self.headers.get("Cookie", "").split(";"):
            name, _, token = each.strip().partition("=")
            if name == self.server.cookie and self.server.admission.knows(token):
                return token
        return ""
