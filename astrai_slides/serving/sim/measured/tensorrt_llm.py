"""The summary that `trtllm-bench` prints, saved as text, alone or in a log: names, a colon and a figure a line."""

import math
import re
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.agreement import Total, agree
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import MOST_COUNT, MOST_SECONDS, Place, one_line, seconds_of, total_of

_OVERVIEW = "= PERFORMANCE OVERVIEW"
_LINE = re.compile(r"^(?P<name>[A-Z][^:\n]{2,60}):[ \t]+(?P<value>\S.*)$", re.MULTILINE)
_OUTPUT = "Total Output Throughput (tokens/sec)"
_TOTAL = "Total Token Throughput (tokens/sec)"
_ASKED = "Request Throughput (req/sec)"
_COUNT = "Number of requests"
_SPAN = "Total Latency (ms)"
_PROMPT, _ANSWER = "Average Input Length (tokens)", "Average Output Length (tokens)"


def is_tensorrt_llm(content: str) -> bool:
    """Whether `content` holds a summary of trtllm-bench."""
    return _OVERVIEW in content and _OUTPUT in content


def read_tensorrt_llm(content: str, file: Path) -> MeasuredRun:
    """The run that `content` describes. Raises AstraiSlidesError for a log with several, and for what is no figure."""
    if content.count(_OVERVIEW) > 1:
        raise AstraiSlidesError(f"{file}: holds {content.count(_OVERVIEW)} summaries; save each in a file of its own")
    said = {match["name"].strip(): (match["value"].strip(), match.start()) for match in _LINE.finditer(content)}

    def figure(name: str) -> float | None:
        if name not in said:
            return None
        text, place = said[name]
        try:
            value = float(text.replace(",", ""))
        except ValueError:
            value = math.nan
        if not 0 <= value <= MOST_SECONDS:
            line = content.count("\n", 0, place) + 1
            raise AstraiSlidesError(f"{file}, line {line}: {name} is no figure: {text:.40}; run the benchmark again")
        return value

    number, seconds = figure(_COUNT), seconds_of(figure(_SPAN))
    if number is not None and (not number.is_integer() or number > MOST_COUNT):
        raise AstraiSlidesError(f"{file}: {_COUNT} is no count: {number:g}; run the benchmark again")
    completed = None if number is None else int(number)
    prompt, answer = figure(_PROMPT), figure(_ANSWER)
    asked, answered, both = figure(_ASKED), figure(_OUTPUT), figure(_TOTAL)
    length = None if prompt is None or answer is None else prompt + answer
    agree(
        Place(file),
        Total.rate(_ASKED, asked, {_COUNT: completed}, _SPAN, seconds),
        Total.product(_OUTPUT, answered, {_ASKED: asked, _ANSWER: answer}),
        Total.product(_TOTAL, both, {_ASKED: asked, f"({_PROMPT} + {_ANSWER})": length}),
    )
    return MeasuredRun(
        Tool.TENSORRT_LLM,
        file,
        output_throughput=answered,
        request_throughput=asked,
        total_throughput=both,
        duration=seconds,
        completed=completed,
        model=one_line(said.get("Model", ("", 0))[0]),
        input_tokens=total_of(prompt, completed),
        output_tokens=total_of(answer, completed),
        told=Latencies(
            seconds_of(figure("Average time-to-first-token [TTFT] (ms)")),
            seconds_of(figure("Average request latency (ms)")),
            seconds_of(figure("Average time-per-output-token [TPOT] (ms)")),
        ),
    )
