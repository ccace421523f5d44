"""AstrAI's `get_stats()` and `GET /stats`: totals, and durations of the last requests (128 at most)."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from astrai_slides.serving.sim.measured.client_lists import from_earliest
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun, Tool
from astrai_slides.serving.sim.measured.records import (
    LONGEST_REQUEST,
    CountIfKnown,
    Entries,
    Line,
    Place,
    Record,
    Tokens,
    checked,
    gpu,
    unless_text,
)

_ID = re.compile(r"(?:task|req)_(\d{1,11})_", re.ASCII)
_MILLI = 1000.0
_ROUNDED = 1.0
"""Milliseconds: times are written in rounded ones, so what is simultaneous may differ by as much."""
_SHORTEST_SPAN = 20.0
"""Seconds: over less, starts that are known to the second make throughput wrong by more than 5 %."""


MillisecondsIfKnown = Annotated[
    Annotated[float, Field(ge=0, le=LONGEST_REQUEST * _MILLI)] | None, BeforeValidator(unless_text)
]


class AstrAITask(Record):
    """One task. `ttft_ms` counts from its arrival, so `queue_wait_ms` lies within it."""

    request_id: Line = ""
    task_id: Line = ""
    queue_wait_ms: MillisecondsIfKnown = None
    ttft_ms: MillisecondsIfKnown = None
    e2e_latency_ms: MillisecondsIfKnown = None
    input_tokens: Tokens = 0
    output_tokens: Tokens = 0

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        waited, first, end = self.queue_wait_ms, self.ttft_ms, self.e2e_latency_ms
        if not self.output_tokens or first is None:
            return self
        if waited is not None and waited > first + _ROUNDED:
            raise _contradiction(
                "queue_wait_ms",
                f"{waited:g} is more than ttft_ms, {first:g}, which counts from the arrival and holds the wait;"
                " take the stats again, from an unchanged AstrAI",
            )
        if end is not None and first > end + _ROUNDED:
            raise _contradiction(
                "ttft_ms",
                f"{first:g} is more than e2e_latency_ms, {end:g}: the first token came after the last;"
                " take the stats again",
            )
        return self


def _contradiction(key: str, told: str) -> PydanticCustomError:
    return PydanticCustomError("at_key", "contradiction", {"key": key, "error": told})


class AstrAIStats(Record):
    """What is read of the object."""

    recent_tasks: Entries[AstrAITask] = ()
    total_tasks: CountIfKnown = None
    cancelled_total: CountIfKnown = None
    active_tasks: CountIfKnown = None
    waiting_queue: CountIfKnown = None
    running: CountIfKnown = None
    waiting: CountIfKnown = None
    in_flight_tasks: CountIfKnown = None
    model: Line = ""
    model_id: Line = ""

    @property
    def unfinished(self) -> int:
        """Requests that were waiting or running when the stats were taken."""
        running = max(self.active_tasks or 0, self.running or 0)
        waiting = max(self.waiting_queue or 0, self.waiting or 0)
        return max(running + waiting, self.in_flight_tasks or 0)


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
    said = checked(place, data, AstrAIStats)
    requests = [_request(task) for task in said.recent_tasks if task.output_tokens]
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
        completed=len(requests) or said.total_tasks,
        failed=len(said.recent_tasks) - len(requests),
        unfinished=said.unfinished,
        cancelled=said.cancelled_total or 0,
        model=said.model or said.model_id,
        gpu=gpu(data),
        date=_day(starts),
        exact_starts=False,
        input_tokens=sum(request.prompt_tokens for request in requests) or None,
        output_tokens=tokens or None,
        requests=from_earliest(requests),
    )


def _day(starts: list[float]) -> str:
    return datetime.fromtimestamp(min(starts), UTC).date().isoformat() if starts else ""


def _request(task: AstrAITask) -> MeasuredRequest:
    match = _ID.match(task.request_id or task.task_id)
    first, end = _seconds(task.ttft_ms), _seconds(task.e2e_latency_ms)
    if first is not None and end is not None:
        # Each is rounded by itself, so a request of one token may seem to end before its first one.
        end = max(first, end)
    return MeasuredRequest(
        prompt_tokens=task.input_tokens,
        output_tokens=task.output_tokens,
        start=float(match[1]) if match else None,
        first_token=first,
        end=end,
        waited=_within(_seconds(task.queue_wait_ms), first),
    )


def _within(waited: float | None, first: float | None) -> float | None:
    """The wait, which lies within the time to the first token but for what each was rounded by."""
    return None if waited is None or first is None else min(waited, first)


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / _MILLI
