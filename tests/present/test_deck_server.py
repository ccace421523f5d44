"""What the server of a presentation answers to this machine, and whom."""

import http.client
import threading
from collections.abc import Iterator

import pytest

from astrai_slides.present.deck_content import ShownStep
from astrai_slides.present.deck_server import DeckServer
from astrai_slides.present.deck_state import DeckState
from astrai_slides.present.talk_clock import TalkClock


@pytest.fixture
def server() -> Iterator[DeckServer]:
    steps = [ShownStep("title", "The title", "", 5.0, False)]
    served = DeckServer(0, b"<title>deck</title>", DeckState(steps, TalkClock(1)), None)
    threading.Thread(target=served.serve_forever, args=(0.01,)).start()
    yield served
    served.shutdown()
    served.server_close()


def ask(server: DeckServer, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_it_listens_on_this_machine_only(server: DeckServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/", "/present.js", "/present.css", "/deck_frame.js", "/drive.js"])
def test_the_page_is_served(server: DeckServer, path: str) -> None:
    assert ask(server, path)[0] == 200


def test_the_deck_is_served_as_it_is(server: DeckServer) -> None:
    assert ask(server, "/deck.html?speaker") == (200, b"<title>deck</title>")


@pytest.mark.parametrize(
    "path",
    [
        "/deck.py",
        "/../deck.py",
        "/..%2fdeck.py",
        "//etc/passwd",
        "/present.html",
        "/remote.html",
        "/preview.js",
        "/%00",
    ],
)
def test_nothing_else_is(server: DeckServer, path: str) -> None:
    assert ask(server, path)[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "http://evil.example"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "iframe"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/deck.html"])
def test_other_hosts_and_sites_are_refused(server: DeckServer, path: str, headers: dict[str, str]) -> None:
    assert ask(server, path, **headers)[0] == 403


@pytest.mark.parametrize("path", ["/place", "/picture?page=1&step=0", "/invite"])
def test_only_its_own_page_tells_it_anything(server: DeckServer, path: str) -> None:
    for origin in (None, "null", "http://evil.example"):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        connection.request("POST", path, "", {} if origin is None else {"Origin": origin})
        assert connection.getresponse().status == 403
