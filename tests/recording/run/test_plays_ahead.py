"""A recording whose plays are drawn by forks is the same, byte for byte, as one that was made in order."""

import errno
import os
import re
import signal
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.base import forks
from astrai_slides.base.forks import FORKS, Forks
from astrai_slides.base.resolution import Resolution
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.format.model import Blob, Recording, Step
from astrai_slides.recording.run import film, pending_steps, playing, plays_ahead
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.listener import NoListener
from astrai_slides.recording.run.record import Order, Recorded, record_file

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not FORKS, reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore"),
]

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SMALL = Order(fps=6, width=426, height=240)
"""Few and small frames: what leads elsewhere does not depend on them."""
THIRD = 3


def scenes() -> list[Any]:
    scene = re.compile(r"^class (\w+)\(.*(?:Slide|Scene)\b.*\):", re.MULTILINE)
    found = [(deck, name) for deck in sorted(CORPUS.glob("*.py")) for name in scene.findall(deck.read_text("utf-8"))]
    return [
        pytest.param(deck, name, id=name, marks=() if number % THIRD == 1 else pytest.mark.wide)
        for number, (deck, name) in enumerate(found)
    ]


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What forks were started for; plays of two frames are enough."""
    started: list[Any] = []
    start = Forks.start

    def noted(self: Forks, work: Callable[[], bytes]) -> Any:
        started.append(work)
        return start(self, work)

    monkeypatch.setattr(Forks, "start", noted)
    monkeypatch.setattr(playing, "FEWEST_FRAMES", 2)
    monkeypatch.setattr(playing, "FEWEST_DRAWS", 0)
    monkeypatch.setattr(playing, "FEWEST_DRAWS_BESIDE", 0)
    return started


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Recorded]:
    """Record the scene Deck of a source."""

    def recorded(source: str, **options: Any) -> Recorded:
        deck = tmp_path / "deck.py"
        deck.write_text(textwrap.dedent(source), encoding="utf-8")
        return record_file(deck, "Deck", replace(SMALL, **options))

    return recorded


@pytest.mark.parametrize(("deck", "name"), scenes())
def test_every_scene_of_the_corpus(deck: Path, name: str, forked: list[Any]) -> None:
    wanted = record_file(deck, name, SMALL)
    assert not forked
    found = record_file(deck, name, replace(SMALL, workers=3))
    assert dump(found.recording) == dump(wanted.recording)
    for earlier in (found.plays, wanted.plays):
        again = record_file(deck, name, replace(SMALL, workers=3, earlier=earlier))
        assert dump(again.recording) == dump(wanted.recording)


PLAYS = (
    "self.play(FadeIn(a), FadeOut(b))",
    "self.play(FadeIn(b), run_time=0.5)",
    "self.play(Create(c, rate_func=lambda t: t * t))",
    "self.play(a.animate.shift(RIGHT).set_color(BLUE))",
    "self.play(Transform(a, c))",
    "self.play(ReplacementTransform(b, c)); b, c = c, b",
    "self.play(Succession(FadeIn(a), Transform(a, b), FadeOut(a)))",
    "self.play(LaggedStart(*(FadeIn(each) for each in (a, b, c)), lag_ratio=0.3))",
    "self.play(Succession(Transform(b, VGroup(c.copy(), a.copy())), b.animate.rotate(1)))",
    "self.play(Indicate(a), Flash(b))",
    "self.play(MoveAlongPath(b, c))",
    "self.play(TransformMatchingShapes(a, c)); a, c = c, a",
    "self.wait(0.4)",
    "self.wait(0.2, frozen_frame=False)",
    "self.remove(a, b)",
    "self.add(c); c.set_z_index(-1)",
    "a.add_updater(turn); self.wait(0.3); a.remove_updater(turn)",
    "self.play(c.animate.shift(LEFT * np.random.rand()))",
    "self.play(FadeIn(b, rate_func=lambda t: t if t == 1 else t * np.random.rand()))",
    "self.play(FadeIn(a, rate_func=counted)); b.shift(0.01 * len(calls) * UP)",
    "self.play(ShowPassingFlash(c.copy()))",
    "self.play(Swap(a, b))",
    "self.play(DrawBorderThenFill(a), Uncreate(b))",
    "d = always_redraw(lambda: Line(a.get_top(), ORIGIN)); self.add(d); self.play(a.animate.shift(UP)); self.remove(d)",
    "n = always_redraw(lambda: Text(f'{t.get_value():.1f}')); self.add(n); self.play(t.animate.set_value(3))",
    "p = always_redraw(seen); self.add(p); self.play(t.animate.increment_value(1), run_time=2); self.remove(p)",
    "self.next_slide()",
)
HEAD = """
from manim import *
from manim_slides import Slide

calls = []

