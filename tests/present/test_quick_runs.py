"""Runs that go on from snapshots: what they find is what a recording from nothing has, and nothing of them is left."""

import ast
import base64
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from driven_runs import CORPUS, SMALL, Driven

from astrai_slides.base.forks import FORKS
from astrai_slides.present.changes import taken_apart
from astrai_slides.recording.format.codec import decode_step
from astrai_slides.recording.format.model import Step
from astrai_slides.recording.run.record import record_file

pytestmark = [
    pytest.mark.skipif(not FORKS, reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore"),
]

DECK = """
from helping import grow
from manim import BLUE, Circle, FadeIn, RIGHT, Square, UP
from manim_slides import Slide

COLOUR = BLUE

class Talk(Slide):
    def construct(self):
        self.box = Square(color=COLOUR)
        self.first()
        self.second()
        self.third()

    def first(self):
        self.play(FadeIn(self.box), run_time=0.5)
        self.next_slide()

    def second(self):
        self.play(self.box.animate.shift(RIGHT), run_time=0.5)
        self.next_slide()

    def third(self):
        grow(self, self.box)
"""
HELPER = """
def grow(scene, box):
    scene.play(box.animate.scale(2), run_time=0.5)
"""


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    (tmp_path / "helping.py").write_text(HELPER, "utf-8")
    path = tmp_path / "deck.py"
    path.write_text(SMALL + DECK, "utf-8")
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "begun", "whole"),
    [
        ("deck.py", "shift(RIGHT)", "shift(2 * RIGHT)", 1, 1),
        ("deck.py", "FadeIn(self.box), run_time=0.5", "FadeIn(self.box), run_time=0.9", 1, 0),
        (
            "deck.py",
            "        self.third()",
            "        self.play(FadeIn(self.box))\n        self.third()",
            1,
            2,
        ),
        ("helping.py", "scale(2)", "scale(3)", 1, 2),
        ("deck.py", "COLOUR = BLUE", "COLOUR = 'red'", 1, 0),
        ("deck.py", "class Talk", "COLOUR = COLOUR\n\nclass Talk", 2, None),
        ("deck.py", "self.box = Square(color=COLOUR)", "self.box = Circle(color=COLOUR)", 1, 0),
    ],
)
@pytest.mark.long
def test_an_edit_is_gone_on_with_and_finds_what_a_recording_has(
    driven: Callable[..., Driven], deck: Path, file: str, old: str, new: str, begun: int, whole: int | None
) -> None:
    runs = driven()
    runs.run("deck.py")
    assert [each.place for each in runs.before_steps] == [0, 1, 2, 3]
    edit(deck.with_name(file), old, new)
    runs.run("deck.py")
    assert runs.begun == begun
    found = runs.finds(deck, "Talk")
    assert whole is None or whole in found


@pytest.mark.long
def test_the_end_of_the_edited_step_is_shown_before_its_motion_and_the_rest(
    driven: Callable[..., Driven], deck: Path
) -> None:
    runs = driven()
    runs.run("deck.py")
    edit(deck, "FadeIn(self.box), run_time=0.5", "FadeIn(self.box.scale(2)), run_time=0.5")
    runs.run("deck.py")
    pages = [taken_apart(each.read_text("utf-8")) for each in runs.pages]
    first, second = (
        decode_step(zlib.decompress(base64.b64decode(page.parts["chunk-0"][1])), Step.blank(), {}) for page in pages[:2]
    )
    assert len(first.frames) == 1
    assert len(second.frames) > 1
    assert first.end == second.end
    assert len(pages[0].header["steps"]) == 1
    assert len(pages[-1].header["steps"]) == 3


LONGER = """
    def second(self):
        self.play(self.box.animate.shift(RIGHT), run_time=0.5)
        for way in (UP, -UP):
            self.both(way)
            self.play(self.box.animate.shift(way), run_time=0.2)
        self.play(self.box.animate.shift(UP), run_time=0.3)
        self.next_slide()

    def both(self, way):
        self.play(self.box.animate.shift(way), run_time=0.2)
        size = 3
        self.wait(0.1)
"""


