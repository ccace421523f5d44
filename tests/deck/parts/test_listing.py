"""Code: on a grid, in the theme's colours, a line that stands out, and refused where it cannot be read."""

import pytest
from resting import box_of

from astrai_slides.deck.parts.listing import Listing
from astrai_slides.errors import DeckError
from astrai_slides.look.contrast import TEXT_CONTRAST, contrast
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import DARK, SMALLEST_CAP, THEMES

ROOM = Box(-6.4, -3.0, 6.4, 2.8)
CODE = """
def answer(question):  # why

    if question != "":
\treturn 42
"""


def listing(code: str = CODE, language: str = "python", room: Box = ROOM) -> Listing:
    return Listing(code, language, room, DARK)


def colours(line) -> list[str]:  # type: ignore[no-untyped-def]
    return [glyph.get_fill_color().to_hex() for glyph in line.chars]


def test_every_character_stands_in_its_column() -> None:
    first, empty, third, fourth = listing("HHH HH\n\n  HHHHH\nH -> != H").lines
    assert len(empty) == 0
    left = [box_of(glyph).left for glyph in first.chars]
    advance = (left[-1] - left[0]) / 5
    assert left[3] - left[0] == pytest.approx(4 * advance, abs=1e-3)
    assert box_of(third.chars[0]).left == pytest.approx(left[2], abs=2e-3)
    # a letter that is narrower than its place stands within it, also where it is the first of its line
    centres = [box_of(each.chars[0]).center[0] for each in listing("H\n|").lines]
    assert centres[0] == pytest.approx(centres[1], abs=0.06 * advance)
    # no ligature
    assert len(fourth.chars) == 6
    assert box_of(fourth.chars[5]).left == pytest.approx(left[0] + 8 * advance, abs=2e-3)


def test_words_have_the_colours_of_the_theme() -> None:
    palette = DARK.palette
    first, _, third, fourth = listing().lines
    told = colours(first)
    assert (told[:3], told[3:9], told[-4:]) == ([palette.primary] * 3, [palette.ink] * 6, [palette.muted] * 4)
    assert colours(third)[-3:-1] == [palette.headline] * 2
    assert colours(fourth)[-2:] == [palette.accent] * 2
    for theme in THEMES.values():
        named = theme.palette.named()
        for name in ("ink", "muted", "primary", "headline", "accent"):
            for ground in ("background", "faint"):
                assert contrast(named[name], named[ground]) >= TEXT_CONTRAST, (theme.name, name, ground)


def test_it_is_as_large_as_it_fits() -> None:
    long = "x" * 75
    assert listing("short").lines[0].cap == DARK.type.lead
    small = listing(long)
    assert SMALLEST_CAP <= small.lines[0].cap < DARK.type.body
    assert box_of(small).right <= ROOM.right
    many = listing("\n".join(["line"] * 17))
    assert box_of(many).bottom >= ROOM.bottom


def test_what_cannot_be_read_is_named_with_the_remedy() -> None:
    with pytest.raises(DeckError, match=r"line of code 'long.* has 104 characters, of which 93 .*; break it"):
        listing("short\n" + "long" * 26)
    with pytest.raises(
        DeckError, match=r"begins with 'line' has 18 lines, of which 17 can be read at once; show fewer"
    ):
        listing("\n".join(["line"] * 18))
    with pytest.raises(DeckError, match="no language that Pygments knows"):
        listing(language="pyhton")
    with pytest.raises(DeckError, match="no code to show"):
        listing("\n\n")
    with pytest.raises(DeckError, match="there is no line 5; the code has lines 1 to 4"):
        listing().emphasise(5)


def test_lines_that_stand_out_have_a_band_behind_them_and_the_others_are_muted() -> None:
    code = listing("one\ntwo\nthree\nfour")
    before = [colours(line) for line in code.lines]
    group = code.emphasise(1, 3, 4)
    bands = group.animations[0].mobject
    assert bands.z_index < code.lines[0].z_index
    assert len(bands) == 2 * 2, "a band and its mark for each run of lines"
    assert [box_of(bands[at]).height for at in (0, 2)] == pytest.approx([2.1 * DARK.type.lead, 4.2 * DARK.type.lead])
    for line, shown in zip(code.lines, (True, False, True, True), strict=True):
        box, inside = box_of(line), [box_of(bands[at]) for at in (0, 2)]
        assert any(band.bottom < box.bottom and box.top < band.top for band in inside) == shown
    group.begin()
    group.finish()
    assert colours(code.lines[1]) == [DARK.palette.muted] * 3
    assert colours(code.lines[0]) == before[0]
    again = code.emphasise()
    again.begin()
    again.finish()
    assert [colours(line) for line in code.lines] == before
