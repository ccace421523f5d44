"""A recording that uses plays of an earlier one again is the same, byte for byte, as one that plays everything."""

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from astrai_slides.base.resolution import Resolution
from astrai_slides.check.rules import flashing
from astrai_slides.check.seen import DeckSeen
from astrai_slides.export.video.segments import segment_names
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.format.model import Blob, Frame, Recording, Step, View
from astrai_slides.recording.reuse import earlier, state
from astrai_slides.recording.run import steps
from astrai_slides.recording.run.listener import Listener, NoListener
from astrai_slides.recording.run.playing import PlayRunner
from astrai_slides.recording.run.record import Order, record_file

pytestmark = pytest.mark.long

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SMALL = Order(fps=4, width=426, height=240)
"""Few and small frames: what is reused does not depend on them."""

UPDATED = {
    "FollowingCamera",
    "Magnified",
    "Redrawn",
    "Updaters",
    "Counting",
    "Tracing",
    "Plot",
    "ZIndex",
    "Wireframe",
    "SolidSurface",
}
"""Scenes of the corpus some of whose plays have updaters or cameras of their own, and are played every time."""

DECK = """
from manim import *
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        dot, box = Dot(color=RED), Square()
        self.play(FadeIn(dot))
        self.play(dot.animate.shift(LEFT))
        self.next_slide()
        self.play(Create(box))
        self.wait(0.5)
        self.play(box.animate.rotate(1).set_color(BLUE), run_time=0.5)
        self.play(FadeOut(box))
        self.next_slide()
        self.play(dot.animate.shift(RIGHT))
        self.play(Write(Text("the end")))
"""


def scenes() -> list[Any]:
    scene = re.compile(r"^class (\w+)\(.*(?:Slide|Scene)\b.*\):", re.MULTILINE)
    found = [(deck, name) for deck in sorted(CORPUS.glob("*.py")) for name in scene.findall(deck.read_text("utf-8"))]
    # every second in each run, the rest in `make wide`
    return [
        pytest.param(deck, name, id=name, marks=pytest.mark.wide if number % 2 else ())
        for number, (deck, name) in enumerate(found)
    ]


def sources(step: Step) -> list[list[int]]:
    """Which mobject each draw comes from, frame by frame."""
    return [[op.source for op in frame.ops] for frame in step.frames]


class Steps(NoListener):
    """Keeps the steps that it is told of."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def step(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> None:
        self.steps.append(step)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many plays there were, and how many of them were reused."""
    counts = {"plays": 0, "reused": 0}
    play, use = PlayRunner.play, PlayRunner._use

    def counted_play(self: PlayRunner, renderer: Any, scene: Any) -> None:
        counts["plays"] += 1
        play(self, renderer, scene)

    def counted_use(self: PlayRunner, *arguments: Any) -> None:
        use(self, *arguments)
        counts["reused"] += 1

    monkeypatch.setattr(PlayRunner, "play", counted_play)
    monkeypatch.setattr(PlayRunner, "_use", counted_use)
    return counts


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., tuple[Recording, bytes]]:
    """Record the scene Deck of a source; returns its plays too."""

    def recorded(
        source: str, earlier: bytes | None = None, listener: Listener | None = None, **options: Any
    ) -> tuple[Recording, bytes]:
        deck = tmp_path / "deck.py"
        deck.write_text(textwrap.dedent(source), encoding="utf-8")
        recorded = record_file(deck, "Deck", replace(SMALL, earlier=earlier, **options), listener)
        assert recorded.plays is not None
        return recorded.recording, recorded.plays

    return recorded


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("deck", "name"), scenes())
def test_every_scene_of_the_corpus(deck: Path, name: str, tmp_path: Path, watched: dict[str, int]) -> None:
    recorded = record_file(deck, name, replace(SMALL, media=tmp_path))
    first = recorded.recording
    assert recorded.plays
    watched.update(plays=0, reused=0)
    again = record_file(deck, name, replace(SMALL, media=tmp_path, earlier=recorded.plays)).recording
    assert dump(again) == dump(first)
    if name not in UPDATED and not any(step.film for step in first.steps):
        assert watched["reused"] == watched["plays"] > 0


