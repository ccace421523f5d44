"""What vLLM's and SGLang's benchmark clients have in common: totals, and lists with one entry a request."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from astrai_slides.serving.sim.measured.agreement import Total, agree
from astrai_slides.serving.sim.measured.model import Latencies, MeasuredRequest
from astrai_slides.serving.sim.measured.records import (
    CountIfKnown,
    Day,
    Entries,
    Line,
    Number,
    NumberIfKnown,
    Place,
    Record,
    RequestSeconds,
    Tokens,
    seconds_of,
)

_LISTS = ("input_lens", "output_lens", "ttfts", "itls", "start_times", "request_timestamps", "latencies", "errors")
MOST_A_SECOND = 1e9
"""Requests; nobody sends more, but for all at once."""
_OF_ANSWERS = ("input_lens", "itls", "latencies")


def _rate(value: Any) -> Any:
    """`value`, with what stands for all at once as infinity; None for any other text."""
    if isinstance(value, str):
        return math.inf if value.strip().lower() in ("inf", "infinity") else None
    return math.inf if value == -math.inf else value


def _sensible(value: float | None) -> float | None:
    if value is not None and MOST_A_SECOND < value < math.inf:
        raise PydanticCustomError("less_than_equal", "too many", {"le": MOST_A_SECOND})
    return value


Rate = Annotated[
    Annotated[float, Field(ge=0, allow_inf_nan=True)] | None, BeforeValidator(_rate), AfterValidator(_sensible)
]
"""Requests sent a second; infinite for "inf": all at once."""


class ClientResult(Record):
    """What both clients write: totals, and lists in a detailed result.

    A failed request keeps its row in the lists, with an error text or no output tokens.
    """

    request_rate: Rate = None
    output_throughput: NumberIfKnown = None
    request_throughput: NumberIfKnown = None
    duration: NumberIfKnown = None
    completed: CountIfKnown = None
    max_concurrency: CountIfKnown = None
    total_input_tokens: CountIfKnown = None
    total_output_tokens: CountIfKnown = None
    model_id: Line = ""
    model: Line = ""
    date: Day = ""
    mean_ttft_ms: NumberIfKnown = None
    mean_tpot_ms: NumberIfKnown = None
    input_lens: Entries[Tokens | None] = ()
    output_lens: Entries[Tokens | None] = ()
    ttfts: Entries[RequestSeconds | None] = ()
    itls: Entries[Entries[RequestSeconds | None] | None] = ()
    start_times: Entries[Number | None] = ()
    """From an arbitrary zero."""
    request_timestamps: Entries[Number | None] = ()
    """Unix seconds."""
    latencies: Entries[RequestSeconds | None] = ()
    errors: Entries[Any] = ()

    @model_validator(mode="before")
    @classmethod
    def _read_of_each(cls, data: Any) -> Any:
        """Refuse lists of different lengths, and leave out what is not read of a request that failed."""
        columns = {key: data[key] for key in _LISTS if isinstance(data.get(key), list)}
        ttfts = columns.get("ttfts", [])
        for key, values in columns.items():
            if values and len(values) != len(ttfts):
                told = f"has {len(values):,} entries, ttfts {len(ttfts):,}; the file is cut or edited"
                raise PydanticCustomError("at_key", "lengths differ", {"key": key, "error": told})
        if not columns.get("output_lens"):
            return {key: value for key, value in data.items() if key not in columns}
        errors = columns.get("errors") or [""] * len(ttfts)
        of_requests = zip(errors, columns["output_lens"], ttfts, strict=True)
        good = [not error and bool(tokens) and first is not None for error, tokens, first in of_requests]
        for key in _OF_ANSWERS:
            if columns.get(key):
                pairs = zip(columns[key], good, strict=True)
                columns[key] = [value if answered else None for value, answered in pairs]
        return data | columns


def client_requests(lists: ClientResult) -> tuple[tuple[MeasuredRequest, ...], int]:
    """The completed requests of a detailed result, and how many failed. What was generated is never looked at."""
    rows = len(lists.output_lens)
    starts = lists.start_times or lists.request_timestamps or (None,) * rows
    prompts = lists.input_lens or (None,) * rows
    errors = lists.errors or ("",) * rows
    requests = []
    for row, (error, output_tokens, first) in enumerate(zip(errors, lists.output_lens, lists.ttfts, strict=True)):
        if error or not output_tokens or first is None:
            continue
        gaps = (lists.itls[row] or ()) if lists.itls else None
        times = () if gaps is None else tuple(accumulate((gap or 0.0 for gap in gaps), initial=first))
        ended = lists.latencies[row] if lists.latencies else None
        requests.append(
            MeasuredRequest(
                prompt_tokens=prompts[row] or 0,
                output_tokens=output_tokens,
                start=starts[row],
                first_token=first,
                end=times[-1] if times else ended,
                token_times=times,
            )
        )
    return from_earliest(requests), rows - len(requests)


def client_agrees(
    said: ClientResult, place: Place, requests: Sequence[MeasuredRequest], total: tuple[str, float | None]
) -> None:
    """Raise AstraiSlidesError where totals contradict each other, or the `requests` that were completed.

    `total`: tokens of prompts and answers a second, which each client calls otherwise.
    """
    tokens = {"total_input_tokens": said.total_input_tokens, "total_output_tokens": said.total_output_tokens}
    output = {"total_output_tokens": said.total_output_tokens}
    over, seconds = "duration", said.duration
    told = [
        Total.rate("output_throughput", said.output_throughput, output, over, seconds),
        Total.rate("request_throughput", said.request_throughput, {"completed": said.completed}, over, seconds),
        Total.rate(*total, tokens, over, seconds),
    ]
    if requests:
        inputs, outputs = (
            sum(counts) for counts in zip(*((e.prompt_tokens, e.output_tokens) for e in requests), strict=True)
        )
        first = sum(each.first_token or 0.0 for each in requests) / len(requests)
        # an answer of no token counts in the tools' prompts and means, and is no request here
        all_answered = _answered(said, len(requests)) == len(requests)
        told += [
            Total("completed", said.completed, _answered(said, len(requests)), ("output_lens",)),
            Total("total_output_tokens", said.total_output_tokens, outputs, ("output_lens",)),
            Total(
                "total_input_tokens",
                said.total_input_tokens,
                inputs if said.input_lens and all_answered else None,
                ("input_lens",),
            ),
            Total("mean_ttft_ms", said.mean_ttft_ms, 1000 * first if all_answered else None, ("ttfts",)),
        ]
    agree(place, *told)


def _answered(said: ClientResult, requests: int) -> int:
    """How many of a detailed result count as completed: an answer of no token does for the tools, and not here."""
    most = sum(not error for error in said.errors) if said.errors else len(said.output_lens)
    return min(max(said.completed or 0, requests), most)


def client_latencies(said: ClientResult, whole_ms: float | None) -> Latencies:
    """The means that a result states; `whole_ms` is that of whole requests, which each client calls otherwise."""
    return Latencies(seconds_of(said.mean_ttft_ms), seconds_of(whole_ms), seconds_of(said.mean_tpot_ms))


def from_earliest(requests: list[MeasuredRequest]) -> tuple[MeasuredRequest, ...]:
    """`requests` in order of their start, which counts from the earliest; untouched where a start is unknown."""
    starts = [request.start for request in requests if request.start is not None]
    if len(starts) < len(requests) or not starts:
        return tuple(requests)
    zero = min(starts)
    moved = [replace(request, start=(request.start or 0.0) - zero) for request in requests]
    return tuple(sorted(moved, key=lambda request: request.start or 0.0))
