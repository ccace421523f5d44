"""Measured throughput as bars: static and continuous batching side by side, with what was measured, where and when."""

from dataclasses import dataclass
from typing import Literal

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.figures import Bar, Comparison
from astrai_slides.serving.sim.measured.model import MeasuredRun

Metric = Literal["output_throughput", "request_throughput"]
_UNITS: dict[Metric, str] = {"output_throughput": "output tokens/s", "request_throughput": "requests/s"}


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the speaker knows about a measurement and its files may not say; empty or None where the files do."""

    model: str = ""
    gpu: str = ""
    date: str = ""
    slots: int | None = None
    lengths: str = ""


_NOTHING = Conditions()


def measured_comparison(
    static: MeasuredRun,
    continuous: MeasuredRun,
    metric: Metric = "output_throughput",
    conditions: Conditions = _NOTHING,
) -> Comparison:
    """The bars of two runs, in tokens or requests a second; `conditions` fill in what the files do not say.

    Raises AstraiSlidesError when a file does not hold the figure, and when the runs differ in model or GPU: then
    the bars would compare those.
    """
    for field in ("model", "gpu"):
        old, new = getattr(static, field), getattr(continuous, field)
        if old and new and old != new:
            raise AstraiSlidesError(
                f"{continuous.file}: was measured with {field} {new}, {static.file} with {old};"
                " compare runs that differ in batching only"
            )
    bars = (
        Bar("Static batching", _figure(static, metric), _assumes(static), baseline=True),
        Bar("Continuous batching", _figure(continuous, metric), _assumes(continuous), headline=True),
    )
    return Comparison("measured", bars, _caption(static, continuous, conditions), _UNITS[metric])


def _figure(run: MeasuredRun, metric: Metric) -> float:
    value: float | None = getattr(run, metric)
    if not value:
        why = "; over so short a run its seconds are too coarse" if not run.exact_starts and run.requests else ""
        raise AstraiSlidesError(
            f"{run.file}: holds no {metric} of a completed request{why};"
            ' name the totals of a finished run, or write the figures as a table: source = "table"'
        )
    return value


def _assumes(run: MeasuredRun) -> str:
    parts = [run.file.name]
    if run.completed is not None:
        parts.append(f"N = {run.completed:,}")
    if run.failed:
        parts.append(f"{run.failed:,} failed")
    return ", ".join(parts)


def _caption(static: MeasuredRun, continuous: MeasuredRun, conditions: Conditions) -> str:
    runs = (static, continuous)
    tools = " and ".join(dict.fromkeys(run.tool for run in runs))
    parts = [
        next((run.model for run in runs if run.model), conditions.model),
        next((run.gpu for run in runs if run.gpu), conditions.gpu),
        _dates(runs) or conditions.date,
        "" if conditions.slots is None else f"{conditions.slots} slots",
        _concurrency(runs),
        conditions.lengths or _lengths(runs),
        _numbers(runs),
    ]
    failed = sum(run.failed for run in runs)
    if failed:
        parts.append(f"{failed:,} failed kept out")
    if not all(run.exact_starts for run in runs):
        parts.append("span known to the second")
    files = ", ".join(dict.fromkeys(run.file.name for run in runs))
    return f"Measured with {tools}: {', '.join(part for part in parts if part)}. Files: {files}."


def _dates(runs: tuple[MeasuredRun, ...]) -> str:
    return " and ".join(dict.fromkeys(run.date for run in runs if run.date))


def _concurrency(runs: tuple[MeasuredRun, ...]) -> str:
    caps = list(dict.fromkeys(run.concurrency for run in runs if run.concurrency is not None))
    if not caps:
        return ""
    return f"at most {' and '.join(str(cap) for cap in caps)} requests in flight"


def _numbers(runs: tuple[MeasuredRun, ...]) -> str:
    counts = list(dict.fromkeys(run.completed for run in runs if run.completed is not None))
    return f"N = {' and '.join(f'{count:,}' for count in counts)}" if counts else ""


def _lengths(runs: tuple[MeasuredRun, ...]) -> str:
    """Mean lengths of the runs, once if they agree to the token."""
    means = []
    for run in runs:
        if run.completed and run.input_tokens is not None and run.output_tokens is not None:
            means.append(f"{run.input_tokens / run.completed:.0f} in / {run.output_tokens / run.completed:.0f} out")
    return f"mean tokens {' and '.join(dict.fromkeys(means))}" if means else ""
