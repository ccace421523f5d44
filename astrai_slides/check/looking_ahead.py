"""Steps of a recording that forks of this process look through while it looks through others."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeAlias

from astrai_slides.base.forks import Fork, ForkDiedError, Forks
from astrai_slides.check.looked import Looked
from astrai_slides.check.seen import StepSeen

FEWEST_FRAMES = 120
"""Fewer pictures than that are looked through sooner than another process starts."""

Look: TypeAlias = Callable[[StepSeen], Looked]
"""Looks through a step."""


@contextmanager
def looking_ahead(steps: Sequence[StepSeen], look: Look, workers: int) -> Iterator[Look]:
    """Have so many processes `look` through `steps`, this one among them; yields what tells what was found in one."""
    others = _parts(steps, workers)[1:]  # the first part is this process's own
    with Forks(len(others)) as forks:
        started: dict[int, Fork] = {}
        with suppress(OSError):  # of a system that has no room for another process: then it is done here
            for part in others if forks.count else ():
                fork = forks.start(partial(_as_bytes, part, look))
                started.update((step.place, fork) for step in part)
        found: dict[int, Looked] = {}

        def looked(step: StepSeen) -> Looked:
            fork = started.pop(step.place, None)
            if fork is not None and step.place not in found:
                found.update(_found_by(fork, forks))
            return found.pop(step.place, None) or look(step)

        yield looked


def _parts(steps: Sequence[StepSeen], workers: int) -> list[list[StepSeen]]:
    """Divide `steps` into neighbours that have about as many pictures each."""
    weights = [len(step.step.runs) + len(step.step.rests) for step in steps]
    whole = sum(weights)
    parts: list[list[StepSeen]] = [[] for _ in range(max(min(workers, len(steps)), 1) if whole >= FEWEST_FRAMES else 1)]
    before = 0
    for step, weight in zip(steps, weights, strict=True):
        # where its middle lies
        parts[len(parts) * (2 * before + weight) // (2 * whole + 1)].append(step)
        before += weight
    return parts


def _as_bytes(steps: Sequence[StepSeen], look: Look) -> bytes:
    return pickle.dumps({step.place: look(step) for step in steps})


def _found_by(fork: Fork, forks: Forks) -> dict[int, Looked]:
    """What `fork` found, by the step's place; nothing if it died."""
    while not fork.is_over:
        forks.wait()
    try:
        found: dict[int, Looked] = pickle.loads(fork.found())
        return found
    except (ForkDiedError, EOFError, pickle.UnpicklingError):
        return {}
