"""Knobs of a deck: what they may be, and how faults are told."""

from typing import Any

import numpy as np
import pytest

from astrai_slides.base.knobs import Knob, Knobs
from astrai_slides.errors import DeckError


@pytest.mark.parametrize(
    ("default", "values", "texts", "place"),
    [
        (3, range(1, 5), ("1", "2", "3", "4"), 2),
        (0.5, [0.5, 1], ("0.5", "1"), 0),
        ("b", ["a", "b"], ("a", "b"), 1),
        (True, None, ("off", "on"), 1),
        (np.int64(2), np.arange(3), ("0", "1", "2"), 2),
    ],
)
def test_values_are_numbers_words_or_a_switch(default: Any, values: Any, texts: tuple[str, ...], place: int) -> None:
    knob = Knob.of("some_thing.else", default, values)
    assert (knob.texts, knob.value, knob.label) == (texts, place, "Some thing else")
    assert knob.place_of(texts[0]) == 0
    assert Knob.of("of_GPUs", default, values).label == "Of GPUs"
    assert Knob.of("a", default, values, "  two\n words ").label == "two words"


@pytest.mark.parametrize(
    ("name", "default", "values", "said"),
    [
        ("a", 1, None, "knob 'a' has no values"),
        ("a", 1, [1, "b"], "are not all numbers, all words or all True and False"),
        ("a", 1, [1, True], "are not all numbers"),
        ("a", 1, [1, float("nan")], "are not all numbers"),
        ("a", 1, [1, [2]], "are not all numbers"),
        ("a", 1, [], "are not all numbers"),
        ("a", 1, [1, 2, 1.0], "has a value twice"),
        ("a", 3, [1, 2], "knob 'a' is 3, which is none of its values"),
        ("a=b", 1, [1, 2], "is no name of a knob"),
        ("", 1, [1, 2], "is no name of a knob"),
        ("a\nb", 1, [1, 2], "is no name of a knob"),
        ("a", [1], [[1], [2]], "are not all numbers"),
        ("a", True, [0, 1], "knob 'a' is True, which is none of its values"),
        (7, 1, [1, 2], "is no name of a knob"),
    ],
)
def test_what_cannot_be_a_knob_is_refused(name: Any, default: Any, values: Any, said: str) -> None:
    with pytest.raises(DeckError, match=said):
        Knob.of(name, default, values)


def test_two_knobs_of_one_name_are_refused_and_an_unknown_value() -> None:
    knobs = Knobs({}, {"a": "2"})
    assert knobs.value(Knob.of("a", 1, [1, 2])) == 2
    assert knobs.reads["a"].knob.value == 1
    with pytest.raises(DeckError, match="two knobs are called 'a'"):
        knobs.value(Knob.of("a", 1, [1, 2, 3]))
    with pytest.raises(DeckError, match="knob 'b' has no value 'three'"):
        Knobs({}, {"b": "three"}).value(Knob.of("b", "one", ["one", "two"]))


def test_a_deck_that_runs_once_more_begins_anew() -> None:
    knob = Knob.of("a", 1, [1, 2])
    knobs = Knobs()
    knobs.step_begins(2)
    knobs.frame, knobs.look = lambda: 5, lambda: None
    knobs.value(knob)
    knobs.done_with(["a"], 5)
    knobs.start_over()
    assert (knobs.reads, knobs.divided) == ({}, [])
    knobs.value(knob)
    assert knobs.reads["a"].since == (0, 0)


def test_a_deck_is_done_with_a_knob_where_it_first_says_so_and_in_a_motion_once() -> None:
    frame = 0
    knobs = Knobs(frame=lambda: frame)
    for name in ("a", "b", "c"):
        knobs.value(Knob.of(name, 1, [1, 2]))
    knobs.done_with(["a"], 0)
    knobs.done_with(["a", "b", "unread"], 0)  # between steps as often as it likes
    frame = 3
    knobs.done_with(["a", "b", "c"], frame)
    assert {name: read.until for name, read in knobs.reads.items()} == {"a": (0, 0), "b": (0, 0), "c": (0, 3)}
    frame = 4
    with pytest.raises(DeckError, match="done_with is called twice in the motion of a step"):
        knobs.done_with([], frame)


def test_what_happens_between_steps_is_the_next_ones_where_what_is_seen_stays() -> None:
    seen: int | None = 1
    knobs = Knobs(look=lambda: seen)
    knobs.value(Knob.of("a", 1, [1, 2]))
    knobs.done_with(["a"], 0)
    knobs.step_ends()
    assert (knobs.reads["a"].since, knobs.reads["a"].until, knobs.divided) == ((1, 0), (1, 0), [(1, 0)])
    knobs.step_begins(1)
    knobs.step_ends()
    assert knobs.reads["a"].since == (1, 0), "it moves once"
    # nobody can tell what is seen
    blind = Knobs()
    blind.value(Knob.of("a", 1, [1, 2]))
    blind.step_ends()
    assert blind.reads["a"].since == (0, 0)
