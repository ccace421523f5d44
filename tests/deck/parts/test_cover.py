"""The cover of a talk: what does not fit is broken or refused, and the byline goes before the next foot comes."""

import pytest
from manim import AnimationGroup
from resting import check_rest, texts_of

from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import Head
from astrai_slides.deck.parts.text import Paragraph
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Layout
from astrai_slides.look.theme import Theme

LONG = "Professor Augusta Ada King-Noel, Countess of Lovelace · A conference on difference engines in London and Turin"


def cover_of(layout: Layout, theme: Theme, title: str = "A title", byline: str = "") -> Cover:
    return Cover(title, "A promise.", byline, layout, theme)


def test_a_long_byline_takes_another_line_from_the_ground(layout: Layout, theme: Theme) -> None:
    short, long = cover_of(layout, theme, byline="Ada"), cover_of(layout, theme, byline=LONG)
    assert [len(short.byline), len(long.byline)] == [1, 2]
    assert check_rest(long.head, long.promise, long.byline) == 4
    assert long.ground.bottom > short.ground.bottom
    assert long.ground.bottom > float(long.byline.get_top()[1])


def test_what_cannot_be_read_is_refused_alike(layout: Layout, theme: Theme) -> None:
    with pytest.raises(DeckError, match="longer than 2 lines on the cover; shorten it"):
        cover_of(layout, theme, byline=f"{LONG} · {LONG} · {LONG}")
    with pytest.raises(DeckError, match="longer than 2 lines"):
        cover_of(layout, theme, byline="W" * 200)
    with pytest.raises(DeckError, match="too small to read; shorten it"):
        cover_of(layout, theme, title="A title " * 30)


def test_a_line_break_in_the_title_is_one_on_the_cover_and_a_space_at_the_head(layout: Layout, theme: Theme) -> None:
    cover = cover_of(layout, theme, title="A title\nof two lines")
    assert isinstance(cover.title, Paragraph)
    first, second = cover.title
    assert first.get_center()[0] == pytest.approx(0, abs=1e-6)
    assert second.get_center()[0] == pytest.approx(0, abs=1e-6)
    assert first.cap == second.cap
    assert check_rest(cover.title) == 2
    assert cover.head.original_text.replace(" ", "") == "Atitleoftwolines"
    cover.rise()
    assert texts_of([cover.title]) == [cover.head]


def test_the_byline_goes_before_the_next_foot_comes(layout: Layout, theme: Theme) -> None:
    cover, head = cover_of(layout, theme, byline="Ada"), Head(layout, theme)
    byline = cover.byline
    head.take(cover)
    _, foot = head.change("Next", "What it assumes.")
    assert isinstance(foot, AnimationGroup)
    going, coming = foot.animations
    assert going.mobject is byline
    assert coming.mobject is head.foot
    assert foot.lag_ratio == theme.time.handover
    assert byline not in cover.leave().mobject.get_family()


def test_a_long_foot_is_cut_after_a_part(layout: Layout, theme: Theme) -> None:
    head = Head(layout, theme)
    assert head.brief("Short.") == "Short."
    parts = ", ".join(f"part {number} of what it assumes" for number in range(1, 13))
    shown = head.brief(parts)
    assert shown.endswith(" of what it assumes …")
    assert parts.startswith(shown.removesuffix(" …"))
    head.change("Title", shown)
    assert len(head.foot) == 2
