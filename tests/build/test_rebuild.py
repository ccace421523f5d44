"""A build for whoever waits for the next edit: faults and their lines, and what was read however far it came."""

from pathlib import Path

import pytest

from astrai_slides.base.inputs import ABSENT, digest
from astrai_slides.build.plan import UnknownTargetError
from astrai_slides.build.rebuild import previewed, rebuild

DECK = """from manim import Scene, Square


class One(Scene):
    def construct(self):
        self.add(Square())
        self.wait(0.1)
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    return folder


def test_a_file_of_several_scenes_is_one_deck_of_which_is_told_what_it_read(project: Path, tmp_path: Path) -> None:
    (project / "deck.py").write_text(
        f"import helper\n{DECK}\n\nclass Two(One):\n    def construct(self):\n        self.wait(0.1)\n"
    )
    (project / "helper.py").touch()
    outcome = rebuild("deck.py", [], tmp_path / "out")
    assert outcome.fault is None
    assert outcome.file == tmp_path / "out" / "deck.html"
    assert {str(project / "deck.py"), str(project / "helper.py")} <= outcome.read.keys()
    assert not [path for path in outcome.read if path.startswith((str(tmp_path / "out"), str(tmp_path / "cache")))]
    again = rebuild("deck.py", [], tmp_path / "out")
    assert outcome.read.keys() >= {str(project / "helper.py")} <= again.read.keys()


@pytest.mark.parametrize(
    ("deck", "place", "text"),
    [
        (DECK.replace("Square())", "Squar())"), ("deck.py", 6), "self.add(Squar())"),
        (DECK.replace("construct(self):", "construct(self)"), ("deck.py", 5), "def construct(self)"),
        (f"import helper\n{DECK}", ("helper.py", 1), "1 / 0"),
        (DECK.replace("self.wait", "raise KeyError; self.wait"), ("deck.py", 7), "raise KeyError; self.wait(0.1)"),
    ],
)
def test_a_fault_has_its_file_line_and_text(
    project: Path, tmp_path: Path, deck: str, place: tuple[str, int], text: str
) -> None:
    (project / "deck.py").write_text(deck)
    (project / "helper.py").write_text("1 / 0\n")
    outcome = rebuild("deck.py", [], tmp_path / "out")
    assert outcome.file is None
    assert outcome.fault is not None
    assert (outcome.fault.file, outcome.fault.line, outcome.fault.text) == (*place, text)
    assert f"{place[0]}:{place[1]}" in str(outcome.fault)
    assert str(project / "deck.py") in outcome.read


def test_a_fault_of_a_talk_file_has_its_line(project: Path, tmp_path: Path) -> None:
    (project / "talk.toml").write_text('scene = "deck.py:One"\ntitle = \n')
    outcome = rebuild("talk.toml", [], tmp_path / "out")
    assert outcome.fault is not None
    assert (outcome.fault.file, outcome.fault.line, outcome.fault.text) == ("talk.toml", 2, "title =")


def test_what_was_missing_is_watched_for(project: Path, tmp_path: Path) -> None:
    (project / "deck.py").write_text(f"import helper\n{DECK}".replace("Square()", "open('data.csv')"))
    outcome = rebuild("deck.py", [], tmp_path / "out")
    assert outcome.read[str(project)] == digest(project), "where the module may be put"
    (project / "helper.py").touch()
    assert rebuild("deck.py", [], tmp_path / "out").read[str(project / "data.csv")] == ABSENT


def test_the_only_talk_is_meant_and_what_is_not_there_is_said(project: Path) -> None:
    with pytest.raises(UnknownTargetError, match="has 0 talks"):
        previewed(None)
    (project / "presentations").mkdir()
    (project / "presentations" / "a.toml").touch()
    assert previewed(None) == str(Path("presentations") / "a.toml")
    assert previewed("a") == "a"
    with pytest.raises(UnknownTargetError, match=r"no deck other\.py"):
        previewed("other.py")
    (project / "presentations" / "b.toml").touch()
    with pytest.raises(UnknownTargetError, match="a, b"):
        previewed(None)
