"""`build --open`: what was built is opened in the user's own programs."""

import os
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from astrai_slides.cli import main

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems open files by other programs")

DECK = """
from manim import Circle
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        self.add(Circle())
        self.wait(0.2)

class Other(Deck):
    pass
"""


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What the user's programs were asked to open, once they were asked for `count` files."""
    monkeypatch.chdir(tmp_path)
    Path("deck.py").write_text(DECK, encoding="utf-8")
    told = tmp_path / "told"
    os.mkfifo(told)
    for name in ("xdg-open", "a-browser"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "{name} $1" >> {tmp_path}/opened\necho "$1" > {told}\n', "utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("BROWSER", f"{tmp_path / 'bin' / 'a-browser'} %s &")
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setattr(webbrowser, "_browsers", {})

    def wait() -> list[str]:
        told.read_text("utf-8")  # until a program says what it was given
        return (tmp_path / "opened").read_text("utf-8").splitlines()

    return wait


COMMAND = ["-q", "build", "deck.py", "--quality", "l"]


def test_the_first_format_is_opened_a_page_in_the_browser(opened: Callable[[], list[str]], tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [*COMMAND, "Deck", "--to", "html,pdf", "--open"])
    assert result.exit_code == 0, result.output
    assert opened() == [f"a-browser {(tmp_path / 'Deck.html').as_uri()}"]


def test_other_files_are_opened_by_their_programs_and_pictures_by_their_folder(
    opened: Callable[[], list[str]], tmp_path: Path
) -> None:
    for kind, name in (("pdf", "Deck.pdf"), ("png", "Deck-png")):
        (tmp_path / "opened").unlink(missing_ok=True)
        assert CliRunner().invoke(main, [*COMMAND, "Deck", "--to", f"present,{kind}", "--open"]).exit_code == 0
        assert opened() == [f"xdg-open {tmp_path / name}"]


@pytest.mark.usefixtures("opened")
def test_nothing_is_opened_when_the_build_failed_or_there_is_nothing_to_show(tmp_path: Path) -> None:
    Path("deck.py").write_text(DECK.replace("class Other(Deck):\n    pass", "class Other(Deck):\n    construct = 3"))
    result = CliRunner().invoke(main, [*COMMAND, "--to", "html", "--open"])
    assert result.exit_code == 1
    assert Path("Deck.html").exists(), "one of two was built"
    result = CliRunner().invoke(main, [*COMMAND, "Deck", "--to", "present", "--open"])
    assert result.exit_code == 2
    assert "nothing to show" in result.stderr
    assert not (tmp_path / "opened").exists()


@pytest.mark.usefixtures("opened")
def test_where_no_program_opens_it_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(main, [*COMMAND, "Deck", "--to", "pdf", "--open"])
    assert (result.exit_code, result.stdout) == (0, "Deck.pdf\n")
    assert "Deck.pdf: no program was found that opens it" in result.stderr
