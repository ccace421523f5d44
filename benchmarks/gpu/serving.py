"""Static and continuous batching over the same model: one forward a turn, greedy tokens, real keys and values.

A turn prefills what is new and decodes one token of everything else, in one forward. A prompt is read whole in the turn
that yields its first token. Lengths of answers are given, as a benchmark's are, and no one looks at them beforehand.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.gpu.model import Row

Clock = Callable[[], float]
"""Seconds from some zero."""


class Forward(Protocol):
    """What serves: see `benchmarks.gpu.model.Model`."""

    slots: int
    longest: int

    def forward(self, rows: Sequence[Row]) -> list[int]:
        """The token that follows each of `rows`."""


@dataclass(frozen=True, slots=True)
class Job:
    """A request: tokens of its prompt, and how many its answer has."""

    prompt: Sequence[int]
    output: int


@dataclass(slots=True)
class Answer:
    """A request that was answered: its `tokens`, and seconds of the run when it was begun and when each token came.

    `begun` is None where the engine does not tell it.
    """

    job: Job
    begun: float | None
    tokens: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Served:
    """What was answered in `duration` seconds, in order of arrival, of `given` requests that all waited at the start.

    `rows`: computed in `turns` forwards, `padded` of them for requests that had ended.
    """

    answers: tuple[Answer, ...]
    given: int
    duration: float
    turns: int
    rows: int
    padded: int

    @property
    def cut(self) -> bool:
        """Whether time ran out before all were answered."""
        return len(self.answers) < self.given


def serve_static(model: Forward, jobs: Sequence[Job], clock: Clock, deadline: float) -> Served:
    """Answer `jobs` in batches of as many as the model has slots, each until its longest answer ends.

    A request that ended goes on as padding until then: its row is computed, and its tokens are dropped. At `deadline`
    (by `clock`) a batch is given up, and the run ends with the last whole one.
    """
    begin = clock()
    answers: list[Answer] = []
    duration, turns, rows, padded = 0.0, 0, 0, 0
    for first in range(0, len(jobs), model.slots):
        batch = [Answer(job, clock() - begin) for job in jobs[first : first + model.slots]]
        last: list[int] = []
        ended, dropped = 0, 0
        for turn in range(max(answer.job.output for answer in batch)):
            if clock() >= deadline:
                return Served(tuple(answers), len(jobs), duration, turns, rows, padded)
            if turn:
                # padding overwrites the last place of a slot that is full
                places = [min(len(each.job.prompt) + turn - 1, model.longest - 1) for each in batch]
                asked = [Row(slot, place, [last[slot]]) for slot, place in enumerate(places)]
            else:
                asked = [Row(slot, 0, each.job.prompt) for slot, each in enumerate(batch)]
            last = model.forward(asked)
            ended += len(asked)
            for answer, token in zip(batch, last, strict=True):
                if turn < answer.job.output:
                    answer.tokens.append(token)
                    answer.times.append(clock() - begin)
                else:
                    dropped += 1
        turns += max(answer.job.output for answer in batch)
        rows, padded = rows + ended, padded + dropped
        answers += batch
        duration = clock() - begin
    return Served(tuple(answers), len(jobs), duration, turns, rows, padded)


def serve_continuous(model: Forward, jobs: Sequence[Job], clock: Clock, deadline: float) -> Served:
    """Answer `jobs`, each from the turn after a slot came free.

    At `deadline` (by `clock`) the run ends with what was answered; what is still running counts as given, not answered.
    """
    begin = clock()
    waiting = deque(enumerate(jobs))
    running: dict[int, tuple[int, Answer]] = {}
    answered: list[tuple[int, Answer]] = []
    duration, turns, rows = 0.0, 0, 0
    while (waiting or running) and clock() < deadline:
        for slot in range(model.slots):
            if slot not in running and waiting:
                number, job = waiting.popleft()
                running[slot] = number, Answer(job, clock() - begin)
        asked = [
            Row(slot, len(each.job.prompt) + len(each.tokens) - 1, each.tokens[-1:])
            if each.tokens
            else Row(slot, 0, each.job.prompt)
            for slot, (_, each) in running.items()
        ]
        following = model.forward(asked)
        now = clock() - begin
        turns, rows = turns + 1, rows + len(asked)
        for (slot, (number, answer)), token in zip(tuple(running.items()), following, strict=True):
            answer.tokens.append(token)
            answer.times.append(now)
            if len(answer.tokens) == answer.job.output:
                answered.append((number, answer))
                del running[slot]
                duration = now
    answered.sort(key=lambda each: each[0])
    return Served(tuple(answer for _, answer in answered), len(jobs), duration, turns, rows, 0)
