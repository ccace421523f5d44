"""Measured throughput of static and continuous batching, with what was measured, where and when."""

from dataclasses import dataclass
from typing import Literal

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.model import MeasuredRun

Metric = Literal["output_throughput", "request_throughput"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the speaker knows about a measurement and its files may not say; empty or None where the files do."""

    model: str = ""
    gpu: str = ""
    date: str = ""
    slots: int | None = None
    lengths: str = ""


_NOTHING = Conditions()


@dataclass(frozen=True, slots=True)
class MeasuredThroughputs:
    """Two runs that differ in batching, and the `metric` that they are compared by; see `measured_throughputs`."""

    static_run: MeasuredRun
    continuous_run: MeasuredRun
    metric: Metric
    conditions: Conditions

    @property
    def static(self) -> float:
        """Tokens or requests a second, as `metric` says; AstraiSlidesError where the file does not hold it."""
        return _figure(self.static_run, self.metric)

    @property
    def continuous(self) -> float:
        """Tokens or requests a second, as `metric` says; AstraiSlidesError where the file does not hold it."""
        return _figure(self.continuous_run, self.metric)

    @property
    def speedup(self) -> float:
        """Continuous over static batching."""
        return self.continuous / self.static


def measured_throughputs(
    static: MeasuredRun,
    continuous: MeasuredRun,
    metric: Metric = "output_throughput",
    conditions: Conditions = _NOTHING,
) -> MeasuredThroughputs:
    """The throughput of two runs, in tokens or requests a second; `conditions` fill in what the files do not say.

    Raises AstraiSlidesError when a file does not hold the figure, and when the runs differ in model or GPU: then
    those would be compared.
    """
    for field in ("model", "gpu"):
        old, new = getattr(static, field), getattr(continuous, field)
        if old and new and old != new:
            raise AstraiSlidesError(
                f"{continuous.file}: was measured with {field} {new}, {static.file} with {old};"
                " compare runs that differ in batching only"
            )
    for run in (static, continuous):
        _figure(run, metric)
    return MeasuredThroughputs(static, continuous, metric, conditions)


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
        raise AstraiSlidesError(
            f"{run.file}: holds no {metric} of a completed request{why};"
            ' name the totals of a finished run, or write the figures as a table: source = "table"'
        )
    return value
