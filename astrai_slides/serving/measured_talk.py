"""A talk file of measured runs: which of them are replayed, and which are compared, by bars or under several loads."""

from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from astrai_slides.serving.own_words import WordsTable
from astrai_slides.serving.sim.measured import MeasuredRun, MeasuredThroughputs, Metric
from astrai_slides.serving.sim.measured.sweep import LatencyMetric, MeasuredSweep, measured_sweep
from astrai_slides.serving.sim.replay import Replay, replay
from astrai_slides.serving.talk import (
    LONGEST_LABEL,
    MeasuredConditions,
    MeasuredThroughput,
    ReplayedFlow,
    ThroughputRun,
)
from astrai_slides.talk.file import Talk
from astrai_slides.talk.tables import Items

MOST_REPLAYS = 6
MOST_POINTS = 24


class ReplayedRun(ReplayedFlow):
    """A run that is shown as it happened, under the speaker's `label`."""

    label: Annotated[str, Field(max_length=LONGEST_LABEL)] = ""


class SweepTable(MeasuredConditions):
    """Runs of one server under different loads: `metric` against the mean `latency` that all of them know."""

    runs: Annotated[Items[ThroughputRun], Field(alias="run", min_length=2, max_length=MOST_POINTS)]
    metric: Metric = "output_throughput"
    latency: LatencyMetric | None = None


class MeasuredTalk(Talk):
    """A talk file of the deck `MeasuredRuns`."""

    words: WordsTable = Field(default_factory=dict)
    flow: Annotated[Items[ReplayedRun], Field(max_length=MOST_REPLAYS)] = ()
    throughput: MeasuredThroughput | None = None
    sweep: SweepTable | None = None

    @model_validator(mode="after")
    def _something(self) -> "MeasuredTalk":
        if not self.flow and self.throughput is None and self.sweep is None:
            raise ValueError("no run is named; add [[flow]], [throughput] or [sweep], or run astrai-slides talk")
        return self

    def check_data(self) -> None:
        """Read the files that the talk names."""
        with self.blaming("flow"):
            self.replays()
        with self.blaming("throughput"):
            self.figures()
        with self.blaming("sweep"):
            self.swept()

    def replays(self) -> tuple[tuple[str, Replay], ...]:
        """The runs that are shown as they happened, each with its label."""
        return self._replays

    def figures(self) -> MeasuredThroughputs | None:
        """What the bars show; None for no bars."""
        return self._figures

    def swept(self) -> MeasuredSweep | None:
        """What throughput against latency shows; None where the runs are no sweep."""
        return self._swept

    def runs(self) -> tuple[MeasuredRun, ...]:
        """Every run that the talk names, once, those that are compared first."""
        compared = [each.run for shown in (self._figures, self._swept) if shown for each in shown.runs]
        return tuple(dict.fromkeys([*compared, *(shown.run for _, shown in self._replays)]))

    @cached_property
    def _replays(self) -> tuple[tuple[str, Replay], ...]:
        return tuple(
            (each.label, replay(self._read(each.replay, each.run), each.rows, each.requests, each.window))
            for each in self.flow
        )

    @cached_property
    def _figures(self) -> MeasuredThroughputs | None:
        return None if self.throughput is None else self.throughput.compared(self._read)

    @cached_property
    def _swept(self) -> MeasuredSweep | None:
        if self.sweep is None:
            return None
        runs = [each.labelled(self._read, "sweep") for each in self.sweep.runs]
        return measured_sweep(runs, self.sweep.metric, self.sweep.latency, self.sweep.conditions)

    def _read(self, file: str, number: int | None) -> MeasuredRun:
        path = self.find(file)
        known = self._known
        if (path, number) not in known:
            from astrai_slides.serving.sim.measured.reading import read_run

            known[path, number] = read_run(path, number)
        return known[path, number]

    @cached_property
    def _known(self) -> dict[tuple[Path, int | None], MeasuredRun]:
        """Runs that were read: a run that is replayed and compared is one."""
        return {}
