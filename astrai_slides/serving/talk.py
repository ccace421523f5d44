"""A talk file of LLM serving: what moves on stage, what the flow step shows, and the bars of the last step."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.own_words import WordsTable
from astrai_slides.serving.sim.claim import Claim
from astrai_slides.serving.sim.figures import (
    DEFAULT_SLOTS,
    MEMORYLESS_MEAN,
    MEMORYLESS_REQUESTS,
    MEMORYLESS_SEED,
    ComputedSpeedups,
    Lengths,
    ThroughputFigures,
    computed_speedups,
)
from astrai_slides.serving.sim.measured import (
    Batch,
    Conditions,
    Labelled,
    MeasuredRun,
    MeasuredThroughputs,
    Metric,
    WrittenThroughputs,
    measured_throughputs,
)
from astrai_slides.serving.sim.measured.vllm_latency import in_batches
from astrai_slides.serving.sim.replay import DEFAULT_REQUESTS, Replay, replay
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.workload import (
    MOST_REQUESTS,
    Pick,
    StagePick,
    WorkloadSpec,
    WorkloadSpeedup,
    load_workload,
    pick_for_stage,
    workload_speedup,
)
from astrai_slides.talk.file import Talk
from astrai_slides.talk.tables import Items, Table, written_date

MAX_STAGE_SLOTS = 4
MAX_STAGE_REQUESTS = 8
MAX_STAGE_TURNS = 120
"""Turns of the static schedule that fit side by side on a slide."""
MAX_STAGE_NAME = 4
MAX_PROMPT = 10_000_000
MOST_SLOTS = 100_000
MAX_REPLAY_REQUESTS = 40
MAX_REPLAY_ROWS = MAX_REPLAY_REQUESTS
MOST_SECONDS = 1e7
MOST_BARS = 6
LONGEST_LABEL = 40
"""Characters of what a run is called."""
PROMO = Claim("3.4×, single GPU", "AstrAI’s promo", measured=False)
"""What the promo that the flagship explains says; it names no measurement."""


class ToyRequest(Table):
    """A request of the toy: tokens of its prompt and of its answer; unnamed ones are R1, R2 and so on."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_STAGE_NAME)] | None = None
    prompt: Annotated[int, Field(ge=1, le=MAX_PROMPT)]
    output: Annotated[int, Field(ge=1, le=MAX_STAGE_TURNS)]


class Toy(Table):
    """The workload that moves on stage: `requests` written out, or picked from a `workload` as `pick` says."""

    slots: Annotated[int, Field(ge=1, le=MAX_STAGE_SLOTS)]
    requests: Annotated[Items[ToyRequest], Field(max_length=MAX_STAGE_REQUESTS)] | None = None
    workload: WorkloadSpec | None = None
    pick: Pick | None = None

    @model_validator(mode="after")
    def _one_workload(self) -> "Toy":
        if self.workload is None and not self.requests:
            state = "there is no workload" if self.requests is None else "the workload is empty"
            raise ValueError(f"{state}; add requests = [{{ prompt = 4, output = 2 }}], or a table [toy.workload]")
        if self.workload is not None and self.requests is not None:
            raise ValueError("requests and workload both say what moves on stage; keep one of them")
        if self.workload is None and self.pick is not None:
            raise ValueError("pick chooses from a workload, and there is none; remove it, or add [toy.workload]")
        if self.requests:
            stage_fits(written_requests(self.requests), self.slots)
        return self


class Quotation(Table):
    """What somebody says: their words `text`, `by` whom, and whether they published what they `measured`."""

    text: Annotated[str, Field(min_length=1, max_length=80)]
    by: Annotated[str, Field(min_length=1, max_length=40)]
    measured: bool


