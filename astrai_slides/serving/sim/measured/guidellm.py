"""GuideLLM's benchmarks.json: several benchmarks a file, requests by their fate; the schema differs by version.

Metrics leave out what ran while the benchmark warmed up and cooled down, and lists of requests may be samples, so N is
what the metrics count.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

from pydantic import model_validator

from astrai_slides.serving.sim.measured.agreement import Total, agree
from astrai_slides.serving.sim.measured.client_lists import from_earliest
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    LONGEST_REQUEST,
    CountIfKnown,
    Entries,
    Line,
    NumberIfKnown,
    Place,
    Record,
    Tokens,
    checked,
    gpu,
    one_line,
    seconds_of,
)

Known = TypeVar("Known", int, float)
_LISTED = ("the mean over requests.successful",)
_MODEL_KEYS = ("model", "backend_model", "model_name", "target_model")
_DEEPEST = 5
"""Levels of configuration that are searched for the model and the GPU."""


class Timings(Record):
    """Unix seconds."""

    request_start: NumberIfKnown = None
    first_token_iteration: NumberIfKnown = None
    first_output_token_iteration: NumberIfKnown = None
    last_token_iteration: NumberIfKnown = None
    request_end: NumberIfKnown = None


class Info(Record):
    """What newer files tell of a request."""

    timings: Timings = Timings()


class GuideLLMRequest(Record):
    """One request; times are in `info.timings` or, in older files, in the request itself."""

    info: Info = Info()
    start_time: NumberIfKnown = None
    first_token_time: NumberIfKnown = None
    last_token_time: NumberIfKnown = None
    end_time: NumberIfKnown = None
    prompt_tokens: Tokens = 0
    output_tokens: Tokens = 0

    @property
    def start(self) -> float | None:
        """Unix seconds."""
        return self.info.timings.request_start or self.start_time

    @property
    def first_token(self) -> float | None:
        """Seconds after the start."""
        times = self.info.timings
        return self._after_start(
            _first_of(times.first_token_iteration, times.first_output_token_iteration) or self.first_token_time
        )

    @property
    def end(self) -> float | None:
        """Seconds after the start."""
        times = self.info.timings
        last = _first_of(times.last_token_iteration, times.request_end)
        return self._after_start(last or self.last_token_time or self.end_time)

    def _after_start(self, time: float | None) -> float | None:
        return None if self.start is None or time is None else time - self.start

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        for each in (self.first_token, self.end):
            if self.output_tokens and each is not None and not 0 <= each <= LONGEST_REQUEST:
                raise ValueError("ends before it starts, or lasts for months")
        return self


class Fates(Record):
    """Requests by what became of them."""

    successful: Entries[GuideLLMRequest] = ()
    incomplete: Entries[Any] = ()
    errored: Entries[Any] = ()


class Totals(Record):
    """How many requests the metrics cover, by what became of them."""

    successful: CountIfKnown = None
    incomplete: CountIfKnown = None
    errored: CountIfKnown = None
    total: CountIfKnown = None


class GuideLLMMean(Record):
    """A distribution."""

    mean: NumberIfKnown = None


class GuideLLMMetric(Record):
    """A metric, by what became of the requests."""

    successful: GuideLLMMean = GuideLLMMean()


class GuideLLMMetrics(Record):
    """What is read of the metrics."""

    request_totals: Totals = Totals()
    output_tokens_per_second: GuideLLMMetric = GuideLLMMetric()
    requests_per_second: GuideLLMMetric = GuideLLMMetric()
    prompt_token_count: GuideLLMMetric = GuideLLMMetric()
    output_token_count: GuideLLMMetric = GuideLLMMetric()
    time_to_first_token_ms: GuideLLMMetric = GuideLLMMetric()
    request_latency: GuideLLMMetric = GuideLLMMetric()
    """Seconds."""
    inter_token_latency_ms: GuideLLMMetric = GuideLLMMetric()


class Strategy(Record):
    """How requests were sent."""

    max_concurrency: CountIfKnown = None
    streams: CountIfKnown = None
    rate: NumberIfKnown = None
    type_: Line = ""


class Benchmark(Record):
    """What is read of one benchmark."""

    requests: Fates = Fates()
    start_time: NumberIfKnown = None
    end_time: NumberIfKnown = None
    duration: NumberIfKnown = None
    metrics: GuideLLMMetrics = GuideLLMMetrics()
    request_totals: Totals = Totals()
    strategy: Strategy = Strategy()
    """The one nearest to the root."""

    @model_validator(mode="before")
    @classmethod
    def _find_strategy(cls, data: Any) -> Any:
        return data | {"strategy": _strategy(data)} if isinstance(data, dict) else data


class GuideLLMReport(Record):
    """All benchmarks of a report."""

    benchmarks: Entries[Benchmark] = ()


def is_guidellm(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a GuideLLM report."""
    return isinstance(data.get("benchmarks"), list)


def read_guidellm(data: dict[str, Any], place: Place) -> list[MeasuredRun]:
    """One run a benchmark of the report."""
    benchmarks = checked(place, data, GuideLLMReport).benchmarks
    within = f"{place.key}." if place.key else ""
    return [
        _run(data, raw or {}, said, replace(place, key=f"{within}benchmarks[{number}]"))
        for number, (raw, said) in enumerate(zip(data["benchmarks"], benchmarks, strict=True), 1)
    ]


