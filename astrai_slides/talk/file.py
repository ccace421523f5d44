"""A talk file: what to show, from which data, in which theme; a TOML file in presentations/, as a typed model."""

import ast
import datetime
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.theme import THEMES
from astrai_slides.serving.sim.figures import (
    DEFAULT_SLOTS,
    MEMORYLESS_MEAN,
    MEMORYLESS_REQUESTS,
    MEMORYLESS_SEED,
    Bar,
    Comparison,
    computed_comparison,
)
from astrai_slides.serving.sim.measured import Conditions, Metric, measured_comparison, read_run
from astrai_slides.serving.sim.replay import DEFAULT_REQUESTS, DEFAULT_ROWS, Replay, replay
from astrai_slides.serving.sim.request import Request
from astrai_slides.serving.sim.workload import (
    MOST_REQUESTS,
    Pick,
    WorkloadSpec,
    load_workload,
    pick_for_stage,
    workload_comparison,
)
from astrai_slides.talk.document import Document
from astrai_slides.talk.tables import Items, Table, did_you_mean, read_toml

TALK_VARIABLE = "ASTRAI_SLIDES_TALK"
"""Environment variable that names the talk file of a deck in place of its default one."""
TALKS_FOLDER = "presentations"
MAX_STAGE_SLOTS = 4
MAX_STAGE_REQUESTS = 8
MAX_STAGE_TURNS = 120
"""Turns of the static schedule that fit side by side on a slide."""
MAX_STAGE_NAME = 4
MAX_PROMPT = 10_000_000
MAX_SCENE_SOURCE = 5_000_000
MOST_SLOTS = 100_000
MOST_PLANNED = 86_400
"""Seconds that a step may be planned to take: a day."""
MAX_REPLAY_ROWS = 8
MAX_REPLAY_REQUESTS = 40
_SCENE = re.compile(r".+\.py:[A-Za-z_]\w*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")


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


class _Throughput(Table):
    """What every source of the bars has: a `claim` in which {value} is continuous over static batching."""

    claim: str = "Continuous batching: {value}"

    @field_validator("claim")
    @classmethod
    def _computed_claim(cls, claim: str) -> str:
        if claim and "{value}" not in claim:
            raise ValueError("the figure of a claim is never typed; write {value} where it goes, or leave it empty")
        return claim


