"""A presentation in Firefox: the deck in one, the phone in another, while many others hold on to its servers."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from firefox import Firefox, firefox, firefox_path
from presenting import started, write_project
from previewing import fifty_others

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32" or firefox_path() is None, reason="there is no Firefox here"),
    pytest.mark.wide,
]

STATUS = "return (await fetch('{}')).status;"


def marks(**data: str) -> str:
    return "".join(f"[data-{name}='{value}']" for name, value in data.items())


def test_a_phone_drives_the_deck_which_goes_on_when_the_server_is_killed(tmp_path: Path) -> None:
    for name in ("project", "laptop", "phone"):
        (tmp_path / name).mkdir()
    process = started(write_project(tmp_path / "project"), "present", "--remote", "--host", "127.0.0.1")
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    with (
        _ended(process),
        fifty_others(address, "/deck.html"),
        fifty_others((invitation := _invitation(process)), "/remote.js", "127.0.0.2"),
        firefox(tmp_path / "laptop") as laptop,
        firefox(tmp_path / "phone") as phone,
    ):
        laptop.open(address)
        laptop.wait(marks(state="ready"))
        assert laptop.run(STATUS.format("/deck.py")) == 404
        assert laptop.run(STATUS.format("/presentations/talk.toml")) == 404
        phone.call("WebDriver:Navigate", url=invitation)
        phone.wait(marks(state="ready", step="title", at="start"))
        assert phone.run(STATUS.format("/deck.html")) == 404
        laptop.call("WebDriver:SwitchToFrame", id=0)
        _rest(laptop, marks(step="title", at="start"))
        _press(phone, "next")
        _rest(laptop, marks(step="title", at="end"))
        _press(phone, "next")
        _rest(laptop, marks(step="flow/static", at="end"))
        phone.wait(marks(step="flow/static"))
        _press(phone, "black")
        phone.wait(marks(black="true"))
        assert laptop.run("return document.querySelector('.reveal').matches('.paused');") is True
        _press(phone, "back")  # which only gives the picture back
        phone.wait(marks(step="flow/static", black="false"))
        _press(phone, "back")
        _rest(laptop, marks(step="title", at="end"))
        phone.wait(marks(step="title"))
        process.kill()
        laptop.press("PageDown")
        _rest(laptop, marks(step="flow/static", at="end"))
        laptop.press("PageDown")
        _rest(laptop, marks(step="flow/continuous", at="end"))
        phone.wait(marks(state="alone"))


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def _invitation(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    return next(line.split()[-1] for line in process.stderr if "opens it first" in line)


def _rest(laptop: Firefox, wanted: str) -> None:
    """Wait until the deck, in its frame, stands still there."""
    told = f"""return document.documentElement.matches("html{wanted}[data-playing='false']");"""
    while laptop.run(told) is not True:
        laptop.run("await new Promise((resolve) => setTimeout(resolve, 50));")


def _press(phone: Firefox, button: str) -> None:
    phone.run(f"document.getElementById('{button}').click();")
