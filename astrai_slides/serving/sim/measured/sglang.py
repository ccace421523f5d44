"""SGLang's `bench_serving`: one JSON object a run, appended to the file; which keys it has varies by version."""

import math
from typing import Any

from astrai_slides.serving.sim.measured.client_lists import (
    ClientResult,
    client_agrees,
    client_latencies,
    client_requests,
)
from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    Line,
    NumberIfKnown,
    Place,
    Record,
    checked,
    gpu,
)

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


class Server(Record):
    """How the server was started."""

    model_path: Line = ""
    served_model_name: Line = ""


class SGLangResult(ClientResult):
    """What is read of the object."""

    server_info: Server = Server()
    total_throughput: NumberIfKnown = None
    mean_e2e_latency_ms: NumberIfKnown = None


def is_sglang(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of an SGLang benchmark."""
    return any(mark in data for mark in _MARKS)


def read_sglang(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes."""
    said = checked(place, data, SGLangResult)
    server = said.server_info
    requests, failed = client_requests(said)
    client_agrees(said, place, requests, ("total_throughput", said.total_throughput))
    inputs, outputs = said.total_input_tokens, said.total_output_tokens
    both = None if inputs is None or outputs is None else inputs + outputs
    return MeasuredRun(
        tool=Tool.SGLANG,
        file=place.file,
        output_throughput=_known(said.output_throughput, outputs, said.duration),
        request_throughput=_known(said.request_throughput, said.completed, said.duration),
        total_throughput=_known(said.total_throughput, both, said.duration),
        duration=said.duration,
        completed=said.completed,
        failed=failed,
        model=said.model_id or said.model or server.model_path or server.served_model_name,
        gpu=gpu(data) or gpu(data.get("server_info") or {}),
        date=said.date,
        concurrency=said.max_concurrency,
        request_rate=said.request_rate,
        all_at_once=said.request_rate == math.inf and said.max_concurrency is None,
        input_tokens=said.total_input_tokens,
        output_tokens=said.total_output_tokens,
        requests=requests,
        told=client_latencies(said, said.mean_e2e_latency_ms),
    )


def _known(said: float | None, counted: int | None, seconds: float | None) -> float | None:
    """A rate; what was `counted` over `seconds` where the version left it out, as those of 2024 do."""
    return counted / seconds if said is None and counted and seconds else said
