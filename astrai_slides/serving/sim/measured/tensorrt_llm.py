"""The summary that `trtllm-bench` prints, saved as text, alone or in a log: names, a colon and a figure a line."""

import math
import re
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import MOST_SECONDS, one_line, seconds_of, total_of

_OVERVIEW = "= PERFORMANCE OVERVIEW"
_LINE = re.compile(r"^(?P<name>[A-Z][^:\n]{2,60}):[ \t]+(?P<value>\S.*)$", re.MULTILINE)
_OUTPUT = "Total Output Throughput (tokens/sec)"


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

    number = figure("Number of requests")
    means = (figure("Average Input Length (tokens)"), figure("Average Output Length (tokens)"))
    inputs, outputs = (total_of(mean, number) for mean in means)
    return MeasuredRun(
        Tool.TENSORRT_LLM,
        file,
        output_throughput=figure(_OUTPUT),
        request_throughput=figure("Request Throughput (req/sec)"),
        total_throughput=figure("Total Token Throughput (tokens/sec)"),
        duration=seconds_of(figure("Total Latency (ms)")),
        completed=None if number is None else round(number),
        model=one_line(said.get("Model", ("", 0))[0]),
        input_tokens=inputs,
        output_tokens=outputs,
        told=Latencies(
            seconds_of(figure("Average time-to-first-token [TTFT] (ms)")),
            seconds_of(figure("Average request latency (ms)")),
            seconds_of(figure("Average time-per-output-token [TPOT] (ms)")),
        ),
    )
