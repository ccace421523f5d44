"""What stands between two plays, once the frames are there."""

from dataclasses import replace

import pytest
from moving import frame, square

from astrai_slides.recording.format.model import Frame
from astrai_slides.recording.run import rests
from astrai_slides.recording.run.rests import Standing, StandingText, placed, told

BOX = (0, 0, 1, 1)


def shown(*sources: int) -> Frame:
    """Squares of these mobjects in this order, each in a place of its own."""
    return frame(*(replace(square(source, 0), source=source) for source in sources))


def standing(at: int, *sources: int, text: str = "abc") -> Standing:
    return Standing(at, (StandingText(text, BOX, sources),))


def test_glyphs_are_in_the_order_of_the_letters_however_they_are_drawn() -> None:
    (rest,) = placed([standing(0, 1, 2, 3)], [shown(3, 9, 1, 2)], [(0, 5)], shown())
    assert [(run.text, run.glyphs, run.places) for run in rest.texts] == [("abc", ((2, 2), (0, 1)), [2, 3, 0])]


def test_only_what_looks_otherwise_than_before_and_than_the_end_is_a_rest() -> None:
    frames, runs = [shown(1), shown(1, 2), shown(1, 2, 3)], [(0, 2), (1, 3), (0, 1), (2, 2)]
    every = [standing(at, 1) for at in (0, 1, 2, 5, 6, 7, 8)]
    assert [rest.at for rest in placed(every, frames, runs, shown(1, 2, 3))] == [0, 2, 5]
    assert [rest.at for rest in placed(every, frames, runs, shown(1, 2))] == [0, 6]
    assert placed([standing(0, 7)], frames, runs, shown()) == ()  # nothing of it is drawn


def test_of_too_many_rests_some_keep_their_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [shown(1, *([2] * (number % 2))) for number in range(8)]
    every = [standing(number, 1) for number in range(8)]
    runs = [(number, 1) for number in range(8)]
    assert all(rest.texts for rest in placed(every, frames, runs, shown()))
    monkeypatch.setattr(rests, "MOST_TEXTS", 3)
    some = placed(every, frames, runs, shown())
    assert [rest.at for rest in some] == [*range(8)]
    assert [rest.at for rest in some if rest.texts] == [0, 3, 6]


def test_what_stands_is_told_apart_by_time_text_and_place_not_by_numbers_of_mobjects() -> None:
    one = told([standing(0, 1, 2)])
    assert one == told([standing(0, 7, 9)])
    box = StandingText("abc", (0, 0, 1, 2), (1, 2))
    others = [standing(1, 1, 2), standing(0, 1), standing(0, 1, 2, text="abd"), Standing(0, (box,))]
    assert len({one, *(told([other]) for other in others)}) == len(others) + 1
