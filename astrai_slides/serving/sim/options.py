"""What a run of a scheduler assumes. Every option says what has to hold for it, and where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from astrai_slides.serving.sim.limits import Limits

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


class PrefillRule(StrEnum):
    """Which newcomers of a turn share a prefill forward."""

    SAME_LENGTH = "same-length"
    """Those with prompts of one length of which as much is cached. AstrAI as of 75304d0 (2026-08-22)."""
    SAME_START = "same-start"
    """Those of whose prompts as much is cached, packed whatever their lengths are. AstrAI's later rule, (cached start,
    backend), for requests of one backend."""
    MIXED = "mixed"
    """All, in the forward that also decodes. vLLM."""

    def forwards(self, starts_and_ends: Iterable[tuple[int, int]]) -> int:
        """Prefill forwards for prompts (or chunks of them) that are read from a start to an end."""
        pairs = set(starts_and_ends)
        if self is PrefillRule.SAME_LENGTH:
            return len(pairs)
        return min(len(pairs), 1) if self is PrefillRule.MIXED else len({start for start, _ in pairs})


class StaticReturns(StrEnum):
    """When the answers of a static batch reach those who asked, where its padded rows cost what they cost.

    Every row of the batch is computed until its longest answer ends, and prompts are padded to the longest of them.
    """

    BATCH = "batch"
    """All at the end of the batch, as a call that generates for a batch returns."""
    STREAM = "stream"
    """Token by token."""


@dataclass(frozen=True, slots=True)
class TurnCost:
    """How long a turn lasts, in whole nanoseconds so that sums are exact in any order.

    A turn lasts `fixed_ns` for each of its decode forwards (one at least), `per_token_ns` for each token it yields,
    `prefill_ns` for each prefill forward (see `PrefillRule`), `prompt_token_ns` for each prompt token read and
    `context_token_ns` for each token of KV memory that decoding rows attend to. Decoding requests wait for the prefill
    of their turn to end: it stalls them (Agrawal et al., *Sarathi-Serve*, OSDI 2024, measure this). Only `fixed_ns` set
    is a constant cost: decode reads all weights whatever the batch is, so a small batch costs what a large one does
    (Yu et al., *Orca*, OSDI 2022).
    Raises ValueError when a cost is negative or `fixed_ns` is not positive.
    """

    fixed_ns: int
    per_token_ns: int = 0
    prefill_ns: int = 0
    prompt_token_ns: int = 0
    context_token_ns: int = 0

    def __post_init__(self) -> None:
        if self.fixed_ns < 1:
            raise ValueError("the fixed cost of a turn must be above zero")
        if min(self.per_token_ns, self.prefill_ns, self.prompt_token_ns, self.context_token_ns) < 0:
            raise ValueError("no part of the cost of a turn can be negative")

    @classmethod
    def of_milliseconds(
        cls, fixed: float, per_token: float = 0, prefill: float = 0, prompt_token: float = 0, context_token: float = 0
    ) -> "TurnCost":
        """The cost from milliseconds, rounded to nanoseconds."""
        return cls(*(round(part * 1_000_000) for part in (fixed, per_token, prefill, prompt_token, context_token)))

    @property
    def constant(self) -> bool:
        """Whether a turn of one forward costs the same whatever runs in it."""
        return not (self.per_token_ns or self.prefill_ns or self.prompt_token_ns or self.context_token_ns)

    def turn_ns(
        self, forwards: int, tokens: int, prefill_forwards: int = 0, prompt_tokens: int = 0, context_tokens: int = 0
    ) -> int:
        """How long a turn of so many decode forwards, tokens, prefill forwards, prompt and context tokens lasts."""
        return (
            self.fixed_ns * max(forwards, 1)
            + self.per_token_ns * tokens
            + self.prefill_ns * prefill_forwards
            + self.prompt_token_ns * prompt_tokens
            + self.context_token_ns * context_tokens
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
    `limits`: what else the server lacks; None for nothing.
    `static_returns`: None for static batches that stream, and whose ended rows cost nothing.
    Raises ValueError for no slots, for arrival times without a cost, for limits (or a cost of context) under any but
    the merged decode with a first token of prefill, and for a token budget that is less than the slots.
    """

    slots: int
    honour_arrivals: bool = False
    cost: TurnCost | None = None
    decode_rule: DecodeRule = DecodeRule.MERGED
    first_token: FirstToken = FirstToken.PREFILL
    prefill_rule: PrefillRule = PrefillRule.SAME_LENGTH
    limits: Limits | None = None
    static_returns: StaticReturns | None = None
    turn_cost: TurnCost = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.slots < 1:
            raise ValueError(f"a schedule needs at least one slot, not {self.slots}")
        if self.honour_arrivals and self.cost is None:
            raise ValueError("arrival times are in seconds: say what a turn costs, or take the full queue")
        object.__setattr__(self, "turn_cost", self.cost or UNIT_COST)
        if self.limited and (self.decode_rule, self.first_token) != (DecodeRule.MERGED, FirstToken.PREFILL):
            raise ValueError(
                "limits and a cost of context are those of servers that decode merged and prefill the first token:"
                " leave the rules as they are"
            )
        if self.static_returns is not None and (self.limited or self.decode_rule is not DecodeRule.MERGED):
            raise ValueError("padded static batches decode merged, and know neither limits nor a cost of context")
        if self.limits is not None and self.limits.token_budget is not None and self.limits.token_budget < self.slots:
            raise ValueError(
                f"a token budget of {self.limits.token_budget} is less than {self.slots} slots,"
                " each of which needs a token a turn: raise it"
            )

    @property
    def limited(self) -> bool:
        """Whether more than slots is counted in a turn: KV memory, tokens, or the context of each row."""
        return self.limits is not None or self.turn_cost.context_token_ns > 0

    @property
    def time_unit(self) -> str:
        """What durations are counted in: "s"; "turns", or forwards if many a turn, where no cost is given."""
        if self.cost is not None:
            return "s"
        return "forwards" if self.decode_rule is DecodeRule.EVERY_GROUP else "turns"
