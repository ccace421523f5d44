"""What the server of a presentation answers to this machine, and whom."""

import http.client
import threading
from collections.abc import Iterator

import pytest

from astrai_slides.present.deck_server import DeckServer


@pytest.fixture
def server() -> Iterator[DeckServer]:
    served = DeckServer(0, b"<title>deck</title>")
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


@pytest.mark.parametrize("path", ["/", "/present.js", "/present.css", "/deck_frame.js"])
def test_the_page_is_served(server: DeckServer, path: str) -> None:
    assert ask(server, path)[0] == 200


def test_the_deck_is_served_as_it_is(server: DeckServer) -> None:
    assert ask(server, "/deck.html?speaker") == (200, b"<title>deck</title>")


@pytest.mark.parametrize(
    "path", ["/deck.py", "/../deck.py", "/..%2fdeck.py", "//etc/passwd", "/present.html", "/preview.js", "/%00"]
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
