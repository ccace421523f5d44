"""`vllm bench latency --output-json`: how long one batch took, time after time.

The file says neither how many requests were in the batch nor how long they were: whoever ran it has to.
"""

import math
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.model import Batch, Latencies, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    REMEDY,
    Entries,
    Line,
    Place,
    Record,
    RequestSeconds,
    checked,
    gpu,
)

ROUNDING = 1e-3
"""By which share of it the stated mean may differ from that of the list: vLLM writes all digits."""
LEAST_SECONDS = 1e-6
"""Of a batch: no server answers sooner, and a throughput must not become infinite."""


class BatchTimes(Record):
    """What is read of the object."""

    avg_latency: Annotated[RequestSeconds, Field(ge=LEAST_SECONDS)]
    latencies: Annotated[Entries[RequestSeconds], Field(min_length=1)]
    model: Line = ""
    model_id: Line = ""


def is_vllm_latency(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of vLLM's benchmark of one batch."""
    return "avg_latency" in data and "latencies" in data


def read_vllm_latency(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes, without throughput: see `in_batches`."""
    said = checked(place, data, BatchTimes)
    mean = math.fsum(said.latencies) / len(said.latencies)
    if abs(mean - said.avg_latency) > ROUNDING * said.avg_latency:
        within = f"{place.key}." if place.key else ""
        raise AstraiSlidesError(
            f"{place.file}: {within}avg_latency: is {said.avg_latency:,.6g}, and the mean of latencies {mean:,.6g};"
            f" the file was edited or cut: copy it again, or {REMEDY}"
        )
    return MeasuredRun(
        tool=Tool.VLLM_LATENCY,
        file=place.file,
        model=said.model or said.model_id,
        gpu=gpu(data),
        iterations=len(said.latencies),
        told=Latencies(latency=said.avg_latency),
    )


def in_batches(run: MeasuredRun, batch: Batch | None, where: str) -> MeasuredRun:
    """`run`, with the throughput that `batch` gives if it is of vllm bench latency; any other run as it is.

    `where`: the table of the talk file that names the run, for messages. Raises AstraiSlidesError for a run that needs
    a batch and has none, and for one that has a batch and states its requests itself.
    """
    if run.tool is not Tool.VLLM_LATENCY:
        if batch is not None:
            raise AstraiSlidesError(
                f"{run.file}: is no result of vllm bench latency, and says itself what was sent; remove batch_size,"
                f" output_len and input_len from {where}"
            )
        return run
    if batch is None:
        raise AstraiSlidesError(
            f"{run.file}: is a result of vllm bench latency, which says neither how many requests were in a batch nor"
            f" how long their answers were; add batch_size and output_len to {where}, as --batch-size and --output-len"
            " of the command that wrote it"
        )
    seconds = run.told.latency
    if seconds is None:
        raise ValueError("a run of vllm bench latency has a mean latency")
    both = None if batch.input_len is None else batch.input_len + batch.output_len
    return replace(
        run,
        batch=batch,
        concurrency=batch.size,
        request_throughput=batch.size / seconds,
        output_throughput=batch.size * batch.output_len / seconds,
        total_throughput=None if both is None else batch.size * both / seconds,
    )
