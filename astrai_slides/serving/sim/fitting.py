"""What a turn of a server costs, fitted on the first half of a measured run, so that the second can try it.

The scheduler is known and so are lengths and arrivals; only what a turn costs is not. A turn is taken to last a fixed
time, one for each prompt token read, one for each token yielded and one for each token of context that answers attend
to. Under assumed costs the run is simulated; between two of its events (a request's arrival, first and last token) so
many turns, prompt tokens, answers and context tokens were served, and so long did it take when it was measured: a
linear equation. Solved for the costs, they are simulated again, until the best of `ROUNDS` is known.

Least squares that no cost may leave below zero; equations weigh the less the worse they hold (L1), as a simulation
that admits somebody a turn earlier than the server did is off by more than a cost can mend.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from astrai_slides.serving.sim.limited_fast import LimitedAccount
from astrai_slides.serving.sim.options import NANOSECONDS, TurnCost
from astrai_slides.serving.sim.run import FloatArray

ROUNDS = 10
"""Simulations; the costs of most runs stay from the fifth on."""
REWEIGHINGS = 15
NOISE_NS = 5e6
"""Errors below this weigh alike: clients do not measure better."""
APART = (1, 4, 16)
"""Events of which the times between are compared: the next one, and some further away."""
SOON_NS = 50_000_000
"""A request that was admitted within this time did not wait for others."""

Simulate = Callable[[TurnCost], LimitedAccount]


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredTimes:
    """What is compared: seconds from the start of the run, an entry a request, in order of arrival."""

    arrivals: FloatArray
    first_token: FloatArray
    end: FloatArray
    answers: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.arrivals)

    @property
    def half(self) -> int:
        """How many requests the first half has."""
        return len(self) // 2


def fit_costs(times: MeasuredTimes, simulate: Simulate) -> TurnCost:
    """The costs with which `simulate` comes closest to the first half of `times`.

    `simulate` serves all requests, in the order of `times`, and keeps its spans. Raises ValueError where no request of
    the first half has an answer of two tokens or more.
    """
    half = times.half
    first, end = times.first_token[:half] * NANOSECONDS, times.end[:half] * NANOSECONDS
    several = times.answers[:half] > 1
    spans = (end - first)[several] / (times.answers[:half][several] - 1)
    if not several.any() or spans.min() <= 0:
        raise ValueError("too few answers of two tokens or more, which tell how long a turn lasts")
    costs = np.array([spans.min(), 0.0, 0.0, 0.0])
    best: tuple[float, TurnCost] | None = None
    for number in range(ROUNDS):
        cost = TurnCost(
            max(round(costs[0]), 1),
            per_token_ns=round(costs[1]),
            prompt_token_ns=round(costs[2]),
            context_token_ns=round(costs[3]),
        )
        account = simulate(cost)
        error = float(
            np.abs(account.first_token_ns[:half] - first).mean() + np.abs(account.finished_ns[:half] - end).mean()
        )
        if best is None or error < best[0]:
            best = error, cost
        solved = _solve(*_equations(account, cost, times))
        # Half a step, as new costs change the schedule that they were solved for.
        costs = solved if number == 0 else (costs + solved) / 2
    assert best is not None
    return best[1]


def _equations(account: LimitedAccount, cost: TurnCost, times: MeasuredTimes) -> tuple[FloatArray, FloatArray]:
    """Turns, tokens, prompt tokens and context tokens between two events, and measured nanoseconds."""
    served = _Served(account, cost)
    half = times.half
    arrivals, first, end = (
        np.asarray(values[:half] * NANOSECONDS, dtype=np.float64)
        for values in (times.arrivals, times.first_token, times.end)
    )
    first_ns, end_ns = account.first_token_ns.tolist(), account.finished_ns.tolist()
    rows: list[FloatArray] = []
    measured: list[float] = []
    events: list[tuple[int, float]] = []
    for request in range(half):
        events += (first_ns[request], float(first[request])), (end_ns[request], float(end[request]))
        at_first = served.until(first_ns[request])
        if not account.preempted[request]:
            rows.append(served.until(end_ns[request]) - at_first)
            measured.append(float(end[request] - first[request]))
        if served.start_of(int(account.admitted_turn[request])) - arrivals[request] < SOON_NS:
            rows.append(at_first - served.until(float(arrivals[request])))
            measured.append(float(first[request] - arrivals[request]))
    events.sort()
    for apart in APART:
        for (before, before_ns), (after, after_ns) in zip(events, events[apart:], strict=False):
            idle = served.idle(before, after)
            rows.append(served.until(after) - served.until(before))
            measured.append(after_ns - before_ns - idle)
    return np.array(rows), np.array(measured)


class _Served:
    """What a simulated server has served until any time."""

    def __init__(self, account: LimitedAccount, cost: TurnCost) -> None:
        table = np.array(account.spans, dtype=np.float64)
        self._ends = [span[0] for span in account.spans]
        self._counts = table[:, [1, 2, 4, 5]]
        prices = np.array([cost.fixed_ns, cost.per_token_ns, cost.prompt_token_ns, cost.context_token_ns])
        self._durations = self._counts @ prices
        self._sums = np.vstack([np.zeros(4), np.cumsum(self._counts, axis=0)])
        self._busy = np.concatenate([[0.0], np.cumsum(self._durations)])
        self._turns = np.cumsum(table[:, 1])

    def until(self, time: float) -> FloatArray:
        """Turns, tokens, prompt tokens and context tokens until `time`, in parts of the turns under way."""
        place = bisect_left(self._ends, time)
        if place == len(self._ends):
            return np.asarray(self._sums[-1])
        left = min((self._ends[place] - time) / max(self._durations[place], 1.0), 1.0)
        return np.asarray(self._sums[place] + self._counts[place] * (1 - left))

    def start_of(self, turn: int) -> float:
        """When `turn` began, or the turns alike that it is one of."""
        place = int(np.searchsorted(self._turns, turn))
        return float(self._ends[place] - self._durations[place])

    def idle(self, before: int, after: int) -> float:
        """Nanoseconds between two ends of turns in which nothing was there to serve."""
        first, last = bisect_left(self._ends, before), bisect_left(self._ends, after)
        return max(float(after - before - (self._busy[last + 1] - self._busy[first + 1])), 0.0)


def _solve(rows: FloatArray, measured: FloatArray) -> FloatArray:
    """The costs for which `rows` come closest to `measured`, none below zero, the fixed one last to be given up."""
    weights = np.ones(len(measured))
    costs = np.zeros(4)
    for _ in range(REWEIGHINGS):
        weighted = rows * weights[:, None]
        scale = np.linalg.norm(weighted, axis=0)
        kept = [0, *(column for column in range(1, 4) if scale[column] > 0)]
        while True:
            solved = np.linalg.lstsq((weighted / np.maximum(scale, 1e-300))[:, kept], measured * weights, rcond=None)[0]
            if len(kept) == 1 or solved[1:].min() >= 0:
                break
            kept.pop(1 + int(solved[1:].argmin()))
        costs = np.zeros(4)
        costs[kept] = solved / scale[kept]
        weights = 1 / np.sqrt(np.maximum(np.abs(rows @ costs - measured), NOISE_NS))
    costs[0] = max(costs[0], 1.0)
    return costs
