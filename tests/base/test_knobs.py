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
