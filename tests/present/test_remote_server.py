"""Whom the remote control lets in, what it answers, and what it refuses."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from remote_phone import NAMES, Caller, caller, deck, presented, secret_of

from astrai_slides.present.admission import MOST_SESSIONS
from astrai_slides.present.deck_state import MOST_ORDERS
from astrai_slides.present.presentation import Presentation
from astrai_slides.present.remote_server import MOST_EACH

PAGES = ["/", "/remote.js", "/remote_screen.js", "/remote.css"]
KEPT = ["/steps", "/events", "/picture?step=1"]
"""What only a session is told."""
JPEG = b"\xff\xd8\xff and so on"


@pytest.fixture(scope="module")
def content() -> bytes:
    return deck()


@pytest.fixture
def presentation(content: bytes) -> Iterator[Presentation]:
    with presented(content) as served:
        yield served


@pytest.fixture
def secret(presentation: Presentation) -> str:
    assert presentation.invitation
    return secret_of(presentation.invitation)


@pytest.fixture
def stranger(presentation: Presentation) -> Caller:
    """Somebody in the network."""
    assert presentation.invitation
    return caller(presentation.invitation)


@pytest.fixture
def phone(stranger: Caller, secret: str) -> Caller:
    """A phone that was let in."""
    assert stranger.join(secret) == 200
    return stranger


@pytest.fixture
def page(presentation: Presentation) -> Iterator[Caller]:
    """The page that shows the deck."""
    on_this_machine = caller(presentation.address)
    orders = on_this_machine.open("/orders")
    number = json.loads(event(orders))["page"]
    on_this_machine.headers["X-Page"] = str(number)
    on_this_machine.orders = orders  # type: ignore[attr-defined]
    yield on_this_machine
    orders.close()


def event(stream: object) -> str:
    """The next event of a stream."""
    for line in stream:  # type: ignore[attr-defined]
        if line.startswith(b"data: "):
            return str(line.decode().removeprefix("data: "))
    raise AssertionError("the stream has ended")


def be_at(page: Caller, index: int | None, **flags: Any) -> int:
    said = {"page": int(page.headers["X-Page"]), "index": index, "atStart": False, "playing": False, "black": False}
    return page.ask("/place", json.dumps(said | flags))[0]


# -- who is let in


def test_a_secret_lets_in_once_with_a_cookie_that_scripts_and_other_sites_do_not_have(
    stranger: Caller, secret: str
) -> None:
    answer = stranger.open("/session", json.dumps({"secret": secret}))
    cookie = answer.getheader("Set-Cookie", "")
    assert answer.status == 200
    assert re.fullmatch(r"astrai-remote-\d+=[\w-]{22}; Path=/; HttpOnly; SameSite=Strict", cookie)
    assert stranger.join(secret) == 403
    assert stranger.ask("/steps")[0] == 403


@pytest.mark.parametrize("wrong", ["", "x", "\ud800", "A" * 22, "null"])
def test_a_wrong_secret_lets_nobody_in_and_spends_nothing(stranger: Caller, secret: str, wrong: str) -> None:
    assert stranger.join(wrong) == 403
    assert stranger.cookie == ""
    assert stranger.join(secret) == 200


def test_every_phone_has_a_secret_of_its_own_and_of_many_the_first_leaves(presentation: Presentation) -> None:
    phones = []
    for _ in range(MOST_SESSIONS + 1):
        assert presentation.invitation
        phones.append(caller(presentation.invitation))
        assert phones[-1].join(secret_of(presentation.invitation)) == 200
    assert len({each.cookie for each in phones}) == MOST_SESSIONS + 1
    assert [each.ask("/steps")[0] for each in phones] == [403] + [200] * MOST_SESSIONS


def test_the_page_of_the_deck_is_given_the_address_and_a_code_of_it(presentation: Presentation, page: Caller) -> None:
    status, content = page.ask("/invite", "")
    told = json.loads(content)
    assert status == 200
    assert told["address"] == presentation.invitation
    assert {len(row) for row in told["rows"]} == {len(told["rows"])}
    # a margin of four, then the finder's corner
    assert told["rows"][3].strip("0") == ""
    assert told["rows"][4][4:12] == "11111110"


# -- what is served


@pytest.mark.parametrize("path", PAGES)
def test_its_page_is_for_everybody(stranger: Caller, path: str) -> None:
    answer = stranger.open(path)
    assert answer.status == 200
    assert "script-src 'self';" in str(answer.getheader("Content-Security-Policy"))


@pytest.mark.parametrize("path", KEPT)
def test_what_is_about_the_deck_is_for_sessions_only(stranger: Caller, path: str) -> None:
    assert stranger.ask(path)[0] == 403
    stranger.cookie = f"astrai-remote-{stranger.port}=AAAAAAAAAAAAAAAAAAAAAA"
    assert stranger.ask(path)[0] == 403
    assert stranger.press("next") == 403


@pytest.mark.parametrize(
    "path",
    ["/deck.html", "/present.html", "/remote.html", "/orders", "/invite", "/../deck.html", "//etc/passwd", "/%00"],
)
def test_nothing_else_is(phone: Caller, path: str) -> None:
    assert phone.ask(path)[0] == 404
    assert phone.ask(path, "{}")[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "{host}", "{host}.:{port}", "{host}:1", ""])
def test_other_hosts_names_are_refused_as_they_are_after_dns_rebinding(phone: Caller, host: str) -> None:
    wrong = host.format(host=phone.host, port=phone.port) or " "
    for path in (*PAGES, *KEPT):
        assert phone.ask(path, Host=wrong)[0] == 403
    assert phone.ask("/press", '{"press": "next"}', Host=wrong)[0] == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://{host}:{port}", "http://{host}:1", ""])
def test_other_origins_press_nothing(phone: Caller, page: Caller, origin: str) -> None:
    wrong = origin.format(host=phone.host, port=phone.port)
    assert phone.ask("/press", '{"press": "next"}', Origin=wrong)[0] == 403
    assert phone.ask("/steps", Origin="http://evil.example")[0] == 403


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"press": 1}', '{"press": "quit"}', "[" * 190, '{"a":1,"b":2}'])
def test_what_means_nothing_is_refused(phone: Caller, page: Caller, body: str) -> None:
    assert phone.ask("/press", body)[0] == 400


def test_oversized_requests_are_refused_before_they_are_read(phone: Caller, page: Caller) -> None:
    assert phone.ask("/press", "x" * 201)[0] == 413
    assert phone.ask("/press", b"", Content_Length="9" * 30)[0] == 413
    assert phone.ask("/press", b"", Content_Length="many")[0] == 411
    assert phone.ask("/" + "x" * 70_000)[0] == 414
    assert phone.ask("/", **{f"X-{number}": "1" for number in range(200)})[0] == 431
    assert page.ask("/picture?page=1&step=1", b"", Content_Length="1000001")[0] == 413
    assert phone.press("next") == 200


# -- what it does


def test_a_press_reaches_the_page_that_shows_the_deck_and_none_before_it_came(phone: Caller, page: Caller) -> None:
    for key in ("next", "back", "black"):
        assert phone.press(key) == 200
        assert json.loads(event(page.orders)) == {"press": key}  # type: ignore[attr-defined]


def test_of_presses_that_no_page_takes_the_last_are_kept(presentation: Presentation, page: Caller) -> None:
    state = presentation._state
    for _ in range(3 * MOST_ORDERS):
        assert state.order("next")
    assert len(state._orders) == MOST_ORDERS


def test_without_a_page_nothing_can_be_pressed_and_of_two_the_last_is_asked(
    presentation: Presentation, phone: Caller, page: Caller
) -> None:
    second = caller(presentation.address)
    orders = second.open("/orders")
    number = json.loads(event(orders))["page"]
    assert list(page.orders)[-3:-1] == [b"event: over\n", b"data: 0\n"]  # type: ignore[attr-defined]
    assert be_at(page, 1) == 409
    assert phone.press("next") == 200
    assert json.loads(event(orders)) == {"press": "next"}
    second.headers["X-Page"] = str(number)
    assert be_at(second, None) == 200
    assert phone.press("next") == 409
    orders.close()


def test_a_phone_is_told_of_steps_and_where_the_deck_is(phone: Caller, page: Caller) -> None:
    steps = json.loads(phone.ask("/steps")[1])
    assert [step["name"] for step in steps] == NAMES
    assert steps[0]["planned"] == 5
    assert steps[0]["title"] == "The title"
    assert "<em>hello</em>" in steps[0]["notes"]
    assert "<script" not in steps[0]["notes"]
    events = phone.open("/events")
    first = json.loads(event(events))
    assert (first["shown"], first["index"], first["atStart"], first["following"]) == (True, 0, True, 0)
    assert not first["begun"]
    be_at(page, 2, playing=True, black=True)
    second = json.loads(event(events))
    assert (second["index"], second["playing"], second["black"], second["following"]) == (2, True, True, 3)
    assert second["begun"]
    assert second["runs"]
    be_at(page, None)
    assert json.loads(event(events))["shown"] is False
    events.close()


@pytest.mark.parametrize("odd", [{"values": [0]}, {"knobs": [0]}, {"values": ["0"]}, {"values": 3}, {"knobs": [-1]}])
def test_a_place_with_knobs_that_the_deck_has_not_is_no_place(page: Caller, odd: dict[str, Any]) -> None:
    assert be_at(page, 1) == 200
    assert be_at(page, 1, **odd) == 409


def test_the_next_picture_is_what_the_page_drew(phone: Caller, page: Caller) -> None:
    number = page.headers["X-Page"]
    assert phone.ask("/picture?step=1")[0] == 404
    assert page.ask(f"/picture?page={number}&step=1", b"<svg onload=alert(1)>")[0] == 409
    assert page.ask(f"/picture?page={number}&step=9", JPEG)[0] == 409
    assert page.ask(f"/picture?page={number}&step=1", JPEG)[0] == 200
    assert phone.ask("/picture?step=1") == (200, JPEG)
    for step in ("-1", "x", "9" * 40, ""):
        assert phone.ask(f"/picture?step={step}")[0] == 404


@pytest.mark.parametrize("index", [-1, 4, 10**30, True, 1.5, "1", [1]])
def test_a_place_that_there_is_not_is_refused(page: Caller, index: int) -> None:
    assert be_at(page, index) == 409


def test_fifty_callers_that_say_nothing_and_one_that_never_reads_hold_nobody_up(
    presentation: Presentation, phone: Caller, page: Caller
) -> None:
    elsewhere = "127.0.0.2"
    address = (phone.host, phone.port)
    idle = [socket.create_connection(address, 20, (elsewhere, 0)) for _ in range(50)]
    # that of the last one that was taken is answered, once those before it were
    deaf = phone.connect()
    deaf.request("GET", "/events", headers={"Cookie": phone.cookie})
    assert presentation._remote
    for _ in range(500):
        be_at(page, 1)
    assert phone.press("next") == 200
    assert json.loads(event(page.orders)) == {"press": "next"}  # type: ignore[attr-defined]
    there = [each.address for each in presentation._remote._connections.values()]
    assert there.count(elsewhere) == MOST_EACH
    for each in (*idle, deaf):
        each.close()


def test_a_session_has_two_streams_and_others_end_in_time(
    presentation: Presentation, phone: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = [phone.open("/events") for _ in range(3)]
    assert [bool(stream.readline()) for stream in streams[1:]] == [True, True]
    assert b"" in [streams[0].readline() for _ in range(8)], "it has ended"
    # so that it is not the silence that ends it
    monkeypatch.setattr("astrai_slides.present.page_server.PageHandler.timeout", 60)
    slow = socket.create_connection((phone.host, phone.port), 20)
    slow.sendall(b"GET / HT")
    monkeypatch.setattr("astrai_slides.present.remote_server.DEADLINE", 0.0)
    assert slow.recv(10) == b""
    assert streams[2].readline() is not None
    for each in streams:
        each.close()
    slow.close()


def test_without_a_remote_control_the_page_is_told_that_there_is_none(content: bytes) -> None:
    with presented(content, host=None) as alone:
        assert alone.invitation is None
        assert caller(alone.address).ask("/invite", "")[0] == 404
