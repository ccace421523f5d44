"""Runs that go on from snapshots: what they find is what a recording from nothing has, and nothing of them is left."""

import ast
import base64
import os
import re
import select
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from astrai_slides.base.forks import FORKS
from astrai_slides.build.quick import run_quickly
from astrai_slides.present.changes import taken_apart
from astrai_slides.present.quick_runs import QuickRuns
from astrai_slides.recording.format.codec import decode_step, encoded
from astrai_slides.recording.format.model import Step
from astrai_slides.recording.run.record import record_file

pytestmark = [
    pytest.mark.skipif(not FORKS, reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore"),
]

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
SMALL = "from manim import config as _c\n_c.frame_rate = 6\n_c.pixel_width, _c.pixel_height = 426, 240\n"
WAIT_S = 120.0
"""Seconds without a word after which a test fails."""

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


class Driven:
    """Runs of a deck, each of which is waited for."""

    def __init__(self, folder: Path, largest: int) -> None:
        self.quick = folder / "quick"
        self.quick.mkdir()
        self.told: list[dict[str, Any]] = []
        self.runs = QuickRuns(self._begin, lambda **told: self.told.append(told), largest=largest)
        self.begun = 0
        """How many runs went from the begin."""

    def _begin(self, order: dict[str, Any], channel: socket.socket, others: list[socket.socket]) -> None:
        self.begun += 1
        parent = os.getpid()
        if not os.fork():
            for each in others:
                each.close()
            run_quickly(order, channel, parent)

    def run(self, target: str, *scenes: str) -> None:
        """Run the deck as it is now, to its end."""
        self.told.clear()
        self.runs.begin({"order": 1, "target": target, "scenes": list(scenes), "quick": str(self.quick)})
        while self.runs.heard:
            ready, _, _ = select.select(self.runs.heard, [], [], WAIT_S)
            assert ready, "nothing was said for long"
            for each in ready:
                self.runs.receive(each)

    @property
    def chunks(self) -> list[bytes]:
        """What the last page has of each step."""
        (*_, last) = [told["page"] for told in self.told if "page" in told]
        page = taken_apart(Path(last).read_text("utf-8"))
        packed = [page.parts[f"chunk-{place}"][1] for place in range(len(page.header["steps"]))]
        return [zlib.decompress(base64.b64decode(each)) for each in packed]

    def finds(self, deck: Path, name: str) -> set[int]:
        """Compare with what a recording from nothing has; return the steps that are whole."""
        recorded = record_file(deck, name).recording.steps
        assert len(self.chunks) == len(recorded)
        for chunk, step in zip(self.chunks, recorded, strict=True):
            assert decode_step(chunk, Step.blank(), {}).end == step.end
        return {
            place
            for place, (chunk, step) in enumerate(zip(self.chunks, recorded, strict=True))
            if chunk == encoded(step).data
        }


@pytest.fixture
def driven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Driven]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / ".cache"))
    made: list[Driven] = []
    before = {each.pid for each in psutil.Process().children()}  # such as a browser's driver

    def make(largest: int = 10**12) -> Driven:
        made.append(Driven(tmp_path, largest))
        return made[-1]

    yield make
    for each in made:
        each.runs.close()
    while left := [each for each in psutil.Process().children() if each.pid not in before]:
        for each in left:
            with suppress(ChildProcessError):
                os.waitpid(each.pid, 0)


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
        ("deck.py", "COLOUR = BLUE", "COLOUR = 'red'", 2, None),
        ("deck.py", "self.box = Square(color=COLOUR)", "self.box = Circle(color=COLOUR)", 1, 0),
    ],
)
@pytest.mark.long
def test_an_edit_is_gone_on_with_and_finds_what_a_recording_has(
    driven: Callable[..., Driven], deck: Path, file: str, old: str, new: str, begun: int, whole: int | None
) -> None:
    runs = driven()
    runs.run("deck.py")
    assert [each.place for each in runs.runs.waiting] == [0, 1, 2, 3]
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
    pages = [taken_apart(Path(told["page"]).read_text("utf-8")) for told in runs.told if "page" in told]
    first, second = (
        decode_step(zlib.decompress(base64.b64decode(page.parts["chunk-0"][1])), Step.blank(), {}) for page in pages[:2]
    )
    assert len(first.frames) == 1
    assert len(second.frames) > 1
    assert first.end == second.end
    assert len(pages[0].header["steps"]) == 1
    assert len(pages[-1].header["steps"]) == 3


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
    assert [each.place for each in runs.runs.waiting] == [0, 1, 2]


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
