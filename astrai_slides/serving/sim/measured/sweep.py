"""Runs of one server under different loads: throughput against latency."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.comparison import (
    NOTHING_SAID,
    Conditions,
    Labelled,
    Metric,
    measured_throughputs,
)
from astrai_slides.serving.sim.measured.model import MeasuredRun

LatencyMetric = Literal["latency", "first_token", "per_token"]
"""Of `Latencies`, which are means over requests."""


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """A run: throughput in tokens or requests a second, and mean latency in seconds."""

    label: str
    throughput: float
    latency: float


@dataclass(frozen=True, slots=True)
class MeasuredSweep:
    """Runs in order of load, each a point of `metric` against `latency`; see `measured_sweep`."""

    runs: tuple[Labelled, ...]
    points: tuple[SweepPoint, ...]
    metric: Metric
    latency: LatencyMetric
    conditions: Conditions

    @property
    def fastest(self) -> SweepPoint:
        """The point of most throughput."""
        return max(self.points, key=lambda point: point.throughput)


def measured_sweep(
    runs: Sequence[Labelled],
    metric: Metric = "output_throughput",
    latency: LatencyMetric | None = None,
    conditions: Conditions = NOTHING_SAID,
) -> MeasuredSweep:
    """Throughput and mean latency of `runs`; without `latency` it is the first of the three that all of them know.

    Raises AstraiSlidesError as `measured_throughputs` does, and where a run does not hold the latency.
    """
    ordered = sorted(runs, key=lambda each: load(each.run))
    throughputs = measured_throughputs(ordered, metric, conditions).values
    held = [name for name in get_args(LatencyMetric) if all(_latency(each.run, name) for each in ordered)]
    if not held:
        raise AstraiSlidesError(
            f"{ordered[0].run.file}: no mean latency is known of all runs; run the benchmark again with its totals, or"
            " leave out the runs that have none"
        )
    chosen: LatencyMetric = latency or held[0]
    lacking = next((each.run for each in ordered if not _latency(each.run, chosen)), None)
    if lacking is not None:
        known = " or ".join(f'"{name}"' for name in held)
        raise AstraiSlidesError(f"{lacking.file}: holds no mean {chosen}; write latency = {known}, which all runs hold")
    points = tuple(
        SweepPoint(each.label, throughput, _latency(each.run, chosen))
        for each, throughput in zip(ordered, throughputs, strict=True)
    )
    return MeasuredSweep(tuple(ordered), points, metric, chosen, conditions)


def load(run: MeasuredRun) -> tuple[float, float]:
    """What runs of a sweep are ordered by: the rate of requests, then the cap on those in flight; without one last."""
    rate = math.inf if run.request_rate is None else run.request_rate
    return rate, math.inf if run.concurrency is None else float(run.concurrency)


def is_sweep(runs: Sequence[MeasuredRun]) -> bool:
    """Whether `runs` are of one tool, model and GPU, under several loads, and all know a mean latency.

    Tools run each load several times to see how far it varies: each is a point.
    """
    alike = {(run.tool, run.model, run.gpu) for run in runs}
    known = any(all(_latency(run, name) for run in runs) for name in get_args(LatencyMetric))
    return len(alike) == 1 and len({load(run) for run in runs}) > 1 and known


def _latency(run: MeasuredRun, name: str) -> float:
    """Seconds; 0 where it is not known."""
    value: float | None = getattr(run.latencies, name)
    return value or 0.0
