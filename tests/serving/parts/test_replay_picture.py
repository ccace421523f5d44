"""A measured run on stage: bars where the times say, uncovered from left to right."""

from math import log10
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resting import box_of, check_rest

from astrai_slides.deck.parts.head import Head
from astrai_slides.look.layout import Layout
from astrai_slides.serving.parts.replay import ReplayPicture, tick_step
from astrai_slides.serving.sim.measured import MeasuredRun, Tool
from astrai_slides.serving.sim.replay import Replay, ReplayRow, ReplaySpan
from astrai_slides.serving.words import en as words

pytestmark = pytest.mark.long

MEASURED = MeasuredRun(Tool.VLLM, Path("result.json"))
SPANS = (ReplaySpan(1, 0, 1, 8, 5, 5), ReplaySpan(2, 2, 3, 5, 5, 5), ReplaySpan(3, 9, 9.5, 10, 5, 5))
RUN = Replay((ReplayRow((SPANS[0], SPANS[2])), ReplayRow((SPANS[1],))), 10, 3, 3, 0, MEASURED)


@pytest.fixture
def picture(layout: Layout, theme) -> ReplayPicture:
    head = Head(layout, theme)
    return ReplayPicture(RUN, layout.body.above(head.room_above(words.replay_caption(RUN))), theme, words)


def test_bars_stand_where_the_times_say(picture: ReplayPicture, layout: Layout, theme) -> None:
    drawn = [box_of(bar) for bar in picture.bars]
    left, unit = picture.lanes.left, picture.lanes.width / RUN.duration
    for span, box in zip((SPANS[0], SPANS[2], SPANS[1]), drawn, strict=True):
        assert (box.left, box.right) == pytest.approx((left + span.start * unit, left + span.end * unit))
    outline, answer, _ = picture.bars[0]
    assert box_of(outline).right == pytest.approx(left + unit)
    assert (outline.get_fill_opacity(), answer.get_fill_opacity()) == (theme.space.ghost, 1)
    # One row over the other, and every request has its name.
    assert drawn[2].top < drawn[0].bottom
    assert [name.original_text for name in picture.labels] == ["R1", "R3", "R2"]


def test_it_rests(picture: ReplayPicture, layout: Layout, theme) -> None:
    head = Head(layout, theme)
    head.change(words.REPLAY, words.replay_caption(RUN))
    rows, names, legend = 2, 3, 3
    assert check_rest(picture.everything(), head.shown, head.foot) >= rows + names + legend + 2


def test_many_short_requests_and_no_prefill_rest(layout: Layout, theme) -> None:
    rows = tuple(
        ReplayRow(tuple(ReplaySpan(row * 5 + at + 1, at * 200, at * 200, at * 200 + 1, 5, 5) for at in range(5)))
        for row in range(8)
    )
    run = Replay(rows, 801, 40, 40, 0, MEASURED)
    picture = ReplayPicture(run, layout.body, theme, words)
    check_rest(picture.everything())
    assert len(picture.bars) == 40
    assert len(picture.labels) == 0


def test_the_line_uncovers_what_it_has_passed(picture: ReplayPicture) -> None:
    whole = [box_of(bar) for bar in picture.bars]
    sweep = picture.sweep()
    sweep.begin()
    sweep.interpolate(0.4)
    now = picture.lanes.left + 0.4 * picture.lanes.width
    assert float(picture.now.get_center()[0]) == pytest.approx(now)
    assert box_of(picture.bars[0]).right == pytest.approx(now)
    assert not picture.bars[1].family_members_with_points()
    assert box_of(picture.bars[2]).right == pytest.approx(now)
    assert [name.get_fill_opacity() for name in picture.labels] == [0, 0, 0]
    sweep.finish()
    for bar, box in zip(picture.bars, whole, strict=True):
        assert box_of(bar).right == pytest.approx(box.right)
    assert [name.get_fill_opacity() for name in picture.labels] == [1, 1, 1]


@given(st.floats(1e-3, 1e6), st.integers(1, 20))
def test_marks_of_an_axis_are_round_and_few(duration: float, most: int) -> None:
    step = tick_step(duration, most)
    assert duration / step <= most * (1 + 1e-6)
    assert min(abs(log10(step / factor) % 1 - whole) for factor in (1, 2, 5) for whole in (0, 1)) < 1e-6
    assert duration / step > most / 2.5 * (1 - 1e-6)
