"""What a scheduler did: one turn of the generation loop after another, slot by slot.

Grid, counters, bars and speaker notes of a deck all read a `Timeline`, so they cannot disagree.
"""

from dataclasses import dataclass
from enum import StrEnum

from astrai_slides.serving.sim.request import Request


class Phase(StrEnum):
    """What a request does in a turn that it holds a slot for."""

    PREFILL = "prefill"
    DECODE = "decode"


class LoopPhase(StrEnum):
    """What the generation loop does, once around, in this order."""

    CLEANUP = "cleanup"
    REFILL = "refill"
    PREFILL = "prefill"
    DECODE = "decode"


class Policy(StrEnum):
    """How waiting requests are admitted to slots."""

    STATIC = "static"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot in one turn, in use: `request` yields its `token`-th token (from 1)."""

    request: Request
    phase: Phase
    token: int

    @property
    def ends(self) -> bool:
        """Whether this token is the request's last."""
        return self.token == self.request.output_tokens


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the loop: a cell (or None, idle) per slot, and who still waits after refill."""

    number: int
    cells: tuple[Cell | None, ...]
    waiting: tuple[Request, ...]

    @property
    def useful(self) -> int:
        """Slots that yield a token in this turn."""
        return sum(cell is not None for cell in self.cells)

    @property
    def admitted(self) -> tuple[Request, ...]:
        """Requests whose prefill runs in this turn, by slot."""
        return tuple(c.request for c in self.cells if c and c.phase is Phase.PREFILL)

    @property
    def ended(self) -> tuple[Request, ...]:
        """Requests that yield their last token in this turn, by slot."""
        return tuple(c.request for c in self.cells if c and c.ends)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole run: `turns` in order, for `requests` in order of arrival, over `slots` slots."""

    policy: Policy
    slots: int
    requests: tuple[Request, ...]
    turns: tuple[Turn, ...]

    @property
    def useful_cells(self) -> int:
        """Cells that yielded a token: the sum of the requests' output lengths."""
        return sum(turn.useful for turn in self.turns)

    @property
    def total_cells(self) -> int:
        """Slots times turns."""
        return self.slots * len(self.turns)

    @property
    def occupancy(self) -> float:
        """Useful cells over total cells, 0 to 1."""
        return self.useful_cells / self.total_cells if self.turns else 0.0
