"""Panels: equally large, texts of one size, beside each other or, on an upright slide, below."""

import pytest
from resting import box_of, check_rest

from astrai_slides.deck.parts.side_by_side import Side, SideBySide
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import DARK

ROOM = Box(-6.4, -3.0, 6.4, 2.8)
UPRIGHT = Box(-3.0, -6.4, 3.0, 6.4)
FEW = Side("Few", ("One point.",))
MANY = Side(
    "Many", tuple(f"Point {number} of those that there are to make here." for number in range(6)), headline=True
)


@pytest.mark.parametrize("room", [ROOM, UPRIGHT])
def test_panels_are_equally_large_and_their_texts_too(room: Box) -> None:
    sides = SideBySide([FEW, MANY], room, DARK)
    first, second = (box_of(panel[0]) for panel in sides)
    assert (first.width, first.height) == pytest.approx((second.width, second.height))
    assert (first.right < second.left) == (room is ROOM)
    assert (first.bottom > second.top) == (room is UPRIGHT)
    assert len({bullets.cap for _, (_, bullets) in sides}) == 1
    for panel, content in sides:
        inside, outside = box_of(content), box_of(panel)
        assert outside.left < inside.left < inside.right < outside.right
        assert outside.bottom < inside.bottom
    whole = box_of(sides)
    assert whole.bottom >= room.bottom - 0.02
    if room is ROOM:
        check_rest(sides)


def test_the_one_that_the_talk_is_for_stands_out_and_panels_come_one_by_one() -> None:
    palette, space = DARK.palette, DARK.space
    sides = SideBySide([FEW, Side("For", ("One point.",), headline=True)], ROOM, DARK)
    assert box_of(sides).height < ROOM.height / 2, "no higher than what is in them"
    for (panel, (name, _)), ink, line, width in zip(
        sides,
        (palette.ink, palette.headline),
        (palette.line, palette.headline),
        (space.stroke, space.strong),
        strict=True,
    ):
        assert name[0].get_fill_color().to_hex() == ink
        assert (panel.get_stroke_color().to_hex(), panel.get_stroke_width()) == (line, width)
    assert sides.come(1).mobject is sides[1]
    assert [each.mobject for each in sides.appear().animations] == list(sides)


def test_what_cannot_be_read_is_named_with_the_remedy() -> None:
    with pytest.raises(DeckError, match=r"1 sides cannot be compared .*; give two or three"):
        SideBySide([FEW], ROOM, DARK)
    with pytest.raises(DeckError, match="4 sides cannot"):
        SideBySide([FEW] * 4, ROOM, DARK)
    with pytest.raises(DeckError, match="the 11 points"):
        SideBySide([FEW, Side("Too many", ("A point.",) * 11)], ROOM, DARK)
