"""A measured run, and the same requests simulated with costs fitted on its first half: how far one is off the other."""

from dataclasses import dataclass, replace

import numpy as np

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.fitting import MeasuredTimes, fit_costs
from astrai_slides.serving.sim.lengths import IntArray
from astrai_slides.serving.sim.limited_fast import LimitedAccount, serve_limited
from astrai_slides.serving.sim.limits import Limits
from astrai_slides.serving.sim.measured import MeasuredRun
from astrai_slides.serving.sim.measured.records import DETAILS_REMEDY
from astrai_slides.serving.sim.options import NANOSECONDS, Options, TurnCost
from astrai_slides.serving.sim.run import FloatArray
from astrai_slides.serving.sim.timeline import Policy

LEAST_REQUESTS = 8
"""Fewer say nothing of costs in their first half."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure, measured and simulated, in seconds or tokens a second."""

    measured: float
    simulated: float

    @property
    def error(self) -> float:
        """How much more was simulated, as a part of what was measured; 0 where nothing was measured."""
        return self.simulated / self.measured - 1 if self.measured else 0.0


@dataclass(frozen=True, slots=True)
class TrialPart:
    """Means over `requests` requests, and from the first arrival to the last token of them."""

    requests: int
    time_to_first_token: Compared
    latency: Compared
    span: Compared


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Simulated beside measured, with an entry a request, in order of arrival; times in seconds.

    `options` hold the fitted costs. `fitted` is the first half, on which they were fitted; `tried` the second, of which
    only lengths and arrivals were known.
    """

    run: MeasuredRun
    options: Options
    prompt_tokens: IntArray
    output_tokens: IntArray
    arrivals: FloatArray
    measured_first_token: FloatArray
    measured_end: FloatArray
    simulated_first_token: FloatArray
    simulated_end: FloatArray
    preemptions: int
    aborted: int

    def __len__(self) -> int:
        return len(self.arrivals)

    @property
    def fitted(self) -> TrialPart:
        """The first half."""
        return self._part(slice(0, len(self) // 2))

    @property
    def tried(self) -> TrialPart:
        """The second half."""
        return self._part(slice(len(self) // 2, None))

    @property
    def whole(self) -> TrialPart:
        """All requests."""
        return self._part(slice(0, None))

    def _part(self, cut: slice) -> TrialPart:
        arrivals = self.arrivals[cut]

        def mean(measured: FloatArray, simulated: FloatArray) -> Compared:
            return Compared(float((measured[cut] - arrivals).mean()), float((simulated[cut] - arrivals).mean()))

        begin = float(arrivals.min())
        return TrialPart(
            len(arrivals),
            mean(self.measured_first_token, self.simulated_first_token),
            mean(self.measured_end, self.simulated_end),
            Compared(float(self.measured_end[cut].max()) - begin, float(self.simulated_end[cut].max()) - begin),
        )


def try_run(run: MeasuredRun, options: Options) -> Trial:
    """Fit the costs of a turn on the first half of `run` and simulate all of it, by continuous batching.

    `options` say slots and limits; their costs are not looked at. Raises AstraiSlidesError for a run that does not say
    when single requests were sent, gave their first token and ended, or has too few of them; ValueError as `run` does.
    """
    requests = run.requests
    if len(requests) < LEAST_REQUESTS:
        raise AstraiSlidesError(
            f"{run.file}: holds {len(requests):,} single requests, and costs are fitted on {LEAST_REQUESTS} at least;"
            f" {DETAILS_REMEDY}"
        )
    missing = [
        name
        for name, known in (
            ("was sent", all(request.start is not None for request in requests) or run.all_at_once),
            ("gave its first token", all(request.first_token is not None for request in requests)),
            ("ended", all(request.end is not None for request in requests)),
            ("had how long a prompt", all(request.prompt_tokens > 0 for request in requests)),
        )
        if not known
    ]
    if missing:
        raise AstraiSlidesError(f"{run.file}: does not say when each request {missing[0]}; {DETAILS_REMEDY}")
    arrivals = np.array([request.start or 0.0 for request in requests])
    order = np.argsort(arrivals, kind="stable")
    arrivals = arrivals[order] - arrivals.min()
    prompts = np.array([request.prompt_tokens for request in requests], dtype=np.int64)[order]
    outputs = np.array([request.output_tokens for request in requests], dtype=np.int64)[order]
    first = arrivals + np.array([request.first_token or 0.0 for request in requests])[order]
    end = np.maximum(arrivals + np.array([request.end or 0.0 for request in requests])[order], first)
    limits = options.limits or Limits()
    try:
        limits.require_room_for_all(prompts, outputs)
    except ValueError as error:
        raise AstraiSlidesError(f"{run.file}: {error}; give more --kv-tokens") from error
    arrivals_ns = np.rint(arrivals * NANOSECONDS).astype(np.int64)

    def simulated(cost: TurnCost) -> LimitedAccount:
        chosen = replace(options, honour_arrivals=True, cost=cost, limits=limits)
        return serve_limited(outputs, prompts, arrivals_ns, None, Policy.CONTINUOUS, chosen, keep_spans=True)

    try:
        cost = fit_costs(MeasuredTimes(arrivals, first, end, outputs), simulated)
    except ValueError as error:
        raise AstraiSlidesError(f"{run.file}: {error}; name a run with longer answers") from error
    account = simulated(cost)
    return Trial(
        run=run,
        options=replace(options, honour_arrivals=True, cost=cost, limits=limits),
        prompt_tokens=prompts,
        output_tokens=outputs,
        arrivals=arrivals,
        measured_first_token=first,
        measured_end=end,
        simulated_first_token=account.first_token_ns / NANOSECONDS,
        simulated_end=account.finished_ns / NANOSECONDS,
        preemptions=int(account.preempted.sum()),
        aborted=int(np.count_nonzero(account.yielded_tokens < outputs)),
    )
