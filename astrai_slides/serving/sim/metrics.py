"""The figures of merit of a run, each defined by its formula in `Run`."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from astrai_slides.serving.sim.run import FloatArray, Run

PERCENTILES = (50, 90, 99)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Mean and percentiles (linear interpolation, as NumPy's default) of a time over all requests."""

    mean: float
    p50: float
    p90: float
    p99: float

    @classmethod
    def of(cls, values: FloatArray) -> "Distribution":
        """Summarise `values`; zeros when there are none."""
        if len(values) == 0:
            return cls(0.0, 0.0, 0.0, 0.0)
        return cls(float(values.mean()), *(float(cut) for cut in np.percentile(values, PERCENTILES)))


@dataclass(frozen=True, slots=True)
class LimitMetrics:
    """What the limits of a server cost: requests preempted and aborted, prompt tokens read (again) and not read."""

    preemptions: int
    aborted: int
    prompt_tokens_read: int
    prompt_tokens_reused: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a run achieved; times are in `time_unit`, throughput in tokens a `time_unit`; `limits`: if there are."""

    turns: int
    elapsed: float
    time_unit: str
    throughput: float
    useful_cells: int
    idle_cells: int
    occupancy: float
    decode_forwards: int
    prefill_forwards: int
    rows_per_forward: float
    time_to_first_token: Distribution
    latency: Distribution
    limits: LimitMetrics | None = None

    @classmethod
    def of(cls, run: Run) -> "Metrics":
        """Measure `run`."""
        return cls(
            turns=run.turns,
            elapsed=run.elapsed,
            time_unit=run.options.time_unit,
            throughput=run.throughput,
            useful_cells=run.useful_cells,
            idle_cells=run.idle_cells,
            occupancy=run.occupancy,
            decode_forwards=run.decode_forwards,
            prefill_forwards=run.prefill_forwards,
            rows_per_forward=run.rows_per_forward,
            time_to_first_token=Distribution.of(run.time_to_first_token()),
            latency=Distribution.of(run.latency()),
            limits=None
            if run.options.limits is None
            else LimitMetrics(run.preemptions, run.aborted, run.prompt_tokens_read or 0, run.prompt_tokens_reused),
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        values = asdict(self)
        return values if self.limits else {name: value for name, value in values.items() if name != "limits"}


def speedup(static: Run, continuous: Run) -> float:
    """Throughput of continuous over static batching: the ratio of elapsed times where both answer all, to the bit.

    Where a server aborts answers, whoever aborts more of them is done sooner, which is no gain.
    """
    if not continuous.elapsed_ns or not static.useful_cells:
        return 1.0
    return static.elapsed_ns * continuous.useful_cells / (continuous.elapsed_ns * static.useful_cells)