def counted(t):
    calls.append(t)
    return t

def turn(mobject, dt):
    mobject.rotate(dt)

class Deck(Slide):
    def construct(self):
        a, b = Square(color=RED), VGroup(Dot(), Star().shift(UP))
        c = Circle(fill_opacity=0.5).shift(RIGHT)
        t = ValueTracker(0)

        def seen():
            return ImageMobject(np.uint8([[50, 200 * (t.get_value() % 1)]]))

        self.play(FadeIn(a, b))
"""


FILMED = """
from manim import *
from manim_slides import ThreeDSlide

class Deck(ThreeDSlide):
    def construct(self):
        t = ValueTracker(0)
        picture = always_redraw(lambda: ImageMobject(np.uint8([[50, 200 * (t.get_value() % 1)]])))
        self.add(picture)
        self.play(t.animate.set_value(1), run_time=2)
        self.next_slide()
        self.remove(picture)
        self.set_camera_orientation(phi=60 * DEGREES, theta=45 * DEGREES)
        ball = Sphere(resolution=(8, 8))
        self.play(FadeIn(ball))
        self.next_slide()
        self.begin_ambient_camera_rotation(rate=0.5)
        self.wait(2)
        self.stop_ambient_camera_rotation()
        self.next_slide()
        self.play(t.animate.set_value(2), Rotate(ball, 1), run_time=2)
"""


def test_films_are_the_same(
    record: Callable[..., Recorded], forked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film, "MOST_BYTES", 2_000)
    monkeypatch.setattr(film, "MOST_BYTES_A_SECOND", 1_000)
    monkeypatch.setattr(film, "_MANY_DRAWS", 0)
    monkeypatch.setattr(pending_steps, "_MANY_DRAWS", 0)
    wanted = record(FILMED).recording
    assert [step.film is not None for step in wanted.steps] == [True] * 4
    assert not forked
    for workers in (2, 4):
        forked.clear()
        assert dump(record(FILMED, workers=workers).recording) == dump(wanted)
        assert forked, "a film is made by another process"


@pytest.mark.long
@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plays=st.lists(st.sampled_from(PLAYS), min_size=2, max_size=8),
    rooms=st.lists(st.integers(0, 3), min_size=1),
    beside=st.sampled_from((0, 500, 60_000)),
)
def test_random_decks(
    plays: list[str],
    rooms: list[int],
    beside: int,
    record: Callable[..., Recorded],
    forked: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(playing, "FEWEST_DRAWS_BESIDE", beside)
    source = HEAD + "".join(f"        {each}\n" for each in plays)
    try:
        wanted = record(source).recording
    except AstraiSlidesError as error:  # of a mobject that became nothing
        with pytest.raises(AstraiSlidesError, match=re.escape(str(error))):
            record(source, workers=3)
        return
    forked.clear()
    assert dump(record(source, workers=3).recording) == dump(wanted)
    assert forked
    assert dump(record(source, workers=3, room=cycle(rooms).__next__).recording) == dump(wanted)


ELSEWHERE = {
    "what a function keeps": "self.play(FadeIn(a, rate_func=counted)); b.shift(0.1 * len(calls) * UP)",
    "what cannot be compared": "self.play(FadeIn(a, rate_func=lambda t: (calls.append(iter(())), t)[1]))\n"
    "        b.shift(0.1 * len(calls) * UP)",
    "chance that others want": "self.play(FadeIn(a, rate_func=lambda t: t if t == 1 else t * np.random.rand()))",
    "a fault": "try:\n            self.play(FadeIn(a, rate_func=lambda t: 1 / (t - 1) if 0 < t < 1 else 1 / (1 - t)))\n"
    "        except ZeroDivisionError:\n            b.shift(UP)",
}


def test_other_work_that_goes_first_leaves_no_room(record: Callable[..., Recorded], forked: list[Any]) -> None:
    source = HEAD + "".join(f"        {each}\n" for each in PLAYS[:4])
    record(source, workers=3, room=lambda: 0)
    assert not forked


def test_a_small_play_is_drawn_here_and_a_large_one_by_a_fork(
    record: Callable[..., Recorded], forked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "FEWEST_DRAWS", 1_500)
    record(HEAD + "        self.play(Create(c))\n", workers=3)
    assert not forked
    record(HEAD + "        self.play(Create(VGroup(*(Square() for _ in range(400)))))\n", workers=3)
    assert len(forked) > 0


def test_a_play_is_drawn_here_while_forks_are_at_work_unless_it_is_large(
    record: Callable[..., Recorded], forked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Forks.look

    def waiting(self: Forks, seconds: float | None = 0.0) -> None:
        if seconds is None:  # none ends but where it is waited for
            look(self, None)

    monkeypatch.setattr(Forks, "look", waiting)
    monkeypatch.setattr(playing, "FEWEST_DRAWS_BESIDE", 5_000)
    small, large = "self.play(Create(c))", "self.play(Create(VGroup(*(Square() for _ in range(900)))))"

    def plays_forked(*plays: str) -> int:
        forked.clear()
        record(HEAD + "".join(f"        {each}\n" for each in plays), workers=2)
        return sum("_play_ahead" in getattr(each, "__qualname__", "") for each in forked)

    assert plays_forked(small, small) == 1, "the first of all, as nothing is at work yet"
    assert plays_forked(small, large) == 2


@pytest.mark.parametrize("play", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_play_that_leads_elsewhere_is_found_out(
    play: str, record: Callable[..., Recorded], forked: list[Any]
) -> None:
    source = HEAD + f"        {play}\n        self.play(b.animate.shift(LEFT * np.random.rand()))\n"
    wanted = record(source)
    found = record(source, workers=2)
    assert forked
    assert dump(found.recording) == dump(wanted.recording)
    forked.clear()
    edited = source.replace("LEFT", "RIGHT")
    again = record(edited, workers=2, earlier=found.plays)
    assert not forked  # in order at once
    assert dump(again.recording) == dump(record(edited).recording)


PICTURES = """
from manim import *
from manim_slides import Slide

