"""NVIDIA AIPerf's `profile_export.jsonl`: an object a request, with its start and end in nanoseconds."""

from pathlib import Path
from typing import Any

from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.one_by_one import each_checked, run_of
from astrai_slides.serving.sim.measured.records import MOST_SECONDS, CountIfKnown, NumberIfKnown, Record, seconds_of

_NANO = 1_000_000_000
_PROFILING = "profiling"


class TimeOf(Record):
    """A metric in milliseconds."""

    value: NumberIfKnown = None


class TokensOf(Record):
    """A count of tokens."""

    value: CountIfKnown = None


class RecordedMetrics(Record):
    """What is read of a request's metrics."""

    input_sequence_length: TokensOf = TokensOf()
    output_sequence_length: TokensOf = TokensOf()
    time_to_first_token: TimeOf = TimeOf()
    request_latency: TimeOf = TimeOf()


class RecordedMetadata(Record):
    """When a request was sent, and in which phase of the benchmark."""

    request_start_ns: int
    benchmark_phase: str = _PROFILING
    was_cancelled: bool = False


class AIPerfRecord(Record):
    """A request."""

    metadata: RecordedMetadata
    metrics: RecordedMetrics = RecordedMetrics()
    error: Any = None


def is_aiperf_record(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a request that AIPerf recorded."""
    return isinstance(data.get("metadata"), dict) and "request_start_ns" in data["metadata"]


def read_aiperf_records(entries: list[dict[str, Any]], file: Path) -> MeasuredRun:
    """The run of these requests; those of warm-up are left out, failed and cancelled ones counted."""
    said = [each for each in each_checked(entries, file, AIPerfRecord) if each.metadata.benchmark_phase == _PROFILING]
    good = [
        each
        for each in said
        if not each.error and not each.metadata.was_cancelled and each.metrics.output_sequence_length.value
    ]
    # Nanoseconds since 1970 have more digits than a float holds.
    zero = min((each.metadata.request_start_ns for each in good), default=0)
    requests = [
        MeasuredRequest(
            each.metrics.input_sequence_length.value or 0,
            each.metrics.output_sequence_length.value or 0,
            min((each.metadata.request_start_ns - zero) / _NANO, MOST_SECONDS),
            seconds_of(each.metrics.time_to_first_token.value),
            seconds_of(each.metrics.request_latency.value),
        )
        for each in good
    ]
    return run_of(Tool.AIPERF, file, requests, len(said) - len(good))
