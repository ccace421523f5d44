"""Workloads: the requests of a run, written out, drawn from a seed, or read from a trace; and where they come from.

A `WorkloadSpec` says what to load, in a talk file or on the command line; `load_workload` loads it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from astrai_slides.serving.sim.lengths import constant_lengths, memoryless_lengths
from astrai_slides.serving.sim.recorded import RunOrigin, is_result, read_recorded
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.throughput import TurnCounts, turn_counts
from astrai_slides.serving.sim.traces import Cut, TraceOrigin, read_trace
from astrai_slides.serving.sim.traces.table import MOST_TOKENS
from astrai_slides.talk.tables import Items, Table

MOST_REQUESTS = 10_000_000
"""Synthetic requests that are drawn at once."""
MOST_CUT = 10**12
"""Rows that a cut may name: no trace has as many, and no array counts many more."""
DEFAULT_REQUESTS = 200_000
DEFAULT_MEAN = 200.0
DEFAULT_PROMPT = 512
"""Prompt tokens of synthetic requests, as in AstrAI's own benchmark script."""
DEFAULT_SIGMA = 1.0
"""Spread of lognormal lengths: the standard deviation of their natural logarithm."""
MOST_SIGMA = 10.0

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Tokens = Annotated[int, Field(ge=1, le=MOST_TOKENS)]


class ExplicitRequest(Table):
    """One request written out; `arrival` in seconds."""

    name: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    prompt: Tokens
    output: Tokens
    arrival: Annotated[float, Field(ge=0, le=1e11)] = 0.0


class ExplicitWorkload(Table):
    """Requests written out."""

    kind: Literal["explicit"]
    requests: Annotated[Items[ExplicitRequest], Field(min_length=1)]


class _Synthetic(Table):
    """What all synthetic lengths share: answers of `mean` tokens, cut off at `cap`, drawn from `seed`."""

    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS)] = DEFAULT_REQUESTS
    mean: Annotated[float, Field(ge=1, le=MOST_TOKENS)] = DEFAULT_MEAN
    cap: Tokens | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    prompt: Tokens = DEFAULT_PROMPT


class ConstantLengths(_Synthetic):
    """Every answer of exactly `mean` tokens, which must be a whole number."""

    kind: Literal["constant"]

    @model_validator(mode="after")
    def _whole(self) -> "ConstantLengths":
        if self.mean != int(self.mean):
            raise ValueError(f"constant lengths are whole numbers of tokens, not mean = {self.mean:g}; round it")
        return self


class UniformLengths(_Synthetic):
    """Every length from 1 to 2 * `mean` - 1 as likely as any other; that must be a whole number."""

    kind: Literal["uniform"]

    @model_validator(mode="after")
    def _whole(self) -> "UniformLengths":
        if 2 * self.mean != int(2 * self.mean):
            raise ValueError(f"uniform lengths go from 1 to 2 * mean - 1; mean = {self.mean:g} must be a half or whole")
        return self


class GeometricLengths(_Synthetic):
    """Memoryless lengths: after every token the answer ends with the same chance."""

    kind: Literal["geometric"]


class LognormalLengths(_Synthetic):
    """Lengths whose logarithm is normal with deviation `sigma`, rounded up to whole tokens."""

    kind: Literal["lognormal"]
    sigma: Annotated[float, Field(gt=0, le=MOST_SIGMA)] = DEFAULT_SIGMA


SyntheticWorkload = ConstantLengths | UniformLengths | GeometricLengths | LognormalLengths


class TraceWorkload(Table):
    """A trace file, and which of its requests to keep: a window in seconds, every k-th, the first N, in this order."""

    kind: Literal["trace"]
    file: Annotated[str, Field(min_length=1)]
    format: Literal["auto", "azure", "burstgpt", "vidur", "mooncake", "bailian", "splitwise", "llmservingsim"] = "auto"
    first: Annotated[int, Field(ge=1, le=MOST_CUT)] | None = None
    window: Annotated[Items[float], Field(min_length=2, max_length=2)] | None = None
    every: Annotated[int, Field(ge=1, le=MOST_CUT)] = 1

    @model_validator(mode="after")
    def _forwards(self) -> "TraceWorkload":
        if self.window is not None and not 0 <= self.window[0] < self.window[1]:
            raise ValueError("a window goes from a second to a later one, as window = [0, 600]; mend it")
        return self

    @property
    def cut(self) -> Cut:
        """Which rows to keep."""
        window = None if self.window is None else (self.window[0], self.window[1])
        return Cut(window, self.every, self.first)


