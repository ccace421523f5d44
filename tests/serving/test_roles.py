"""Roles: what the tokens of a theme stand for in decks on LLM serving."""

import pytest

from astrai_slides.look.layout import Layout
from astrai_slides.look.theme import LONGEST_MOTION, Theme
from astrai_slides.serving.roles import Regions, end_color, loop_color, request_color, state_color, turn_seconds
from astrai_slides.serving.sim import LoopPhase, State


def test_states_have_the_colours_of_a_process_in_its_order(theme: Theme) -> None:
    assert tuple(state_color(state, theme) for state in State) == theme.palette.states


def test_a_phase_of_the_loop_has_the_colour_of_the_state_that_it_moves_requests_to(theme: Theme) -> None:
    pairs = zip(LoopPhase, (State.FINISHED, State.WAITING, State.PREFILL, State.DECODE), strict=True)
    assert all(loop_color(phase, theme) == state_color(state, theme) for phase, state in pairs)


def test_requests_have_colours_for_ever_which_are_no_state_s(theme: Theme) -> None:
    colors = [request_color(index, theme) for index in range(20)]
    assert colors[0] == colors[len(theme.palette.categories)] != colors[1]
    assert not {state_color(state, theme) for state in State} & {*colors, end_color(theme)}


def test_stages_stand_over_the_body(layout: Layout, theme: Theme) -> None:
    regions = Regions.of(layout, theme)
    assert regions.stages.top == layout.body.top
    assert regions.body.top == pytest.approx(regions.stages.bottom - theme.space.gap)
    assert regions.body.bottom == layout.body.bottom
    assert regions.stages.height > 2 * theme.space.pill_height + theme.type.body


@pytest.mark.parametrize("turns", [1, 7, 18, 240])
def test_turns_fill_a_step_and_never_more(theme: Theme, turns: int) -> None:
    time = theme.time
    assert turns * turn_seconds(turns, 4, theme) + 4 * (time.move + time.quick) + time.rest <= LONGEST_MOTION
