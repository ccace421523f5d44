"""Both policies over one workload, for one slot count after another: what `astrai-slides simulate` reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy.typing as npt

from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.metrics import Metrics, speedup
from astrai_slides.serving.sim.options import Options
from astrai_slides.serving.sim.throughput import harmonic_number
from astrai_slides.serving.sim.timeline import Policy


@dataclass(frozen=True, slots=True)
class Simulation:
    """Static and continuous batching of the same requests under the same options."""

    requests: int
    options: Options
    static: Metrics
    continuous: Metrics
    speedup: float

    @property
    def slots(self) -> int:
        """Slots of both policies."""
        return self.options.slots

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; `harmonic_number` is the speed-up to expect of memoryless lengths."""
        return {
            "requests": self.requests,
            "slots": self.slots,
            "static": self.static.as_dict(),
            "continuous": self.continuous.as_dict(),
            "speedup": self.speedup,
            "occupancy": {"static": self.static.occupancy, "continuous": self.continuous.occupancy},
            "harmonic_number": harmonic_number(self.slots),
        }


def simulate(
    output_tokens: npt.ArrayLike,
    options: Options,
    slot_counts: Iterable[int],
    *,
    prompt_tokens: npt.ArrayLike | None = None,
    arrivals: npt.ArrayLike | None = None,
    hash_ids: Sequence[Sequence[int]] | None = None,
) -> list[Simulation]:
    """Run both policies with `options` for each of `slot_counts`, in that order. Raises ValueError as `run` does."""
    simulations = []
    for slots in slot_counts:
        chosen = replace(options, slots=slots)
        static, continuous = (
            run(output_tokens, policy, chosen, prompt_tokens=prompt_tokens, arrivals=arrivals, hash_ids=hash_ids)
            for policy in (Policy.STATIC, Policy.CONTINUOUS)
        )
        simulations.append(
            Simulation(static.requests, chosen, Metrics.of(static), Metrics.of(continuous), speedup(static, continuous))
        )
    return simulations