class ComputedThroughput(_Throughput):
    """Bars computed by the scheduler: from lengths drawn with a seed and the shipped chat figures, or a `workload`."""

    source: Literal["computed"]
    slots: Annotated[int, Field(ge=1, le=MOST_SLOTS)] = DEFAULT_SLOTS
    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS)] | None = None
    mean: Annotated[float, Field(ge=1, le=MAX_PROMPT)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    workload: WorkloadSpec | None = None
    claim: str = "AstrAI: {value}, single GPU"

    @model_validator(mode="after")
    def _one_workload(self) -> "ComputedThroughput":
        drawn = [name for name in ("requests", "mean", "seed") if getattr(self, name) is not None]
        if self.workload is not None and drawn:
            raise ValueError(f"{drawn[0]} belongs to the drawn lengths, and workload replaces them; remove one of them")
        return self

    def comparison(self, find: Callable[[str], Path]) -> Comparison:
        """The bars, computed now."""
        if self.workload is not None:
            return workload_comparison(load_workload(self.workload, find), self.slots)
        return computed_comparison(
            self.slots,
            requests=MEMORYLESS_REQUESTS if self.requests is None else self.requests,
            mean=MEMORYLESS_MEAN if self.mean is None else self.mean,
            seed=MEMORYLESS_SEED if self.seed is None else self.seed,
        )


class _Conditions(_Throughput):
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


class MeasuredThroughput(_Conditions):
    """Bars read from two results of benchmarks, one of static and one of continuous batching.

    `static_run` and `continuous_run` (from 1) say which run, for files that hold several.
    """

    source: Literal["measured"]
    static: Annotated[str, Field(min_length=1)]
    continuous: Annotated[str, Field(min_length=1)]
    static_run: Annotated[int, Field(ge=1)] | None = None
    continuous_run: Annotated[int, Field(ge=1)] | None = None
    metric: Metric = "output_throughput"

    def comparison(self, find: Callable[[str], Path]) -> Comparison:
        """The bars, read now."""
        static = read_run(find(self.static), self.static_run)
        continuous = read_run(find(self.continuous), self.continuous_run)
        known = Conditions(self.model, self.gpu, self.date, self.slots, self.lengths)
        return measured_comparison(static, continuous, self.metric, known)


class TableThroughput(_Conditions):
    """Bars as somebody measured them and wrote them down; `measured_by` says who, with what, or where it is published.

    `static` and `continuous` in `unit`; `requests` is N.
    """

    source: Literal["table"]
    static: Annotated[float, Field(gt=0)]
    continuous: Annotated[float, Field(gt=0)]
    unit: Annotated[str, Field(min_length=1, max_length=40)] = "output tokens/s"
    measured_by: Annotated[str, Field(min_length=1)]
    requests: Annotated[int, Field(ge=1)] | None = None

    def comparison(self, find: Callable[[str], Path]) -> Comparison:
        """The bars."""
        parts = [
            self.model,
            self.gpu,
            self.date,
            "" if self.slots is None else f"{self.slots} slots",
            self.lengths,
            "" if self.requests is None else f"N = {self.requests:,}",
        ]
        conditions = ", ".join(part for part in parts if part)
        bars = (
            Bar("Static batching", self.static, self.measured_by, baseline=True),
            Bar("Continuous batching", self.continuous, self.measured_by, headline=True),
        )
        caption = f"Measured by {self.measured_by}{f': {conditions}' if conditions else ''}."
        return Comparison("measured", bars, caption, self.unit)


Throughput = Annotated[ComputedThroughput | MeasuredThroughput | TableThroughput, Field(discriminator="source")]


class ReplayedFlow(Table):
    """A result of a benchmark, with the times of its requests, to be replayed as the flow step.

    `run` (from 1) says which one, for a file that holds several; `rows` and `requests` how many are drawn at most.
    """

    replay: Annotated[str, Field(min_length=1)]
    run: Annotated[int, Field(ge=1)] | None = None
    rows: Annotated[int, Field(ge=1, le=MAX_REPLAY_ROWS)] = DEFAULT_ROWS
    requests: Annotated[int, Field(ge=1, le=MAX_REPLAY_REQUESTS)] = DEFAULT_REQUESTS


@dataclass(frozen=True, slots=True)
class ToyFlow:
    """Requests to be scheduled on stage, all waiting at the start; `note` says what they stand for, if not a toy."""

    requests: tuple[Request, ...]
    slots: int
    note: str = ""


class Talk(Table):
    """A talk file as a typed model; `Talk.load` reads one."""

    scene: str
    title: Annotated[str, Field(min_length=1)]
    speaker: str = ""
    event: str = ""
    date: datetime.date | None = None
    language: str = "en"
    theme: str = "dark"
    substeps: bool = False
    toy: Toy
    flow_table: Annotated[ReplayedFlow | None, Field(alias="flow")] = None
    throughput: Throughput = ComputedThroughput(source="computed")
    planned: dict[str, Annotated[float, Field(ge=0, le=MOST_PLANNED)]] = Field(default_factory=dict)
    _path: Path = PrivateAttr(default=Path())

    @classmethod
    def load(cls, path: Path) -> "Talk":
        """Read the talk file at `path`.

        Raises one AstraiSlidesError with file, key and remedy for anything that a speaker can mend: bad TOML, unknown
        keys, wrong types, a scene, a theme or data that do not exist. The deck is read, not executed.
        """
        talk = read_toml(path, cls)
        talk._path = path.absolute()
        _require_scene(path, talk.scene_file, talk.scene_class)
        with _said_by(path, "toy"):
            talk.toy_requests()
        with _said_by(path, "flow"):
            talk.flow()
        with _said_by(path, "throughput"):
            talk.comparison()
        return talk

    @field_validator("date", mode="before")
    @classmethod
    def _written_date(cls, value: Any) -> datetime.date | None:
        return written_date(value)

    @field_validator("scene")
    @classmethod
    def _file_and_class(cls, scene: str) -> str:
        if not _SCENE.match(scene):
            raise ValueError(f"{scene!r:.80} names no scene; write slides/my_deck.py:MyDeck")
        return scene

    @field_validator("language")
    @classmethod
    def _tag(cls, language: str) -> str:
        if not _LANGUAGE.match(language):
            raise ValueError(f"{language!r:.40} is no language tag (BCP 47); write en, de or pt-BR")
        return language

    @field_validator("theme")
    @classmethod
    def _known_theme(cls, name: str) -> str:
        if name not in THEMES:
            raise ValueError(f"there is no theme {name!r}; {did_you_mean(name, sorted(THEMES))}")
        return name

    @property
    def path(self) -> Path:
        """The talk file."""
        return self._path

    @property
    def name(self) -> str:
        """What files built from this talk are called: the talk file's name without its suffix."""
        return self._path.stem

    @property
    def project(self) -> Path:
        """The project's root: the parent of `presentations`, or else the folder of the talk file."""
        folder = self._path.parent
        return folder.parent if folder.name == TALKS_FOLDER else folder

    @property
    def scene_file(self) -> Path:
        """The Python file of the deck."""
        return self.find(self.scene.rpartition(":")[0])

    @property
    def scene_class(self) -> str:
        """The class of the deck."""
        return self.scene.rpartition(":")[2]

    def find(self, file: str) -> Path:
        """The path of a file that the talk names, relative to the talk file if it is there, else to the project."""
        beside = self._path.parent / file
        return beside if beside.exists() else self.project / file

    def toy_requests(self) -> tuple[Request, ...]:
        """The requests that move on stage."""
        return self._toy_flow.requests

    def toy_note(self) -> str:
        """What the requests on stage were picked from and how they were scaled; empty if they were written out."""
        return self._toy_flow.note

    def flow(self) -> ToyFlow | Replay:
        """What the flow step shows: requests to be scheduled, or a measured run to be replayed."""
        return self._flow

    def comparison(self) -> Comparison:
        """The bars of the throughput step, with a caption that says where they come from."""
        return self._comparison

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
        return ToyFlow(picked.requests, toy.slots, picked.note)

    @cached_property
    def _flow(self) -> ToyFlow | Replay:
        table = self.flow_table
        if table is None:
            return self._toy_flow
        return replay(read_run(self.find(table.replay), table.run), table.rows, table.requests)

    @cached_property
    def _comparison(self) -> Comparison:
        return self.throughput.comparison(self.find)

    def claim(self) -> str:
        """What the throughput step says: the headline bar as a multiple of the baseline, in the words of the talk."""
        bars = self.comparison().bars
        baseline = next(bar.value for bar in bars if bar.baseline)
        headline = next(bar.value for bar in bars if bar.headline)
        return self.throughput.claim.replace("{value}", f"{headline / baseline:.1f}x")

    def document(self) -> Document:
        """What exports say about the talk."""
        day = self.date.isoformat() if self.date else ""
        return Document(self.title, self.speaker, self.event, day, self.language, tuple(self.planned.items()))


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


def written_date(value: Any) -> datetime.date | None:
    """A date as TOML writes it, or as text; None for an empty text. Raises ValueError with the remedy."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        shown = repr(value) if isinstance(value, str) else str(value)
        raise ValueError(f"{shown:.40} is no date; write it as 2026-11-24, or leave it empty") from None


@contextmanager
def _said_by(talk: Path, key: str) -> Iterator[None]:
    """Add to an error about a file which talk file, and which key in it, asked for that file."""
    try:
        yield
    except AstraiSlidesError as error:
        raise AstraiSlidesError(f"{talk}: {key}: {error}") from error


def find_talks(folder: Path) -> list[Path]:
    """The talk files of `folder`, by name; raises AstraiSlidesError if there is none."""
    talks = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not talks:
        raise AstraiSlidesError(f"{folder}: no talk file (*.toml) here; name one, or work in the project's root")
    return talks


def default_talk_for(scene_class: str, scene_file: Path | None = None) -> Path:
    """The talk file of a deck: what ASTRAI_SLIDES_TALK names, else presentations/<scene-class>.toml.

    Looked for under the working directory, then under the parent folder of the folder of `scene_file`.
    """
    named = os.environ.get(TALK_VARIABLE)
    if named:
        return Path(named)
    file = Path(TALKS_FOLDER) / f"{kebab_case(scene_class)}.toml"
    if scene_file is not None and not file.exists():
        beside = scene_file.resolve().parent.parent / file
        if beside.exists():
            return beside
    return file


def talk_for(scene_class: str, scene_file: Path | None = None) -> Talk:
    """The talk that a deck shows, loaded; see `default_talk_for`. Raises AstraiSlidesError as `Talk.load` does."""
    return Talk.load(default_talk_for(scene_class, scene_file))


def kebab_case(name: str) -> str:
    """ContinuousBatching as continuous-batching."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).replace("_", "-").lower()


def _require_scene(talk: Path, file: Path, name: str) -> None:
    """Check that `file` defines the class `name`, without running it."""
    if not file.is_file():
        raise AstraiSlidesError(f"{talk}: scene: there is no file {file}; name the deck's Python file")
    if file.stat().st_size > MAX_SCENE_SOURCE:
        raise AstraiSlidesError(f"{talk}: scene: {file} is too large for a deck; name the deck's Python file")
    try:
        tree = ast.parse(file.read_bytes(), str(file))
    except (SyntaxError, ValueError, RecursionError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise AstraiSlidesError(f"{talk}: scene: {file}{line}: not valid Python: {error}; mend the deck") from None
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    if name not in classes:
        remedy = did_you_mean(name, classes) if classes else "it defines no class; name another file"
        raise AstraiSlidesError(f"{talk}: scene: {file} has no class {name}; {remedy}")
