"""inference-perf's lifecycle reports (`summary_lifecycle_metrics.json`, or one a stage): totals of a run."""

from typing import Any

from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, real, table, text, whole


def is_inference_perf(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a lifecycle report."""
    return "load_summary" in data and "successes" in data


def read_inference_perf(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes."""
    load, good, bad = (table(data.get(key), place.at(key)) for key in ("load_summary", "successes", "failures"))
    within = place.at("successes")
    throughput = table(good.get("throughput"), within.at("throughput"))
    completed = whole(good, "count", within)
    return MeasuredRun(
        tool=Tool.INFERENCE_PERF,
        file=place.file,
        output_throughput=real(throughput, "output_tokens_per_sec", within.at("throughput")),
        request_throughput=real(throughput, "requests_per_sec", within.at("throughput")),
        total_throughput=real(throughput, "total_tokens_per_sec", within.at("throughput")),
        completed=completed,
        failed=whole(bad, "count", place.at("failures")) or 0,
        model=text(data, "model"),
        gpu=gpu(data),
        concurrency=whole(load, "concurrency", place.at("load_summary")),
        request_rate=real(load, "requested_rate", place.at("load_summary")),
        input_tokens=_total(good, "prompt_len", completed, within),
        output_tokens=_total(good, "output_len", completed, within),
    )


def _total(good: dict[str, Any], name: str, completed: int | None, place: Place) -> int | None:
    mean = real(table(good.get(name), place.at(name)), "mean", place.at(name))
    return None if mean is None or completed is None else round(mean * completed)
