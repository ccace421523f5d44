"""What the server of a preview answers, and whom."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from astrai_slides.present.page_server import Bulletin
from astrai_slides.present.server import PreviewServer


@pytest.fixture
def server() -> Iterator[PreviewServer]:
    bulletin = Bulletin()

    def clicked(content: bytes) -> dict[str, Any] | None:
        return {"said": content.decode()} if content else None

    served = PreviewServer(
        0, bulletin, lambda: b"<title>deck</title>", lambda since: json.dumps(since).encode(), clicked
    )
    threading.Thread(target=served.serve_forever, args=(0.01,)).start()
    yield served
    bulletin.close()
    served.shutdown()
    served.server_close()


def ask(
    server: PreviewServer, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request(method, path, body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    endless = answer.getheader("Content-Type", "").startswith("text/event-stream")
    return answer.status, b"" if endless else answer.read()


def test_it_listens_on_this_machine_only(server: PreviewServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_port}/"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/preview.js",
        "/strip.js",
        "/deck_frame.js",
        "/clicked.js",
        "/preview.css",
        "/deck.html",
        "/deck.html?deck=3",
    ],
)
def test_the_page_and_the_deck_are_served(server: PreviewServer, path: str) -> None:
    status, content = ask(server, path)
    assert status == 200
    assert content


@pytest.mark.parametrize(
    "path",
    [
        "/deck.py",
        "/../deck.py",
        "/..%2fdeck.py",
        "//etc/passwd",
        "/page/preview.js",
        "/preview.html",
        "/server.py",
        "*",
        "/%00",
    ],
)
def test_nothing_else_is(server: PreviewServer, path: str) -> None:
    assert ask(server, path)[0] == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_done_to_it(server: PreviewServer, method: str) -> None:
    assert ask(server, "/", method)[0] == 501


def test_a_click_can_be_sent_to_it_by_its_own_page_only_and_nothing_else(server: PreviewServer) -> None:
    own = server.address.rstrip("/")
    assert ask(server, "/clicked", "POST", b"a click", Origin=own) == (200, b'{"said": "a click"}')
    assert ask(server, "/clicked", "POST", b"", Origin=own)[0] == 400
    assert ask(server, "/clicked", "POST", b"x" * 1001, Origin=own)[0] == 413
    assert ask(server, "/clicked", "POST", b"a click")[0] == 403
    assert ask(server, "/clicked", "POST", b"a click", Origin="http://evil.example")[0] == 403
    assert ask(server, "/clicked", "POST", b"a click", Origin=own, Host="evil.example")[0] == 403
    assert ask(server, "/clicked", "GET", Origin=own)[0] == 404
    assert ask(server, "/update", "POST", b"a click", Origin=own)[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "script"},
        {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Dest": "iframe"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/deck.html", "/events", "/update?since=0"])
def test_other_hosts_and_sites_are_refused(server: PreviewServer, path: str, headers: dict[str, str]) -> None:
    assert ask(server, path, **headers)[0] == 403


def test_its_own_page_is_not(server: PreviewServer) -> None:
    own = f"http://localhost:{server.server_port}"
    assert ask(server, "/", Host=f"localhost:{server.server_port}", Origin=own, Sec_Fetch_Site="same-origin")[0] == 200
    assert ask(server, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")[0] == 200, "a link"
    assert ask(server, "/update?since=7") == (200, b"7")
    assert ask(server, "/update?since=x") == (200, b"0")


def test_every_page_hears_the_newest_notice_though_fifty_are_open_and_some_never_read(server: PreviewServer) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.server_port)) for _ in range(3)]
    for each in idle:
        each.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{server.server_port}\r\n\r\n".encode())
    server.bulletin.post(revision=1)
    streams = [http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10) for _ in range(50)]
    answers = []
    for stream in streams:
        stream.request("GET", "/events")
        answers.append(stream.getresponse())
    assert {answer.readline() for answer in answers} == {b'data: {"revision": 1}\n'}
    server.bulletin.post(revision=2)
    assert {answer.readline() + answer.readline() for answer in answers} == {b'\ndata: {"revision": 2}\n'}
    for each in (*idle, *streams):
        each.close()
