"""SGLang's `bench_serving`: one JSON object a run, appended to the file; which keys it has varies by version."""

import math
from typing import Any

from astrai_slides.serving.sim.measured.client_lists import client_requests, rate
from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, iso_date, real, table, text, whole

_MARKS = (
    "total_output_tokens_retokenized",
    "sharegpt_output_len",
    "random_input_len",
    "server_info",
    "total_throughput",
    "input_throughput",
    "mean_e2e_latency_ms",
    "accept_length",
)


def is_sglang(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of an SGLang benchmark."""
    return any(mark in data for mark in _MARKS)


def read_sglang(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes."""
    requests, failed = client_requests(data, place)
    server = table(data.get("server_info"), place.at("server_info"))
    request_rate = rate(data, place)
    concurrency = whole(data, "max_concurrency", place)
    duration, completed = real(data, "duration", place), whole(data, "completed", place)
    rate_of_requests = real(data, "request_throughput", place)
    if rate_of_requests is None and duration and completed:
        # Older versions leave it out.
        rate_of_requests = completed / duration
    return MeasuredRun(
        tool=Tool.SGLANG,
        file=place.file,
        output_throughput=real(data, "output_throughput", place),
        request_throughput=rate_of_requests,
        total_throughput=real(data, "total_throughput", place),
        duration=duration,
        completed=completed,
        failed=failed,
        model=text(data, "model_id", "model") or text(server, "model_path", "served_model_name"),
        gpu=gpu(data) or gpu(server),
        date=iso_date(data.get("date")),
        concurrency=concurrency,
        request_rate=request_rate,
        all_at_once=request_rate == math.inf and concurrency is None,
        input_tokens=whole(data, "total_input_tokens", place),
        output_tokens=whole(data, "total_output_tokens", place),
        requests=requests,
    )
