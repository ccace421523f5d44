"""Narrow frames: what stands beside each other in 16:9 keeps apart, and inside, in 4:3 and 9:16 too."""

from dataclasses import replace
from itertools import pairwise

import pytest
from resting import box_of, items_of, overlaps, texts_of

from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import heading
from astrai_slides.look.layout import FRAMES, Box, Layout, layout_for
from astrai_slides.look.theme import DARK, SMALLEST_CAP, Theme, least_capital
from astrai_slides.serving.parts.claim_bars import ClaimBars
from astrai_slides.serving.parts.clock import LoopClock, dial_name, phase_captions
from astrai_slides.serving.parts.cover_grid import CoverGrid
from astrai_slides.serving.parts.decode_rules import DecodeRules
from astrai_slides.serving.parts.flow import FlowPicture
from astrai_slides.serving.parts.forward import ForwardPicture
from astrai_slides.serving.parts.queue import QueueTray
from astrai_slides.serving.parts.request import pill_width, request_pills
from astrai_slides.serving.parts.stages import StageRow
from astrai_slides.serving.roles import QUEUE_SHARE, Regions
from astrai_slides.serving.sim import (
    Request,
    State,
    busiest_decode,
    chat_figures,
    computed_speedups,
    continuous_batching,
    decode_rows,
    states_at,
    static_batching,
)
from astrai_slides.serving.words import en as words

pytestmark = pytest.mark.long

NARROW = ["4:3", "9:16"]
TOY = [Request(f"R{number}", 4, output) for number, output in enumerate((2, 7, 3, 4, 2), 1)]
STATIC, CONTINUOUS = static_batching(TOY, 3), continuous_batching(TOY, 3)


@pytest.fixture(params=NARROW)
def frame(request) -> Layout:
    return layout_for(DARK, *FRAMES[request.param])


def regions_of(frame: Layout) -> Regions:
    return Regions.of(frame, DARK, StageRow.name_lines(frame.body, DARK, words))


def check(frame: Layout, *mobjects) -> None:
    """Nothing overlaps, and every text is inside; one of a foot's two lines may be on its last baseline."""
    safe = frame.safe
    assert overlaps(items_of(mobjects)) == []
    for text in texts_of(mobjects):
        box = box_of(text)
        assert safe.left - 0.01 <= box.left, text.original_text
        assert box.right <= safe.right + 0.01, text.original_text
        assert safe.bottom - 0.01 <= box.bottom, text.original_text


def test_the_loop_leaves_room_for_its_words(frame: Layout) -> None:
    room = regions_of(frame).body
    clock = LoopClock.in_box(room, DARK)
    stages = StageRow(regions_of(frame).stages, DARK.space.pill_width, DARK, words)
    check(frame, stages, clock, phase_captions(clock, room, DARK, words), dial_name(clock, words.DIAL, DARK))


def test_the_frame_of_decode_keeps_off_arrows_and_requests(frame: Layout) -> None:
    stages = StageRow(regions_of(frame).stages, pill_width(TOY, DARK), DARK, words)
    pills = request_pills(TOY, DARK)
    stages.place(pills, {State.DECODE: list(pills)[:3]})
    ring = stages.decode_ring
    half = ring.get_stroke_width() / 200
    outside, inside = box_of(ring).inset(-half, -half), box_of(ring).inset(half, half)
    for edge in stages.arrows:
        box = box_of(edge)
        beside = box.right < outside.left or outside.right < box.left
        assert beside or box.top < outside.bottom or outside.top < box.bottom
    for name in list(pills)[:3]:
        box = box_of(pills[name])
        assert inside.bottom < box.bottom
        assert box.top < inside.top


def test_the_queue_rests(frame: Layout) -> None:
    upper, _ = frame.body.cut_top(frame.body.height * QUEUE_SHARE)
    pills = request_pills(TOY, DARK)
    tray = QueueTray(TOY, pills, upper, DARK, words)
    check(frame, tray, *(card.ghost for card in tray.cards))
    assert float(tray.get_bottom()[1]) >= upper.bottom


@pytest.mark.wide
def test_both_policies_rest_and_their_legend_is_inside(frame: Layout) -> None:
    regions = regions_of(frame)
    stages, pills = StageRow(regions.stages, pill_width(TOY, DARK), DARK, words), request_pills(TOY, DARK)
    picture = FlowPicture(STATIC, CONTINUOUS, stages, pills, regions.body, None, DARK, words)
    stages.place(pills, states_at(CONTINUOUS, len(CONTINUOUS.turns) + 1))
    picture.panel.conclude(STATIC, CONTINUOUS)
    parts = (picture.small, picture.grid, picture.legend, picture.panel.everything())
    check(frame, stages, *pills.values(), *parts)


