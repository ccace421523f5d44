"""How steps end is the same whether every frame is played or none."""

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from astrai_slides.recording.format.codec import encode_step
from astrai_slides.recording.format.container import end_digest
from astrai_slides.recording.format.model import Blob, Step
from astrai_slides.recording.run.ends import EndRun, Wanted
from astrai_slides.recording.run.load import load_scene
from astrai_slides.recording.run.record import Order, record_file

pytestmark = pytest.mark.filterwarnings("ignore")

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SMALL = Order(fps=6, width=426, height=240)
TENTH = 10


def scenes() -> list[Any]:
    scene = re.compile(r"^class (\w+)\(.*(?:Slide|Scene)\b.*\):", re.MULTILINE)
    found = [(deck, name) for deck in sorted(CORPUS.glob("*.py")) for name in scene.findall(deck.read_text("utf-8"))]
    return [
        pytest.param(deck, name, id=name, marks=() if number % TENTH == 3 else pytest.mark.wide)
        for number, (deck, name) in enumerate(found)
    ]


def ends_of(deck: Path, name: str) -> list[Step]:
    steps: list[Step] = []

    def ended(place: int, step: Step, blobs: Mapping[str, Blob]) -> None:
        assert place == len(steps)
        steps.append(step)

    EndRun(ended, lambda: None).run(lambda: load_scene(deck, name), deck, SMALL, lambda: None)
    return steps


def same_ends(deck: Path, name: str) -> None:
    whole = record_file(deck, name, SMALL).recording.steps
    ends = ends_of(deck, name)
    assert [step.name for step in ends] == [step.name for step in whole]
    for end, step in zip(ends, whole, strict=True):
        assert step.film is not None or end_digest(end) == end_digest(step)
        assert (end.title, end.notes, end.texts, end.length) == (step.title, step.notes, step.texts, step.length)


@pytest.mark.parametrize(("deck", "name"), scenes())
def test_a_scene_of_the_corpus_ends_its_steps_as_it_does_when_it_is_recorded(deck: Path, name: str) -> None:
    same_ends(deck, name)


def test_what_goes_its_own_way_from_frame_to_frame_is_gone_through(tmp_path: Path) -> None:
    deck = tmp_path / "deck.py"
    deck.write_text(
        textwrap.dedent("""
        from manim import Animation, Dot, RIGHT, UP
        from manim_slides import Slide

        class Counting(Animation):
            frames = 0
            def interpolate_mobject(self, alpha):
                self.frames += 1
                self.mobject.set_x(self.frames / 10)

        class Own(Slide):
            def construct(self):
                self.play(Counting(Dot()), run_time=0.5)
                self.next_slide()
                moved = Dot().add_updater(lambda dot, dt: dot.shift(dt * UP))
                self.add(moved)
                self.wait(0.5)
        """),
        "utf-8",
    )
    same_ends(deck, "Own")


@pytest.mark.parametrize("place", [1, 2])
def test_a_file_is_told_whole_and_so_is_the_step_after_it(tmp_path: Path, place: int) -> None:
    Image.new("RGB", (8, 4), "red").save(tmp_path / "red.png")
    deck = tmp_path / "deck.py"
    deck.write_text(
        textwrap.dedent(f"""
        from manim import Create, RIGHT, Square
        from manim_slides import Slide

        class Shown(Slide):
            def construct(self):
                square = Square()
                self.play(Create(square), run_time=0.5)
                self.next_slide(src={str(tmp_path / "red.png")!r})
                self.next_slide()
                self.play(square.animate.shift(RIGHT), run_time=0.5)
        """),
        "utf-8",
    )
    whole: list[Step] = []
    wanted = Wanted(place, None, 1, lambda step, blobs: whole.append(step), lambda step, blobs: None)
    run = EndRun(lambda number, step, blobs: run.want(wanted) if number == 0 else None, lambda: None)
    run.run(lambda: load_scene(deck, "Shown"), deck, SMALL, lambda: None)
    recorded = record_file(deck, "Shown", SMALL).recording.steps
    assert len(recorded) == 3
    assert [(step.name, encode_step(step)) for step in whole] == [(recorded[place].name, encode_step(recorded[place]))]