class _Throughput(Table):
    """What every source of the bars has: a `claim`, quoted beside what is computed or measured here.

    The figures of a quotation are its author's, and stay as they are; `claim = false` quotes nobody.
    """

    claim: Quotation | None = None

    @field_validator("claim", mode="before")
    @classmethod
    def _quoted(cls, claim: Any) -> Any:
        if claim is False:
            return None
        if not isinstance(claim, (dict, Quotation)):
            raise ValueError(
                'a claim is a quotation; write it as { text = "...", by = "who says it", measured = false }, or false'
                " for none: what is computed or measured here stands beside it by itself"
            )
        return claim

    @property
    def quoted(self) -> Claim | None:
        """Whom the slide quotes; None for nobody."""
        return None if self.claim is None else Claim(self.claim.text, self.claim.by, self.claim.measured)


class ComputedThroughput(_Throughput):
    """Bars computed by the scheduler: from lengths drawn with a seed and the shipped chat figures, or a `workload`.

    `lengths` shows one of the former kinds alone.
    """

    source: Literal["computed"]
    slots: Annotated[int, Field(ge=1, le=MOST_SLOTS)] = DEFAULT_SLOTS
    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS)] | None = None
    mean: Annotated[float, Field(ge=1, le=MAX_PROMPT)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    lengths: Lengths = "all"
    workload: WorkloadSpec | None = None

    @model_validator(mode="after")
    def _one_workload(self) -> "ComputedThroughput":
        drawn = [name for name in ("requests", "mean", "seed") if getattr(self, name) is not None]
        drawn += ["lengths"] * (self.lengths != "all")
        if self.workload is not None and drawn:
            raise ValueError(f"{drawn[0]} belongs to the drawn lengths, and workload replaces them; remove one of them")
        return self

    @property
    def quoted(self) -> Claim | None:
        """Whom the slide quotes: unless the talk says otherwise, the promo that the drawn lengths explain."""
        if self.workload is None and "claim" not in self.model_fields_set:
            return PROMO
        return super().quoted

    def figures(self, find: Callable[[str], Path]) -> ComputedSpeedups | WorkloadSpeedup:
        """The figures, computed now."""
        if self.workload is not None:
            return workload_speedup(load_workload(self.workload, find), self.slots)
        computed = computed_speedups(
            self.slots,
            requests=MEMORYLESS_REQUESTS if self.requests is None else self.requests,
            mean=MEMORYLESS_MEAN if self.mean is None else self.mean,
            seed=MEMORYLESS_SEED if self.seed is None else self.seed,
        )
        if self.lengths == "chat" and computed.chat is None:
            most = max(computed.source.turns)
            raise AstraiSlidesError(f'lengths = "chat" is known for up to {most} slots, not {self.slots}; take fewer')
        return replace(computed, lengths=self.lengths)


class MeasuredConditions(Table):
    """What a speaker knows about a measurement and its files do not say."""

    model: str = ""
    gpu: str = ""
    date: str = ""
    slots: Annotated[int, Field(ge=1, le=MOST_SLOTS)] | None = None
    lengths: str = ""

    @field_validator("date", mode="before")
    @classmethod
    def _written_date(cls, value: Any) -> str:
        day = written_date(value)
        return day.isoformat() if day else ""

    @property
    def conditions(self) -> Conditions:
        """What is known."""
        return Conditions(self.model, self.gpu, self.date, self.slots, self.lengths)


class ThroughputRun(Table):
    """A bar: a result of a benchmark, under the speaker's `label`; `run` (from 1) for a `file` that holds several.

    `batch_size`, `output_len` and, if known, `input_len` (tokens of a request) are for a file of vllm bench latency.
    """

    label: Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL)]
    file: Annotated[str, Field(min_length=1)]
    run: Annotated[int, Field(ge=1)] | None = None
    batch_size: Annotated[int, Field(ge=1, le=MOST_SLOTS)] | None = None
    output_len: Annotated[int, Field(ge=1, le=MAX_PROMPT)] | None = None
    input_len: Annotated[int, Field(ge=1, le=MAX_PROMPT)] | None = None

    @model_validator(mode="after")
    def _whole_batch(self) -> "ThroughputRun":
        given = (self.batch_size, self.output_len, self.input_len)
        if any(given) and (self.batch_size is None or self.output_len is None):
            lacking = "batch_size" if self.batch_size is None else "output_len"
            raise ValueError(f"a batch is told by batch_size and output_len together; add {lacking}, or remove both")
        return self

    @property
    def batch(self) -> Batch | None:
        """What the speaker says of the batch; None for nothing."""
        if self.batch_size is None or self.output_len is None:
            return None
        return Batch(self.batch_size, self.output_len, self.input_len)

    def labelled(self, read: Callable[[str, int | None], MeasuredRun], table: str) -> Labelled:
        """The run that `read` gives for the file, and which one of several in it; `table` holds it, for messages."""
        run = in_batches(read(self.file, self.run), self.batch, f"[[{table}.run]] {self.label!r}")
        return Labelled(self.label, run)


