"""Both policies over one workload, for one slot count after another: what `astrai-slides simulate` reports."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from astrai_slides.serving.sim.fast import run
from astrai_slides.serving.sim.metrics import Metrics, speedup
from astrai_slides.serving.sim.options import Options
from astrai_slides.serving.sim.throughput import harmonic_number
from astrai_slides.serving.sim.timeline import Policy


@dataclass(frozen=True, slots=True)
class Load:
    """Tokens a second: what arrivals ask for, and what each policy yields when requests never run out.

    A server from which more is asked is overloaded: its queue, its times, and the ratio of two such runs grow with the
    trace, so only throughput means something.
    """

    offered: float
    static: float
    continuous: float

    @property
    def overloaded(self) -> tuple[Policy, ...]:
        """The policies that cannot serve what is asked for."""
        served = {Policy.STATIC: self.static, Policy.CONTINUOUS: self.continuous}
        return tuple(policy for policy, tokens in served.items() if tokens < self.offered)


@dataclass(frozen=True, slots=True)
class Simulation:
    """Static and continuous batching of the same requests under the same options.

    `speedup` is None where a policy is overloaded: the ratio of such runs grows with the trace.
    """

    requests: int
    options: Options
    static: Metrics
    continuous: Metrics
    speedup: float | None
    load: Load | None = None

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
        } | self._load()

    def _load(self) -> dict[str, Any]:
        if self.load is None:
            return {}
        overloaded = [policy.value for policy in self.load.overloaded]
        return {"load": asdict(self.load), "overloaded": overloaded}


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
        load = None
        last = float(np.max(arrivals, initial=0.0)) if options.honour_arrivals and arrivals is not None else 0.0
        if last > 0:
            full = replace(chosen, honour_arrivals=False)
            served = [
                run(output_tokens, policy, full, prompt_tokens=prompt_tokens, hash_ids=hash_ids).throughput
                for policy in (Policy.STATIC, Policy.CONTINUOUS)
            ]
            load = Load(static.useful_cells / last, *served)
        gain = None if load and load.overloaded else speedup(static, continuous)
        simulations.append(Simulation(static.requests, chosen, Metrics.of(static), Metrics.of(continuous), gain, load))
    return simulations
