"""What the tokens of a theme stand for in decks on LLM serving: colours of states and requests, regions, times."""

from dataclasses import dataclass, replace

from astrai_slides.look.layout import Box, Layout
from astrai_slides.look.theme import LONGEST_MOTION, Theme
from astrai_slides.serving.sim import LoopPhase, State

QUEUE_SHARE = 0.62
"""Of the height under the rule, what the queue takes while it is seen close."""
STACKED_STAGE = 1.2
"""Times a request's height, that a stage is high where stages are stacked."""
NAME_LEADING = 1.7
"""Distance of baselines of a stage's name, in cap heights."""
STAGES_APART = 0.9
"""Of a gap, what is between stages that are stacked."""
LOOP_PHASE_SECONDS = 1.6
"""How long the hand of the loop's clock takes for a phase."""
REPLAY_SECONDS = 8.0
"""How long a measured run plays."""
FASTEST_TURN = 0.3
"""Seconds: a move of the flow is not shorter; what would be faster shows several turns a move."""
SLOWEST_TURN = 1.15
"""Seconds."""
_SLACK = 0.4
"""Seconds kept free in a step that is filled with turns, because moves last whole frames."""
_STATE_OF_PHASE = {
    LoopPhase.CLEANUP: State.FINISHED,
    LoopPhase.REFILL: State.WAITING,
    LoopPhase.PREFILL: State.PREFILL,
    LoopPhase.DECODE: State.DECODE,
}
"""The state that a phase moves requests to, whose colour it has."""


def state_color(state: State, theme: Theme) -> str:
    """Colour of a request's state, of its stage and of all that belongs to it."""
    palette = theme.palette
    return {
        State.WAITING: palette.neutral,
        State.PREFILL: palette.primary,
        State.DECODE: palette.accent,
        State.FINISHED: palette.success,
    }[state]


def loop_color(phase: LoopPhase, theme: Theme) -> str:
    """Colour of a phase of the generation loop."""
    return state_color(_STATE_OF_PHASE[phase], theme)


def request_color(index: int, theme: Theme) -> str:
    """Colour of the `index`-th request (from 0) of a workload; never that of a state."""
    categories = theme.palette.categories
    return categories[index % len(categories)]


def end_color(theme: Theme) -> str:
    """Colour of the cap that closes an answer."""
    return theme.palette.ink


def half_filled(theme: Theme) -> float:
    """Opacity of prefill in a measured run: between what waits, a ghost, and what decodes, filled."""
    return (1 + theme.space.ghost) / 2


@dataclass(frozen=True, slots=True)
class Regions:
    """The body of a slide, divided: stages over the rest, in a row, or under each other where the frame is tall."""

    stages: Box
    body: Box

    @classmethod
    def of(cls, layout: Layout, theme: Theme, name_lines: int = 1) -> "Regions":
        """Stages high enough for their name, of `name_lines`, and two rows of requests.

        Where they are stacked, for a row beside their name.
        """
        space, type_ = theme.space, theme.type
        high = 2 * space.pill_height + type_.body + 5.2 * space.pad + (name_lines - 1) * NAME_LEADING * type_.body
        if layout.is_tall:
            high = len(State) * STACKED_STAGE * space.pill_height + (len(State) - 1) * STAGES_APART * space.gap
        stages, rest = layout.body.cut_top(high)
        return cls(stages, replace(rest, top=rest.top - space.gap))


def turn_seconds(turns: int, moves: int, theme: Theme) -> float:
    """What a turn may take so that `turns` of them fit into a step, besides `moves` moves, as many quick."""
    time = theme.time
    room = LONGEST_MOTION - moves * (time.move + time.quick) - time.rest - _SLACK
    return min(room / turns, SLOWEST_TURN)
