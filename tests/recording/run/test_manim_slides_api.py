"""What decks use of manim-slides' own class, recorded; the rows of docs/coming-from-manim-slides.md."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from astrai_slides.recording.format.container import pack
from astrai_slides.recording.format.model import Draw, Recording, Step
from astrai_slides.recording.run.record import record_scene

FPS = 10
Record = Callable[..., Recording]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Record a deck: the body of its `construct`, and what else is in the class, on `base`."""

    def record_deck(construct: str, body: str = "", base: str = "Slide") -> Recording:
        deck = tmp_path / "deck.py"
        text = f"from manim import *\nfrom manim_slides import Slide\n\nclass Deck({base}):\n"
        text += textwrap.indent(textwrap.dedent(body), "    ")
        text += "    def construct(self):\n" + textwrap.indent(textwrap.dedent(construct).strip(), " " * 8) + "\n"
        deck.write_text(text, "utf-8")
        return record_scene(deck, "Deck", fps=FPS, width=320, height=180, media=tmp_path / "media")

    return record_deck


def shown(step: Step) -> int:
    """How many shapes its end shows."""
    return sum(isinstance(op, Draw) for op in step.end.ops)


PLAIN = """
self.play(Create(Square()), run_time=0.3)
self.next_slide()
self.play(self.mobjects[0].animate.shift(RIGHT), run_time=0.3)
"""


def test_settings_of_what_manim_slides_keeps_change_nothing(record: Record) -> None:
    settings = """
    disable_caching = True
    flush_cache = True
    skip_reversing = True
    max_duration_before_split_reverse = None
    num_processes = 1
    """
    with_settings, without = record(PLAIN, settings), record(PLAIN)
    assert len(without.steps) == 2
    digests = [[step.digest for step in pack(each).header.steps] for each in (with_settings, without)]
    assert digests[0] == digests[1]


def test_a_render_of_the_decks_own_is_called(record: Record) -> None:
    own = """
    def render(self, *args, **kwargs):
        self.times = 3
        super().render(*args, **kwargs)

    """
    recording = record("for _ in range(self.times):\n    self.next_slide()\n    self.wait(0.2)", own)
    assert len(recording.steps) == 3


def test_sections_of_a_slide_are_steps_with_settings(record: Record) -> None:
    recording = record(
        """
        self.play(Create(Square()), run_time=0.2)
        self.next_section(loop=True, notes="Turns.")
        self.play(Rotate(self.mobjects[0]), run_time=0.2)
        """
    )
    assert [(step.loop, step.notes) for step in recording.steps] == [(False, ""), (True, "Turns.")]


def test_the_canvas_names_what_stays(record: Record) -> None:
    recording = record(
        """
        title, square = Dot(3 * UP), Square()
        self.add_to_canvas(title=title)
        assert self.canvas["title"] is title and list(self.canvas_mobjects) == [title]
        self.play(FadeIn(title), FadeIn(square), run_time=0.2)
        assert self.mobjects_without_canvas == [square]
        self.next_slide()
        self.play(FadeOut(*self.mobjects_without_canvas), run_time=0.2)
        self.next_slide()
        self.remove_from_canvas("title")
        assert not self.canvas
        self.play(FadeOut(*self.mobjects_without_canvas), run_time=0.2)
        """
    )
    assert [shown(step) for step in recording.steps] == [2, 1, 0]


def test_wipe_and_zoom_take_what_they_take(record: Record) -> None:
    recording = record(
        """
        one, two = Square(), Circle()
        self.add(one)
        self.wipe(current=[one], future=[two], direction=UP, run_time=0.3)
        self.next_slide()
        self.play(self.wipe([two], [one], shift=RIGHT, return_animation=True, run_time=0.3,
                            fade_in_kwargs={"rate_func": linear}, fade_out_kwargs={"rate_func": linear}))
        self.next_slide()
        self.zoom(current=[one], future=[two, Dot()], scale=2.0, out=True, run_time=0.3)
        self.next_slide()
        self.play(self.zoom([two], [], return_animation=True, fade_in_kwargs={}, fade_out_kwargs={}, run_time=0.3))
        """
    )
    assert [shown(step) for step in recording.steps] == [1, 1, 2, 1]
    # they move: no two pictures of a step are alike
    assert all(len(step.frames) == step.length == 3 for step in recording.steps)


LOOPING = """
self.wait_time_between_slides = 0.5
self.wait_between_looping_slides = {}
self.play(Create(Square()), run_time=0.3)
self.next_slide(loop=True)
self.play(Rotate(self.mobjects[0]), run_time=0.3)
self.next_slide()
self.play(FadeOut(self.mobjects[0]), run_time=0.3)
"""


@pytest.mark.parametrize("waits", [True, False])
def test_loops_have_no_wait_where_the_deck_says_so(record: Record, waits: bool) -> None:
    steps = record(LOOPING.format(waits)).steps
    assert [step.length for step in steps[:2]] == [8, 8 if waits else 3]


def test_notes_are_dedented_unless_they_are_not_to_be(record: Record) -> None:
    notes = '"""\n            # Head\n              * one\n            """'
    recording = record(
        f"""
        self.next_slide(notes={notes})
        self.wait(0.2)
        self.next_slide(notes={notes}, dedent_notes=False)
        self.wait(0.2)
        """
    )
    first, second = (step.notes for step in recording.steps)
    assert first.strip("\n").startswith("# Head\n  * one")
    assert second.startswith("\n ")


OWN_NEXT = """
def next_{cut}(self, turn=False, **kwargs):
    if turn:
        self.play(self.mobjects[0].animate.shift(UP), run_time=0.2)
    super().next_{cut}(**kwargs)
    if turn:
        self.play(self.mobjects[0].animate.shift(UP), run_time=0.3)

def opening(self):
    self.play(Create(Square()), run_time=0.5)
    super().next_{cut}()

"""


@pytest.mark.parametrize(("base", "cut"), [("Slide", "slide"), ("Slide", "section"), ("Scene", "section")])
def test_a_step_ends_where_the_method_that_a_deck_overrides_is_called(record: Record, base: str, cut: str) -> None:
    recording = record(
        f"""
        self.opening()
        self.wait(0.1)
        self.next_{cut}(turn=True)
        self.wait(0.4)
        """,
        OWN_NEXT.format(cut=cut),
        base,
    )
    assert [step.length for step in recording.steps] == [5, 3, 7]