@pytest.mark.parametrize(
    ("old", "new", "played"),
    [
        ("set_color(BLUE)", "set_color(GREEN)", 2),  # this play, and the one that takes the box away
        ("FadeIn(dot)", "FadeIn(dot, run_time=2)", 1),
        ("Dot(color=RED)", "Dot(color=YELLOW)", 8),
        ('Text("the end")', 'Text("The End")', 1),
        ("self.wait(0.5)", "self.wait(1)", 1),
        ("self.wait(0.5)", "pass", 0),
        ("self.play(FadeOut(box))", "self.play(FadeOut(box)); self.play(Flash(dot))", 1),
        ("self.next_slide()\n        self.play(Create", "self.play(Create", 0),
        # gone before the next play, whose mobjects have other numbers for it
        ("self.play(Create", "ring = Circle(); self.play(FadeIn(ring)); self.remove(ring); self.play(Create", 1),
        # after the last play of a step, which rests otherwise then
        ('self.play(Write(Text("the end")))', 'self.play(Write(Text("the end"))); self.add(box)', 0),
        ('self.play(Write(Text("the end")))', 'self.play(Write(Text("the end"))); self.remove(dot)', 0),
        ('self.play(Write(Text("the end")))', 'self.play(Write(Text("the end"))); dot.set_opacity(0.5)', 0),
        ('self.play(Write(Text("the end")))', 'self.play(Write(Text("the end"))); self.replace(dot, dot.copy())', 0),
    ],
)
def test_only_what_was_edited_is_played(
    old: str, new: str, played: int, record: Callable[..., Any], watched: dict[str, int]
) -> None:
    _, kept = record(DECK)
    edited = DECK.replace(old, new, 1)
    assert edited != DECK
    wanted, _ = record(edited)
    watched.update(plays=0, reused=0)
    found, kept_again = record(edited, kept)
    assert dump(found) == dump(wanted)
    assert watched["plays"] - watched["reused"] == played
    assert list(map(sources, found.steps)) == list(map(sources, wanted.steps))
    watched.update(plays=0, reused=0)
    assert dump(record(edited, kept_again)[0]) == dump(wanted)
    assert watched["reused"] == watched["plays"]


def test_steps_are_handed_on_and_can_be_looked_into(record: Callable[..., Any]) -> None:
    first, kept = record(DECK)
    seen = Steps()
    again, _ = record(DECK, kept, seen)
    assert [step.name for step in seen.steps] == [step.name for step in first.steps]
    for one, other in zip(again.steps, first.steps, strict=True):
        assert one.frames[0] == other.frames[0]
        assert one.frames[-1] == other.frames[-1]
        assert (one.length, one.end, one.texts) == (other.length, other.end, other.texts)
        assert [one.frames[index] for index, _ in one.runs] == [
            other.frames[index] for index, count in other.runs if count
        ]


@pytest.mark.parametrize(
    "animation",
    [
        "UpdateFromAlphaFunc(dot, lambda mobject, alpha: mobject.set_x(alpha * SHIFT))",
        "Own(dot)",
        "MoveAlongPath(dot, Line(LEFT, RIGHT), rate_func=lambda t: smooth(t) * SHIFT / 2)",
        "dot.animate.shift(RIGHT * random.random())",
        "Shaken(dot)",
    ],
)
def test_what_is_the_deck_s_own_counts(animation: str, record: Callable[..., Any]) -> None:
    """Functions and animations of the deck, and chance: what they do is seen, wherever it was edited."""
    source = """
        import random
        from manim import *
        from manim_slides import Slide

        SHIFT = 1

        class Own(Animation):
            def interpolate_mobject(self, alpha):
                self.mobject.set_x(alpha * SHIFT)

        class Shaken(FadeIn):
            def interpolate_mobject(self, alpha):
                super().interpolate_mobject(alpha)
                self.mobject.shift(random.random() * UP)

        class Deck(Slide):
            def construct(self):
                dot = Dot()
                self.play(FadeIn(dot))
                self.play(ANIMATION)
                self.play(dot.animate.shift(UP * random.random()))
        """.replace("ANIMATION", animation)
    _, kept = record(source)
    for edited in (source, source.replace("SHIFT = 1", "SHIFT = 2")):
        assert dump(record(edited, kept)[0]) == dump(record(edited)[0])


