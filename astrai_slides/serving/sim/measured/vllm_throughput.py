"""`vllm bench throughput --output-json`: one run, offline; its tokens are those of prompts and answers together."""

from typing import Any

from astrai_slides.serving.sim.measured.agreement import Total, agree
from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import CountIfKnown, Line, NumberIfKnown, Place, Record, checked, gpu


class Offline(Record):
    """What is read of the object."""

    requests_per_second: NumberIfKnown = None
    tokens_per_second: NumberIfKnown = None
    elapsed_time: NumberIfKnown = None
    num_requests: CountIfKnown = None
    total_num_tokens: CountIfKnown = None
    model: Line = ""
    model_id: Line = ""


def is_vllm_throughput(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of vLLM's offline benchmark."""
    return "total_num_tokens" in data and "elapsed_time" in data


def read_vllm_throughput(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes."""
    said = checked(place, data, Offline)
    over, seconds = "elapsed_time", said.elapsed_time
    agree(
        place,
        Total.rate("requests_per_second", said.requests_per_second, {"num_requests": said.num_requests}, over, seconds),
        Total.rate(
            "tokens_per_second", said.tokens_per_second, {"total_num_tokens": said.total_num_tokens}, over, seconds
        ),
    )
    return MeasuredRun(
        tool=Tool.VLLM_THROUGHPUT,
        file=place.file,
        request_throughput=said.requests_per_second,
        total_throughput=said.tokens_per_second,
        duration=said.elapsed_time,
        completed=said.num_requests,
        model=said.model or said.model_id,
        gpu=gpu(data),
    )