WorkloadSpec = Annotated[ExplicitWorkload | SyntheticWorkload | TraceWorkload, Field(discriminator="kind")]
"""What to load, by `kind`."""


@dataclass(frozen=True, slots=True)
class WrittenOrigin:
    """So many `requests` were written out."""

    requests: int


Origin = SyntheticWorkload | TraceOrigin | RunOrigin | WrittenOrigin
"""Where requests come from: lengths drawn as a spec says, a file, or written out."""


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """Requests as arrays of one entry each, in order of arrival.

    `prompt_tokens` and `output_tokens` (>= 1), `arrivals` in seconds after the first (all 0: a full queue); `origin`:
    what they were drawn from, or of which file they are and how it was cut. `names`: what requests are called, if
    they were named.
    """

    prompt_tokens: IntArray
    output_tokens: IntArray
    arrivals: FloatArray
    origin: Origin
    names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for values in (self.prompt_tokens, self.output_tokens, self.arrivals):
            values.setflags(write=False)

    @property
    def skipped(self) -> int:
        """Requests of a file that were kept out because they failed."""
        return self.origin.skipped if isinstance(self.origin, (TraceOrigin, RunOrigin)) else 0

    def __len__(self) -> int:
        return len(self.output_tokens)

    def requests(self) -> tuple[Request, ...]:
        """The requests one by one, called R1, R2 and so on unless they have names; for workloads of a few."""
        names = self.names or [f"R{number}" for number in range(1, len(self) + 1)]
        columns = self.prompt_tokens.tolist(), self.output_tokens.tolist(), self.arrivals.tolist()
        return tuple(Request(*values) for values in zip(names, *columns, strict=True))


def load_workload(spec: WorkloadSpec, find: Callable[[str], Path] = Path) -> Workload:
    """The workload that `spec` describes; `find` turns a file that it names into a path.

    Synthetic workloads depend on the seed alone, on every machine. Raises AstraiSlidesError for a trace that cannot
    be read, with file, line and remedy.
    """
    if isinstance(spec, ExplicitWorkload):
        return _explicit(spec)
    if isinstance(spec, TraceWorkload):
        path = find(spec.file)
        if spec.format == "auto" and is_result(path):
            recorded, run = read_recorded(path, spec.cut)
            return Workload(recorded.prompt_tokens, recorded.output_tokens, recorded.arrivals, run)
        rows, origin = read_trace(path, spec.format, spec.cut)
        return Workload(rows.prompt_tokens, rows.output_tokens, rows.arrivals, origin)
    outputs = _draw(spec)
    if spec.cap is not None:
        outputs = np.minimum(outputs, spec.cap)
    prompts = np.full(spec.requests, spec.prompt, dtype=np.int64)
    return Workload(prompts, outputs, np.zeros(spec.requests), spec)


def _explicit(spec: ExplicitWorkload) -> Workload:
    requests = spec.requests
    arrivals = np.array([request.arrival for request in requests], dtype=np.float64)
    order = np.argsort(arrivals, kind="stable")
    names = [request.name or f"R{number}" for number, request in enumerate(requests, 1)]
    return Workload(
        np.array([request.prompt for request in requests], dtype=np.int64)[order],
        np.array([request.output for request in requests], dtype=np.int64)[order],
        arrivals[order] - arrivals.min(),
        WrittenOrigin(len(requests)),
        names=tuple(names[place] for place in order),
    )


