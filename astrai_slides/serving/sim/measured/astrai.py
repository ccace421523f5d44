"""AstrAI's `get_stats()` and `GET /stats`: totals, and durations of the last requests (128 at most)."""

import re
from datetime import UTC, datetime
from typing import Any

from astrai_slides.serving.sim.measured.client_lists import LONGEST_REQUEST, from_earliest
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.values import Place, gpu, items, real, table, text, token_count, whole

_TASK_ID = re.compile(r"task_(\d{1,11})_", re.ASCII)
_MILLI = 1000.0
_SHORTEST_SPAN = 20.0
"""Seconds: over less, starts that are known to the second make throughput wrong by more than 5 %."""


def is_astrai(data: dict[str, Any]) -> bool:
    """Whether `data` has the keys of AstrAI's stats."""
    return "recent_tasks" in data or ("total_tasks" in data and "avg_decode_tps" in data)


def read_astrai(data: dict[str, Any], place: Place) -> MeasuredRun:
    """The run that `data` describes: its recent tasks.

    An arrival is known to the second, from the task's name, so throughput is that of the recent tasks from the
    earliest second to the last end: right to a second in their span, and left out when that span is short.
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
        model=text(data, "model", "model_id"),
        gpu=gpu(data),
        date=_day(starts),
        exact_starts=False,
        input_tokens=sum(request.prompt_tokens for request in requests) or None,
        output_tokens=tokens or None,
        requests=from_earliest(requests),
    )


def _day(starts: list[float]) -> str:
    return datetime.fromtimestamp(min(starts), UTC).date().isoformat() if starts else ""


def _request(task: dict[str, Any], place: Place) -> MeasuredRequest | None:
    match = _TASK_ID.match(text(task, "task_id"))
    waited = real(task, "queue_wait_ms", place, LONGEST_REQUEST * _MILLI)
    prefilled = real(task, "ttft_ms", place, LONGEST_REQUEST * _MILLI)
    latency = real(task, "e2e_latency_ms", place, LONGEST_REQUEST * _MILLI)
    output_tokens = token_count(task.get("output_tokens"), place.at("output_tokens"))
    if not output_tokens:
        return None
    first = None if prefilled is None else ((waited or 0.0) + prefilled) / _MILLI
    end = None if latency is None else latency / _MILLI
    if first is not None and end is not None and first > end:
        # Both are rounded, so a request of one token may end before its first one.
        first = end
    return MeasuredRequest(
        prompt_tokens=token_count(task.get("input_tokens"), place.at("input_tokens")),
        output_tokens=output_tokens,
        start=float(match[1]) if match else None,
        first_token=first,
        end=end,
    )
