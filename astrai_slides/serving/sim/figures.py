"""The computed figures of the throughput and batching steps, each with what it assumes and where it comes from."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from astrai_slides.serving.sim.lengths import constant_lengths, memoryless_lengths
from astrai_slides.serving.sim.measured import MeasuredThroughputs, WrittenThroughputs
from astrai_slides.serving.sim.options import DecodeRule
from astrai_slides.serving.sim.throughput import TurnCounts, turn_counts
from astrai_slides.serving.sim.workload import WorkloadSpeedup

DEFAULT_SLOTS = 16
"""AstrAI's default, in its scheduler and in its server."""
MEMORYLESS_REQUESTS = 200_000
MEMORYLESS_MEAN = 200
MEMORYLESS_SEED = 0
_CHAT_FILE = "azure_conv_2023.json"
_CODE_FILE = "azure_code_2023.json"


Lengths = Literal["all", "equal", "chat", "memoryless"]
"""Kinds of answer lengths that are compared."""


@dataclass(frozen=True)
class DecodeRuleFigures:
    """Rows per decode forward under each of AstrAI's decode rules, for the first `requests` of the chat trace.

    By early AstrAI's loop, in which prefill yields no token.
    """

    requests: int
    slots: int
    rows_per_forward: dict[DecodeRule, float]


@dataclass(frozen=True)
class ChatFigures:
    """Turn counts of a real chat trace by slots, in arrival order, shipped because the trace is not.

    `trace` is a name in `traces.FORMATS`, `year` that of its requests.
    """

    trace: str
    year: int
    requests: int
    turns: dict[int, TurnCounts]
    decode_rules: DecodeRuleFigures


@dataclass(frozen=True)
class ComputedSpeedups:
    """Continuous over static batching for three kinds of answer length, at a full queue and constant step time.

    `equal`: every answer as long as any other, `memoryless`: lengths of the given `mean`, drawn from `seed`; `chat`:
    real lengths, None for a slot count that the shipped `source` does not cover; `code`: those of the code trace
    that was published with it.
    """

    slots: int
    mean: float
    seed: int
    equal: TurnCounts
    memoryless: TurnCounts
    chat: TurnCounts | None
    source: ChatFigures
    code: TurnCounts | None = None
    lengths: Lengths = "all"
    """Of which kind of lengths the figure is that a talk claims, and shows: of all of them, that of memoryless ones."""

    def shows(self, lengths: Lengths) -> bool:
        """Whether a talk shows what lengths of this kind give."""
        return self.lengths in ("all", lengths)

    @property
    def equal_length(self) -> int:
        """Tokens of every answer in `equal`."""
        return round(self.mean)

    @property
    def speedup(self) -> float:
        """The figure that a talk claims."""
        if self.lengths == "chat" and self.chat is not None:
            return self.chat.speedup
        return self.equal.speedup if self.lengths == "equal" else self.memoryless.speedup


ThroughputFigures = ComputedSpeedups | WorkloadSpeedup | MeasuredThroughputs | WrittenThroughputs
"""What a comparison of throughput can be made of; each has a `speedup`, continuous over static batching."""


@cache
def computed_speedups(
    slots: int = DEFAULT_SLOTS,
    *,
    requests: int = MEMORYLESS_REQUESTS,
    mean: float = MEMORYLESS_MEAN,
    seed: int = MEMORYLESS_SEED,
) -> ComputedSpeedups:
    """The speed-ups on `slots` slots, computed by the scheduler; `requests` drawn and equal answers of `mean` tokens.

    Equal lengths take whole batches only. Raises ValueError below one slot.
    """
    full = max(requests // slots, 1) * slots if slots >= 1 else requests
    chat = chat_figures()
    return ComputedSpeedups(
        slots=slots,
        mean=mean,
        seed=seed,
        equal=turn_counts(constant_lengths(full, round(mean)), slots),
        memoryless=turn_counts(memoryless_lengths(requests, mean, seed), slots),
        chat=chat.turns.get(slots),
        source=chat,
        code=code_turns().get(slots),
    )


@cache
def chat_figures() -> ChatFigures:
    """The shipped turn counts of the Azure 2023 conversation trace, in arrival order, with their provenance."""
    raw = _shipped(_CHAT_FILE)
    rules = raw["decode_rules"]
    rows = {DecodeRule(name): counts["rows"] / counts["forwards"] for name, counts in rules["rules"].items()}
    return ChatFigures(
        raw["trace"],
        raw["year"],
        int(raw["requests"]),
        _turns(raw),
        DecodeRuleFigures(rules["requests"], rules["slots"], rows),
    )


@cache
def code_turns() -> dict[int, TurnCounts]:
    """The shipped turn counts of the Azure 2023 code trace, by slots."""
    return _turns(_shipped(_CODE_FILE))


def _shipped(file: str) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((resources.files(__package__) / "data" / file).read_text("utf-8"))
    return raw


def _turns(raw: dict[str, Any]) -> dict[int, TurnCounts]:
    requests = int(raw["requests"])
    return {
        row["slots"]: TurnCounts(row["slots"], requests, row["static_turns"], row["continuous_turns"])
        for row in raw["turns"]
    }