def _draw(spec: SyntheticWorkload) -> IntArray:
    if isinstance(spec, ConstantLengths):
        return constant_lengths(spec.requests, int(spec.mean))
    if isinstance(spec, GeometricLengths):
        return memoryless_lengths(spec.requests, spec.mean, spec.seed)
    generator = np.random.Generator(np.random.PCG64(spec.seed))
    if isinstance(spec, UniformLengths):
        return generator.integers(1, int(2 * spec.mean), size=spec.requests, dtype=np.int64)
    # The mean of a lognormal is exp(mu + sigma^2 / 2); rounding up adds half a token.
    median = math.log(max(spec.mean - 0.5, 0.5)) - spec.sigma**2 / 2
    lengths = np.ceil(generator.lognormal(median, spec.sigma, size=spec.requests))
    return np.clip(lengths, 1, MOST_TOKENS).astype(np.int64)


@dataclass(frozen=True, slots=True)
class WorkloadSpeedup:
    """Turns of both policies for the requests of `origin`, at a full queue and constant step time."""

    counts: TurnCounts
    origin: Origin

    @property
    def slots(self) -> int:
        """Slots of both policies."""
        return self.counts.slots

    @property
    def speedup(self) -> float:
        """Continuous over static batching."""
        return self.counts.speedup


def workload_speedup(workload: Workload, slots: int) -> WorkloadSpeedup:
    """Throughput of continuous over static batching for `workload`, computed by the scheduler at a full queue."""
    return WorkloadSpeedup(turn_counts(workload.output_tokens, slots), workload.origin)


STAGE_REQUESTS = 5
STAGE_OUTPUT = 8
STAGE_PROMPT = 12
MOST_ON_STAGE = 8
MOST_OUTPUT_ON_STAGE = 40


class Pick(Table):
    """Which requests of a workload move on stage, and how long the longest of them may be, in tokens.

    `order`: "spread" takes them evenly from the whole workload, "first" from its beginning.
    """

    requests: Annotated[int, Field(ge=1, le=MOST_ON_STAGE)] = STAGE_REQUESTS
    order: Literal["spread", "first"] = "spread"
    longest_output: Annotated[int, Field(ge=1, le=MOST_OUTPUT_ON_STAGE)] = STAGE_OUTPUT
    longest_prompt: Annotated[int, Field(ge=1, le=MOST_TOKENS)] = STAGE_PROMPT


@dataclass(frozen=True, slots=True)
class StagePick:
    """A handful of a workload's requests, scaled to fit the stage, all waiting at the start.

    They were picked from `total` requests of `origin` in `order`, and their prompts and outputs were divided by the
    scales (1: as they were).
    """

    requests: tuple[Request, ...]
    total: int
    order: Literal["spread", "first"]
    prompt_scale: float
    output_scale: float
    origin: Origin


def pick_for_stage(workload: Workload, pick: Pick) -> StagePick:
    """The requests of `workload` that move on stage, in order of arrival, with lengths scaled to those of `pick`.

    Lengths shrink in proportion, to one token at least, and never grow. All wait at the start: arrival times are
    too far apart to be drawn.
    """
    total = len(workload)
    count = min(pick.requests, total)
    if pick.order == "first":
        places = list(range(count))
    else:
        places = [(2 * number + 1) * total // (2 * count) for number in range(count)]
    prompts, prompt_scale = _scaled([int(workload.prompt_tokens[place]) for place in places], pick.longest_prompt)
    outputs, output_scale = _scaled([int(workload.output_tokens[place]) for place in places], pick.longest_output)
    requests = tuple(
        Request(f"R{number}", prompt, output)
        for number, (prompt, output) in enumerate(zip(prompts, outputs, strict=True), 1)
    )
    return StagePick(requests, total, pick.order, prompt_scale, output_scale, workload.origin)


def _scaled(lengths: list[int], longest: int) -> tuple[list[int], float]:
    """`lengths` shrunk so that none exceeds `longest`, and by how much."""
    scale = max(lengths) / longest
    if scale <= 1:
        return lengths, 1.0
    # Half a token and more counts as one; the longest comes out exactly.
    return [max(1, math.floor(length / scale + 0.5)) for length in lengths], scale