def picture(seed):
    noise = np.random.default_rng(seed).integers(0, 256, (120, 160, 4)).astype(np.uint8)
    noise[..., 3] = 255
    return ImageMobject(noise).set(height=1)

class Deck(Slide):
    def construct(self):
        logo, photo, other, square = picture(1).to_corner(UL), picture(2), picture(3), Square()
        self.add(logo)
        self.play(Create(square))
"""
WITH_PICTURES = {
    "a logo": (3, "self.play(square.animate.shift(RIGHT)); self.next_slide(); self.play(FadeOut(square))"),
    "one that comes, moves and goes": (
        5,
        "self.play(FadeIn(photo)); self.play(photo.animate.shift(UP).scale(1.1), run_time=0.7); self.next_slide()\n"
        "        self.play(photo.animate.set_opacity(0.5)); self.play(FadeOut(photo, square))",
    ),
    "one that becomes another": (2, "self.play(FadeIn(photo)); self.play(Transform(photo, other))"),
    "many": (1, "self.play(*(FadeIn(picture(k).shift(k * RIGHT)) for k in range(6)))"),
    "many in turn": (5, "[self.play(FadeIn(picture(k).shift(k * RIGHT))) for k in range(6)]"),
    "one that is half shown": (
        3,
        "photo.set_opacity(0.3); self.play(FadeIn(photo)); self.play(photo.animate.shift(UP))",
    ),
}


@pytest.mark.parametrize(("ahead", "plays"), WITH_PICTURES.values(), ids=WITH_PICTURES)
def test_pictures_that_stand_or_move_are_drawn_ahead(
    ahead: int, plays: str, record: Callable[..., Recorded], forked: list[Any]
) -> None:
    source = f"{PICTURES}        {plays}\n"
    wanted = record(source)
    assert not forked
    found = record(source, workers=2)
    assert dump(found.recording) == dump(wanted.recording)
    assert sum("_play_ahead" in getattr(each, "__qualname__", "") for each in forked) == ahead


DECK = HEAD + "        self.play(Create(c))\n        self.next_slide()\n        self.play(FadeOut(a))\n"


def test_a_fork_that_dies_is_done_without(
    record: Callable[..., Recorded], forked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = record(DECK)
    monkeypatch.setattr(playing, "drawing", lambda play: os.kill(os.getpid(), signal.SIGKILL))
    assert dump(record(DECK, workers=2).recording) == dump(wanted.recording)
    assert forked


def test_what_makes_a_step_may_die_too(
    record: Callable[..., Recorded], forked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from astrai_slides.recording.run.pending_steps import StepContent

    wanted = record(DECK)
    monkeypatch.setattr(StepContent, "made_elsewhere", lambda self, look: b"half")
    assert dump(record(DECK, workers=2).recording) == dump(wanted.recording)
    assert forked


class Looking(NoListener):
    """Notes steps as the forks that make them see them, and as a listener does."""

    def __init__(self) -> None:
        self.where_made: dict[int, bytes] = {}
        self.told: list[bytes] = []

    def look_for(self, place: int) -> Callable[..., bytes]:
        return alone

    def take(self, place: int, found: bytes) -> None:
        self.where_made[place] = found

    def step(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> None:
        self.told.append(alone(step, blobs, resolution))


def alone(step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> bytes:
    size = resolution.width, resolution.height
    return dump(Recording("Deck", resolution.fps, *size, step.end.background, (step,), dict(blobs)))


def test_a_step_is_looked_through_by_the_fork_that_makes_it(
    tmp_path: Path, forked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = DECK.replace("self.next_slide()", "self.next_slide(notes='# Two\\nand more', loop=True)")
    deck = tmp_path / "deck.py"
    deck.write_text(source, encoding="utf-8")
    for reason in (None, "filmed"):
        if reason:
            monkeypatch.setattr(Filmer, "_cost", lambda *_: "filmed")
        looking = Looking()
        record_file(deck, "Deck", replace(SMALL, workers=2, looks=looking), looking)
        assert looking.where_made
        assert {place: looking.told[place] for place in looking.where_made} == looking.where_made
        assert any(b"and more" in each for each in looking.where_made.values())


@pytest.mark.parametrize("granted", range(4))
@pytest.mark.parametrize("refusing", ["_fork", "_memory_file"])
def test_a_fork_that_the_system_refuses_is_done_without(
    granted: int, refusing: str, record: Callable[..., Recorded], forked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = DECK.replace("self.play(Create(c))", "try: self.play(Create(c))\n        except Exception: pass")
    wanted = record(source)
    give = getattr(forks, refusing)

    def refused(*arguments: Any) -> Any:
        if len(forked) > granted:
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        return give(*arguments)

    monkeypatch.setattr(forks, refusing, refused)
    assert dump(record(source, workers=2).recording) == dump(wanted.recording)
    assert len(forked) == granted + 1


def test_an_interrupted_recording_leaves_no_fork(
    record: Callable[..., Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "FEWEST_FRAMES", 2)
    monkeypatch.setattr(playing, "FEWEST_DRAWS", 0)
    monkeypatch.setattr(playing, "FEWEST_DRAWS_BESIDE", 0)
    monkeypatch.setattr(playing, "drawing", lambda play: signal.pause())
    pids = []
    fork = os.fork

    def noted() -> int:
        pids.append(fork())
        return pids[-1]

    monkeypatch.setattr(forks, "_fork", noted)
    with pytest.raises(KeyboardInterrupt):
        record(HEAD + "        raise KeyboardInterrupt\n", workers=2)
    assert len(pids) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_the_deck_s_own_fault_is_told_as_in_order(record: Callable[..., Recorded], forked: list[Any]) -> None:
    source = HEAD + "        raise ValueError('mine')\n"
    with pytest.raises(AstraiSlidesError) as wanted:
        record(source)
    with pytest.raises(AstraiSlidesError) as found:
        record(source, workers=2)
    assert forked
    assert str(found.value) == str(wanted.value)


def test_files_and_words_of_a_fork_are_handed_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from astrai_slides.base import inputs

    read = tmp_path / "read.txt"
    read.write_text("here", encoding="utf-8")

    def play() -> plays_ahead.DrawnPlay:
        sys.stdout.write(read.read_text(encoding="utf-8"))
        sys.stderr.write("a warning")
        return plays_ahead.DrawnPlay([], (1,), (), ())

    with Forks(1) as started, inputs.watching() as seen:
        fork = started.start(lambda: plays_ahead.drawing(play))
        started.wait()
        assert plays_ahead.PlayAhead(fork, (1,), (), 0, 1).take()
    assert str(read) in seen
    assert tuple(capsys.readouterr()) == ("here", "a warning")


def test_what_a_play_prints_is_printed_once(
    record: Callable[..., Recorded], forked: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    source = f"""
