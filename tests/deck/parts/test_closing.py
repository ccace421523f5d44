"""The closing slide: a code that phones read, in every theme and on paper, and an address that people read."""

import numpy as np
import pytest
import segno
from resting import box_of, check_rest

from astrai_slides.deck.parts.closing import Closing
from astrai_slides.deck.parts.qr import outlines, qr_code
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box, Layout, layout_for
from astrai_slides.look.theme import DARK, THEMES

ADDRESS = "https://example.org/talks/batching"
LAYOUT = layout_for(DARK)
UPRIGHT = layout_for(DARK, 7.0, 12.4)


def closing(layout: Layout = LAYOUT, *, words: str = "Slides and code.", address: str = ADDRESS) -> Closing:
    return Closing("Thank you", words, address, layout, DARK)


def inside(x: float, y: float, outline: list[tuple[int, int]]) -> int:
    """How often, and which way round, `outline` goes about a point."""
    winding = 0
    for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if x0 == x1 and x0 > x and min(y0, y1) < y < max(y0, y1):
            winding += 1 if y1 > y0 else -1
    return winding


def test_outlines_go_round_the_dark_modules_and_no_other() -> None:
    rows = segno.make(ADDRESS).matrix
    found = outlines(rows)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            assert sum(inside(x + 0.5, y + 0.5, outline) for outline in found) == int(module)
    # two areas that meet at a corner, and one with a hole
    assert len(outlines([[1, 0], [0, 1]])) == len(outlines([[0, 1], [1, 0]])) == 2
    assert sorted(map(len, outlines([[1, 1, 1], [1, 0, 1], [1, 1, 1]]))) == [4, 4]


def test_the_code_is_dark_on_light_with_its_margin_and_is_painted_as_it_is() -> None:
    paper, path = qr_code(ADDRESS, Box(-2, -1, 2, 1))
    assert box_of(paper).width == pytest.approx(2)
    assert box_of(qr_code(ADDRESS, Box(-1, -2, 1, 2))[0]).height == pytest.approx(2)
    quiet = box_of(path).left - box_of(paper).left
    count = len(segno.make(ADDRESS, micro=False, error="m").matrix) + 8
    assert quiet == pytest.approx(4 * 2 / count)
    drawn = {each.get_fill_color().to_hex() for each in (paper, path)}
    # a theme that has these would exchange them where a deck is printed in the colours of another
    assert not drawn & {colour for theme in THEMES.values() for colour in theme.palette.named().values()}
    assert np.asarray(paper.get_fill_color().to_rgb()).min() > 0.99
    assert np.asarray(path.get_fill_color().to_rgb()).max() < 0.01


@pytest.mark.parametrize("layout", [LAYOUT, UPRIGHT, layout_for(DARK, 10.7, 8)])
def test_texts_and_code_are_beside_each_other(layout: Layout) -> None:
    slide = closing(layout)
    texts, code = box_of(slide.texts), box_of(slide.code)
    gap = DARK.space.gap
    assert texts.right < code.left - gap or texts.bottom > code.top + gap
    for box in (texts, code):
        assert layout.safe.left - 0.01 <= box.left
        assert box.right <= layout.safe.right + 0.01
        assert layout.safe.bottom - 0.01 <= box.bottom
    assert slide.address.original_text == "example.org/talks/batching"
    if layout is LAYOUT:
        assert check_rest(slide.shown) == 3


def test_the_address_is_shown_as_people_read_it_and_all_of_it_comes_and_goes() -> None:
    assert closing(address="http://example.org/").address.original_text == "example.org"
    slide = Closing("Thank you", "", ADDRESS, LAYOUT, DARK, shown="the talks")
    assert slide.address.original_text == "the talks"
    assert [each.mobject for each in slide.appear().animations] == [slide.headline, slide.address, slide.code]
    assert slide.leave().mobject.family_members_with_points() == slide.shown.family_members_with_points()


def test_what_cannot_be_read_is_named_with_the_remedy() -> None:
    with pytest.raises(DeckError, match="is more than can be read on the closing slide; shorten it"):
        closing(words="Many words. " * 60)
    with pytest.raises(DeckError, match="would be too small to read; shorten it"):
        closing(address=ADDRESS * 5)
    with pytest.raises(DeckError, match="has no address"):
        closing(address=" ")
    with pytest.raises(DeckError, match=r"fits no QR code: .*; write a shorter address"):
        closing(address="https://example.org/" + "x" * 3000)
