"""`vllm bench throughput --output-json`: one run, offline; its tokens are those of prompts and answers together."""

from typing import Any

from astrai_slides.serving.sim.measured.model import MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, real, text, whole


def is_vllm_throughput(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of vLLM's offline benchmark."""
    return "total_num_tokens" in data and "elapsed_time" in data


def read_vllm_throughput(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes."""
    return MeasuredRun(
        tool=Tool.VLLM_THROUGHPUT,
        file=place.file,
        request_throughput=real(data, "requests_per_second", place),
        total_throughput=real(data, "tokens_per_second", place),
        duration=real(data, "elapsed_time", place),
        completed=whole(data, "num_requests", place),
        model=text(data, "model", "model_id"),
        gpu=gpu(data),
    )