def telling(t):
    print(f"at {{t:.2f}}")
    return t
{HEAD}
        self.play(FadeIn(b, rate_func=telling, run_time=0.5))
"""
    record(source)
    wanted = capsys.readouterr()
    assert wanted.out
    record(source, workers=2)
    assert len(forked) > 1
    assert capsys.readouterr() == wanted


def test_a_file_that_was_saved_after_a_fork_read_it_counts_as_changed(tmp_path: Path) -> None:
    from astrai_slides.base import inputs

    saved, kept = tmp_path / "saved.txt", tmp_path / "kept.txt"
    for each in (saved, kept):
        each.write_text("as it was read", encoding="utf-8")

    def play() -> plays_ahead.DrawnPlay:
        for each in (saved, kept):
            each.read_text(encoding="utf-8")
        return plays_ahead.DrawnPlay([], (1,), (), ())

    def save() -> bytes:
        """By another process, as what this one writes is none of its inputs."""
        saved.write_text("as it is now", encoding="utf-8")
        return b""

    with Forks(1) as started, inputs.watching() as seen:
        fork = started.start(lambda: plays_ahead.drawing(play))
        started.wait()
        started.start(save)
        started.wait()
        assert plays_ahead.PlayAhead(fork, (1,), (), 0, 1).take()
    assert seen[str(saved)] == inputs.CHANGED
    assert seen[str(kept)] == inputs.digest(kept)
