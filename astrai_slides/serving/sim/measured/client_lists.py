"""The lists that vLLM's and SGLang's benchmark clients keep, one entry a request."""

import math
from typing import Any

from astrai_slides.serving.sim.measured.model import MeasuredRequest
from astrai_slides.serving.sim.measured.values import Place, items, real, running_sum, seconds, token_count

LONGEST_REQUEST = 1e7
"""Seconds: a request that lasts for months is a broken file."""


def client_requests(data: dict[str, Any], place: Place) -> tuple[tuple[MeasuredRequest, ...], int]:
    """The completed requests of a detailed result, and how many failed.

    A failed request keeps its row: it has an error text, or no output tokens. What was generated is never looked at.
    """
    columns = {key: items(data.get(key), place.at(key)) for key in _LISTS}
    rows = len(columns["ttfts"])
    for key, values in columns.items():
        if values and len(values) != rows:
            raise place.at(key).error(f"has {len(values):,} entries, ttfts {rows:,}; the file is cut or edited")
    if not columns["output_lens"]:
        return (), 0
    starts = _starts(columns, place)
    requests = []
    failed = 0
    for row in range(rows):
        error = columns["errors"][row] if columns["errors"] else ""
        output_tokens = token_count(columns["output_lens"][row], place.at("output_lens").at(row))
        first = seconds(columns["ttfts"][row], place.at("ttfts").at(row), LONGEST_REQUEST)
        if error or not output_tokens or first is None:
            failed += 1
            continue
        prompt = columns["input_lens"][row] if columns["input_lens"] else None
        times = _token_times(columns, row, first, place)
        requests.append(
            MeasuredRequest(
                prompt_tokens=token_count(prompt, place.at("input_lens").at(row)),
                output_tokens=output_tokens,
                start=starts[row],
                first_token=first,
                end=_end(columns, row, times, place),
                token_times=times,
            )
        )
    return from_earliest(requests), failed


_LISTS = ("input_lens", "output_lens", "ttfts", "itls", "start_times", "request_timestamps", "latencies", "errors")


def _starts(columns: dict[str, list[Any]], place: Place) -> list[float | None]:
    """When each request was sent; `start_times` have an arbitrary zero, `request_timestamps` are Unix seconds."""
    for key in ("start_times", "request_timestamps"):
        if columns[key]:
            return [seconds(value, place.at(key).at(row)) for row, value in enumerate(columns[key])]
    return [None] * len(columns["ttfts"])


def _token_times(columns: dict[str, list[Any]], row: int, first: float, place: Place) -> tuple[float, ...]:
    if not columns["itls"]:
        return ()
    where = place.at("itls").at(row)
    gaps = []
    for number, value in enumerate(items(columns["itls"][row], where)):
        # The common case needs no place; a place for every token would cost more than reading it.
        if type(value) is float and 0 <= value <= LONGEST_REQUEST:
            gaps.append(value)
        else:
            gaps.append(seconds(value, where.at(number), LONGEST_REQUEST) or 0.0)
    return tuple(running_sum(first, gaps))


def _end(columns: dict[str, list[Any]], row: int, times: tuple[float, ...], place: Place) -> float | None:
    if times or not columns["latencies"]:
        return times[-1] if times else None
    return seconds(columns["latencies"][row], place.at("latencies").at(row), LONGEST_REQUEST)


def from_earliest(requests: list[MeasuredRequest]) -> tuple[MeasuredRequest, ...]:
    """`requests` in order of their start, which counts from the earliest; untouched where a start is unknown."""
    starts = [request.start for request in requests if request.start is not None]
    if len(starts) < len(requests) or not starts:
        return tuple(requests)
    zero = min(starts)
    moved = [
        MeasuredRequest(
            request.prompt_tokens,
            request.output_tokens,
            (request.start or 0.0) - zero,
            request.first_token,
            request.end,
            request.token_times,
        )
        for request in requests
    ]
    return tuple(sorted(moved, key=lambda request: request.start or 0.0))


def rate(data: dict[str, Any], place: Place) -> float | None:
    """Requests sent a second; infinite for "inf": all at once."""
    value = data.get("request_rate")
    if isinstance(value, str):
        return math.inf if value.strip().lower() in ("inf", "infinity") else None
    if isinstance(value, float) and math.isinf(value):
        return math.inf
    return real(data, "request_rate", place, 1e9)
