"""Turns that a batch policy needs for a full queue, and the formulas that say what to expect.

Assumptions, all of them: every request waits from the start, a turn costs the same whatever runs in it,
prefill's turn yields the first token and costs nothing more, both policies have the same slots.
"""

from dataclasses import dataclass

import numpy.typing as npt

from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.options import Options
from astrai_slides.serving.sim.timeline import Policy


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


def turn_counts(output_tokens: npt.ArrayLike, slots: int) -> TurnCounts:
    """Count the turns of both policies with the fast scheduler.

    Raises ValueError for an empty workload, a length or a slot count below 1.
    """
    options = Options(slots)
    static, continuous = (run(output_tokens, policy, options) for policy in (Policy.STATIC, Policy.CONTINUOUS))
    if not static.requests:
        raise ValueError("a workload has at least one request")
    return TurnCounts(slots, static.requests, static.turns, continuous.turns)


def harmonic_number(slots: int) -> float:
    """H_B = 1 + 1/2 + ... + 1/B: the speed-up for memoryless lengths, as E[max of B] / E[L]."""
    return sum(1 / k for k in range(1, slots + 1))
