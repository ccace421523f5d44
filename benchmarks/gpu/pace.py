"""How fast an engine is, by one batch that is tried, and how many requests it can so answer in a time."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from astrai_slides.serving.sim import Options, Policy
from astrai_slides.serving.sim.fast import run
from benchmarks.gpu.serving import Clock, Job, Served

Serve = Callable[[Sequence[Job], Clock, float], Served]
"""Answers jobs until a time of the clock."""

WARM_UP = 3
"""Turns of each batch size: AstrAI computes the first, captures the second as a CUDA graph and replays the third."""
TRIED = 8
"""Tokens of an answer that are tried, so that the first's prefill and what a turn takes can be told apart."""
FEWEST = 3
"""Batches that are asked for however slow the engine is: one alone says little of batches."""
MARGIN = 1.3
"""Turns get longer as answers do, which a trial of few tokens does not see."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a `turn` takes, and that reading a `prompt` takes besides."""

    turn: float
    prompt: float

    def needed(self, jobs: Sequence[Job], slots: int) -> dict[str, float]:
        """Seconds that each policy is expected to take for `jobs`, by the simulator's turns."""
        outputs = [job.output for job in jobs]
        static, continuous = (
            run(outputs, policy, Options(slots)).turns for policy in (Policy.STATIC, Policy.CONTINUOUS)
        )
        prompts = len(jobs) * self.prompt
        return {
            "static": MARGIN * (static * self.turn + prompts),
            # a prompt that comes alone may take as much as a turn, however short it is
            "continuous": MARGIN * ((continuous + len(jobs)) * self.turn + prompts),
        }


def warm_ups(jobs: Sequence[Job], longest: int) -> list[Job]:
    """`jobs` with answers that end one by one, `WARM_UP` turns apart: so batches of every size are computed."""
    answers = [min(1 + WARM_UP * number, longest - 1) for number in range(1, len(jobs) + 1)]
    return [Job(job.prompt[: longest - output], output) for job, output in zip(jobs, answers, strict=True)]


def try_out(serve: Serve, jobs: Sequence[Job], clock: Clock, deadline: float) -> Pace | None:
    """The pace at which `serve` answers the beginnings of `jobs`, one batch; None if the time is up before it did."""
    served = serve([replace(job, output=min(job.output, TRIED)) for job in jobs], clock, deadline)
    if served.cut:
        return None
    first = max(answer.times[0] for answer in served.answers)
    turns = max(len(answer.times) for answer in served.answers) - 1
    turn = (max(answer.times[-1] for answer in served.answers) - first) / turns if turns else 0.0
    return Pace(turn, first / len(jobs))


def as_many_as_fit(pace: Pace, jobs: Sequence[Job], slots: int, seconds: float) -> int:
    """How many of `jobs` both policies may answer in `seconds`: all, or whole batches, at least `FEWEST`."""
    counts: list[int] = [*range(slots, len(jobs), slots), len(jobs)]
    fitting = bisect_right(counts, seconds, key=lambda count: sum(pace.needed(jobs[:count], slots).values()))
    return counts[max(fitting, min(FEWEST, len(counts))) - 1]
