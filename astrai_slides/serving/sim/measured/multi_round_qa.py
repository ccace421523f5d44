"""The CSV of multi-round-qa (LMCache, vLLM production stack): a request a row, with launch, first token and finish."""

import csv
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.client_lists import LONGEST_REQUEST, from_earliest
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import MOST_SECONDS
from astrai_slides.serving.sim.traces.table import tokens
from astrai_slides.serving.sim.traces.times import number

COLUMNS = ("prompt_tokens", "generation_tokens", "ttft", "launch_time", "finish_time")

_HEADER = 4096
"""Characters within which the first line ends."""


def is_multi_round_qa(content: str) -> bool:
    """Whether the first line of `content` names the columns of multi-round-qa."""
    names = {name.strip() for name in content[:_HEADER].lstrip("\r\n").partition("\n")[0].split(",")}
    return names.issuperset(COLUMNS)


def read_multi_round_qa(content: str, file: Path) -> MeasuredRun:
    """The run that `content` describes; a row without generated tokens failed."""
    requests = []
    failed = 0
    reader = csv.DictReader(content.lstrip("\r\n").splitlines(), skipinitialspace=True)
    for row in reader:
        try:
            prompt, generated = tokens(row["prompt_tokens"] or ""), tokens(row["generation_tokens"] or "")
            if not generated:
                failed += 1
                continue
            first, start, end = (number((row[name] or "").strip()) for name in COLUMNS[2:])
        except (ValueError, csv.Error) as error:
            raise AstraiSlidesError(f"{file}, line {reader.line_num}: {error}; mend or drop the line") from None
        if not 0 <= first <= end - start <= LONGEST_REQUEST or end > MOST_SECONDS:
            raise AstraiSlidesError(
                f"{file}, line {reader.line_num}: launch_time {start:g}, ttft {first:g} and finish_time {end:g}"
                " contradict each other; mend or drop the line"
            )
        requests.append(MeasuredRequest(prompt, generated, start, first, end - start))
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
