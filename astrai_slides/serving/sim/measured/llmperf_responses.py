"""LLMPerf's `..._individual_responses.json`: a list with an object a request, without the times of their start."""

from pathlib import Path
from typing import Any

from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.one_by_one import each_checked, run_of
from astrai_slides.serving.sim.measured.records import Record, RequestSeconds, Tokens


class Response(Record):
    """A request; seconds."""

    error_code: Any = None
    ttft_s: RequestSeconds | None = None
    end_to_end_latency_s: RequestSeconds | None = None
    number_input_tokens: Tokens = 0
    number_output_tokens: Tokens = 0


def is_llmperf_response(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a request of LLMPerf."""
    return {"ttft_s", "end_to_end_latency_s", "number_output_tokens"} <= set(data) or {
        "error_code",
        "number_output_tokens",
    } <= set(data)


def read_llmperf_responses(entries: list[dict[str, Any]], file: Path) -> MeasuredRun:
    """The run of these requests: lengths and latencies; without starts there is no throughput."""
    said = each_checked(entries, file, Response)
    requests = [
        MeasuredRequest(
            each.number_input_tokens, each.number_output_tokens, None, each.ttft_s, each.end_to_end_latency_s
        )
        for each in said
        if not each.error_code and each.number_output_tokens
    ]
    return run_of(Tool.LLMPERF, file, requests, len(said) - len(requests))
