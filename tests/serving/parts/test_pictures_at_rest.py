"""Pictures of the deck at rest, for any workload that a talk file may hold."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lanes import examples
from manim import VGroup
from resting import check_rest, overlaps, texts_of

from astrai_slides.deck.parts.cover import Cover
from astrai_slides.deck.parts.head import Head
from astrai_slides.look.layout import Box, Layout, layout_for
from astrai_slides.look.theme import DARK, Theme
from astrai_slides.serving.parts.claim_bars import ClaimBars
from astrai_slides.serving.parts.cover_grid import CoverGrid
from astrai_slides.serving.parts.decode_rules import DecodeRules
from astrai_slides.serving.parts.flow import FlowPicture
from astrai_slides.serving.parts.forward import ForwardPicture
from astrai_slides.serving.parts.queue import QueueTray, Sockets
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
from astrai_slides.serving.sim.workload import StagePick, WrittenOrigin
from astrai_slides.serving.words import en as words

pytestmark = pytest.mark.long

PICKS = (None, StagePick((Request("R1", 1, 1),) * 5, 19_366, "spread", 360, 77.8, WrittenOrigin(19_366)))
LAYOUT = layout_for(DARK)
REGIONS = Regions.of(LAYOUT, DARK)


@st.composite
def workloads(draw: st.DrawFn) -> tuple[list[Request], int]:
    """1 to 8 requests on 1 to 4 slots, with answers such that static batching takes at most 120 turns."""
    count = draw(st.integers(1, 8))
    longest = draw(st.sampled_from([1, 3, 15]))
    outputs = draw(st.lists(st.integers(1, longest), min_size=count, max_size=count))
    prompts = draw(st.lists(st.integers(1, draw(st.sampled_from([12, 10_000_000]))), min_size=count, max_size=count))
    lengths = enumerate(zip(prompts, outputs, strict=True), 1)
    return [Request(f"R{number}", prompt, output) for number, (prompt, output) in lengths], draw(st.integers(1, 4))


MANY_TURNS = ([Request(f"R{number}", 10_000_000, 15) for number in range(1, 9)], 1)
WIDE_NAMES = ([Request(f"Jan{number}", 9, output) for number, output in enumerate((2, 7, 3, 4, 2), 1)], 3)
MANY_ROWS = ([Request(f"R{number}", number * 700, 3 + number) for number in range(1, 9)], 4)

# Texts take their time to set, so a few examples, the same every time, beside the extremes.
any_workload = settings(max_examples=examples(2), derandomize=True, suppress_health_check=list(HealthCheck))
# a picture of both schedules takes seconds of processor time
few_workloads = settings(any_workload, max_examples=examples(1))


def head_with(foot: str, title: str) -> Head:
    head = Head(LAYOUT, DARK)
    head.change(title, foot)
    return head


@pytest.mark.long
@any_workload
@given(workloads(), st.sampled_from(PICKS))
@example(MANY_TURNS, PICKS[1])
def test_spawn_rests(workload, pick) -> None:
    requests, slots = workload
    foot = words.spawn_foot(pick)
    head = head_with(foot, words.spawn_heading(requests, slots))
    room = LAYOUT.body.above(head.room_above(foot))
    upper, lower = room.cut_top(room.height * QUEUE_SHARE)
    tray = QueueTray(requests, request_pills(requests, DARK), upper, DARK, words)
    sockets = Sockets(slots, lower.inset(0, DARK.space.gap), DARK, words)
    ghosts = VGroup(*(card.ghost for card in tray.cards))
    shown = check_rest(tray.title, tray.frame, tray, ghosts, sockets, head.shown, head.foot)
    # Title, foot, tray's title, three row names; per request a pill, "?", two numbers; the slots.
    assert shown == 6 + len(head.foot) - 1 + 4 * len(requests) + slots


@pytest.mark.wide
@pytest.mark.long
@few_workloads
@given(workloads(), st.sampled_from(PICKS))
@example(MANY_TURNS, PICKS[0])
@example(MANY_ROWS, PICKS[1])
@example(WIDE_NAMES, PICKS[1])
def test_flow_rests_after_both_policies(workload, pick) -> None:
    requests, slots = workload
    static, continuous = static_batching(requests, slots), continuous_batching(requests, slots)
    foot = words.workload_line(requests, slots, pick)
    head = head_with(foot, "Continuous batching")
    pills = request_pills(requests, DARK)
    stages = StageRow(REGIONS.stages, pill_width(requests, DARK), DARK, words)
    body = REGIONS.body.above(head.room_above(foot))
    legend_at = (LAYOUT.safe.right, LAYOUT.safe.top - DARK.type.head)
    picture = FlowPicture(static, continuous, stages, pills, body, legend_at, DARK, words)

    around = (stages, picture.legend, head.shown, head.foot)
    for timeline, turns in ((static, {1, len(static.turns) // 2 + 1, len(static.turns)}), (continuous, {1})):
        # Those with the longest sentence, too.
        told = max(range(1, len(timeline.turns) + 1), key=lambda turn: len(words.turn_sentence(timeline, turn)))
        for turn in turns | {told}:
            stages.place(pills, states_at(timeline, turn))
            picture.panel.show(timeline, turn)
            panel = picture.panel
            grids = [picture.large] if timeline is static else [picture.small, picture.grid]
            parts = [panel.clock, panel.turn.shown, panel.useful.shown, panel.sentence.shown]
            check_rest(*around, *pills.values(), *grids, *parts)

    stages.place(pills, states_at(continuous, len(continuous.turns) + 1))
    picture.panel.conclude(static, continuous)
    everything = (picture.small, picture.grid, picture.bracket, picture.panel.everything())
    assert check_rest(*around, *pills.values(), *everything) > len(requests) + 2 * slots


@pytest.mark.long
@any_workload
@given(workloads())
@example(MANY_ROWS)
def test_batching_rests(workload) -> None:
    requests, slots = workload
    continuous, rules = continuous_batching(requests, slots), chat_figures().decode_rules
    turn = busiest_decode(continuous)
    rows = decode_rows(continuous, turn)
    caption = words.decode_rules_caption(chat_figures())
    head = head_with(caption, words.frozen_heading(turn, rows))
    body = REGIONS.body.above(head.room_above(caption))
    body, strip = body.cut_top(body.height - DecodeRules.height(rules, body.width, DARK, words))
    told = DecodeRules(rules, strip, DARK, words)
    pills = request_pills(requests, DARK)
    stages = StageRow(REGIONS.stages, pill_width(requests, DARK), DARK, words)
    stages.place(pills, states_at(continuous, turn))
    shown = [stages, stages.decode_ring, *pills.values(), told.everything(), head.shown, head.foot]
    if rows:
        forward = ForwardPicture(rows, pills, body.above(body.bottom + DARK.space.gap), DARK, words)
        forward.gather()
        shown.append(forward.everything())
    assert check_rest(*shown) >= len(requests) + len(rows)


def test_the_cover_rests(layout: Layout, theme: Theme) -> None:
    timeline = continuous_batching([Request("R1", 4, 2), Request("R2", 4, 3)], 2)
    cover = Cover("Continuous Batching", words.promise(chat_figures()), "Ada Lovelace · PyCon", layout, theme)
    grid = CoverGrid(timeline, cover.ground, theme)
    cells = [cell for column in grid for cell in column]
    assert check_rest(cover.head, cover.promise, cover.byline, *cells) == 4
    assert {len(column) for column in grid} == {timeline.slots}


@pytest.mark.parametrize(
    ("claim", "reason"),
    [("AstrAI’s promo: 3.4×, single GPU; no measurement published", "why"), ("A claim", ""), ("", "found"), ("", "")],
)
def test_bars_and_their_claim_rest(claim: str, reason: str) -> None:
    comparison = words.comparison(computed_speedups(16, requests=1600, mean=50, seed=1))
    head = head_with(comparison.caption, words.THROUGHPUT)
    room = LAYOUT.body.above(head.room_above(comparison.caption))
    chart = ClaimBars(comparison, claim, reason, room, DARK)
    check_rest(chart, head.shown, head.foot)
    assert [text.original_text for text in chart.claim] == [said for said in (claim, reason) if said]
    assert room.bottom <= float(chart.get_bottom()[1])
    assert float(chart.get_top()[1]) <= room.top
    if claim:
        assert float(chart.claim.get_top()[1]) < min(float(bar.get_bottom()[1]) for bar in chart.bars)


def test_what_overlaps_is_seen(theme: Theme) -> None:
    """The check itself: two pills in one place, and a text outside."""
    pills = request_pills([Request("R1", 4, 2), Request("R2", 4, 3)], theme)
    with pytest.raises(AssertionError, match="pill R1 and pill R2"):
        check_rest(*pills.values())
    pills["R1"].move_to((0, 3.9, 0))
    with pytest.raises(AssertionError, match="pill R1: Box"):
        check_rest(*pills.values())
    pills["R1"].move_to((0, 3, 0)).scale(0.9)
    with pytest.raises(AssertionError, match=r"'R1': 0\.1"):
        check_rest(*pills.values())
    assert len(texts_of(pills.values())) == 2
    assert overlaps([]) == []


def test_wide_names_widen_the_pills_or_are_refused(layout: Layout, theme: Theme) -> None:
    requests = [Request(name, 4, 2) for name in ("chat", "code", "Wmm", "R4")]
    pills = request_pills(requests, theme)
    assert len({round(pill.width, 6) for pill in pills.values()}) == 1
    stages = StageRow(Regions.of(layout, theme).stages, pill_width(requests, theme), theme, words)
    stages.place(pills, {State.FINISHED: [request.name for request in requests]})
    check_rest(stages, *pills.values())
    frame: Box = stages[State.FINISHED].box
    for pill in pills.values():
        assert frame.left < pill.get_left()[0] < pill.get_right()[0] < frame.right
