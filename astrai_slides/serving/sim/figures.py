"""The figures of the throughput step: computed here, each with what it assumes and where it comes from."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from astrai_slides.serving.sim.lengths import constant_lengths, memoryless_lengths
from astrai_slides.serving.sim.options import DecodeRule
from astrai_slides.serving.sim.throughput import TurnCounts, harmonic_number, turn_counts

DEFAULT_SLOTS = 16
"""AstrAI's default, in its scheduler and in its server."""
MEMORYLESS_REQUESTS = 200_000
MEMORYLESS_MEAN = 200
MEMORYLESS_SEED = 0
_CHAT_FILE = "azure_conv_2023.json"


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, its height, and what has to hold for it to be true.

    `baseline` marks what the others are measured against, `headline` the figure that the talk claims.
    """

    label: str
    value: float
    assumes: str
    headline: bool = False
    baseline: bool = False


@dataclass(frozen=True)
class Comparison:
    """Bars to show side by side, in `unit`, and a caption that says whether they are computed or measured."""

    kind: Literal["computed", "measured"]
    bars: tuple[Bar, ...]
    caption: str
    unit: str


@dataclass(frozen=True)
class ChatFigures:
    """Turn counts of a real chat trace by slots, shipped because the trace is not; `source` says which trace."""

    source: str
    short_source: str
    requests: int
    turns: dict[int, TurnCounts]
    decode_rules: "DecodeRuleFigures"


@dataclass(frozen=True)
class DecodeRuleFigures:
    """Rows per decode forward under each of AstrAI's decode rules, for the first `requests` of the trace."""

    requests: int
    slots: int
    rows_per_forward: dict[DecodeRule, float]


@cache
def computed_comparison(
    slots: int = DEFAULT_SLOTS,
    *,
    requests: int = MEMORYLESS_REQUESTS,
    mean: float = MEMORYLESS_MEAN,
    seed: int = MEMORYLESS_SEED,
) -> Comparison:
    """Throughput of continuous over static batching, computed by the scheduler for three kinds of answer length.

    Equal and memoryless lengths are `requests` answers of `mean` tokens, drawn from `seed`; real lengths are those
    of the shipped chat figures, left out for a slot count that these do not cover. Raises ValueError below one slot.
    """
    full = max(requests // slots, 1) * slots if slots >= 1 else requests
    equal = turn_counts(constant_lengths(full, round(mean)), slots)
    memoryless = turn_counts(memoryless_lengths(requests, mean, seed), slots)
    chat = chat_figures()
    bars = [
        Bar("Static batching", 1.0, f"the same {slots} slots, queue and step time", baseline=True),
        Bar("Equal lengths", equal.speedup, f"N = {full:,}, every answer {round(mean)} tokens"),
    ]
    real = chat.turns.get(slots)
    if real is not None:
        bars.append(Bar("Real chat lengths", real.speedup, f"N = {chat.requests:,}, {chat.short_source}"))
    bars.append(
        Bar(
            "Memoryless lengths",
            memoryless.speedup,
            f"N = {requests:,}, mean {mean:g} tokens, seed {seed}; expected H_{slots} = {harmonic_number(slots):.3f}",
            headline=True,
        )
    )
    real_source = "" if real is None else f" Real lengths: {chat.source}."
    caption = (
        f"Computed: {slots} slots, full queue, constant step time, free prefill."
        f" N = {requests:,} memoryless and equal lengths, mean {mean:g} tokens.{real_source}"
    )
    return Comparison("computed", tuple(bars), caption, "x static batching")


def decode_rule_comparison() -> Comparison:
    """Rows per decode forward under the three decode rules of AstrAI's history, for real chat lengths.

    Shipped figures of our scheduler, with early AstrAI's loop in which prefill yields no token.
    """
    chat = chat_figures()
    figures = chat.decode_rules
    bars = (
        Bar("Largest same-position group", figures.rows_per_forward[DecodeRule.LARGEST_GROUP], "the others wait"),
        Bar(
            "Every same-position group in turn",
            figures.rows_per_forward[DecodeRule.EVERY_GROUP],
            "one forward each",
            baseline=True,
        ),
        Bar(
            "One merged forward",
            figures.rows_per_forward[DecodeRule.MERGED],
            "every row at its own position",
            headline=True,
        ),
    )
    caption = (
        f"Computed: {figures.slots} slots, full queue, early AstrAI’s loop (prefill yields no token)."
        f" N = {figures.requests:,} real chat lengths: {chat.source}."
    )
    return Comparison("computed", bars, caption, "rows per forward")


@cache
def chat_figures() -> ChatFigures:
    """The shipped turn counts of the Azure 2023 conversation trace, in arrival order, with their provenance."""
    raw: dict[str, Any] = json.loads((resources.files(__package__) / "data" / _CHAT_FILE).read_text("utf-8"))
    requests = int(raw["requests"])
    turns = {
        row["slots"]: TurnCounts(row["slots"], requests, row["static_turns"], row["continuous_turns"])
        for row in raw["turns"]
    }
    rules = raw["decode_rules"]
    rows = {DecodeRule(name): counts["rows"] / counts["forwards"] for name, counts in rules["rules"].items()}
    return ChatFigures(
        raw["source"],
        raw["short_source"],
        requests,
        turns,
        DecodeRuleFigures(rules["requests"], rules["slots"], rows),
    )
