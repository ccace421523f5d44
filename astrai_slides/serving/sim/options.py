"""What a run of a scheduler assumes. Every option says what has to hold for it, and where it comes from."""

from dataclasses import dataclass, field
from enum import StrEnum

NANOSECONDS = 1_000_000_000


class DecodeRule(StrEnum):
    """Which active requests share a decode forward: the three rules of AstrAI's history, in order.

    The position of a request is its prompt length plus the tokens it has yielded.
    """

    LARGEST_GROUP = "largest-group"
    """One forward a turn, for the largest group of requests at the same position; among equals the one with the
    request that was admitted first. The others keep their slot and wait. AstrAI until 5416c2e (2026-07-05)."""
    EVERY_GROUP = "every-group"
    """One forward for each group of requests at the same position, all groups in every turn.
    AstrAI from 5416c2e until a24a7b4 (2026-07-18)."""
    MERGED = "merged"
    """One forward for all requests, every row at its own position: selective batching (Yu et al., *Orca*,
    OSDI 2022). AstrAI since a24a7b4."""


class FirstToken(StrEnum):
    """What yields a request's first token."""

    PREFILL = "prefill"
    """Prefill's own forward; the request decodes from the next turn on. AstrAI since 654e6eb (2026-08-05)."""
    DECODE = "decode"
    """Prefill only fills the KV cache, and the request takes part in the decode of the same turn. Early AstrAI:
    with this its figures of rows per forward are recomputed."""


@dataclass(frozen=True, slots=True)
class TurnCost:
    """How long a turn lasts, in whole nanoseconds so that sums are exact in any order.

    A turn lasts `fixed_ns` for each of its decode forwards (one at least), `per_token_ns` for each token it yields,
    `prefill_ns` for each prefill forward (one for each prompt length among the newcomers) and `prompt_token_ns` for
    each prompt token read. Decoding requests wait for the prefill of their turn to end: it stalls them (Agrawal et
    al., *Sarathi-Serve*, OSDI 2024, measure this). Only `fixed_ns` set is a constant cost: decode reads all weights
    whatever the batch is, so a small batch costs what a large one does (Yu et al., *Orca*, OSDI 2022).
    Raises ValueError when a cost is negative or `fixed_ns` is not positive.
    """

    fixed_ns: int
    per_token_ns: int = 0
    prefill_ns: int = 0
    prompt_token_ns: int = 0

    def __post_init__(self) -> None:
        if self.fixed_ns < 1:
            raise ValueError("the fixed cost of a turn must be above zero")
        if min(self.per_token_ns, self.prefill_ns, self.prompt_token_ns) < 0:
            raise ValueError("no part of the cost of a turn can be negative")

    @classmethod
    def of_milliseconds(
        cls, fixed: float, per_token: float = 0, prefill: float = 0, prompt_token: float = 0
    ) -> "TurnCost":
        """The cost from milliseconds, rounded to nanoseconds."""
        return cls(*(round(part * 1_000_000) for part in (fixed, per_token, prefill, prompt_token)))

    @property
    def constant(self) -> bool:
        """Whether a turn of one forward costs the same whatever runs in it."""
        return not (self.per_token_ns or self.prefill_ns or self.prompt_token_ns)

    def turn_ns(self, forwards: int, tokens: int, prefill_forwards: int = 0, prompt_tokens: int = 0) -> int:
        """How long a turn of so many decode forwards, tokens, prefill forwards and prompt tokens lasts."""
        return (
            self.fixed_ns * max(forwards, 1)
            + self.per_token_ns * tokens
            + self.prefill_ns * prefill_forwards
            + self.prompt_token_ns * prompt_tokens
        )


UNIT_COST = TurnCost(NANOSECONDS)
"""A forward lasts one unit: with it, durations count forwards (and turns, under a merged decode)."""


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that a run assumes besides its requests and its policy.

    `slots`: requests that hold a KV cache at once; the same number for both policies.
    `honour_arrivals`: a request waits from its arrival on; otherwise all wait from the start (a full queue, in
    which only throughput means something). Needs a `cost`, as arrivals are in seconds.
    `cost`: None for the constant cost of one unit a forward, with free prefill.
    Raises ValueError for no slots, and for arrival times without a cost.
    """

    slots: int
    honour_arrivals: bool = False
    cost: TurnCost | None = None
    decode_rule: DecodeRule = DecodeRule.MERGED
    first_token: FirstToken = FirstToken.PREFILL
    turn_cost: TurnCost = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.slots < 1:
            raise ValueError(f"a schedule needs at least one slot, not {self.slots}")
        if self.honour_arrivals and self.cost is None:
            raise ValueError("arrival times are in seconds: say what a turn costs, or take the full queue")
        object.__setattr__(self, "turn_cost", self.cost or UNIT_COST)

    @property
    def time_unit(self) -> str:
        """What durations are counted in: "s"; "turns", or forwards if many a turn, where no cost is given."""
        if self.cost is not None:
            return "s"
        return "forwards" if self.decode_rule is DecodeRule.EVERY_GROUP else "turns"
