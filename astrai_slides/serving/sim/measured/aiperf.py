"""NVIDIA AIPerf's `profile_export_aiperf.json`: one run; every metric is an object with its unit and its mean."""

from typing import Any

from astrai_slides.serving.sim.measured.agreement import Total, agree
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    Count,
    CountIfKnown,
    Day,
    Entries,
    Line,
    NumberIfKnown,
    Place,
    Record,
    checked,
    gpu,
    one_line,
    seconds_of,
    total_of,
)


class AIPerfMean(Record):
    """A metric that is a number."""

    avg: NumberIfKnown = None


class AIPerfTotal(Record):
    """A metric that is a count."""

    avg: CountIfKnown = None


class Endpoint(Record):
    """What was asked."""

    model_names: Any = None


class AIPerfLoad(Record):
    """How requests were sent."""

    concurrency: CountIfKnown = None
    request_rate: NumberIfKnown = None


class Configuration(Record):
    """What AIPerf was told."""

    endpoint: Endpoint = Endpoint()
    loadgen: AIPerfLoad = AIPerfLoad()


class ErrorCount(Record):
    """How often an error occurred."""

    count: Count = 0


class Export(Record):
    """What is read of the object."""

    input_config: Configuration = Configuration()
    output_token_throughput: AIPerfMean = AIPerfMean()
    request_throughput: AIPerfMean = AIPerfMean()
    total_token_throughput: AIPerfMean = AIPerfMean()
    benchmark_duration: AIPerfMean = AIPerfMean()
    request_count: AIPerfTotal = AIPerfTotal()
    error_request_count: AIPerfTotal = AIPerfTotal()
    error_summary: Entries[ErrorCount] = ()
    total_isl: AIPerfTotal = AIPerfTotal()
    total_osl: AIPerfTotal = AIPerfTotal()
    input_sequence_length: AIPerfMean = AIPerfMean()
    output_sequence_length: AIPerfMean = AIPerfMean()
    time_to_first_token: AIPerfMean = AIPerfMean()
    request_latency: AIPerfMean = AIPerfMean()
    inter_token_latency: AIPerfMean = AIPerfMean()
    model: Line = ""
    start_time: Day = ""


def is_aiperf(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of an AIPerf export."""
    return isinstance(data.get("request_throughput"), dict) or "aiperf_version" in data


def read_aiperf(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes: totals, without single requests."""
    said = checked(place, data, Export)
    names = said.input_config.endpoint.model_names
    completed = said.request_count.avg
    inputs, outputs = said.total_isl.avg, said.total_osl.avg
    over, seconds = "benchmark_duration", said.benchmark_duration.avg
    per_answer = {
        "request_throughput": said.request_throughput.avg,
        "output_sequence_length": said.output_sequence_length.avg,
    }
    agree(
        place,
        Total.rate("request_throughput", said.request_throughput.avg, {"request_count": completed}, over, seconds),
        Total.rate("output_token_throughput", said.output_token_throughput.avg, {"total_osl": outputs}, over, seconds),
        Total.product("output_token_throughput", said.output_token_throughput.avg, per_answer),
        Total.rate(
            "total_token_throughput",
            said.total_token_throughput.avg,
            {"total_isl": inputs, "total_osl": outputs},
            over,
            seconds,
        ),
    )
    return MeasuredRun(
        tool=Tool.AIPERF,
        file=place.file,
        output_throughput=said.output_token_throughput.avg,
        request_throughput=said.request_throughput.avg,
        total_throughput=said.total_token_throughput.avg,
        duration=said.benchmark_duration.avg,
        completed=completed,
        # the count is null in files that list the errors
        failed=max(said.error_request_count.avg or 0, sum(each.count for each in said.error_summary)),
        model=(one_line(names[0]) if isinstance(names, list) and names else "") or said.model,
        gpu=gpu(data),
        date=said.start_time,
        concurrency=said.input_config.loadgen.concurrency,
        request_rate=said.input_config.loadgen.request_rate,
        input_tokens=_known(said.total_isl, said.input_sequence_length, completed),
        output_tokens=_known(said.total_osl, said.output_sequence_length, completed),
        told=Latencies(
            seconds_of(said.time_to_first_token.avg),
            seconds_of(said.request_latency.avg),
            seconds_of(said.inter_token_latency.avg),
        ),
    )


def _known(total: AIPerfTotal, length: AIPerfMean, completed: int | None) -> int | None:
    return total_of(length.avg, completed) if total.avg is None else total.avg
