"""LLMPerf's `..._summary.json`: totals of a run, under names that begin with results_."""

from typing import Any

from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, real, text, whole

_SECONDS_A_MINUTE = 60.0


def is_llmperf(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of LLMPerf's summary."""
    return "results_mean_output_throughput_token_per_s" in data or "results_num_completed_requests" in data


def read_llmperf(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes."""
    a_minute = real(data, "results_num_completed_requests_per_min", place)
    return MeasuredRun(
        tool=Tool.LLMPERF,
        file=place.file,
        output_throughput=real(data, "results_mean_output_throughput_token_per_s", place),
        request_throughput=None if a_minute is None else a_minute / _SECONDS_A_MINUTE,
        completed=whole(data, "results_num_completed_requests", place),
        failed=whole(data, "results_number_errors", place) or 0,
        model=text(data, "model"),
        gpu=gpu(data),
        concurrency=whole(data, "num_concurrent_requests", place),
    )
