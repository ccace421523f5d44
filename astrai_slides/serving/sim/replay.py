"""A measured run as it happened: its requests in rows, to be drawn in place of a computed schedule.

Which slot of the server a request had is not recorded by any tool. Rows are intervals packed so that no two overlap;
they are called rows, never slots. Requests are shown in a row, as they were sent: whoever left out those that found no
free row would show an idle server.
"""

import math
from dataclasses import dataclass

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.in_flight import NOBODY, InFlight, in_flight
from astrai_slides.serving.sim.measured.model import MeasuredRequest, MeasuredRun
from astrai_slides.serving.sim.measured.records import DETAILS_REMEDY

DEFAULT_REQUESTS = 16


@dataclass(frozen=True, slots=True)
class ReplaySpan:
    """One request in its row. Times are seconds after the first request shown.

    From `start` (sent) to `first_token` it waited and was prefilled: clients cannot tell these apart, so draw them as
    one, unless `prefill` says when the server began to read the prompt. From `first_token` to `end` (last token) it
    decoded. `token_times` are the times at which chunks of tokens came, the first one included; empty if they were not
    recorded. `number` counts from 1, in order of start, over all of the run.
    """

    number: int
    start: float
    first_token: float
    end: float
    prompt_tokens: int
    output_tokens: int
    token_times: tuple[float, ...] = ()
    prefill: float | None = None

    @property
    def name(self) -> str:
        """R1, R2 and so on."""
        return f"R{self.number}"


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """Requests one after the other; none starts before the one before it ended."""

    spans: tuple[ReplaySpan, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What to draw: `rows` from the top, over `duration` seconds, of a measured `run`.

    `total`: completed requests of the run with times; `shown` of them, one sent after the other, are in rows, from the
    `first` on (from 1); `beside` more ran at some time meanwhile. `full`: the next one found no free row. `in_flight`:
    how many of all of them were waiting, in prefill and decoding meanwhile.
    """

    rows: tuple[ReplayRow, ...]
    duration: float
    total: int
    shown: int
    beside: int
    run: MeasuredRun
    first: int = 1
    full: bool = False
    in_flight: InFlight = NOBODY

    @property
    def last(self) -> int:
        """The number of the last request shown."""
        return self.first + self.shown - 1

    @property
    def spans(self) -> tuple[ReplaySpan, ...]:
        """All requests shown, in order of start."""
        return tuple(sorted((span for row in self.rows for span in row.spans), key=lambda span: span.number))

    @property
    def apart(self) -> bool:
        """Whether waiting and prefill of every request shown can be told apart."""
        return all(span.prefill is not None for span in self.spans)


def replay(
    run: MeasuredRun,
    max_rows: int | None = None,
    max_requests: int = DEFAULT_REQUESTS,
    window: tuple[float, float] = (0.0, math.inf),
) -> Replay:
    """Up to `max_requests` requests of `run` in a row, the first of those sent within `window`, packed into rows.

    `window`: from and to (excluded), in seconds after the first request of the run was sent. A request takes the
    topmost row that is free when it starts; with `max_rows`, those shown end before the first one that finds none.
    Raises AstraiSlidesError for a run whose file does not say when its requests started, gave their first token and
    ended, and for a window in which none was sent; ValueError for no rows or requests.
    """
    if max_requests < 1 or (max_rows is not None and max_rows < 1):
        raise ValueError("a replay needs at least one row and one request")
    timed = sorted(_timed(run), key=lambda request: request[0])
    earliest = timed[0][0]
    within = [at for at, (start, _) in enumerate(timed) if window[0] <= start - earliest < window[1]]
    if not within:
        raise AstraiSlidesError(
            f"{run.file}: no request was sent from {window[0]:g} s to {window[1]:g} s; the last one was sent after"
            f" {timed[-1][0] - earliest:g} s: widen the window"
        )
    zero = timed[within[0]][0]
    rows: list[list[ReplaySpan]] = []
    full = False
    for at in within[:max_requests]:
        start, request = timed[at]
        row = next((row for row in rows if row[-1].end <= start - zero), None)
        if row is None:
            if max_rows is not None and len(rows) == max_rows:
                full = True
                break
            row = []
            rows.append(row)
        row.append(_span(at + 1, start - zero, request))
    packed = tuple(ReplayRow(tuple(row)) for row in rows)
    shown = sum(map(len, rows))
    duration = max(span.end for row in packed for span in row.spans)
    if not duration:
        raise AstraiSlidesError(f"{run.file}: its requests took no time, so there is nothing to draw; {DETAILS_REMEDY}")
    numbers = range(within[0], within[0] + shown)
    beside = sum(
        at not in numbers and start - zero < duration and start - zero + (request.end or 0.0) > 0
        for at, (start, request) in enumerate(timed)
    )
    curve = in_flight(((start - zero, request) for start, request in timed), duration)
    return Replay(packed, duration, len(timed), shown, beside, run, within[0] + 1, full, curve)


def _timed(run: MeasuredRun) -> list[tuple[float, MeasuredRequest]]:
    """The start of each request, and the request; raises AstraiSlidesError if anything of it is unknown."""
    if not run.requests:
        raise AstraiSlidesError(
            f"{run.file}: holds no times of single requests, so it cannot be replayed; {DETAILS_REMEDY}"
        )
    if any(request.first_token is None or request.end is None for request in run.requests):
        raise AstraiSlidesError(
            f"{run.file}: does not say when each request gave its tokens, so it cannot be replayed; {DETAILS_REMEDY}"
        )
    if all(request.start is not None for request in run.requests):
        return [(request.start or 0.0, request) for request in run.requests]
    if run.all_at_once:
        return [(0.0, request) for request in run.requests]
    raise AstraiSlidesError(
        f"{run.file}: does not say when each request started, so it cannot be replayed; {DETAILS_REMEDY}"
    )


def _span(number: int, start: float, request: MeasuredRequest) -> ReplaySpan:
    first = start + (request.first_token or 0.0)
    return ReplaySpan(
        number=number,
        start=start,
        first_token=first,
        end=max(start + (request.end or 0.0), first),
        prompt_tokens=request.prompt_tokens,
        output_tokens=request.output_tokens,
        token_times=tuple(start + time for time in request.token_times),
        prefill=None if request.waited is None else start + request.waited,
    )
