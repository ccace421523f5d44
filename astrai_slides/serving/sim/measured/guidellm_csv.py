"""GuideLLM's benchmarks.csv: a row a benchmark, means without single requests; one line of headings, or three of them.

The headings are those of the first benchmark. One without a metric has fewer cells, under the wrong headings.
"""

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    MOST_COUNT,
    MOST_SECONDS,
    iso_date,
    one_line,
    seconds_of,
    total_of,
)

_ONE_LINE = "Type,Run Id,Id,Name,Start Time,"
_THREE_LINES = "Run Info,Run Info,"
_Heading = tuple[str, ...]
_COLUMNS: dict[str, tuple[_Heading, _Heading]] = {
    "successful": (("Successful Requests",), ("Request Counts", "Successful", "")),
    "incomplete": (("Incomplete Requests",), ("Request Counts", "Incomplete", "")),
    "errored": (("Errored Requests",), ("Request Counts", "Errored", "")),
    "requests": (("Successful Requests per second mean",), ("Server Throughput", "Successful Requests/Sec", "Mean")),
    "outputs": (
        ("Successful Output tokens per second mean",),
        ("Token Throughput", "Successful Output Tokens/Sec", "Mean"),
    ),
    "total": (("Successful Tokens per second mean",), ("Token Throughput", "Successful Total Tokens/Sec", "Mean")),
    "prompt": (("Successful Prompt token count mean",), ("Token Metrics", "Successful Input Tokens", "Mean")),
    "answer": (("Successful Output token count mean",), ("Token Metrics", "Successful Output Tokens", "Mean")),
    "latency": (("Successful Request latency mean",), ("Request Latency", "Successful Sec", "Mean")),
    "first": (("Successful Time to first token ms mean",), ("Time to First Token", "Successful ms", "Mean")),
    "per_token": (("Successful Inter token latency ms mean",), ("Inter Token Latency", "Successful ms", "Mean")),
    "duration": (("Duration",), ("Timings", "Duration", "Sec")),
    "start": (("Start Time",), ("Timings", "Start Time", "")),
    "strategy": (("Name",), ("Benchmark", "Strategy", "")),
    "backend": (("Backend",), ("Run Info", "Backend", "")),
}
"""What is read, by its heading in either form."""
_COUNTS = ("successful", "incomplete", "errored")
_LONGEST_CELL = 10_000_000
"""Characters; arguments of a run stand in one cell."""


def is_guidellm_csv(content: str) -> bool:
    """Whether `content` begins as GuideLLM's tables do."""
    return content.startswith((_ONE_LINE, _THREE_LINES))


def read_guidellm_csv(content: str, file: Path) -> list[MeasuredRun]:
    """One run a row. Raises AstraiSlidesError for a row of more or fewer cells than headings, and for no figure."""
    three = content.startswith(_THREE_LINES)
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        table = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise AstraiSlidesError(f"{file}, line {reader.line_num}: is no table ({error}); copy the file again") from None
    finally:
        csv.field_size_limit(before)
    heads = 3 if three else 1
    lines = [row for _, row in table[:heads]]
    if len({len(row) for row in lines}) > 1 or len(lines) < heads:
        raise AstraiSlidesError(f"{file}: its lines of headings are cut; copy the file again")
    headings: list[_Heading] = list(zip(*lines, strict=True))
    runs = []
    for line, row in table[heads:]:
        if len(row) != len(headings):
            raise AstraiSlidesError(
                f"{file}, line {line}: has {len(row):,} cells under {len(headings):,} headings, so that nobody knows"
                " which is which; name benchmarks.json of the same run"
            )
        runs.append(_run(file, line, dict(zip(headings, row, strict=True)), int(three)))
    return runs


def _run(file: Path, line: int, row: dict[_Heading, str], form: int) -> MeasuredRun:
    def text(name: str) -> str:
        return row.get(_COLUMNS[name][form], "").strip()

    def figure(name: str) -> float | None:
        said = text(name)
        if not said:
            return None
        try:
            value = float(said)
        except ValueError:
            value = math.nan
        most = MOST_COUNT if name in _COUNTS else MOST_SECONDS
        if not 0 <= value <= most or (name in _COUNTS and not value.is_integer()):
            heading = " ".join(each for each in _COLUMNS[name][form] if each)
            raise AstraiSlidesError(f"{file}, line {line}: {heading} is no figure: {said:.40}; run the benchmark again")
        return value

    completed, *lost = (None if (count := figure(name)) is None else int(count) for name in _COUNTS)
    means = (figure("prompt"), figure("answer"))
    inputs, outputs = (total_of(mean, completed) for mean in means)
    return MeasuredRun(
        Tool.GUIDELLM,
        file,
        output_throughput=figure("outputs"),
        request_throughput=figure("requests"),
        total_throughput=figure("total"),
        duration=figure("duration"),
        completed=completed,
        failed=sum(each or 0 for each in lost),
        model=_model(text("backend")),
        date=iso_date(text("start")),
        strategy=one_line(text("strategy")),
        input_tokens=inputs,
        output_tokens=outputs,
        told=Latencies(seconds_of(figure("first")), figure("latency"), seconds_of(figure("per_token"))),
    )


def _model(backend: str) -> str:
    """The model that the backend's description names; empty where it is none."""
    try:
        told: Any = json.loads(backend)
    except (ValueError, RecursionError):
        return ""
    return one_line(told.get("model")) if isinstance(told, dict) else ""
