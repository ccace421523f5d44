"""LLMPerf's `..._summary.json`: totals of a run, under names that begin with results_."""

from typing import Any

from astrai_slides.serving.sim.measured.agreement import Total, agree
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    CountIfKnown,
    Line,
    NumberIfKnown,
    Place,
    Record,
    checked,
    gpu,
    total_of,
)

_SECONDS_A_MINUTE = 60.0


class Summary(Record):
    """What is read of the object."""

    results_mean_output_throughput_token_per_s: NumberIfKnown = None
    results_num_completed_requests_per_min: NumberIfKnown = None
    results_num_completed_requests: CountIfKnown = None
    results_number_errors: CountIfKnown = None
    num_concurrent_requests: CountIfKnown = None
    results_number_input_tokens_mean: NumberIfKnown = None
    results_number_output_tokens_mean: NumberIfKnown = None
    results_ttft_s_mean: NumberIfKnown = None
    results_end_to_end_latency_s_mean: NumberIfKnown = None
    results_inter_token_latency_s_mean: NumberIfKnown = None
    model: Line = ""


def is_llmperf(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of LLMPerf's summary."""
    return "results_mean_output_throughput_token_per_s" in data or "results_num_completed_requests" in data


def read_llmperf(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes."""
    said = checked(place, data, Summary)
    a_minute = said.results_num_completed_requests_per_min
    a_second = None if a_minute is None else a_minute / _SECONDS_A_MINUTE
    mean = said.results_number_output_tokens_mean
    agree(
        place,
        Total.product(
            "results_mean_output_throughput_token_per_s",
            said.results_mean_output_throughput_token_per_s,
            {"results_num_completed_requests_per_min / 60": a_second, "results_number_output_tokens_mean": mean},
        ),
    )
    return MeasuredRun(
        tool=Tool.LLMPERF,
        file=place.file,
        output_throughput=said.results_mean_output_throughput_token_per_s,
        request_throughput=a_second,
        completed=said.results_num_completed_requests,
        failed=said.results_number_errors or 0,
        model=said.model,
        gpu=gpu(data),
        concurrency=said.num_concurrent_requests,
        input_tokens=total_of(said.results_number_input_tokens_mean, said.results_num_completed_requests),
        output_tokens=total_of(said.results_number_output_tokens_mean, said.results_num_completed_requests),
        told=Latencies(
            said.results_ttft_s_mean, said.results_end_to_end_latency_s_mean, said.results_inter_token_latency_s_mean
        ),
    )