class MeasuredThroughput(_Throughput, MeasuredConditions):
    """Bars read from results of benchmarks; the others are compared with the first."""

    source: Literal["measured"]
    runs: Annotated[Items[ThroughputRun], Field(alias="run", min_length=1, max_length=MOST_BARS)]
    metric: Metric = "output_throughput"

    @classmethod
    def remedy_for(cls, key: str) -> str:
        """What to do about an unknown key."""
        if key.removesuffix("_run") in ("static", "continuous"):
            return (
                "labels are the speaker's, as no file says how a server batches; write a table"
                f' [[throughput.run]] with label = "{key.removesuffix("_run")}", file and, for a file of several, run'
            )
        return super().remedy_for(key)

    def figures(self, find: Callable[[str], Path]) -> MeasuredThroughputs:
        """The figures, read now."""
        from astrai_slides.serving.sim.measured.reading import read_run

        return self.compared(lambda file, number: read_run(find(file), number))

    def compared(self, read: Callable[[str, int | None], MeasuredRun]) -> MeasuredThroughputs:
        """The figures of the runs that `read` gives for a file, and which one of several in it."""
        runs = [each.labelled(read, "throughput") for each in self.runs]
        return measured_throughputs(runs, self.metric, self.conditions)


class TableThroughput(_Throughput, MeasuredConditions):
    """Bars as somebody measured them and wrote them down; `measured_by` says who, with what, or where it is published.

    `static` and `continuous` in `unit`, output tokens a second unless given; `requests` is N.
    """

    source: Literal["table"]
    static: Annotated[float, Field(gt=0)]
    continuous: Annotated[float, Field(gt=0)]
    unit: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    measured_by: Annotated[str, Field(min_length=1)]
    requests: Annotated[int, Field(ge=1)] | None = None

    def figures(self, find: Callable[[str], Path]) -> WrittenThroughputs:
        """The figures, as they were written."""
        return WrittenThroughputs(
            self.static, self.continuous, self.unit, self.measured_by, self.requests, self.conditions
        )


Throughput = Annotated[ComputedThroughput | MeasuredThroughput | TableThroughput, Field(discriminator="source")]


class ReplayedFlow(Table):
    """A result of a benchmark, with the times of its requests, to be replayed as the flow step.

    `run` (from 1) says which one, for a file that holds several. Shown are `requests` in a row, the first ones sent
    `from` so many seconds after the first of all and before `to`; fewer where `rows` are given and hold no more.
    """

    replay: Annotated[str, Field(min_length=1)]
    run: Annotated[int, Field(ge=1)] | None = None
    rows: Annotated[int, Field(ge=1, le=MAX_REPLAY_ROWS)] | None = None
    requests: Annotated[int, Field(ge=1, le=MAX_REPLAY_REQUESTS)] = DEFAULT_REQUESTS
    start: Annotated[float, Field(ge=0, le=MOST_SECONDS)] = Field(default=0.0, alias="from")
    end: Annotated[float, Field(gt=0, le=MOST_SECONDS)] | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _forwards(self) -> "ReplayedFlow":
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"from = {self.start:g} is not before to = {self.end:g}; mend one of them")
        return self

    @property
    def window(self) -> tuple[float, float]:
        """From when to when, in seconds after the first request of the run."""
        return self.start, math.inf if self.end is None else self.end