@pytest.mark.long
def test_an_edit_in_the_middle_of_a_step_is_gone_on_with_there(
    driven: Callable[..., Driven], deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("astrai_slides.build.quick._WORTH_S", 0.0)
    text = deck.read_text("utf-8")
    start, stop = text.index("    def second"), text.index("    def third")
    deck.write_text(text[:start] + LONGER.lstrip("\n") + "\n" + text[stop:], "utf-8")
    runs = driven()
    runs.run("deck.py")
    begins: list[Any] = []
    begin = runs.runs._go_on
    monkeypatch.setattr(runs.runs, "_go_on", lambda each, more: begins.append(each) or begin(each, more))
    construct, second, both = (f"{deck}:Talk.{name}" for name in ("construct", "second", "both"))
    for old, new, inside, plays in (
        # of a method
        ("shift(UP), run_time=0.3", "shift(2 * UP), run_time=0.3", {second: 2}, 8),
        # of the method that called the one which is under way, when that is done
        ("        self.next_slide()\n\n    def both", "        self.wait(0.4)\n\n    def both", {second: 3}, 9),
        # of one that is called twice nothing may change that was carried out
        ("size = 3", "size = 3\n        self.play(self.box.animate.scale(2))", {second: 2, both: 1}, 3),
        # at the end of `construct`
        ("        self.third()\n", "        self.third()\n        self.wait(0.4)\n", {}, 13),
    ):
        begins.clear()
        edit(deck, old, new)
        runs.run("deck.py")
        chosen = begins[0]
        assert (dict(chosen.inside), chosen.plays, chosen.construct, chosen.amid) == (inside, plays, construct, True)
        assert runs.begun == 1
        assert 1 in runs.finds(deck, "Talk")


@pytest.mark.long
def test_an_edit_that_is_taken_back_goes_on_as_well(driven: Callable[..., Driven], deck: Path) -> None:
    runs = driven()
    runs.run("deck.py")
    for old, new in (("scale(2)", "scale(3)"), ("scale(3)", "scale(2)")):
        edit(deck.with_name("helping.py"), old, new)
        runs.run("deck.py")
    assert runs.begun == 1
    runs.finds(deck, "Talk")


@pytest.mark.long
def test_each_of_several_edits_shows_the_motion_of_its_own_step(driven: Callable[..., Driven], deck: Path) -> None:
    runs = driven()
    runs.run("deck.py")
    edit(deck, "shift(RIGHT)", "shift(2 * RIGHT)")
    runs.run("deck.py")
    edit(deck.with_name("helping.py"), "scale(2)", "scale(3)")
    runs.run("deck.py")
    assert runs.begun == 1
    assert 2 in runs.finds(deck, "Talk")


@pytest.mark.long
def test_what_cannot_be_put_in_place_is_run_from_the_begin(driven: Callable[..., Driven], deck: Path) -> None:
    edit(deck, "    def third(self):", "    @kept\n    def third(self):")
    edit(deck, "class Talk", "def kept(function):\n    return lambda scene: function(scene)\n\nclass Talk")
    runs = driven()
    runs.run("deck.py")
    edit(deck, "grow(self, self.box)", "self.play(FadeIn(Circle()), run_time=0.5)")
    runs.run("deck.py")
    assert runs.begun == 2
    runs.finds(deck, "Talk")


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 2])
def test_the_step_that_begins_next_is_recorded_meanwhile(
    driven: Callable[..., Driven], deck: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """With two processors from the begin, with one when its end is known."""
    monkeypatch.setattr("astrai_slides.present.quick_runs.processors", lambda: count)
    runs = driven()
    runs.run("deck.py")
    ahead: list[bool] = []
    begin = runs.runs._go_on
    monkeypatch.setattr(runs.runs, "_go_on", lambda each, more: ahead.append("later" in more) or begin(each, more))
    edit(deck, "shift(RIGHT)", "shift(2 * RIGHT)")
    runs.run("deck.py")
    assert ahead == [False, count > 1]  # one run goes on, one records
    assert 1 in runs.finds(deck, "Talk")


@pytest.mark.long
def test_another_step_than_that_which_begins_next_is_recorded_as_well(
    driven: Callable[..., Driven], deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(deck, "        self.first()\n        self.second()\n", "        self.both()\n")
    edit(deck, "    def first", "    def both(self):\n        self.first()\n        self.second()\n\n    def first")
    monkeypatch.setattr("astrai_slides.present.quick_runs.processors", lambda: 2)
    runs = driven()
    runs.run("deck.py")
    edit(deck, "shift(RIGHT)", "shift(2 * RIGHT)")
    runs.run("deck.py")
    assert 1 in runs.finds(deck, "Talk")


@pytest.mark.long
def test_the_step_under_way_is_recorded_from_a_snapshot_before_it(driven: Callable[..., Driven], deck: Path) -> None:
    edit(deck, "shift(RIGHT), run_time=0.5)\n        self.next_slide()", "shift(RIGHT), run_time=0.5)")
    runs = driven()
    runs.run("deck.py")
    assert [(each.place, each.cuts) for each in runs.before_steps] == [(0, 0), (1, 0), (2, 1), (3, 1)]
    edit(deck.with_name("helping.py"), "scale(2)", "scale(3)")
    runs.run("deck.py")
    assert 1 in runs.finds(deck, "Talk")


@pytest.mark.long
def test_a_step_of_a_loop_is_gone_on_with(driven: Callable[..., Driven], deck: Path) -> None:
    calls = "        self.first()\n        self.second()\n        self.third()\n"
    edit(
        deck,
        calls,
        "        for step in (self.first, self.second, self.third):\n            step()\n            self.mark()\n",
    )
    edit(deck, "    def first", "    def mark(self):\n        pass\n\n    def first")
    runs = driven()
    runs.run("deck.py")
    assert [(each.place, each.cuts) for each in runs.before_steps if each.turn] == [(1, 1), (1, 2), (1, 2)]
    edit(deck, "shift(RIGHT)", "shift(2 * RIGHT)")
    runs.run("deck.py")
    assert runs.begun == 1
    assert 1 in runs.finds(deck, "Talk")


@pytest.mark.long
def test_a_scene_of_several_is_gone_on_with(driven: Callable[..., Driven], deck: Path) -> None:
    again = DECK[DECK.index("class Talk") :].replace("class Talk", "class Again").replace("scale(2)", "scale(3)")
    deck.write_text(deck.read_text("utf-8") + "\n\n" + again, "utf-8")
    runs = driven()
    runs.run("deck.py")
    assert [(each.scene, each.place) for each in runs.before_steps] == [
        (part, place) for part in (0, 1) for place in range(4)
    ]
    runs.finds(deck, "Talk", "Again")
    text = deck.read_text("utf-8")
    for place, whole in ((text.rindex("shift(RIGHT)"), 4), (text.index("shift(RIGHT)"), 1)):
        deck.write_text(text[:place] + "shift(2 * RIGHT)" + text[place + len("shift(RIGHT)") :], "utf-8")
        runs.run("deck.py")
        assert runs.begun == 1
        assert whole in runs.finds(deck, "Talk", "Again")
        deck.write_text(text, "utf-8")
        runs.run("deck.py")


@pytest.mark.long
def test_snapshots_that_take_too_much_memory_are_let_go_and_none_is_left_at_last(
    driven: Callable[..., Driven], deck: Path
) -> None:
    runs = driven(largest=1)
    runs.run("deck.py")
    (left,) = runs.runs.waiting
    assert left.place == 0
    processes = [psutil.Process(left.pid)]
    runs.runs.close()
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert alive == []


@pytest.mark.long
def test_a_deck_that_reaches_out_is_run_once_only(driven: Callable[..., Driven], deck: Path) -> None:
    edit(deck, "        self.third()", "        open('log', 'a').write('x')\n        self.third()")
    runs = driven()
    runs.run("deck.py")
    assert not deck.with_name("log").exists()
    assert [each.place for each in runs.before_steps] == [0, 1, 2]


def scenes() -> list[Any]:
    scene = re.compile(r"^class (\w+)\(.*Slide\b.*\):", re.MULTILINE)
    found = [(deck, name) for deck in sorted(CORPUS.glob("*.py")) for name in scene.findall(deck.read_text("utf-8"))]
    return [
        pytest.param(deck, name, id=name, marks=() if number % 24 == 5 else pytest.mark.wide)
        for number, (deck, name) in enumerate(found)
    ]


@pytest.mark.long
@pytest.mark.parametrize(("source", "name"), scenes())
def test_an_edit_of_a_scene_of_the_corpus_finds_what_a_recording_has(
    driven: Callable[..., Driven], tmp_path: Path, source: Path, name: str
) -> None:
    deck = tmp_path / source.name
    text = SMALL + source.read_text("utf-8")
    deck.write_text(text, "utf-8")
    runs = driven()
    runs.run(deck.name, name)
    # the last statement of its construct is followed by another
    tree = ast.parse(text)
    scene = next(each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == name)
    construct = next(each for each in scene.body if isinstance(each, ast.FunctionDef) and each.name == "construct")
    lines = text.splitlines(keepends=True)
    lines.insert(construct.end_lineno or 0, "        self.wait(0.4)\n")
    deck.write_text("".join(lines), "utf-8")
    runs.run(deck.name, name)
    found = runs.finds(deck, name)
    film = record_file(deck, name).recording.steps[-1].film
    assert film is not None or len(runs.chunks) - 1 in found
