"""NVIDIA AIPerf's `profile_export_aiperf.json`: one run; every metric is an object with its unit and its mean."""

from typing import Any

from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, iso_date, real, table, text, whole


def is_aiperf(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of an AIPerf export."""
    return isinstance(data.get("request_throughput"), dict) or "aiperf_version" in data


def read_aiperf(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes: totals, without single requests."""
    given = table(data.get("input_config"), place.at("input_config"))
    endpoint = table(given.get("endpoint"), place.at("input_config").at("endpoint"))
    load = table(given.get("loadgen"), place.at("input_config").at("loadgen"))
    loaded = place.at("input_config").at("loadgen")
    names = endpoint.get("model_names")
    model = names[0] if isinstance(names, list) and names and isinstance(names[0], str) else ""
    completed = _count(data, "request_count", place)
    return MeasuredRun(
        tool=Tool.AIPERF,
        file=place.file,
        output_throughput=_mean(data, "output_token_throughput", place),
        request_throughput=_mean(data, "request_throughput", place),
        total_throughput=_mean(data, "total_token_throughput", place),
        duration=_mean(data, "benchmark_duration", place),
        completed=completed,
        failed=_count(data, "error_request_count", place) or 0,
        model=text({"model": model}, "model") or text(data, "model"),
        gpu=gpu(data),
        date=iso_date(data.get("start_time")),
        concurrency=whole(load, "concurrency", loaded),
        request_rate=real(load, "request_rate", loaded),
        input_tokens=_total(data, "input_sequence_length", completed, place),
        output_tokens=_total(data, "output_sequence_length", completed, place),
    )


def _mean(data: dict[str, Any], name: str, place: Place) -> float | None:
    return real(table(data.get(name), place.at(name)), "avg", place.at(name))


def _count(data: dict[str, Any], name: str, place: Place) -> int | None:
    return whole(table(data.get(name), place.at(name)), "avg", place.at(name))


def _total(data: dict[str, Any], name: str, completed: int | None, place: Place) -> int | None:
    mean = _mean(data, name, place)
    return None if mean is None or completed is None else round(mean * completed)