def _run(report: dict[str, Any], raw: dict[str, Any], said: Benchmark, place: Place) -> MeasuredRun:
    fates, metrics, strategy = said.requests, said.metrics, said.strategy
    requests = [
        MeasuredRequest(each.prompt_tokens, each.output_tokens, each.start, each.first_token, each.end)
        for each in fates.successful
        if each.output_tokens
    ]
    start, end, duration = said.start_time, said.end_time, said.duration
    if duration is None and start is not None and end is not None and end >= start:
        duration = end - start
    totals = metrics.request_totals if metrics.request_totals.successful is not None else said.request_totals
    completed: int | None
    if totals.successful is not None:
        completed, failed = totals.successful, (totals.incomplete or 0) + (totals.errored or 0)
    else:
        lost = len(fates.incomplete) + len(fates.errored)
        completed, failed = len(fates.successful) or None, lost + len(fates.successful) - len(requests)
    prompts, answers = [each.prompt_tokens for each in requests], [each.output_tokens for each in requests]
    _check(place, metrics, totals, requests)
    return MeasuredRun(
        tool=Tool.GUIDELLM,
        file=place.file,
        output_throughput=metrics.output_tokens_per_second.successful.mean,
        request_throughput=metrics.requests_per_second.successful.mean,
        duration=duration,
        completed=completed,
        failed=failed,
        model=_search(raw, _MODEL_KEYS) or _search(report, _MODEL_KEYS),
        gpu=_search_gpu(raw) or _search_gpu(report),
        date=_day(start),
        concurrency=_first_of(strategy.max_concurrency, strategy.streams),
        request_rate=strategy.rate,
        strategy=strategy.type_,
        input_tokens=_tokens(metrics.prompt_token_count, prompts, completed),
        output_tokens=_tokens(metrics.output_token_count, answers, completed),
        requests=from_earliest(requests),
        told=Latencies(
            seconds_of(metrics.time_to_first_token_ms.successful.mean),
            metrics.request_latency.successful.mean,
            seconds_of(metrics.inter_token_latency_ms.successful.mean),
        ),
    )


def _check(place: Place, metrics: GuideLLMMetrics, totals: Totals, requests: list[MeasuredRequest]) -> None:
    """Raise AstraiSlidesError where counts contradict each other, or means those of the requests that they cover.

    A list that is longer has what ran while the benchmark warmed up and cooled down, a shorter one is a sample: means
    of either are of other requests. How many are listed is said with them.
    """
    fates = {"successful": totals.successful, "incomplete": totals.incomplete, "errored": totals.errored}
    known = [count for count in fates.values() if count is not None]
    counted = float(sum(known)) if len(known) == len(fates) else None
    told = [Total("request_totals.total", totals.total, counted, tuple(f"request_totals.{fate}" for fate in fates))]
    if requests and len(requests) == totals.successful:
        first = [each.first_token for each in requests if each.first_token is not None]
        of_each: dict[str, tuple[GuideLLMMetric, Sequence[float]]] = {
            "prompt_token_count": (metrics.prompt_token_count, [each.prompt_tokens for each in requests]),
            "output_token_count": (metrics.output_token_count, [each.output_tokens for each in requests]),
            "time_to_first_token_ms": (metrics.time_to_first_token_ms, [1000 * time for time in first]),
        }
        told += [
            Total(f"metrics.{key}.successful.mean", metric.successful.mean, _mean(listed, len(requests)), _LISTED)
            for key, (metric, listed) in of_each.items()
        ]
    agree(place, *told)


def _mean(listed: Sequence[float], requests: int) -> float | None:
    """The mean of what is `listed`, if it is of all `requests`."""
    return sum(listed) / requests if len(listed) == requests else None


def _tokens(metric: GuideLLMMetric, listed: list[int], completed: int | None) -> int | None:
    """Tokens of all requests that the metrics cover; None where neither they nor the list say it."""
    mean = metric.successful.mean
    if mean is not None and completed:
        return round(mean * completed)
    return sum(listed) or None if len(listed) == completed else None


def _first_of(one: Known | None, other: Known | None) -> Known | None:
    return other if one is None else one


def _strategy(data: Any, depth: int = _DEEPEST) -> dict[str, Any]:
    """The table `strategy`, nearest to the root; never looks at requests."""
    if not isinstance(data, dict) or not depth:
        return {}
    if isinstance(data.get("strategy"), dict):
        found: dict[str, Any] = data["strategy"]
        return found
    branches = (value for key, value in data.items() if key not in ("requests", "benchmarks", "metrics"))
    return next((inner for value in branches if (inner := _strategy(value, depth - 1))), {})


def _search(data: Any, keys: tuple[str, ...], depth: int = _DEEPEST) -> str:
    """Text under one of `keys`, nearest to the root; never looks at requests."""
    if not isinstance(data, dict) or not depth:
        return ""
    found = next((line for key in keys if (line := one_line(data.get(key)))), "")
    branches = (value for key, value in data.items() if key not in ("requests", "benchmarks", "metrics"))
    return found or next((inner for value in branches if (inner := _search(value, keys, depth - 1))), "")


def _search_gpu(data: Any, depth: int = _DEEPEST) -> str:
    if not isinstance(data, dict) or not depth:
        return ""
    branches = (value for key, value in data.items() if key not in ("requests", "benchmarks", "metrics"))
    return gpu(data) or next((inner for value in branches if (inner := _search_gpu(value, depth - 1))), "")


def _day(start: float | None) -> str:
    # Less than a year after 1970 is a clock that counts from somewhere else.
    if start is None or start < 31_556_952:
        return ""
    return datetime.fromtimestamp(start, UTC).date().isoformat()
