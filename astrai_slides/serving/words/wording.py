"""What a language has words for: the names and types that every module of `words` offers.

mypy holds each module to `Words` where it is put into `LANGUAGES`, so a sentence that is missing there is named.
"""
# ruff: noqa: D102 - each is described where it is worded, in en.py

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from astrai_slides.deck.parts.comparison import Comparison
from astrai_slides.serving.sim.claim import Claim
from astrai_slides.serving.sim.figures import ChatFigures, ThroughputFigures
from astrai_slides.serving.sim.measured import MeasuredRun, Metric
from astrai_slides.serving.sim.measured.sweep import LatencyMetric, MeasuredSweep
from astrai_slides.serving.sim.metrics import LimitMetrics
from astrai_slides.serving.sim.options import DecodeRule, Options
from astrai_slides.serving.sim.questions import DecodeRow, State
from astrai_slides.serving.sim.replay import Replay
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.simulation import Load
from astrai_slides.serving.sim.timeline import LoopPhase, Policy, Timeline
from astrai_slides.serving.sim.trial import Trial
from astrai_slides.serving.sim.workload import Origin, StagePick


@dataclass(frozen=True, slots=True)
class PhaseWords:
    """A phase of the loop: its name, and what it does, in lines."""

    name: str
    does: tuple[str, ...]


class Words(Protocol):
    """Short texts, sentences, captions and speaker notes of the decks on LLM serving, in one language."""

    PIPELINE: str
    STATES_HEADING: str
    LOOP_FOOT: str
    DIAL: tuple[str, ...]
    FLOW: str
    POLICY_HEADINGS: Mapping[Policy, str]
    THROUGHPUT: str
    ONE_THROUGHPUT: str
    REPLAY: str
    STATES: Mapping[State, str]
    PHASES: Mapping[LoopPhase, PhaseWords]
    POLICIES: Mapping[Policy, str]
    PROMPT: str
    ANSWER: str
    ANSWER_LENGTH: str
    TURN: str
    FIRST_TOKEN: str
    LAST_TOKEN: str
    IDLE_SLOT: str
    NO_TOKEN_YET: str
    WAITING: str
    PREFILL: str
    DECODING: str
    ROW: str
    POSITION: str
    KV_CACHE: str
    ONE_FORWARD_BLOCK: tuple[str, ...]
    ONE_TOKEN_EACH: str
    SAME_POSITION: str
    ONE_FORWARD: str
    ROWS_PER_FORWARD: str
    NOTHING_DECODES: str
    IN_FLIGHT: str
    SWEEP: str
    LATENCIES: Mapping[LatencyMetric, str]
    UNITS: Mapping[Metric, str]
    PLOT_TITLE: str
    PLOT_SLOTS: str
    PLOT_MEMORYLESS: tuple[str, str]

    def slot(self, number: int) -> str: ...

    def row(self, number: int) -> str: ...

    def percent(self, share: float) -> str: ...

    def seconds(self, time: float) -> str: ...

    def times(self, value: float) -> str: ...

    def rows(self, value: float) -> str: ...

    def promise(self, chat: ChatFigures) -> str: ...

    def byline(self, speaker: str, event: str, date: datetime.date | None) -> str: ...

    def title_notes(self, title: str, chat: ChatFigures) -> str: ...

    def pipeline_notes(self) -> str: ...

    def states_notes(self) -> str: ...

    def phases_notes(self) -> str: ...

    def spawn_heading(self, requests: Sequence[Request], slots: int) -> str: ...

    def spawn_foot(self, pick: StagePick | None) -> str: ...

    def spawn_notes(self, requests: Sequence[Request], slots: int, pick: StagePick | None = None) -> str: ...

    def workload_line(self, requests: Sequence[Request], slots: int, pick: StagePick | None) -> str: ...

    def turn_sentence(self, timeline: Timeline, turn: int) -> str: ...

    def useful_cells(self, share: float) -> str: ...

    def saved(self, turns: int) -> str: ...

    def toy_speedup(self, static: int, continuous: int) -> str: ...

    def occupancy_change(self, static: Timeline, continuous: Timeline) -> str: ...

    def conclusion(self, static: Timeline, continuous: Timeline) -> str: ...

    def flow_notes(self, static: Timeline, continuous: Timeline, policy: Policy | None = None) -> str: ...

    def replay_caption(self, shown: Replay) -> str: ...

    def replay_notes(self, shown: Replay) -> str: ...

    def replay_heading(self, label: str) -> str: ...

    def in_flight_sentence(self, shown: Replay) -> str: ...

    def runs_promise(self, runs: Sequence[MeasuredRun]) -> str: ...

    def runs_title(self, runs: Sequence[MeasuredRun]) -> str: ...

    def runs_notes(self, title: str, runs: Sequence[MeasuredRun]) -> str: ...

    def run_figures(self, run: MeasuredRun) -> str: ...

    def load_label(self, run: MeasuredRun) -> str: ...

    def sweep_caption(self, sweep: MeasuredSweep) -> str: ...

    def sweep_notes(self, sweep: MeasuredSweep) -> str: ...

    def frozen_heading(self, turn: int, rows: Sequence[DecodeRow]) -> str: ...

    def same_position_sentence(self, rows: Sequence[DecodeRow]) -> str: ...

    def merged_sentence(self, rows: Sequence[DecodeRow]) -> str: ...

    def rule_line(self, rule: DecodeRule) -> str: ...

    def decode_rules_caption(self, chat: ChatFigures) -> str: ...

    def batching_notes(self, continuous: Timeline, turn: int, chat: ChatFigures) -> str: ...

    def then_notes(self, continuous: Timeline, turn: int) -> str: ...

    def now_notes(self, chat: ChatFigures) -> str: ...

    def comparison(self, figures: ThroughputFigures) -> Comparison: ...

    def quotation(self, claim: Claim) -> str: ...

    def finding(self, figures: ThroughputFigures) -> str: ...

    def throughput_notes(self, figures: ThroughputFigures, claim: Claim | None) -> str: ...

    def workload_name(self, origin: Origin) -> str: ...

    def workload_source(self, origin: Origin) -> str: ...

    def assumptions(self, options: Options) -> tuple[str, ...]: ...

    def plot_caption(
        self, options: Options, requests: int, origin: Origin, overloaded: Sequence[int] = ()
    ) -> tuple[str, ...]: ...

    def report_lines(self, options: Options, origin: Origin, *, one_slot_count: bool) -> tuple[str, ...]: ...

    def overload_line(self, slots: int, load: Load) -> str: ...

    def limit_line(self, slots: int, limits: Mapping[Policy, LimitMetrics]) -> str: ...

    def trial_lines(self, trial: Trial) -> tuple[str, ...]: ...
