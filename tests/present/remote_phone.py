"""A deck of four steps, its presentation in this process, and whoever calls its servers without a browser."""

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from signal_deck import HOSTILE, recording, step

from astrai_slides.export.html.page import build_html
from astrai_slides.present.presentation import Presentation
from astrai_slides.talk.document import Document

NAMES = ["title", "flow/static", "flow/continuous", "end"]


def deck() -> bytes:
    """An HTML deck that took no manim to make."""
    shown = recording(
        step(0, "title", 10, title="The title", notes=f"Say *hello*.\n\n{HOSTILE}"),
        step(1, "flow/static", 10, notes="Count the <idle> cells."),
        step(2, "flow/continuous", 10),
        step(3, "end", 10),
    )
    planned = (("title", 5.0), ("flow", 60.0))
    return build_html(shown, Document(title="Signals & noise", speaker="Me", planned=planned)).encode()


@dataclass
class Caller:
    """Calls a server at `host` and `port`, from `source`, as a browser that has its page would."""

    host: str
    port: int
    cookie: str = ""
    source: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)

    def connect(self) -> http.client.HTTPConnection:
        """A connection, on which nothing was said yet."""
        return http.client.HTTPConnection(self.host, self.port, timeout=20, source_address=(self.source, 0))

    def ask(self, path: str, body: str | bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Ask for `path`, or send `body` there; the answer's status and content."""
        answer = self.open(path, body, **headers)
        self.cookie = self.cookie or re.split(";", answer.getheader("Set-Cookie", ""))[0]
        return answer.status, answer.read()

    def open(self, path: str, body: str | bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        """The same, with the answer still to be read."""
        own = {"Origin": f"http://{self.host}:{self.port}", **({"Cookie": self.cookie} if self.cookie else {})}
        asked = own | self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        connection = self.connect()
        connection.request("GET" if body is None else "POST", path, body, {k: v for k, v in asked.items() if v})
        return connection.getresponse()

    def join(self, secret: str) -> int:
        """Bring a secret; the status of the answer."""
        return self.ask("/session", json.dumps({"secret": secret}))[0]

    def press(self, key: str) -> int:
        """Press a key; the status of the answer."""
        return self.ask("/press", json.dumps({"press": key}))[0]


def caller(address: str, **about: str) -> Caller:
    """Whoever calls the server at `address`."""
    host, port = re.findall(r"//([^:]+):(\d+)/", address)[0]
    return Caller(host, int(port), **about)


def secret_of(invitation: str) -> str:
    """What an address that lets a phone in has behind its `#`."""
    return invitation.partition("#")[2]


@contextmanager
def presented(content: bytes, host: str | None = "127.0.0.1") -> Iterator[Presentation]:
    """Serve a deck meanwhile, with a remote control at `host`."""
    presentation = Presentation(content, port=0, host=host)
    with presentation.serving():
        yield presentation
