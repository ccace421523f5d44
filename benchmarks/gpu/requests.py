"""The requests of a measurement: lengths from a trace or drawn memoryless, prompts drawn at random."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from astrai_slides.serving.sim.workload import GeometricLengths, TraceWorkload, Workload, load_workload
from benchmarks.gpu.serving import Job


@dataclass(frozen=True, slots=True)
class Asked:
    """`jobs` with lengths called `lengths`; `left_out`: requests of the workload that were too long for a slot."""

    lengths: str
    about: str
    jobs: tuple[Job, ...]
    left_out: int


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
    looked = int(kept[-1]) + 1 if len(kept) == count else len(whole)
    random = np.random.default_rng(seed)
    jobs = tuple(
        Job(random.integers(0, vocabulary, int(whole.prompt_tokens[at])).tolist(), int(whole.output_tokens[at]))
        for at in kept
    )
    return Asked(lengths, about, jobs, looked - len(kept))
