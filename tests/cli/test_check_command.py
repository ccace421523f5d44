"""`astrai-slides check` on small decks, and what `build` says of the same."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from astrai_slides.build import checking
from astrai_slides.cli import main

pytestmark = pytest.mark.long

DECK = """
from manim import DOWN, Scene, Text


class Small(Scene):
    def construct(self):
        self.add(Text("TINY", font_size=12), Text("large").shift(DOWN))


class Good(Scene):
    def construct(self):
        self.add(Text("readable"))
"""
OURS = """
from manim import DOWN, Text
from astrai_slides.deck.base import Deck


class Mine(Deck):
    def construct(self):
        self.step("one", title="One", notes="Say it.")
        self.add(Text("TINY", font_size=12))
        self.wait(0.1)
        self.step("two", title="Two", notes="And this.")
        self.add(Text("TEENY", font_size=12).shift(DOWN))
        self.wait(0.1)
"""
TALK = 'scene = "deck.py:Mine"\n\n[check]\noff = [{ rule = "too-small", step = "one", reason = "it is a test" }]\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["-q", *words])


def test_errors_end_it_with_1_and_warnings_only_if_strict(project: Path) -> None:
    small = run("check", "deck.py", "Small")
    assert small.exit_code == 1
    assert "error   too-small: “TINY” is too small" in small.stdout
    assert "deck.py:7\n" in small.stdout
    good = run("check", "deck.py", "Good")
    assert (good.exit_code, run("check", "deck.py", "Good", "--strict").exit_code) == (0, 1)
    assert good.stdout.startswith("Good: 1 step, 0 errors, 1 warning\n")


def test_findings_are_kept_with_the_recording(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("check", "deck.py", "Small", "--json")
    with monkeypatch.context() as patched:
        patched.setattr(checking, "checked_scene", lambda *_: pytest.fail("it was looked through again"))
        patched.setattr(checking.Memory, "known_recording", lambda *_: pytest.fail("it was read again"))
        assert run("check", "deck.py", "Small", "--json").stdout == first.stdout
    (deck,) = json.loads(first.stdout)
    assert [each["rule"] for each in deck["findings"] if each["severity"] == "error"] == ["too-small"]
    # a comment changes no picture, and what is found nevertheless
    added = '# check: off too-small a test\n        self.add(Text("TINY"'
    lines = DECK.replace('self.add(Text("TINY"', added)
    (project / "deck.py").write_text(lines, "utf-8")
    (deck,) = json.loads(run("check", "deck.py", "Small", "--json").stdout)
    assert [(each["rule"], each["reason"]) for each in deck["off"]] == [("too-small", "a test")]


def test_a_build_leaves_what_it_found_to_check(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("build", "deck.py", "Small", "--to", "notes").exit_code == 0
    monkeypatch.setattr(checking, "checked_scene", lambda *_: pytest.fail("it was looked through again"))
    assert "“TINY” is too small" in run("check", "deck.py", "Small").stdout


def test_github_and_report(project: Path) -> None:
    said = run("check", "deck.py", "--github", "--report", "page.html")
    assert said.stdout.startswith("::error file=deck.py,line=7,title=too-small%2C step 1::“TINY” is too small")
    page = (project / "page.html").read_text("utf-8")
    assert "<h1>Small</h1>" in page
    assert "<h1>Good</h1>" in page
    assert run("check", "deck.py", "--github", "--json").exit_code == 2
    assert run("check", "dekc.py").exit_code == 2


def test_a_talk_switches_rules_off_and_a_build_says_the_rest(project: Path) -> None:
    (project / "deck.py").write_text(OURS, "utf-8")
    (project / "talk.toml").write_text(TALK, "utf-8")
    (deck,) = json.loads(run("check", "talk.toml", "--json").stdout)
    assert [(each["step"], each["rule"]) for each in deck["findings"]] == [("two", "too-small")]
    assert [(each["step"], each["reason"]) for each in deck["off"]] == [("one", "it is a test")]
    built = json.loads(run("build", "talk.toml", "--to", "notes", "--quality", "l", "--json").stdout)
    (warning,) = built["warnings"]["check"]
    assert warning["text"].startswith("step 'two': “TEENY” is too small (capitals and digits are 1.5% of")
    for wrong, said in (
        ('"one"', "entry 1: there is no step 'gone'; the deck has: one, two"),
        ('"too-small"', "entry 1: there is no rule 'gone'"),
    ):
        (project / "talk.toml").write_text(TALK.replace(wrong, '"gone"'), "utf-8")
        failed = run("check", "talk.toml")
        assert failed.exit_code == 1
        assert said in failed.output