@dataclass(frozen=True, slots=True)
class ToyFlow:
    """Requests to be scheduled on stage, all waiting at the start; `pick`: out of what, if not written out."""

    requests: tuple[Request, ...]
    slots: int
    pick: StagePick | None = None


class ServingTalk(Talk):
    """A talk file of a deck on LLM serving."""

    substeps: bool = False
    words: WordsTable = Field(default_factory=dict)
    toy: Toy
    flow_table: Annotated[ReplayedFlow | None, Field(alias="flow")] = None
    throughput: Throughput = ComputedThroughput(source="computed")

    def check_data(self) -> None:
        """Read the files that the talk names, and compute what comes of them."""
        with self.blaming("toy"):
            self.toy_requests()
        with self.blaming("flow"):
            self.flow()
        with self.blaming("throughput"):
            self.figures()

    def toy_requests(self) -> tuple[Request, ...]:
        """The requests that move on stage."""
        return self._toy_flow.requests

    @property
    def stage_knobs(self) -> tuple[str, ...]:
        """Names of the knobs that change what moves on stage."""
        return tuple(knob.name for knob in self.knobs if knob.name.partition(".")[0] in ("toy", "flow"))

    def toy_pick(self) -> StagePick | None:
        """What the requests on stage were picked from and how they were scaled; None if they were written out."""
        return self._toy_flow.pick

    def flow(self) -> ToyFlow | Replay:
        """What the flow step shows: requests to be scheduled, or a measured run to be replayed."""
        return self._flow

    def figures(self) -> ThroughputFigures:
        """What the throughput step shows, and where it comes from."""
        return self._figures

    @cached_property
    def _toy_flow(self) -> ToyFlow:
        toy = self.toy
        if toy.workload is None:
            return ToyFlow(written_requests(toy.requests or ()), toy.slots)
        picked = pick_for_stage(load_workload(toy.workload, self.find), toy.pick or Pick())
        try:
            stage_fits(picked.requests, toy.slots)
        except ValueError as error:
            raise AstraiSlidesError(f"{error}, or pick fewer or shorter requests") from None
        return ToyFlow(picked.requests, toy.slots, picked)

    @cached_property
    def _flow(self) -> ToyFlow | Replay:
        table = self.flow_table
        if table is None:
            return self._toy_flow
        from astrai_slides.serving.sim.measured.reading import read_run

        return replay(read_run(self.find(table.replay), table.run), table.rows, table.requests, table.window)

    @cached_property
    def _figures(self) -> ThroughputFigures:
        return self.throughput.figures(self.find)


def written_requests(requests: Sequence[ToyRequest]) -> tuple[Request, ...]:
    """The requests of a talk file, all named."""
    return tuple(
        Request(request.name or f"R{number}", request.prompt, request.output)
        for number, request in enumerate(requests, 1)
    )


def stage_fits(requests: Sequence[Request], slots: int) -> None:
    """Check that requests can be told apart and their schedule be read on stage; raises ValueError with the remedy."""
    names = [request.name for request in requests]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two requests are called {twice}; give every request a name of its own")
    outputs = [request.output_tokens for request in requests]
    # A static batch takes as long as the longest of its answers.
    turns = sum(max(outputs[start : start + slots]) for start in range(0, len(outputs), slots))
    if turns > MAX_STAGE_TURNS:
        raise ValueError(
            f"static batching takes {turns} turns, and {MAX_STAGE_TURNS} fit on a slide; shorten outputs or add slots"
        )
