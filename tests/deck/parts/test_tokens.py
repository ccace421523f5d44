"""Tokens: spaces are seen, rows fill a box, and what was given looks otherwise than what is made of it."""

import pytest
from resting import box_of, check_rest

from astrai_slides.deck.parts.tokens import TokenStrip
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import DARK

ROOM = Box(-6.4, -3.0, 6.4, 2.8)
TOKENS = ("Why", " is", " the", " sky", "\n", ".")


def test_spaces_and_breaks_are_seen_and_no_token_is_narrower_than_high() -> None:
    strip = TokenStrip(TOKENS, ROOM, DARK, given=4)
    assert [token[1].original_text for token in strip] == ["Why", "␣is", "␣the", "␣sky", "↵", "."]
    for token in strip:
        box, word = box_of(token[0]), box_of(token[1])
        assert box.width >= box.height - 1e-6
        assert box.left < word.left < word.right < box.right
    assert [token[0].get_fill_opacity() for token in strip] == [0, 0, 0, 0, 1, 1]


def test_many_are_smaller_and_stay_in_their_box() -> None:
    strip = TokenStrip(TOKENS * 20, ROOM, DARK)
    check_rest(strip)
    whole = box_of(strip)
    assert whole.right <= ROOM.right + 0.02
    assert whole.bottom >= ROOM.bottom
    assert strip[0][1].cap < DARK.type.lead
    lefts = [box_of(token).left for token in strip]
    assert lefts.count(lefts[0]) > 1


def test_what_cannot_be_read_is_named_with_the_remedy() -> None:
    with pytest.raises(DeckError, match=r"the 250 tokens, of which ' the' is the longest.*; show fewer"):
        TokenStrip([" the"] * 250, ROOM, DARK)
    with pytest.raises(DeckError, match="the 1 tokens, of which 'WWWW"):
        TokenStrip(["W" * 200], ROOM, DARK)
    with pytest.raises(DeckError, match="give a text for each"):
        TokenStrip(["a", ""], ROOM, DARK)


def test_those_pointed_out_have_a_colour_of_their_own_and_all_others_get_theirs_back() -> None:
    strip, palette = TokenStrip(TOKENS, ROOM, DARK, given=4), DARK.palette

    def fills() -> list[str | None]:
        shapes = [token[0] for token in strip]
        return [shape.get_fill_color().to_hex() if shape.get_fill_opacity() else None for shape in shapes]

    usual = [None] * 4 + [palette.primary] * 2
    assert fills() == usual
    for numbers, expected in (
        ([1, 5], [None, palette.accent, None, None, palette.primary, palette.accent]),
        ([], usual),
    ):
        animation = strip.point_out(numbers)
        animation.begin()
        animation.finish()
        assert fills() == expected
