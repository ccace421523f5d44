"""This project's own measurement, `python -m benchmarks.gpu`: both ways of batching over one model, request by request.

It is the one file that says how a run was batched.
"""

from typing import Any, Self

from pydantic import model_validator

from astrai_slides.serving.sim.measured.agreement import Total, agree
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    Count,
    Day,
    Entries,
    Line,
    Number,
    Place,
    Record,
    RequestSeconds,
    Tokens,
    checked,
)

MADE_BY = "astrai-slides benchmarks/gpu"


class ReferenceRequest(Record):
    """A request that was answered; seconds after the run began, when all of them were waiting.

    `begun` is left out by engines that do not tell it.
    """

    prompt_tokens: Tokens
    output_tokens: Tokens
    begun: RequestSeconds | None = None
    first_token: RequestSeconds
    last_token: RequestSeconds

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        if not (self.begun or 0.0) <= self.first_token <= self.last_token:
            raise ValueError("begun, first_token and last_token contradict each other")
        return self


class ReferenceRun(Record):
    """A run, of `given` requests."""

    batching: Line
    given: Count
    completed: Count
    duration: Number
    input_tokens: Count
    output_tokens: Count
    output_throughput: Number
    request_throughput: Number
    total_throughput: Number
    requests: Entries[ReferenceRequest]


class ReferenceReport(Record):
    """What is read of the file."""

    model: Line
    gpu: Line
    date: Day
    runs: Entries[ReferenceRun]


def is_reference(data: dict[str, Any]) -> bool:
    """Whether `data` was written by this project's measurement."""
    return data.get("made_by") == MADE_BY


def read_reference(data: dict[str, Any], place: Place) -> list[MeasuredRun]:
    """The runs of the file, each called by how it batched."""
    said = checked(place, data, ReferenceReport)
    return [_run(said, run, Place(place.file, f"runs[{number}]")) for number, run in enumerate(said.runs, 1)]


def _run(report: ReferenceReport, said: ReferenceRun, place: Place) -> MeasuredRun:
    prompts = sum(each.prompt_tokens for each in said.requests)
    answers = sum(each.output_tokens for each in said.requests)
    ended = max((each.last_token for each in said.requests), default=0.0)
    tokens: dict[str, int | None] = {"input_tokens": said.input_tokens, "output_tokens": said.output_tokens}
    over, seconds = "duration", said.duration
    agree(
        place,
        Total("completed", said.completed, len(said.requests), ("requests",)),
        Total("input_tokens", said.input_tokens, prompts, ("requests.prompt_tokens",)),
        Total("output_tokens", said.output_tokens, answers, ("requests.output_tokens",)),
        Total("duration", said.duration, ended, ("requests.last_token",)),
        Total.rate("output_throughput", said.output_throughput, {"output_tokens": said.output_tokens}, over, seconds),
        Total.rate("request_throughput", said.request_throughput, {"completed": said.completed}, over, seconds),
        Total.rate("total_throughput", said.total_throughput, tokens, over, seconds),
    )
    return MeasuredRun(
        tool=Tool.REFERENCE,
        file=place.file,
        output_throughput=said.output_throughput,
        request_throughput=said.request_throughput,
        total_throughput=said.total_throughput,
        duration=said.duration,
        completed=said.completed,
        unfinished=max(said.given - said.completed, 0),
        model=report.model,
        gpu=report.gpu,
        date=report.date,
        strategy=said.batching,
        all_at_once=True,
        input_tokens=said.input_tokens,
        output_tokens=said.output_tokens,
        requests=tuple(
            MeasuredRequest(
                each.prompt_tokens, each.output_tokens, 0.0, each.first_token, each.last_token, waited=each.begun
            )
            for each in said.requests
        ),
    )
