"""Points: as large as they fit, one by one, and refused where they cannot be read."""

import pytest
from resting import box_of, check_rest

from astrai_slides.deck.parts.bullets import Bullets
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import DARK

ROOM = Box(-6.4, -3.0, 6.4, 2.8)
SENTENCE = "a point of a few words that say something"


@pytest.mark.parametrize(("count", "size"), [(1, "lead"), (7, "lead"), (8, "body"), (9, "small")])
def test_points_fill_their_box_and_are_no_larger_than_they_fit(count: int, size: str) -> None:
    bullets = Bullets([f"{SENTENCE} {number}" for number in range(count)], ROOM, DARK)
    assert check_rest(bullets) == count
    whole = box_of(bullets)
    assert whole.top <= ROOM.top
    assert whole.bottom >= ROOM.bottom
    assert bullets.cap == getattr(DARK.type, size)
    tops = [box_of(point[0]).top for point in bullets]
    assert tops == sorted(tops, reverse=True)


def test_lines_go_on_under_their_own_first_word() -> None:
    (point,) = Bullets([f"{SENTENCE}, {SENTENCE} and {SENTENCE}"], ROOM, DARK)
    mark, text = point
    assert len(text) == 2
    assert {round(float(line.get_left()[0]), 2) for line in text} == {round(ROOM.left + 1.5 * DARK.type.lead, 2)}
    assert box_of(mark).right < box_of(text).left


def test_who_cannot_be_read_is_named_with_the_remedy() -> None:
    with pytest.raises(DeckError, match=r"the 10 points, of which 'a point .* longest.*; shorten them, or divide"):
        Bullets([SENTENCE] * 10, ROOM, DARK)
    with pytest.raises(DeckError, match="the 1 points, of which 'WWWWW"):
        Bullets(["W" * 200], ROOM, DARK)
    for points in ([], ["one", " "]):
        with pytest.raises(DeckError, match="write a text for each"):
            Bullets(points, ROOM, DARK)


def test_the_one_that_is_spoken_of_stands_out() -> None:
    palette = DARK.palette
    bullets = Bullets(["one", "two", "three"], ROOM, DARK)

    def colours() -> list[str]:
        return [point[1][0].get_fill_color().to_hex() for point in bullets]

    for step, expected in (
        (bullets.come(2), [palette.muted] * 2 + [palette.ink]),
        (bullets.recall(), [palette.ink] * 3),
    ):
        step.begin()
        step.interpolate(1)
        step.finish()
        step.clean_up_from_scene(_NoScene())
        assert colours() == expected


class _NoScene:
    """What clean_up_from_scene tells of goes nowhere."""

    def add(self, *_: object) -> None: ...

    def remove(self, *_: object) -> None: ...
