"""The requests of a measurement: lengths from a trace or drawn memoryless, prompts drawn at random."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from astrai_slides.serving.sim.workload import GeometricLengths, TraceWorkload, Workload, load_workload
from benchmarks.gpu.serving import Job


@dataclass(frozen=True, slots=True)
class Asked:
    """`jobs` with lengths called `lengths`, and the `places` that they have in the workload."""

    lengths: str
    about: str
    jobs: tuple[Job, ...]
    places: tuple[int, ...]

    @property
    def left_out(self) -> int:
        """Requests up to the last of the jobs that were too long for a slot."""
        return self.places[-1] + 1 - len(self.jobs) if self.jobs else 0

    def first(self, count: int) -> Self:
        """The same with no more than `count` jobs."""
        return replace(self, jobs=self.jobs[:count], places=self.places[:count])


def of_trace(file: Path, count: int, longest: int, vocabulary: int, seed: int) -> Asked:
    """The first `count` requests of the trace or result at `file` that fit into `longest` tokens, in its order.

    Raises AstraiSlidesError for a file that cannot be read.
    """
    whole = load_workload(TraceWorkload(kind="trace", file=str(file)))
    return _asked("trace", f"first requests of {file.name}", whole, count, longest, vocabulary, seed)


def memoryless(mean: float, prompt: int, count: int, longest: int, vocabulary: int, seed: int) -> Asked:
    """`count` requests with prompts of `prompt` tokens and memoryless answers of `mean` tokens, but for the longest."""
    # more than are asked for, as some may be too long for a slot
    spec = GeometricLengths(kind="geometric", requests=4 * count, mean=mean, prompt=prompt, seed=seed)
    about = f"memoryless answers of {mean:g} tokens on average, prompts of {prompt}"
    return _asked("memoryless", about, load_workload(spec), count, longest, vocabulary, seed)


def _asked(lengths: str, about: str, whole: Workload, count: int, longest: int, vocabulary: int, seed: int) -> Asked:
    fits = whole.prompt_tokens + whole.output_tokens <= longest
    kept = np.flatnonzero(fits)[:count]
    random = np.random.default_rng(seed)
    jobs = tuple(
        Job(random.integers(0, vocabulary, int(whole.prompt_tokens[at])).tolist(), int(whole.output_tokens[at]))
        for at in kept
    )
    return Asked(lengths, about, jobs, tuple(kept.tolist()))
