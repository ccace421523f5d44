"""Stages and clock: where requests are, and what the loop does, as two vocabularies."""

import numpy as np
import pytest
from resting import check_rest

from astrai_slides.look.layout import Layout
from astrai_slides.serving.parts.clock import LOOP, LoopClock, dial_name, phase_captions
from astrai_slides.serving.parts.request import pill_width, request_pills
from astrai_slides.serving.parts.stages import StageRow
from astrai_slides.serving.roles import Regions
from astrai_slides.serving.sim import LoopPhase, Request, State, continuous_batching, states_at
from astrai_slides.serving.words import en as words

TOY = [Request(f"R{number}", 4, output) for number, output in enumerate((2, 7, 3, 4, 2), 1)]
TIMELINE = continuous_batching(TOY, 3)


def test_requests_stand_inside_their_stage_and_move_only_when_they_must(layout: Layout, theme) -> None:
    stages = StageRow(Regions.of(layout, theme).stages, pill_width(TOY, theme), theme, words)
    pills = request_pills(TOY, theme)
    states = states_at(TIMELINE, 3)
    assert len(stages.move(pills, states)) == len(TOY)
    stages.place(pills, states)
    assert stages.move(pills, states) == []
    for state, names in states.items():
        box = stages[state].box
        for name in names:
            x, y, _ = pills[name].get_center()
            assert box.left < x < box.right
            assert box.bottom < y < box.top
    assert check_rest(stages, *pills.values()) == len(TOY) + len(State)


def test_the_clock_has_two_thin_and_two_wide_phases(layout: Layout, theme) -> None:
    assert list(LOOP) == list(LoopPhase)
    assert sum(LOOP.values()) == 360
    cleanup, refill, prefill, decode = LOOP.values()
    assert max(cleanup, refill) * 3 < min(prefill, decode)
    regions = Regions.of(layout, theme)
    clock = LoopClock.in_box(regions.body, theme)
    captions, name = phase_captions(clock, regions.body, theme, words), dial_name(clock, words.DIAL, theme)
    stages = StageRow(regions.stages, theme.space.pill_width, theme, words)
    assert check_rest(clock, captions, name, stages, stages.self_loop) == 4 * 3 + 3 + len(State)


def test_the_hand_passes_every_phase_once_around(theme) -> None:
    clock = LoopClock((1, 0), 1, theme)
    start = clock.hand.get_center_of_mass()
    for index in range(len(LOOP)):
        before = clock.hand.get_center_of_mass() - clock.center_point
        turn = clock.pass_phase(index)
        turn.begin()
        turn.finish()
        after = clock.hand.get_center_of_mass() - clock.center_point
        middle = clock.mark_direction(index)
        assert np.dot(before, middle) == pytest.approx(np.dot(after, middle), abs=1e-6)
    assert clock.hand.get_center_of_mass() == pytest.approx(start, abs=1e-6)
