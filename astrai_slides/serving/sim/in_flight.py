"""How many requests of a measured run were waiting, in prefill and decoding, at every time."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from astrai_slides.serving.sim.measured.model import MeasuredRequest


@dataclass(frozen=True, slots=True)
class InFlightCount:
    """Requests in flight from `time` on, in seconds, until the next one.

    `waiting` were sent and not begun, `prefill` had no token yet, `decoding` had one and not their last. Where a tool
    does not tell waiting from prefill, both are in `waiting`.
    """

    time: float
    waiting: int
    prefill: int
    decoding: int

    @property
    def all(self) -> int:
        """All that were in flight."""
        return self.waiting + self.prefill + self.decoding


@dataclass(frozen=True, slots=True)
class InFlight:
    """Steps of load in order of time, the first at 0; each holds until the next, the last to the end."""

    steps: tuple[InFlightCount, ...]

    @property
    def peak(self) -> int:
        """The most that were in flight at a time."""
        return max((step.all for step in self.steps), default=0)


NOBODY = InFlight(())


def in_flight(requests: Iterable[tuple[float, MeasuredRequest]], duration: float) -> InFlight:
    """The load from 0 to `duration` (seconds) by `requests`, each with the time at which it was sent, in seconds.

    The first token and the end of every request are known; one whose wait is not counts as waiting up to its first
    token.
    """
    changes: Counter[tuple[float, int]] = Counter()
    for sent, request in requests:
        first = sent + (request.first_token or 0.0)
        begun = first if request.waited is None else sent + request.waited
        end = max(sent + (request.end or 0.0), first)
        for place, (enters, leaves) in enumerate(((sent, begun), (begun, first), (first, end))):
            if leaves <= 0 or enters >= duration or leaves <= enters:
                continue
            changes[max(enters, 0.0), place] += 1
            changes[leaves if leaves < duration else math.inf, place] -= 1
    counts, steps = [0, 0, 0], [InFlightCount(0.0, 0, 0, 0)]
    for (time, place), change in sorted(changes.items()):
        if time >= duration:
            break
        counts[place] += change
        step = InFlightCount(time, *counts)
        if steps[-1].time == time:
            steps[-1] = step
        elif (step.waiting, step.prefill, step.decoding) != (steps[-1].waiting, steps[-1].prefill, steps[-1].decoding):
            steps.append(step)
    return InFlight(tuple(steps))
