"""`vllm bench serve --save-result [--save-detailed]`: one JSON object a run, old and new keys."""

import math
from typing import Any

from astrai_slides.serving.sim.measured.client_lists import client_requests, rate
from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, iso_date, real, text, whole

_MARKS = ("total_token_throughput", "tokenizer_id", "model_id", "endpoint_type", "request_goodput", "request_goodput:")


def is_vllm(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a vLLM benchmark."""
    return any(mark in data for mark in _MARKS) or ("output_throughput" in data and "duration" in data)


def read_vllm(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes. `max_concurrent_requests` is left out: it counts by the second, not at once."""
    requests, failed = client_requests(data, place)
    request_rate = rate(data, place)
    concurrency = whole(data, "max_concurrency", place)
    return MeasuredRun(
        tool=Tool.VLLM,
        file=place.file,
        output_throughput=real(data, "output_throughput", place),
        request_throughput=real(data, "request_throughput", place),
        total_throughput=real(data, "total_token_throughput", place),
        duration=real(data, "duration", place),
        completed=whole(data, "completed", place),
        failed=max(failed, whole(data, "failed", place) or 0),
        model=text(data, "model_id", "model"),
        gpu=gpu(data),
        date=iso_date(data.get("date")),
        concurrency=concurrency,
        request_rate=request_rate,
        all_at_once=request_rate == math.inf and concurrency is None,
        input_tokens=whole(data, "total_input_tokens", place),
        output_tokens=whole(data, "total_output_tokens", place),
        requests=requests,
    )
