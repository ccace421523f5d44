"""Measured throughput of several runs side by side, with what was measured, and what makes it doubtful."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, get_args

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.model import MeasuredRun

Metric = Literal["output_throughput", "request_throughput", "total_throughput"]
KEPT_UP = 0.9
"""A server that answered this share of the rate at which requests were sent was hardly ever full."""
EQUAL_LOAD = 0.1
"""Runs at the same rate whose throughput differs by no more show that rate, and not their servers."""


UNLIKE = 0.1
"""Mean lengths of two runs that differ by more are of different requests."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the speaker knows about a measurement and its files may not say; empty or None where the files do."""

    model: str = ""
    gpu: str = ""
    date: str = ""
    slots: int | None = None
    lengths: str = ""


NOTHING_SAID = Conditions()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A run, under the name that the speaker gives it: no file says how a server batches."""

    label: str
    run: MeasuredRun


@dataclass(frozen=True, slots=True)
class MeasuredThroughputs:
    """Runs to compare by `metric`, the others with the first; see `measured_throughputs`."""

    runs: tuple[Labelled, ...]
    metric: Metric
    conditions: Conditions

    @property
    def values(self) -> tuple[float, ...]:
        """Tokens or requests a second of each run, as `metric` says."""
        return tuple(_figure(each.run, self.metric) for each in self.runs)

    @property
    def speedup(self) -> float:
        """The last run over the first."""
        return self.values[-1] / self.values[0]

    @property
    def limited(self) -> tuple[Labelled, ...]:
        """Runs whose throughput is the rate at which requests were sent, and says nothing of the server."""
        found = [each for each in self.runs if _kept_up(each.run)]
        for one, two in combinations(self.runs, 2):
            if _same_load(one.run, two.run):
                found += [one, two]
        return tuple(each for each in self.runs if each in found)

    @property
    def unlike(self) -> tuple[Labelled, Labelled] | None:
        """Two runs whose prompts or answers differ in mean length, so that they answered different requests."""
        for one, two in combinations(self.runs, 2):
            pairs = zip(_mean_lengths(one.run), _mean_lengths(two.run), strict=True)
            if any(first and second and abs(first - second) > UNLIKE * max(first, second) for first, second in pairs):
                return one, two
        return None

    @property
    def swapped(self) -> tuple[Labelled, Labelled] | None:
        """A run called static that is faster than one called continuous, and that one; probably swapped."""
        pairs = list(zip(self.runs, self.values, strict=True))
        for slow, low in pairs:
            for fast, high in pairs:
                if "static" in slow.label.casefold() and "continuous" in fast.label.casefold() and low > high:
                    return slow, fast
        return None


def measured_throughputs(
    runs: Sequence[Labelled], metric: Metric = "output_throughput", conditions: Conditions = NOTHING_SAID
) -> MeasuredThroughputs:
    """The throughput of `runs`, in tokens or requests a second; `conditions` fill in what the files do not say.

    Raises AstraiSlidesError when a file does not hold the figure, when a run or a label is there twice, and when the
    runs differ in model or GPU: then those would be compared.
    """
    for one, two in combinations(runs, 2):
        if one.label == two.label:
            raise AstraiSlidesError(f"two runs are labelled {one.label!r}; give every run a label of its own")
        if replace(one.run, file=two.run.file) == two.run:
            if one.run.file == two.run.file:
                raise AstraiSlidesError(
                    f"{two.run.file}: {two.label!r} is the same run as {one.label!r}; leave one of the two out of the"
                    " file, or name another one by run = ..."
                )
            raise AstraiSlidesError(
                f"{two.run.file}: {two.label!r} is the same run as {one.label!r} of {one.run.file};"
                " name the file of another measurement"
            )
        for field in ("model", "gpu"):
            old, new = getattr(one.run, field), getattr(two.run, field)
            if old and new and old != new:
                raise AstraiSlidesError(
                    f"{two.run.file}: was measured with {field} {new}, {one.run.file} with {old};"
                    " compare runs that differ in batching only"
                )
    for each in runs:
        _figure(each.run, metric)
    return MeasuredThroughputs(tuple(runs), metric, conditions)


def _mean_lengths(run: MeasuredRun) -> tuple[float, float]:
    """Tokens of a prompt and of an answer; 0 where they are not known."""
    if run.batch is not None:
        return run.batch.input_len or 0, run.batch.output_len
    if not run.completed:
        return 0.0, 0.0
    return (run.input_tokens or 0) / run.completed, (run.output_tokens or 0) / run.completed


def _kept_up(run: MeasuredRun) -> bool:
    return (
        run.request_rate is not None
        and 0 < run.request_rate < math.inf
        and run.request_throughput is not None
        and run.request_throughput >= KEPT_UP * run.request_rate
    )


def _same_load(one: MeasuredRun, two: MeasuredRun) -> bool:
    if one.request_rate is None or one.request_rate != two.request_rate or one.request_rate == math.inf:
        return False
    first, second = one.request_throughput, two.request_throughput
    return first is not None and second is not None and abs(first - second) <= EQUAL_LOAD * max(first, second)


@dataclass(frozen=True, slots=True)
class WrittenThroughputs:
    """Throughput as somebody measured it and wrote it down, in `unit` (None: output tokens/s); `requests` is N."""

    static: float
    continuous: float
    unit: str | None
    measured_by: str
    requests: int | None
    conditions: Conditions

    @property
    def speedup(self) -> float:
        """Continuous over static batching."""
        return self.continuous / self.static

    @property
    def ratio(self) -> bool:
        """Whether the values are multiples, which a speaker writes as the unit x, or as x or × in front of one."""
        return self.unit is not None and (self.unit == "x" or self.unit.startswith(("x ", "×")))


def _figure(run: MeasuredRun, metric: Metric) -> float:
    value: float | None = getattr(run, metric)
    if not value:
        why = "; over so short a run its seconds are too coarse" if not run.exact_starts and run.requests else ""
        held = [f'"{other}"' for other in get_args(Metric) if getattr(run, other)]
        remedy = f"write metric = {' or '.join(held)}, which it holds" if held else "name the totals of a finished run"
        raise AstraiSlidesError(
            f"{run.file}: holds no {metric} of a completed request{why};"
            f' {remedy}, or write the figures as a table: source = "table"'
        )
    return value
