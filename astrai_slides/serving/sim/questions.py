"""What slides ask of a timeline: where requests are, who decodes together, whose slot is taken."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.timeline import Phase, Timeline


class State(StrEnum):
    """Where a request is, in the order of its life."""

    WAITING = "waiting"
    PREFILL = "prefill"
    DECODE = "decode"
    FINISHED = "finished"


def states_at(timeline: Timeline, turn: int) -> dict[State, list[str]]:
    """Names of the requests in every state during turn `turn`: 0 is before the first, len + 1 after the last.

    A request that ended in an earlier turn is finished: cleanup, at the top of a turn, moves it there.
    """
    states: dict[State, list[str]] = {state: [] for state in State}
    for earlier in timeline.turns[: max(turn - 1, 0)]:
        states[State.FINISHED] += [request.name for request in earlier.ended]
    if turn < 1:
        states[State.WAITING] = [request.name for request in timeline.requests]
    elif turn <= len(timeline.turns):
        now = timeline.turns[turn - 1]
        states[State.WAITING] = [request.name for request in now.waiting]
        for cell in now.cells:
            if cell is not None:
                state = State.PREFILL if cell.phase is Phase.PREFILL else State.DECODE
                states[state].append(cell.request.name)
    return states


@dataclass(frozen=True, slots=True)
class Takeover:
    """In `turn`, `new` starts in the slot of `old`, which ended in the turn before."""

    turn: int
    new: Request
    old: Request


def takeovers(timeline: Timeline, turn: int) -> list[Takeover]:
    """All takeovers in turn `turn` (from 1), by slot."""
    if turn < 2:
        return []
    pairs = zip(timeline.turns[turn - 1].cells, timeline.turns[turn - 2].cells, strict=True)
    return [
        Takeover(turn, new.request, old.request)
        for new, old in pairs
        if new is not None and old is not None and new.phase is Phase.PREFILL
    ]


def takeovers_beside_others(timeline: Timeline, turn: int) -> list[Takeover]:
    """The takeovers in turn `turn` if others go on beside them; none where all slots start anew."""
    taken = takeovers(timeline, turn)
    return taken if len(taken) < timeline.turns[turn - 1].useful else []


def first_takeover(timeline: Timeline) -> Takeover | None:
    """The first time that a request starts while others go on; None if that never happens."""
    for turn in timeline.turns:
        taken = takeovers_beside_others(timeline, turn.number)
        if taken:
            return taken[0]
    return None


@dataclass(frozen=True, slots=True)
class DecodeRow:
    """A request in a decode forward: KV entries it reads (prompt and tokens so far), which is its position."""

    name: str
    prompt: int
    generated: int

    @property
    def position(self) -> int:
        """KV entries that this forward reads: the prompt's, and one for each token of the answer so far."""
        return self.prompt + self.generated


def decode_rows(timeline: Timeline, turn: int) -> list[DecodeRow]:
    """The rows of turn `turn`'s decode (from 1), by slot."""
    return [
        DecodeRow(cell.request.name, cell.request.prompt_tokens, cell.token - 1)
        for cell in timeline.turns[turn - 1].cells
        if cell is not None and cell.phase is Phase.DECODE
    ]


def busiest_decode(timeline: Timeline) -> int:
    """The turn with the most decode rows, at the most different positions; of equals the latest."""

    def rank(number: int) -> tuple[int, int, int]:
        rows = decode_rows(timeline, number)
        return len(rows), len({row.position for row in rows}), number

    return max((turn.number for turn in timeline.turns), key=rank)


def fewest_turns(requests: Sequence[Request], slots: int) -> tuple[int, Request | None]:
    """Turns below which no schedule can come, and the request that alone takes as many, if it is not the slots.

    A turn yields a token a slot, and an answer takes a turn a token.
    """
    longest = max(requests, key=lambda request: request.output_tokens)
    by_slots = -(-sum(request.output_tokens for request in requests) // slots)
    if longest.output_tokens > by_slots:
        return longest.output_tokens, longest
    return by_slots, None


def largest_group(rows: Sequence[DecodeRow]) -> list[DecodeRow]:
    """The most rows that share a position; of equals the first."""
    if not rows:
        return []
    position, _ = Counter(row.position for row in rows).most_common(1)[0]
    return [row for row in rows if row.position == position]
