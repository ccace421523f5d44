"""Decks recorded for every set of values of their knobs; small programs in place of scenes, so that many are tried."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.base.knobs import Knob, Knobs
from astrai_slides.errors import AstraiSlidesError, DeckError
from astrai_slides.recording.explored import Explored, cut, explore, fewest_runs, seen_digest
from astrai_slides.recording.format.container import dump, load
from astrai_slides.recording.format.model import (
    Blob,
    Draw,
    Film,
    Frame,
    Paint,
    Path,
    Picture,
    Recording,
    Step,
    Style,
    TextRun,
    View,
)

DOT, STYLE, VIEW = Path(((0, False),), bytes(8)), Style(Paint((0xFFFFFFFF,))), View(0, 0, 1920, 1080)
KNOBS = [Knob.of("a", 1, [1, 2]), Knob.of("b", "x", ["x", "y", "z"]), Knob.of("c", True)]


@dataclass
class Program:
    """A deck as far as knobs see it: what it shows is a list of numbers, one a frame."""

    knobs: Knobs
    steps: list[tuple[str, list[int]]] = field(default_factory=list)
    shown: int = 0

    def step(self, name: str) -> None:
        if self.steps:
            self.knobs.step_ends()
            self.steps[-1][1].append(self.shown)  # it rests
        self.steps.append((name, []))
        self.knobs.step_begins(len(self.steps) - 1)

    def play(self, *shown: int) -> None:
        self.steps[-1][1].extend(shown)
        self.shown = shown[-1]

    def frames(self) -> int:
        return len(self.steps[-1][1]) if self.steps else 0


Deck = Callable[[Program], None]


def recorded(deck: Deck, turned: Mapping[str, int] = {}) -> Recording:
    knobs = Knobs(turned)
    program = Program(knobs)
    knobs.frame, knobs.look = program.frames, lambda: program.shown
    deck(program)
    steps = tuple(_step(name, shown) for name, shown in program.steps)
    reads = tuple(knobs.reads.values())
    return Recording("Program", 60.0, 16, 9, 0, steps, knobs=reads, divided=tuple(knobs.divided))


def _step(name: str, shown: Sequence[int]) -> Step:
    frames = [Frame((Draw(DOT, STYLE, number, 0, source=7 * len(shown)),), VIEW, 0) for number in shown]
    return Step(name, frames, tuple((place, 1) for place in range(len(frames))), frames[-1])


def shown(step: Step | None) -> list[int]:
    return [] if step is None else [step.frames[index].ops[0].x for index, count in step.runs for _ in range(count)]


class Runs:
    """Records a deck, and counts how often."""

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self.turned: list[dict[str, int]] = []

    def __call__(self, turned: Mapping[str, int], knobs: Sequence[Knob]) -> Recording:
        self.turned.append(dict(turned))
        return recorded(self.deck, turned)


def filmed(recording: Recording, name: str) -> Recording:
    """`recording` with the step `name` as a film."""
    steps = [replace(step, film=Film("0", "too slow")) if step.name == name else step for step in recording.steps]
    return replace(recording, steps=tuple(steps))


def explored(deck: Deck, most: int = 64) -> tuple[Explored, Runs]:
    runs = Runs(deck)
    found = explore(recorded(deck), runs, "deck.py", most)
    assert found is not None
    return found, runs


def hold_against_alone(deck: Deck, found: Explored) -> None:
    """Each variant is what the deck is with those values alone."""
    for places in product(*(range(len(knob.values)) for knob in found.knobs)):
        turned = {knob.name: place for knob, place in zip(found.knobs, places, strict=True) if place != knob.value}
        alone = recorded(deck, turned)
        variant = found.variant(turned)
        assert [step.name for _, step in variant] == [step.name for step in alone.steps]
        for (opening, step), other in zip(variant, alone.steps, strict=True):
            assert shown(opening) + shown(step) == shown(other)
            assert step.end == other.end


def test_a_step_is_kept_once_for_each_value_of_the_knobs_that_it_depends_on() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        program.play(1)
        program.step("two")
        a = program.knobs.value(KNOBS[0])
        program.play(int(a) * 10)
        program.step("three")
        b = program.knobs.value(KNOBS[1])
        program.play(int(a) * 100 + len(str(b)), ord(str(b)[0]))

    found, runs = explored(deck)
    assert [(part.steps.on, len(part.steps.items)) for part in found.parts] == [((), 1), ((0,), 2), ((0, 1), 6)]
    assert len(runs.turned) == 5 == fewest_runs(recorded(deck))
    hold_against_alone(deck, found)


def test_a_knob_that_makes_no_difference_to_a_step_is_none_of_its_knobs() -> None:
    def deck(program: Program) -> None:
        a = program.knobs.value(KNOBS[0])
        program.step("one")
        program.play(int(a))
        program.step("two")
        program.play(5, 5)

    found, _ = explored(deck)
    assert [part.steps.on for part in found.parts] == [(0,), ()]
    assert len(found.steps) == 3


def test_what_the_deck_is_done_with_does_not_multiply() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        a = int(program.knobs.value(KNOBS[0]))
        program.play(a)
        program.step("two")
        program.play(a + 20, a + 10, 0)  # clears away what was shown
        program.knobs.done_with(["a"], program.frames())
        b = str(program.knobs.value(KNOBS[1]))
        program.play(0, ord(b))

    found, runs = explored(deck)
    assert sorted(map(str, runs.turned)) == ["{'a': 1}", "{'b': 1}", "{'b': 2}"]
    last = found.parts[-1]
    assert last.opening is not None
    assert (last.opening.on, last.steps.on) == ((0,), (1,))
    hold_against_alone(deck, found)


def test_a_deck_that_is_not_done_with_a_knob_is_found_out() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        a = int(program.knobs.value(KNOBS[0]))
        program.play(a, 0)
        program.step("two")
        program.knobs.done_with(["a"], program.frames())
        program.play(a)

    def longer(program: Program) -> None:
        program.step("one")
        a = int(program.knobs.value(KNOBS[0]))
        program.play(a, 0)
        program.knobs.done_with(["a"], program.frames())
        for number in range(a):
            program.step(f"more {number}")
            program.play(0)
        program.play(0)  # as a step rests before the next one

    with pytest.raises(AstraiSlidesError, match=r"deck\.py: step 'two' differs with a = 2, of which the deck said"):
        explored(deck)
    with pytest.raises(AstraiSlidesError, match="step 'more 1' differs with a = 2"):
        explored(longer)


def test_a_deck_whose_knobs_depend_on_each_other_is_refused() -> None:
    def sometimes_done(program: Program) -> None:
        program.step("one")
        a = int(program.knobs.value(KNOBS[0]))
        program.play(a)
        if a == 2:
            program.knobs.done_with(["a"], program.frames())
        program.play(0)

    def other_values(program: Program) -> None:
        program.step("one")
        a = int(program.knobs.value(KNOBS[0]))
        program.play(int(program.knobs.value(Knob.of("d", 1, range(1, a + 2)))))

    with pytest.raises(AstraiSlidesError, match="calls done_with 1 times with a = 2, and 0 times without"):
        explored(sometimes_done)
    with pytest.raises(AstraiSlidesError, match="knob 'd' has other values with a = 2"):
        explored(other_values)


def test_what_variants_alone_show_is_kept_for_them() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        program.play(int(program.knobs.value(KNOBS[0])))

    def run(turned: Mapping[str, int], _: Sequence[Knob] = ()) -> Recording:
        blob = Blob.of("image/png", f"{dict(turned)}".encode())
        return replace(recorded(deck, turned), blobs={blob.digest: blob})

    found = explore(run({}), run, "deck.py")
    assert found is not None
    assert {blob.data for blob in found.blobs.values()} == {b"{}", b"{'a': 1}"}


def test_what_is_told_of_a_step_makes_it_another_one() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        a = program.knobs.value(KNOBS[0])
        program.play(1)
        program.knobs.done_with(["a"], program.frames())
        program.step("two")
        program.knobs.value(KNOBS[1])
        program.play(len(str(a)))

    def found(change: Callable[[Step, str], Step]) -> Explored:
        def run(turned: Mapping[str, int], _: Sequence[Knob] = ()) -> Recording:
            recording = recorded(deck, turned)
            first, *others = recording.steps
            return replace(recording, steps=(change(first, str(dict(turned).get("a"))), *others))

        result = explore(run({}), run, "deck.py")
        assert result is not None
        return result

    assert [part.steps.on for part in found(lambda step, _: step).parts] == [(), ()]
    assert all(part.opening is None for part in found(lambda step, _: step).parts), "it is done with it between steps"
    noted = found(lambda step, a: replace(step, notes=a))
    worded = found(lambda step, a: replace(step, texts=(TextRun(a, (0, 0, 1, 1)),)))
    for each in (noted, worded):
        assert [part.steps.on for part in each.parts] == [(0,), ()]


def test_what_is_recorded_for_one_span_does_for_another() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        a = int(program.knobs.value(KNOBS[0]))
        program.play(a + ord(str(program.knobs.value(KNOBS[1]))), a)
        program.knobs.done_with(["b"], program.frames())
        program.play(a)

    found, runs = explored(deck)
    assert len(runs.turned) == 5 == fewest_runs(recorded(deck))
    hold_against_alone(deck, found)


def test_steps_may_differ_in_number_and_a_knob_may_be_read_for_some_values_only() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        a = int(program.knobs.value(KNOBS[0]))
        program.play(a)
        if a == 2:
            program.step("more")
            program.play(ord(str(program.knobs.value(KNOBS[1]))))
        program.step("last")
        program.play(9)

    found, runs = explored(deck)
    assert [knob.name for knob in found.knobs] == ["a", "b"]
    assert {"a": 1, "b": 2} in runs.turned
    assert {"b": 2} not in runs.turned
    hold_against_alone(deck, found)


def test_a_read_between_two_steps_is_the_next_ones_unless_something_changed() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        program.play(1)
        a = int(program.knobs.value(KNOBS[0]))
        program.step("two")
        program.play(a)

    def changing(program: Program) -> None:
        program.step("one")
        program.play(1)
        program.shown = int(program.knobs.value(KNOBS[0]))
        program.step("two")
        program.play(3)

    assert recorded(deck).knobs[0].since == (1, 0)
    assert recorded(changing, {"a": 1}).knobs[0].since == (0, 1)
    found, _ = explored(changing)
    assert [part.steps.on for part in found.parts] == [(0,), ()]
    hold_against_alone(changing, found)


def test_too_many_variants_are_refused_with_the_knob_to_drop() -> None:
    def deck(program: Program) -> None:
        program.step("none")
        program.play(1)
        program.step("one")
        program.play(*(hash((program.knobs.value(knob), 1)) % 1000 for knob in KNOBS))

    said = r"deck\.py: step 'one' has 12 variants \(2 of 'a' x 3 of 'b' x 2 of 'c'"
    with pytest.raises(AstraiSlidesError, match=said) as told:
        explored(deck, most=11)
    assert "give 'b' fewer values" in str(told.value)
    assert len(explored(deck, most=12)[1].turned) == 11


def test_a_deck_without_knobs_has_no_variants() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        program.play(1)
        program.knobs.done_with(["a"], program.frames())

    assert explore(recorded(deck), Runs(deck), "deck.py") is None
    assert "knobs" not in str(dump(recorded(deck))[:2000])


def test_a_recording_keeps_who_was_read_where() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        for knob in KNOBS:
            program.knobs.value(knob)
            program.play(1)
        program.knobs.done_with(["a", "c"], program.frames())
        program.play(2)

    recording = recorded(deck)
    again = load(dump(recording))
    assert (again.knobs, again.divided) == (recording.knobs, recording.divided)
    assert [read.until for read in again.knobs] == [(0, 3), None, (0, 3)]


def test_a_knob_is_read_no_more_once_the_deck_is_done_with_it() -> None:
    knobs = Knobs()
    knobs.value(KNOBS[0])
    knobs.done_with(["a"], 0)
    with pytest.raises(DeckError, match="knob 'a' is read after"):
        knobs.value(KNOBS[0])


def test_what_is_seen_does_not_depend_on_numbers_of_mobjects() -> None:
    one = _step("one", [1, 2, 2])
    frames = [Frame((Draw(DOT, STYLE, number, 0, source=99),), VIEW, 0) for number in (1, 2, 2)]
    assert seen_digest(one) == seen_digest(Step("one", frames, one.runs, frames[-1]))
    assert seen_digest(one) != seen_digest(_step("one", [1, 2, 3]))
    red = Draw(DOT, Style(Paint((0xFF0000FF,))), 1, 0)
    for other in (
        replace(one, end=one.frames[0]),
        replace(one, runs=((0, 1), (1, 2), (2, 1))),
        replace(one, frames=[replace(one.frames[0], ops=(red,)), *one.frames[1:]]),
        replace(one, frames=[replace(one.frames[0], background=0xFFFFFFFF), *one.frames[1:]]),
    ):
        assert seen_digest(other) != seen_digest(one)
    pictures = [Frame((Picture("a", 1, 1, (0, 0, 9, 0, 0, 9), source=number),), VIEW, 0) for number in (1, 2)]
    assert len({seen_digest(Step("one", [frame], ((0, 1),), frame)) for frame in pictures}) == 1
    assert shown(cut(one, 1, None)) == [2, 2]
    first = cut(one, 0, 1)
    assert shown(first) == [1]
    assert first.end == one.frames[0], "nothing of what comes after it"
    assert cut(one, 0, 0).end == Frame.blank()


@st.composite
def programs(draw: st.DrawFn) -> Deck:
    """Decks that read, play what they read, and are done with it, truly: what they are done with is cleared away."""
    lines: list[tuple[Any, ...]] = [("step",)]
    live: set[int] = set()
    gone: set[int] = set()
    moved = divided = branched = False
    for kind in draw(st.lists(st.sampled_from(["read", "play", "step", "done", "branch"]), max_size=9)):
        if kind == "read":
            number = draw(st.integers(0, len(KNOBS) - 1))
            if number not in gone:
                live.add(number)
                lines.append(("read", number))
        elif kind == "step" and moved:
            lines.append(("step",))
            moved = divided = branched = False
        elif kind == "done" and not divided and not branched:
            lines.append(("done", tuple(sorted(live))))
            gone |= live
            live.clear()
            moved = divided = True
        elif kind in ("play", "branch"):
            lines.append((kind, draw(st.integers(1, 3))))
            moved = True
            branched |= kind == "branch"

    def deck(program: Program) -> None:
        kept: dict[int, Any] = {}
        for place, line in enumerate([*lines, ("play", 1)]):
            match line:
                case ("step",):
                    program.step(f"step {place}")
                case ("read", number):
                    kept[number] = program.knobs.value(KNOBS[number])
                case ("done", numbers):
                    program.play(0)
                    program.knobs.done_with([KNOBS[number].name for number in numbers], program.frames())
                    for number in numbers:
                        kept.pop(number, None)
                case ("play", times):
                    program.play(*[_mixed(kept) for _ in range(times)])
                case ("branch", times):
                    program.play(_mixed(kept))
                    if kept and _mixed(kept) % 2:
                        program.step(f"more {place}")
                        program.play(*[_mixed(kept) + 1 for _ in range(times)])

    return deck


def _mixed(kept: Mapping[int, Any]) -> int:
    """A number that any of the values changes."""
    return sum((KNOBS[number].values.index(value) + 1) * 7**number for number, value in kept.items())


@settings(max_examples=examples(150))
@given(programs())
def test_every_variant_of_any_deck_is_what_the_deck_is_with_those_values_alone(deck: Deck) -> None:
    default = recorded(deck)
    if default.knobs:
        hold_against_alone(deck, explored(deck)[0])


def test_the_motion_of_a_film_is_not_divided() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        a = program.knobs.value(KNOBS[0])
        program.play(int(a))
        program.step("two")
        program.play(0)
        program.knobs.done_with(["a"], program.frames())
        program.play(int(program.knobs.value(KNOBS[1]) == "x"), 4)

    def run(turned: Mapping[str, int], _: Sequence[Knob]) -> Recording:
        return filmed(recorded(deck, turned), "two") if "a" in turned else recorded(deck, turned)

    told = "deck.py: the motion of step 'two' cannot be divided by done_with, as{} it is a film (too slow)"
    with pytest.raises(AstraiSlidesError, match=re.escape(told.format(" with a = 2"))):
        explore(recorded(deck), run, "deck.py")
    with pytest.raises(AstraiSlidesError, match=re.escape(told.format(""))):
        explore(filmed(recorded(deck), "two"), run, "deck.py")


def test_a_film_is_kept_for_each_value() -> None:
    def deck(program: Program) -> None:
        program.step("one")
        a = program.knobs.value(KNOBS[0])
        program.play(int(a))
        program.step("two")
        program.knobs.done_with(["a"], program.frames())
        program.play(5)

    def run(turned: Mapping[str, int], _: Sequence[Knob]) -> Recording:
        return filmed(recorded(deck, turned), "one")

    found = explore(run({}, ()), run, "deck.py")
    assert found is not None
    for turned in ({}, {"a": 1}):
        first, second = (step for _, step in found.variant(turned))
        assert (shown(first), first.film, second.film) == ([*[turned.get("a", 0) + 1] * 2], Film("0", "too slow"), None)
