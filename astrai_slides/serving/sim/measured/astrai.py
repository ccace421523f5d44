"""AstrAI's `get_stats()` and `GET /stats`: totals, and durations of the last requests (128 at most)."""

import re
from datetime import UTC, datetime
from typing import Any

from astrai_slides.serving.sim.measured.client_lists import LONGEST_REQUEST, from_earliest
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, items, real, table, text, token_count, whole

_ID = re.compile(r"(?:task|req)_(\d{1,11})_", re.ASCII)
_MILLI = 1000.0
_ROUNDED = 1e-3
"""Seconds: times are written in rounded milliseconds, so what is simultaneous may differ by as much."""
_SHORTEST_SPAN = 20.0
"""Seconds: over less, starts that are known to the second make throughput wrong by more than 5 %."""


def is_astrai(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of AstrAI's stats."""
    return "recent_tasks" in data or ("total_tasks" in data and "avg_decode_tps" in data)


def read_astrai(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes: its recent tasks.

    Older versions write `task_id` and count `active_tasks` and `waiting_queue`, newer ones `request_id`, `running`,
    `waiting`, `in_flight_tasks` and `cancelled_total`. An arrival is known to the second, from the task's name, so
    throughput is that of the recent tasks from the earliest second to the last end: right to a second in their span,
    and left out when that span is short.
    """
    recent = place.at("recent_tasks")
    tasks = [table(entry, recent.at(row)) for row, entry in enumerate(items(data.get("recent_tasks"), recent))]
    requests = []
    for row, task in enumerate(tasks):
        request = _request(task, recent.at(row))
        if request is not None:
            requests.append(request)
    starts = [request.start for request in requests if request.start is not None]
    ends = [
        request.start + request.end for request in requests if request.start is not None and request.end is not None
    ]
    duration = max(ends) - min(starts) if ends and len(ends) == len(requests) else None
    if duration is not None and duration < _SHORTEST_SPAN:
        duration = None
    tokens = sum(request.output_tokens for request in requests)
    return MeasuredRun(
        tool=Tool.ASTRAI,
        file=place.file,
        output_throughput=tokens / duration if duration else None,
        request_throughput=len(requests) / duration if duration else None,
        duration=duration,
        completed=len(requests) or whole(data, "total_tasks", place),
        failed=len(tasks) - len(requests),
        unfinished=_unfinished(data, place),
        cancelled=whole(data, "cancelled_total", place) or 0,
        model=text(data, "model", "model_id"),
        gpu=gpu(data),
        date=_day(starts),
        exact_starts=False,
        input_tokens=sum(request.prompt_tokens for request in requests) or None,
        output_tokens=tokens or None,
        requests=from_earliest(requests),
    )


def _unfinished(data: dict[str, Any], place: Place) -> int:
    """Requests that were waiting or running when the stats were taken."""
    at = {key: whole(data, key, place) or 0 for key in _UNFINISHED}
    parts = max(at["active_tasks"], at["running"]) + max(at["waiting_queue"], at["waiting"])
    return max(parts, at["in_flight_tasks"])


_UNFINISHED = ("active_tasks", "waiting_queue", "running", "waiting", "in_flight_tasks")


def _day(starts: list[float]) -> str:
    return datetime.fromtimestamp(min(starts), UTC).date().isoformat() if starts else ""


def _request(task: dict[str, Any], place: Place) -> MeasuredRequest | None:
    """One task. `ttft_ms` counts from its arrival, so `queue_wait_ms` lies within it."""
    match = _ID.match(text(task, "request_id", "task_id"))
    waited, first, end = (_seconds(task, key, place) for key in ("queue_wait_ms", "ttft_ms", "e2e_latency_ms"))
    output_tokens = token_count(task.get("output_tokens"), place.at("output_tokens"))
    if not output_tokens:
        return None
    if waited is not None and first is not None and waited > first + _ROUNDED:
        raise place.at("queue_wait_ms").error(
            f"{waited * _MILLI:g} is more than ttft_ms, {first * _MILLI:g}, which counts from the arrival and holds"
            " the wait; take the stats again, from an unchanged AstrAI"
        )
    if first is not None and end is not None and first > end:
        if first > end + _ROUNDED:
            raise place.at("ttft_ms").error(
                f"{first * _MILLI:g} is more than e2e_latency_ms, {end * _MILLI:g}: the first token came after the"
                " last; take the stats again"
            )
        # Each is rounded by itself, so a request of one token may seem to end before its first one.
        end = first
    return MeasuredRequest(
        prompt_tokens=token_count(task.get("input_tokens"), place.at("input_tokens")),
        output_tokens=output_tokens,
        start=float(match[1]) if match else None,
        first_token=first,
        end=end,
    )


def _seconds(task: dict[str, Any], key: str, place: Place) -> float | None:
    time = real(task, key, place, LONGEST_REQUEST * _MILLI)
    return None if time is None else time / _MILLI
