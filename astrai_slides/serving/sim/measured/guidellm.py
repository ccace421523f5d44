"""GuideLLM's benchmarks.json: several benchmarks a file, requests by their fate; the schema differs by version.

Metrics leave out what ran while the benchmark warmed up and cooled down, and lists of requests may be samples, so N is
what the metrics count.
"""

from datetime import UTC, datetime
from typing import Any

from astrai_slides.serving.sim.measured.client_lists import LONGEST_REQUEST, from_earliest
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, items, real, table, text, token_count, whole

_MODEL_KEYS = ("model", "backend_model", "model_name", "target_model")
_DEEPEST = 5
"""Levels of configuration that are searched for the model and the GPU."""


def is_guidellm(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a GuideLLM report."""
    return isinstance(data.get("benchmarks"), list)


def read_guidellm(data: dict[str, Any], place: Place) -> list[MeasuredRun]:
    """One run a benchmark of the report."""
    runs = []
    for number, entry in enumerate(items(data.get("benchmarks"), place.at("benchmarks"))):
        where = place.at("benchmarks").at(number)
        runs.append(_run(data, table(entry, where), where))
    return runs


def _run(report: dict[str, Any], benchmark: dict[str, Any], place: Place) -> MeasuredRun:
    fates = table(benchmark.get("requests"), place.at("requests"))
    successful = items(fates.get("successful"), place.at("requests").at("successful"))
    lost = [items(fates.get(fate), place.at("requests").at(fate)) for fate in ("incomplete", "errored")]
    requests = []
    for number, entry in enumerate(successful):
        where = place.at("requests").at("successful").at(number)
        request = _request(table(entry, where), where)
        if request is not None:
            requests.append(request)
    start = real(benchmark, "start_time", place)
    duration = real(benchmark, "duration", place)
    if duration is None and start is not None:
        end = real(benchmark, "end_time", place)
        duration = None if end is None or end < start else end - start
    metrics = table(benchmark.get("metrics"), place.at("metrics"))
    completed, failed = _totals(benchmark, metrics, place)
    if completed is None:
        completed, failed = len(successful) or None, sum(map(len, lost)) + len(successful) - len(requests)
    strategy = _strategy(benchmark)
    concurrency = whole(strategy, "max_concurrency", place)
    return MeasuredRun(
        tool=Tool.GUIDELLM,
        file=place.file,
        output_throughput=_mean(metrics, "output_tokens_per_second", place),
        request_throughput=_mean(metrics, "requests_per_second", place),
        duration=duration,
        completed=completed,
        failed=failed,
        model=_search(benchmark, _MODEL_KEYS) or _search(report, _MODEL_KEYS),
        gpu=_search_gpu(benchmark) or _search_gpu(report),
        date=_day(start),
        concurrency=whole(strategy, "streams", place) if concurrency is None else concurrency,
        request_rate=real(strategy, "rate", place),
        strategy=text(strategy, "type_"),
        input_tokens=_tokens(metrics, "prompt_token_count", [r.prompt_tokens for r in requests], completed, place),
        output_tokens=_tokens(metrics, "output_token_count", [r.output_tokens for r in requests], completed, place),
        requests=from_earliest(requests),
    )


def _totals(benchmark: dict[str, Any], metrics: dict[str, Any], place: Place) -> tuple[int | None, int]:
    """How many requests the metrics cover, and how many were lost meanwhile; None where the file does not say."""
    for holder, where in ((metrics, place.at("metrics")), (benchmark, place)):
        at = where.at("request_totals")
        totals = table(holder.get("request_totals"), at)
        if totals:
            lost = [whole(totals, fate, at) or 0 for fate in ("incomplete", "errored")]
            return whole(totals, "successful", at), sum(lost)
    return None, 0


def _tokens(metrics: dict[str, Any], name: str, listed: list[int], completed: int | None, place: Place) -> int | None:
    """Tokens of all requests that the metrics cover; None where neither they nor the list say it."""
    mean = _mean(metrics, name, place)
    if mean is not None and completed:
        return round(mean * completed)
    return sum(listed) or None if len(listed) == completed else None


def _strategy(data: Any, depth: int = _DEEPEST) -> dict[str, Any]:
    """The table `strategy`, nearest to the root; never looks at requests."""
    if not isinstance(data, dict) or not depth:
        return {}
    if isinstance(data.get("strategy"), dict):
        found: dict[str, Any] = data["strategy"]
        return found
    branches = (value for key, value in data.items() if key not in ("requests", "benchmarks", "metrics"))
    return next((inner for value in branches if (inner := _strategy(value, depth - 1))), {})


def _request(data: dict[str, Any], place: Place) -> MeasuredRequest | None:
    """One request; times are Unix seconds, in `info.timings` or, in older files, in the request itself."""
    info = table(data.get("info"), place.at("info"))
    timings = table(info.get("timings"), place.at("info").at("timings"))
    times = place.at("info").at("timings")
    start = real(timings, "request_start", times) or real(data, "start_time", place)
    first = _first_of(timings, times, "first_token_iteration", "first_output_token_iteration")
    last = _first_of(timings, times, "last_token_iteration", "request_end")
    first = first or real(data, "first_token_time", place)
    last = last or real(data, "last_token_time", place) or real(data, "end_time", place)
    output_tokens = token_count(data.get("output_tokens"), place.at("output_tokens"))
    if not output_tokens:
        return None
    return MeasuredRequest(
        prompt_tokens=token_count(data.get("prompt_tokens"), place.at("prompt_tokens")),
        output_tokens=output_tokens,
        start=start,
        first_token=_after(start, first, place),
        end=_after(start, last, place),
    )


def _after(start: float | None, time: float | None, place: Place) -> float | None:
    if start is None or time is None:
        return None
    if not 0 <= time - start <= LONGEST_REQUEST:
        raise place.error("ends before it starts, or lasts for months; run the benchmark again")
    return time - start


def _first_of(data: dict[str, Any], place: Place, *keys: str) -> float | None:
    return next((value for key in keys if (value := real(data, key, place)) is not None), None)


def _mean(metrics: dict[str, Any], name: str, place: Place) -> float | None:
    where = place.at("metrics").at(name)
    successful = table(table(metrics.get(name), where).get("successful"), where.at("successful"))
    return real(successful, "mean", where.at("successful"))


def _search(data: Any, keys: tuple[str, ...], depth: int = _DEEPEST) -> str:
    """Text under one of `keys`, nearest to the root; never looks at requests."""
    if not isinstance(data, dict) or not depth:
        return ""
    found = text(data, *keys)
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