@pytest.mark.wide
@pytest.mark.parametrize("theme", [DARK, replace(DARK, slide_number=True)], ids=["plain", "numbered"])
@pytest.mark.parametrize("aspect", NARROW)
def test_every_sentence_about_a_turn_has_room(aspect: str, theme: Theme) -> None:
    frame = layout_for(theme, *FRAMES[aspect])
    body = regions_of(frame).body
    stages, pills = StageRow(regions_of(frame).stages, pill_width(TOY, DARK), DARK, words), request_pills(TOY, DARK)
    picture = FlowPicture(STATIC, CONTINUOUS, stages, pills, body, None, DARK, words)
    panel = picture.panel
    for timeline in (STATIC, CONTINUOUS):
        for turn in range(1, len(timeline.turns) + 1):
            panel.show(timeline, turn)
            check(frame, picture.legend, panel.clock, panel.turn.shown, panel.useful.shown, panel.sentence.shown)
            below = body.bottom - box_of(panel.sentence.shown).bottom
            assert below < 0.3 * theme.type.body, "but for what letters have below the line"
            for one, other in pairwise([panel.turn.shown, panel.useful.shown, panel.sentence.shown]):
                apart = box_of(one).bottom - box_of(other).top
                assert apart > 0.2 * theme.type.small or box_of(one).right < box_of(other).left
    panel.conclude(STATIC, CONTINUOUS)
    for one, other in pairwise([panel.result.shown, panel.useful.shown, panel.sentence.shown]):
        apart = box_of(one).bottom - box_of(other).top
        assert apart > 0.2 * theme.type.small or box_of(one).right < box_of(other).left


def test_past_today_and_the_forward_keep_apart(frame: Layout) -> None:
    figures, body = chat_figures().decode_rules, regions_of(frame).body
    turn = busiest_decode(CONTINUOUS)
    rows, pills = decode_rows(CONTINUOUS, turn), request_pills(TOY, DARK)
    body, strip = body.cut_top(body.height - DecodeRules.height(figures, body.width, DARK, words))
    told = DecodeRules(figures, strip, DARK, words)
    forward = ForwardPicture(rows, pills, body.above(body.bottom + DARK.space.gap), DARK, words)
    forward.gather()
    check(frame, told.everything(), forward.everything())


def test_bars_have_room_for_what_they_assume_and_for_a_claim(frame: Layout) -> None:
    comparison = words.comparison(computed_speedups(16, requests=1600, mean=50, seed=1))
    claim = "AstrAI’s promo: 3.4×, single GPU; no measurement published"
    chart = ClaimBars(comparison, claim, "Computed: 3.38× at 16 slots, memoryless lengths", frame.body, DARK)
    check(frame, chart)
    assert frame.body.bottom - 0.01 <= box_of(chart).bottom


def test_the_schedule_on_the_cover_goes_down_where_the_frame_is_tall(frame: Layout) -> None:
    cover = Cover("Continuous Batching", words.promise(chat_figures()), "Ada Lovelace", frame, DARK)
    grid = CoverGrid(CONTINUOUS, cover.ground, DARK)
    check(frame, cover.title, cover.promise, cover.byline)
    first, second = (box_of(turn).center for turn in grid[:2])
    assert (first[1] > second[1]) is frame.is_tall
    assert (first[0] < second[0]) is not frame.is_tall
    assert cover.ground.bottom - 0.01 <= box_of(grid).bottom
    ground = cover.ground
    over_a_footer = Box(ground.left, ground.bottom + DARK.space.gap, ground.right, ground.top)
    assert len(CoverGrid(CONTINUOUS, over_a_footer, DARK)) >= len(CONTINUOUS.turns), "to the end of it"


def test_a_title_too_long_for_a_phone_has_two_lines_over_the_rule() -> None:
    frame = layout_for(DARK, *FRAMES["9:16"])
    title = heading("Continuous batching for everybody who serves large models", frame, DARK)
    assert len(title) == 2
    assert frame.rule < box_of(title).bottom
    assert box_of(title).top <= frame.safe.top + 0.01


@pytest.mark.parametrize("aspect", list(FRAMES))
def test_frames_have_the_aspect_that_they_are_named_by(aspect: str) -> None:
    width, height = FRAMES[aspect]
    across, high = map(int, aspect.split(":"))
    assert width / height == pytest.approx(across / high)


@pytest.mark.parametrize("aspect", list(FRAMES))
def test_the_smallest_text_can_be_read_in_every_aspect(aspect: str) -> None:
    width, height = FRAMES[aspect]
    assert pytest.approx(least_capital(width / height)) == SMALLEST_CAP / height


def test_a_phone_shows_the_smallest_text_under_sixteen_minutes() -> None:
    width, _ = FRAMES["9:16"]
    millimetres = SMALLEST_CAP / width * 65
    assert 16 <= millimetres / 368 / 0.000290888 < 17


def test_the_edge_from_decode_to_decode_keeps_off_the_stage_below() -> None:
    frame = layout_for(DARK, *FRAMES["9:16"])
    stages = StageRow(regions_of(frame).stages, DARK.space.pill_width, DARK, words)
    loop = stages.self_loop
    assert loop.get_top()[1] < stages[State.DECODE].box.bottom
    assert loop.get_bottom()[1] > stages[State.FINISHED].box.top + DARK.space.hair / 2


def test_what_is_saved_is_said_over_the_bracket(frame: Layout) -> None:
    body = regions_of(frame).body.above(frame.safe.bottom if frame.is_tall else frame.foot + DARK.space.gap)
    pills = request_pills(TOY, DARK)
    stages = StageRow(regions_of(frame).stages, DARK.space.pill_width, DARK, words)
    picture = FlowPicture(STATIC, CONTINUOUS, stages, pills, body, None, DARK, words)
    said = " ".join(text.original_text for text in texts_of([picture.bracket]))
    assert said == words.saved(len(STATIC.turns) - len(CONTINUOUS.turns))
