"""Turns that a batch policy needs for a full queue, and the formulas that say what to expect.

Assumptions, all of them: every request waits from the start, a turn costs the same whatever runs in it,
prefill's turn yields the first token and costs nothing more, both policies have the same slots.
"""

from dataclasses import dataclass
from heapq import heapreplace

import numpy as np

from astrai_slides.serving.lengths import IntArray


@dataclass(frozen=True, slots=True)
class TurnCounts:
    """Turns of both policies over the same full queue of `requests` requests on `slots` slots."""

    slots: int
    requests: int
    static: int
    continuous: int

    @property
    def speedup(self) -> float:
        """How many times fewer turns continuous batching needs."""
        return self.static / self.continuous


def turn_counts(output_tokens: IntArray, slots: int) -> TurnCounts:
    """Count the turns of both policies, without going through them turn by turn.

    Raises ValueError for an empty workload, a length or a slot count below 1.
    """
    if slots < 1:
        raise ValueError(f"a schedule needs at least one slot, not {slots}")
    if len(output_tokens) == 0 or int(output_tokens.min()) < 1:
        raise ValueError("a workload has at least one request and every answer at least one token")
    return TurnCounts(
        slots, len(output_tokens), static_turns(output_tokens, slots), continuous_turns(output_tokens, slots)
    )


def static_turns(output_tokens: IntArray, slots: int) -> int:
    """Turns of static batching: the longest answer of every batch of `slots`, summed."""
    return int(np.maximum.reduceat(output_tokens, np.arange(0, len(output_tokens), slots)).sum())


def continuous_turns(output_tokens: IntArray, slots: int) -> int:
    """Turns of continuous batching: each request goes to the slot that is free first."""
    free_at = [0] * slots
    for length in output_tokens.tolist():
        heapreplace(free_at, free_at[0] + length)
    return max(free_at)


def harmonic_number(slots: int) -> float:
    """H_B = 1 + 1/2 + ... + 1/B: the speed-up for memoryless lengths, as E[max of B] / E[L]."""
    return sum(1 / k for k in range(1, slots + 1))


def finite_speedup(slots: int, batches: int) -> float:
    """The speed-up for memoryless lengths when only `batches` times `slots` requests come: k H_B / (k - 1 + H_B).

    The last B requests drain without refill, which costs continuous batching H_B instead of one.
    """
    harmonic = harmonic_number(slots)
    return batches * harmonic / (batches - 1 + harmonic)


def speedup_with_prefill(slots: int, prefill_share: float) -> float:
    """The speed-up for memoryless lengths when prefill work is `prefill_share` of step work: (H_B + x) / (1 + x)."""
    return (harmonic_number(slots) + prefill_share) / (1 + prefill_share)
