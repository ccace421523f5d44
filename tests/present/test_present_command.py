"""`astrai-slides present` as a speaker starts it, and the deck that it shows, in real Chromium."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from manim_slides.__main__ import cli
from playwright.sync_api import Browser
from presenting import (
    TALK,
    TIMEOUT_MS,
    ShownDeck,
    environment,
    interrupted,
    presenting,
    shown,
    started,
    whole,
    write_project,
)
from remote_phone import caller, secret_of

from astrai_slides.present.qt import command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("presented"))


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    with presenting(project, "present") as served:
        yield served


@pytest.fixture
def deck(chromium: Browser, address: str) -> Iterator[ShownDeck]:
    with shown(chromium, address) as opened:
        yield opened


def test_the_deck_is_the_file_that_was_built_and_keys_are_its_own(project: Path, deck: ShownDeck, address: str) -> None:
    deck.rest("title", "start")
    deck.press("PageDown")
    deck.rest("title")
    assert deck.page.title() == "Small talk"
    assert deck.page.request.get(f"{address}deck.html").body() == (project / "presentations/talk.html").read_bytes()
    assert deck.deck.locator("#controls").count() == 0


def test_a_reload_comes_back_to_the_step(deck: ShownDeck) -> None:
    deck.press("PageDown", "PageDown")
    deck.rest("flow/static")
    deck.page.reload()
    ShownDeck(deck.page, whole(deck.page)).rest("flow/static")


def test_keys_of_the_page_are_the_decks(deck: ShownDeck) -> None:
    deck.page.evaluate("document.activeElement.blur()")
    deck.press("PageDown")
    deck.rest("title")


def test_s_opens_the_speaker_view(deck: ShownDeck) -> None:
    with deck.page.expect_popup() as waiting:
        deck.press("s")
    view = waiting.value
    view.wait_for_selector("html[data-step]", state="attached", timeout=TIMEOUT_MS)
    view.keyboard.press("PageDown")
    deck.rest("title")


def test_ctrl_c_ends_it_at_once_and_nothing_is_left(project: Path, chromium: Browser) -> None:
    process = started(project, "present", "presentations/talk.toml")
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    listening = [each for each in family[0].net_connections("inet") if each.status == psutil.CONN_LISTEN]
    assert [each.laddr.ip for each in listening] == ["127.0.0.1"]
    with shown(chromium, address):
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
    assert psutil.wait_procs(family, timeout=10)[1] == []
    rest, said = process.communicate()
    assert rest == ""
    assert "speaker view" in said


@pytest.mark.long
def test_a_remote_control_listens_where_it_says_and_tells_of_who_was_let_in(project: Path) -> None:
    process = started(project, "present", "--remote", "--host", "127.0.0.1")
    assert process.stdout is not None
    assert process.stderr is not None
    address = process.stdout.readline().strip()
    invitation = next(line.split()[-1] for line in process.stderr if "opens it first" in line)
    listening = [
        f"http://{each.laddr.ip}:{each.laddr.port}/"
        for each in psutil.Process(process.pid).net_connections("inet")
        if each.status == psutil.CONN_LISTEN
    ]
    assert sorted(listening) == sorted([address, invitation.partition("#")[0]])
    assert caller(invitation).join(secret_of(invitation)) == 200
    assert "A phone was let in, from 127.0.0.1." in interrupted(process)[1]


def test_the_deck_goes_on_when_the_server_dies(project: Path, chromium: Browser) -> None:
    process = started(project, "present", "talk")
    assert process.stdout is not None
    with shown(chromium, process.stdout.readline().strip()) as deck:
        process.kill()
        process.communicate()
        deck.press("PageDown")
        deck.rest("title")
        deck.press("PageDown")
        deck.rest("flow/static")


def test_what_was_edited_is_built_first(project: Path, chromium: Browser) -> None:
    talk = project / "presentations" / "talk.toml"
    talk.write_text(TALK.replace("Small talk", "Edited"), "utf-8")
    with presenting(project, "present") as address, shown(chromium, address) as deck:
        assert deck.page.title() == "Edited"
    talk.write_text(TALK, "utf-8")


@pytest.mark.long
def test_a_port_that_is_taken_is_told_of(project: Path, address: str) -> None:
    port = address.rstrip("/").rpartition(":")[2]
    _, said = started(project, "present", "--port", port).communicate(timeout=60)
    assert f"port {port} cannot be had" in said


def test_an_unknown_talk_and_scenes_of_a_talk_are_wrong_usage(project: Path) -> None:
    for words, reason in ((["absent"], "there is no talk 'absent'"), (["talk", "Talk"], "names its scenes itself")):
        process = started(project, "present", *words)
        assert reason in process.communicate(timeout=60)[1]
        assert process.returncode == 2


@pytest.mark.long
def test_qt_builds_and_hands_over_and_passes_the_exit_code_on(project: Path, tmp_path: Path) -> None:
    fake = tmp_path / "manim_slides" / "__main__.py"
    fake.parent.mkdir()
    fake.with_name("__init__.py").write_text("")
    fake.write_text("import json, sys; print(json.dumps(sys.argv[1:])); sys.exit(7)")
    words = [sys.executable, "-m", "astrai_slides", "present", "talk", "--qt"]
    subprocess.run([*words[:3], "build", "talk", "--to", "present"], cwd=project, env=environment(project), check=True)
    # of a deck that is built, only the process that is handed over to imports it
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    variables = environment(project) | {"PYTHONPATH": paths}
    done = subprocess.run(words, cwd=project, env=variables, capture_output=True, text=True)
    assert done.returncode == 7, done.stderr
    said = next(line for line in done.stderr.splitlines() if line.startswith("manim-slides present"))
    assert done.stdout.split('"')[1::2] == shlex.split(said)[1:]
    assert (project / "slides" / "Talk.json").is_file()


def test_manim_slides_takes_the_command(project: Path) -> None:
    (project / "slides").mkdir(exist_ok=True)
    _, name, *arguments = command(project / "slides" / "Talk.json")
    taken = cli.commands[name].make_context(name, arguments, resilient_parsing=True)
    assert taken.params["full_screen"]
    assert taken.params["scenes"] == ("Talk",)