def test_chance_that_others_want_is_drawn_again(record: Callable[..., Any], watched: dict[str, int]) -> None:
    """A play that ends as it would without chance, but has drawn numbers of which the next come later."""
    chancy = "FadeIn(dot, rate_func=lambda t: t if t == 1 else t * np.random.rand())"
    source = DECK.replace("FadeIn(dot)", chancy).replace("shift(LEFT)", "shift(LEFT * np.random.rand())")
    wanted, kept = record(source)
    watched.update(plays=0, reused=0)
    assert dump(record(source, kept)[0]) == dump(wanted)
    assert watched["plays"] - watched["reused"] == 1


def test_a_scene_that_plays_in_its_own_way_does(record: Callable[..., Any], watched: dict[str, int]) -> None:
    source = DECK.replace(
        "    def construct",
        """    def update_to_time(self, t):
        super().update_to_time(t)
        self.seen = getattr(self, "seen", 0) + 1

    def construct""",
    ).replace("box.animate.rotate(1)", "box.animate.rotate(0.1 * self.seen)")
    _, kept = record(source)
    watched.update(plays=0, reused=0)
    edited = source.replace("FadeIn(dot)", "FadeIn(dot, run_time=2)")
    assert dump(record(edited, kept)[0]) == dump(record(edited)[0])
    assert watched["reused"] == 0


def test_a_reused_play_that_leads_elsewhere_is_found_out(
    record: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, watched: dict[str, int]
) -> None:
    """A deck's own animation that adds up what it did from frame to frame, taken for one that does not."""
    source = DECK.replace(
        "class Deck",
        """made = []

class Drifting(Animation):
    def interpolate_mobject(self, alpha):
        self.mobject.shift(alpha * UP)

class Deck""",
    ).replace("self.play(FadeOut(box))", "self.play(Drifting(box))")
    # what a module keeps must not tell that the recording started over
    source = source.replace("Square()", "Square(1 + len(made)); made.append(box)", 1)
    wanted, _ = record(source)
    monkeypatch.setattr(state, "is_pure", lambda kind: True)
    monkeypatch.setattr(state, "_library", lambda module: True)
    _, kept = record(source)
    watched.update(plays=0, reused=0)
    seen = Steps()
    found, _ = record(source, kept, seen)
    assert 0 < watched["reused"] < watched["plays"] > len(re.findall(r"self\.(play|wait)", source))
    assert dump(found) == dump(wanted)
    assert [(step.name, step.length) for step in seen.steps] == [(step.name, step.length) for step in wanted.steps]


def test_whoever_looks_at_all_frames_decodes_the_first_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = tuple(Frame((), View(0, 0, 16 + place, 9), 0xFF) for place in range(3))
    step = Step("one", frames, ((0, 1), (1, 2), (2, 1)), frames[0])
    kept = earlier.kept_step(step, (), {}, b"")

    def again() -> Step:
        return earlier.as_kept(replace(step), kept)

    alone = again().frames[0]
    monkeypatch.delattr(earlier, "decode_first")
    light = again()
    assert tuple(light.frames[:]) == frames
    assert light.frames[0] is light.frames[:][0]
    monkeypatch.setattr(earlier, "_decoded", earlier._Decoded())  # as if other steps were asked for meanwhile
    assert light.frames[0] == alone
    assert len(set(segment_names(again(), [((place, 1),) for place in range(3)]))) == 3
    step_seen = DeckSeen(Recording("Mine", 30, 320, 180, 0xFF, (again(),))).steps[0]
    assert list(flashing.find(step_seen)) == []


def test_chance_is_noticed() -> None:
    import random

    import numpy as np

    random_state = earlier.RandomState()
    assert not random_state.was_drawn()
    random.random()
    assert random_state.was_drawn()
    random_state = earlier.RandomState()
    np.random.rand()
    assert random_state.was_drawn()


def test_a_step_between_whose_plays_other_texts_stand_is_no_earlier_one(
    record: Callable[..., tuple[Recording, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, plays = record(DECK)
    again: list[object] = []
    whole = earlier.EarlierStep.again

    def noted(self: earlier.EarlierStep, *arguments: Any) -> Step:
        again.append(self)
        return whole(self, *arguments)

    monkeypatch.setattr(earlier.EarlierStep, "again", noted)
    assert dump(record(DECK, plays)[0]) == dump(wanted)
    assert len(again) == len(wanted.steps)
    again.clear()
    monkeypatch.setattr(steps, "told", lambda standing: b"another")
    assert dump(record(DECK, plays)[0]) == dump(wanted)
    assert again == []
