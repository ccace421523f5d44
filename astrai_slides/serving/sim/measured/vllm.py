"""`vllm bench serve --save-result [--save-detailed]`: one JSON object a run, old and new keys."""

import math
from typing import Any

from astrai_slides.serving.sim.measured.client_lists import (
    ClientResult,
    client_agrees,
    client_latencies,
    client_requests,
)
from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import CountIfKnown, NumberIfKnown, Place, checked, gpu

_MARKS = ("total_token_throughput", "tokenizer_id", "model_id", "endpoint_type", "request_goodput", "request_goodput:")


class VLLMResult(ClientResult):
    """What is read of the object."""

    total_token_throughput: NumberIfKnown = None
    failed: CountIfKnown = None
    mean_e2el_ms: NumberIfKnown = None


def is_vllm(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a vLLM benchmark."""
    return any(mark in data for mark in _MARKS) or ("output_throughput" in data and "duration" in data)


def read_vllm(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes. `max_concurrent_requests` is left out: it counts by the second, not at once."""
    said = checked(place, data, VLLMResult)
    requests, failed = client_requests(said)
    client_agrees(said, place, requests, ("total_token_throughput", said.total_token_throughput))
    return MeasuredRun(
        tool=Tool.VLLM,
        file=place.file,
        output_throughput=said.output_throughput,
        request_throughput=said.request_throughput,
        total_throughput=said.total_token_throughput,
        duration=said.duration,
        completed=said.completed,
        failed=max(failed, said.failed or 0),
        model=said.model_id or said.model,
        gpu=gpu(data),
        date=said.date,
        concurrency=said.max_concurrency,
        request_rate=said.request_rate,
        all_at_once=said.request_rate == math.inf and said.max_concurrency is None,
        input_tokens=said.total_input_tokens,
        output_tokens=said.total_output_tokens,
        requests=requests,
        told=client_latencies(said, said.mean_e2el_ms),
    )
