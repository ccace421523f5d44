"""inference-perf's lifecycle reports (`summary_lifecycle_metrics.json`, or one a stage): totals of a run."""

from typing import Any

from astrai_slides.serving.sim.measured.agreement import Total, agree
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    CountIfKnown,
    Line,
    NumberIfKnown,
    Place,
    Record,
    checked,
    gpu,
    total_of,
)


class LifecycleLoad(Record):
    """How requests were sent."""

    concurrency: CountIfKnown = None
    requested_rate: NumberIfKnown = None


class Throughput(Record):
    """What was answered a second."""

    output_tokens_per_sec: NumberIfKnown = None
    requests_per_sec: NumberIfKnown = None
    total_tokens_per_sec: NumberIfKnown = None


class LifecycleDistribution(Record):
    """A distribution: of tokens of prompts or answers, or of times."""

    mean: NumberIfKnown = None


class Latency(Record):
    """Seconds."""

    time_to_first_token: LifecycleDistribution = LifecycleDistribution()
    request_latency: LifecycleDistribution = LifecycleDistribution()
    time_per_output_token: LifecycleDistribution = LifecycleDistribution()


class Successes(Record):
    """Requests that were answered."""

    count: CountIfKnown = None
    throughput: Throughput = Throughput()
    prompt_len: LifecycleDistribution = LifecycleDistribution()
    output_len: LifecycleDistribution = LifecycleDistribution()
    latency: Latency = Latency()


class Failures(Record):
    """Requests that failed."""

    count: CountIfKnown = None


class Lifecycle(Record):
    """What is read of the object."""

    load_summary: LifecycleLoad = LifecycleLoad()
    successes: Successes = Successes()
    failures: Failures = Failures()
    model: Line = ""


def is_inference_perf(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of a lifecycle report."""
    return "load_summary" in data and "successes" in data


def read_inference_perf(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes."""
    said = checked(place, data, Lifecycle)
    good = said.successes
    rates = good.throughput
    asked = {"requests_per_sec": rates.requests_per_sec}
    prompt, answer = good.prompt_len.mean, good.output_len.mean
    length = None if prompt is None or answer is None else prompt + answer
    agree(
        Place(place.file, f"{place.key}.successes" if place.key else "successes"),
        Total.product(
            "throughput.output_tokens_per_sec", rates.output_tokens_per_sec, asked | {"output_len.mean": answer}
        ),
        Total.product(
            "throughput.total_tokens_per_sec",
            rates.total_tokens_per_sec,
            asked | {"(prompt_len.mean + output_len.mean)": length},
        ),
    )
    return MeasuredRun(
        tool=Tool.INFERENCE_PERF,
        file=place.file,
        output_throughput=good.throughput.output_tokens_per_sec,
        request_throughput=good.throughput.requests_per_sec,
        total_throughput=good.throughput.total_tokens_per_sec,
        completed=good.count,
        failed=said.failures.count or 0,
        model=said.model,
        gpu=gpu(data),
        concurrency=said.load_summary.concurrency,
        request_rate=said.load_summary.requested_rate,
        input_tokens=total_of(good.prompt_len.mean, good.count),
        output_tokens=total_of(good.output_len.mean, good.count),
        told=Latencies(
            good.latency.time_to_first_token.mean,
            good.latency.request_latency.mean,
            good.latency.time_per_output_token.mean,
        ),
    )
