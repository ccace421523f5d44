"""What every page is served by that shows a deck: the few files of the page itself, and news of what changes."""

import json
import socket
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from socketserver import TCPServer
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

HOST = "127.0.0.1"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""`unsafe-eval` lets whoever drives the page (Playwright, Selenium) wait for an expression; the page evaluates none."""
DECK_POLICY = "frame-ancestors 'self'"
BEAT = 5.0
"""Seconds after which a page that heard nothing is told so, whereby a page that is gone is noticed."""
_STUCK = 10.0
"""Seconds that a page may leave unread what it is sent."""
_LONGEST_LENGTH = 9
"""Digits of a number in a request."""
_KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css"}


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
            self._changed.wait_for(lambda: self._closed or self._number > number, timeout=BEAT)
            return None if self._closed else (self._number, self._notice)


class PageServer(ThreadingHTTPServer):
    """Serves at a port of one address of this machine, each request in a thread that ends with the process."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: str, port: int, handler: "type[PageHandler]") -> None:
        self.host = host
        super().__init__((host, port), handler)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{self.host}:{self.server_port}/"

    @property
    def hosts(self) -> set[str]:
        """What those call it who mean it, as `Host` and in `Origin` say it."""
        return {f"{self.host}:{self.server_port}"}

    def server_bind(self) -> None:
        """Bind, without asking who this machine is in the network, as the base class does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of pages that left in the middle of an answer."""


class LoopbackServer(PageServer):
    """Serves to programs on this machine only."""

    def __init__(self, port: int, handler: "type[PageHandler]") -> None:
        super().__init__(HOST, port, handler)

    @property
    def hosts(self) -> set[str]:
        """Its address, by number and by name."""
        return super().hosts | {f"localhost:{self.server_port}"}


class PageHandler(BaseHTTPRequestHandler):
    """Answers one request, of a page of ours and of nobody else."""

    server: PageServer
    timeout = _STUCK
    server_version = "astrai-slides"
    sys_version = ""
    takes: Mapping[str, int] = {}
    """Where something can be sent, and how many bytes at most."""

    def do_GET(self) -> None:
        """Answer whoever means this server."""
        if self._is_ours():
            self._answer(urlsplit(self.path))
        else:
            self.refuse(HTTPStatus.FORBIDDEN)

    def do_POST(self) -> None:
        """Take what a page of this server sends, as its `Origin` says, where that is taken, and no more of it."""
        if not self.takes:
            self.refuse(HTTPStatus.NOT_IMPLEMENTED)
            return
        address = urlsplit(self.path)
        most, length = self.takes.get(address.path), self.headers.get("Content-Length", "")
        if not self._is_ours() or self.headers.get("Origin") is None:
            self.refuse(HTTPStatus.FORBIDDEN)
        elif most is None:
            self.refuse(HTTPStatus.NOT_FOUND)
        elif not (length.isascii() and length.isdecimal()):
            self.refuse(HTTPStatus.LENGTH_REQUIRED)
        elif len(length) > _LONGEST_LENGTH or int(length) > most:
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._take(address, self.rfile.read(int(length)))

    def _answer(self, address: SplitResult) -> None:
        """Answer a question at `address`."""
        raise NotImplementedError

    def _take(self, address: SplitResult, content: bytes) -> None:
        """Take `content`, which was sent to an address of `takes`, and answer."""
        raise NotImplementedError

    def _is_ours(self) -> bool:
        """Whether whoever asks means this server, by its own name, and is not another site's page."""
        hosts = self.server.hosts
        if self.headers.get("Host") not in hosts:
            return False
        origin = self.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            return False
        site = self.headers.get("Sec-Fetch-Site", "none")
        return site in {"none", "same-origin"} or self.headers.get("Sec-Fetch-Dest") == "document"

    @staticmethod
    def number_in(address: SplitResult, name: str) -> int:
        """The number that is called `name` in the query of `address`; -1 for none."""
        text = parse_qs(address.query).get(name, [""])[0]
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_LENGTH else -1

    def send_file(self, name: str, policy: str = POLICY) -> None:
        """Send the file `name` of the folder `page`."""
        content = (files("astrai_slides.present") / "page" / name).read_bytes()
        self.send(content, _KINDS[name.rpartition(".")[2]], **{"Content-Security-Policy": policy})

    def send(self, content: bytes, kind: str, **headers: str) -> None:
        """Answer with `content` of the media type `kind`, and `headers` besides ours."""
        self.send_response(HTTPStatus.OK)
        self._common(f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, headers)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _common(self, kind: str, headers: Mapping[str, str]) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        for name, value in headers.items():
            self.send_header(name, value)

    def refuse(self, status: HTTPStatus) -> None:
        """Answer with `status` and its name."""
        self.send_response(status)
        self._common("text/plain; charset=utf-8", {})
        self.end_headers()
        self.wfile.write(f"{status.phrase}\n".encode())

    def begin_stream(self) -> None:
        """Begin an answer of server-sent events, which goes on until the page leaves."""
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send_response(HTTPStatus.OK)
        self._common("text/event-stream; charset=utf-8", {})
        self.end_headers()

    def stream(self, bulletin: Bulletin) -> None:
        """Send each notice as it comes, until the page leaves."""
        self.begin_stream()
        number = 0
        while (newer := bulletin.newer(number)) is not None:
            same = newer[0] == number
            number, notice = newer
            self.wfile.write(b": still here\n\n" if same else f"data: {json.dumps(notice)}\n\n".encode())
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of what is asked."""
