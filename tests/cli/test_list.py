"""`astrai-slides list`, as typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from astrai_slides.cli import main

DECK = """
from manim_slides import Slide

class Plain(Slide):
    def construct(self):
        self.wait(0.5)
        self.next_slide(notes="# Then\\nsay it")
        self.wait(0.5)
"""


@pytest.fixture(autouse=True)
def _deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("deck.py").write_text(DECK, encoding="utf-8")


def test_steps_are_listed_in_order() -> None:
    result = CliRunner().invoke(main, ["list", "deck.py"])
    assert result.exit_code == 0, result.output
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["Plain:", "Plain", "(deck.py:Plain)"],
        ["1", "1"],
        ["2", "2", "Then"],
    ]


def test_json_holds_the_same() -> None:
    result = CliRunner().invoke(main, ["list", "deck.py", "--json"])
    assert json.loads(result.stdout) == [
        {
            "name": "Plain",
            "title": "Plain",
            "file": "deck.py",
            "scene": "Plain",
            "steps": [{"name": "1", "title": "1"}, {"name": "2", "title": "Then"}],
        }
    ]


def test_files_are_named_from_the_working_directory_if_they_lie_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    for here, named in ((tmp_path, "deck.py"), (inner, (tmp_path / "deck.py").as_posix())):
        monkeypatch.chdir(here)
        (here / "talk.toml").write_text(f'scene = "{(tmp_path / "deck.py").as_posix()}:Plain"\ntitle = "T"\n', "utf-8")
        result = CliRunner().invoke(main, ["list", "talk.toml", "--json"])
        assert [each["file"] for each in json.loads(result.stdout)] == [named]


def test_an_unknown_talk_is_wrong_usage() -> None:
    result = CliRunner().invoke(main, ["list", "absent"])
    assert result.exit_code == 2
    assert "there is no talk 'absent'" in result.stderr
