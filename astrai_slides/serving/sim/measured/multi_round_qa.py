"""The CSV of multi-round-qa (LMCache, vLLM production stack): a request a row, with launch, first token and finish."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.client_lists import from_earliest
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import LONGEST_REQUEST, MOST_SECONDS, Record
from astrai_slides.serving.sim.traces.table import tokens
from astrai_slides.serving.sim.traces.times import number
from astrai_slides.talk.tables import JSON, problems

COLUMNS = ("prompt_tokens", "generation_tokens", "ttft", "launch_time", "finish_time")

_HEADER = 4096
"""Characters within which the first line ends."""


CellTokens = Annotated[int, BeforeValidator(tokens)]
CellSeconds = Annotated[float, BeforeValidator(lambda cell: number(cell.strip()))]


class Counts(Record):
    """What every row tells."""

    prompt_tokens: CellTokens
    generation_tokens: CellTokens


class Times(Record):
    """What the row of a completed request tells too."""

    ttft: CellSeconds
    launch_time: CellSeconds
    finish_time: Annotated[CellSeconds, Field(le=MOST_SECONDS)]

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        if not 0 <= self.ttft <= self.finish_time - self.launch_time <= LONGEST_REQUEST:
            raise ValueError(
                f"launch_time {self.launch_time:g}, ttft {self.ttft:g} and finish_time {self.finish_time:g}"
                " contradict each other"
            )
        return self


def is_multi_round_qa(content: str) -> bool:
    """Whether the first line of `content` names the columns of multi-round-qa."""
    names = {name.strip() for name in content[:_HEADER].lstrip("\r\n").partition("\n")[0].split(",")}
    return names.issuperset(COLUMNS)


def read_multi_round_qa(content: str, file: Path) -> MeasuredRun:
    """The run that `content` describes; a row without generated tokens failed."""
    requests = []
    failed = 0
    reader = csv.DictReader(content.lstrip("\r\n").splitlines(), skipinitialspace=True)
    for row in _rows(reader, file):
        try:
            counts = Counts.model_validate(row)
            if not counts.generation_tokens:
                failed += 1
                continue
            times = Times.model_validate(row)
        except ValidationError as error:
            told = "; ".join(problems(row, error, JSON))
            raise AstraiSlidesError(f"{file}, line {reader.line_num}: {told}; mend or drop the line") from None
        span = times.finish_time - times.launch_time
        requests.append(
            MeasuredRequest(counts.prompt_tokens, counts.generation_tokens, times.launch_time, times.ttft, span)
        )
    if not requests:
        raise AstraiSlidesError(f"{file}: holds no completed request; run the benchmark again")
    inputs, outputs = (
        sum(values) for values in zip(*((r.prompt_tokens, r.output_tokens) for r in requests), strict=True)
    )
    ordered = from_earliest(requests)
    span = max((request.start or 0.0) + (request.end or 0.0) for request in ordered)
    return MeasuredRun(
        tool=Tool.MULTI_ROUND_QA,
        file=file,
        output_throughput=outputs / span if span else None,
        request_throughput=len(requests) / span if span else None,
        total_throughput=(inputs + outputs) / span if span else None,
        duration=span or None,
        completed=len(requests),
        failed=failed,
        input_tokens=inputs,
        output_tokens=outputs,
        requests=ordered,
    )


def _rows(reader: "csv.DictReader[str]", file: Path) -> Iterator[dict[str, str]]:
    """The cells of each row that are read; empty where the row is too short."""
    try:
        for row in reader:
            yield {name: row[name] or "" for name in COLUMNS}
    except csv.Error as error:
        raise AstraiSlidesError(f"{file}, line {reader.line_num}: {error}; mend or drop the line") from None
