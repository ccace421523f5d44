"""Serving a preview on this machine: one page, the deck, and what changes. Nothing else, and to nobody else."""

import json
import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"
_KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
_FILES = {
    "/": "preview.html",
    **{f"/{name}": name for name in ("preview.css", "preview.js", "deck_frame.js", "strip.js")},
}
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""`unsafe-eval` lets whoever drives the page (Playwright, Selenium) wait for an expression; the page evaluates none."""
_BEAT = 5.0
"""Seconds after which a page that heard nothing is told so, whereby a page that is gone is noticed."""
_STUCK = 10.0
"""Seconds that a page may leave unread what it is sent."""


class Bulletin:
    """What pages are to know: the newest notice only, as what came before is of no use to them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._notice: dict[str, Any] = {}
        self._closed = False

    def post(self, **notice: Any) -> None:
        """Replace the notice."""
        with self._changed:
            self._number += 1
            self._notice = notice
            self._changed.notify_all()

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def newer(self, number: int) -> tuple[int, dict[str, Any]] | None:
        """Wait for a notice after `number`, and return it with its own; the same again after a while. None: closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._number > number, timeout=_BEAT)
            return None if self._closed else (self._number, self._notice)


class PreviewServer(ThreadingHTTPServer):
    """Serves on the loopback interface.

    `deck` gives the newest deck's page, None as long as there is none; `update` what has changed since the deck of
    that number, None for one that is not known any more.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, port: int, bulletin: Bulletin, deck: Callable[[], bytes | None], update: Callable[[int], bytes]
    ) -> None:
        self.bulletin = bulletin
        self.deck = deck
        self.update = update
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/"

    def server_bind(self) -> None:
        """Bind, without asking who this machine is in the network, as the base class does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of pages that left in the middle of an answer."""


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    timeout = _STUCK
    server_version = "astrai-slides"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer the few addresses that there are."""
        if not self._is_ours():
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        address = urlsplit(self.path)
        if address.path in _FILES:
            name = _FILES[address.path]
            content = (files("astrai_slides.present") / "page" / name).read_bytes()
            kind = _KINDS[name.rpartition(".")[2]]
            self._send(content, kind, **{"Content-Security-Policy": _POLICY})
        elif address.path == "/deck.html":
            deck = self.server.deck()
            if deck is None:
                self._refuse(HTTPStatus.NOT_FOUND)
            else:
                self._send(deck, "text/html", **{"Content-Security-Policy": "frame-ancestors 'self'"})
        elif address.path == "/update":
            since = parse_qs(address.query).get("since", ["0"])[0]
            self._send(self.server.update(int(since) if since.isdecimal() else 0), "application/json")
        elif address.path == "/events":
            self._stream()
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def _is_ours(self) -> bool:
        """Whether whoever asks means this server, by its own name, and is not another site's page."""
        port = self.server.server_port
        hosts = {f"{HOST}:{port}", f"localhost:{port}"}
        if self.headers.get("Host") not in hosts:
            return False
        origin = self.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            return False
        site = self.headers.get("Sec-Fetch-Site", "none")
        return site in {"none", "same-origin"} or self.headers.get("Sec-Fetch-Dest") == "document"

    def _send(self, content: bytes, kind: str, **headers: str) -> None:
        self.send_response(HTTPStatus.OK)
        self._common(f"{kind}; charset=utf-8", headers)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _common(self, kind: str, headers: dict[str, str]) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        for name, value in headers.items():
            self.send_header(name, value)

    def _refuse(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self._common("text/plain; charset=utf-8", {})
        self.end_headers()
        self.wfile.write(f"{status.phrase}\n".encode())

    def _stream(self) -> None:
        """Send each notice as it comes, as server-sent events, until the page leaves."""
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send_response(HTTPStatus.OK)
        self._common("text/event-stream; charset=utf-8", {})
        self.end_headers()
        number = 0
        while (newer := self.server.bulletin.newer(number)) is not None:
            same = newer[0] == number
            number, notice = newer
            self.wfile.write(b": still here\n\n" if same else f"data: {json.dumps(notice)}\n\n".encode())
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of what is asked."""
