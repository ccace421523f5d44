"""What the tokens of a theme stand for in decks on LLM serving: colours of states and requests, regions, times."""

from dataclasses import dataclass, replace

from astrai_slides.look.layout import Box, Layout
from astrai_slides.look.theme import LONGEST_MOTION, Theme
from astrai_slides.serving.sim import LoopPhase, State

QUEUE_SHARE = 0.62
"""Of the height under the rule, what the queue takes while it is seen close."""
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
    """The body of a slide, divided: a row of stages over the rest."""

    stages: Box
    body: Box

    @classmethod
    def of(cls, layout: Layout, theme: Theme) -> "Regions":
        """Stages high enough for their name and two rows of requests."""
        space = theme.space
        stages, rest = layout.body.cut_top(2 * space.pill_height + theme.type.body + 5.2 * space.pad)
        return cls(stages, replace(rest, top=rest.top - space.gap))


def turn_seconds(turns: int, moves: int, theme: Theme) -> float:
    """What a turn may take so that `turns` of them fit into a step, besides `moves` moves, as many quick."""
    time = theme.time
    room = LONGEST_MOTION - moves * (time.move + time.quick) - time.rest - _SLACK
    return min(room / turns, SLOWEST_TURN)
