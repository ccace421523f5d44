"""A talk file: what to show, from which data, in which theme; a TOML file in presentations/, as a typed model."""

import ast
import datetime
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, field_validator, model_validator

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.document import Document
from astrai_slides.serving.figures import (
    DEFAULT_SLOTS,
    MEMORYLESS_MEAN,
    MEMORYLESS_REQUESTS,
    MEMORYLESS_SEED,
    Comparison,
    computed_comparison,
)
from astrai_slides.serving.request import Request
from astrai_slides.tables import Items, Table, did_you_mean, read_toml
from astrai_slides.theme import THEMES

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


class ToyRequest(Table):
    """A request of the toy: tokens of its prompt and of its answer; unnamed ones are R1, R2 and so on."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_STAGE_NAME)] | None = None
    prompt: Annotated[int, Field(ge=1, le=MAX_PROMPT)]
    output: Annotated[int, Field(ge=1, le=MAX_STAGE_TURNS)]


class Toy(Table):
    """The workload that moves on stage."""

    slots: Annotated[int, Field(ge=1, le=MAX_STAGE_SLOTS)]
    requests: Annotated[Items[ToyRequest], Field(max_length=MAX_STAGE_REQUESTS)]

    @field_validator("requests")
    @classmethod
    def _not_empty(cls, requests: tuple[ToyRequest, ...]) -> tuple[ToyRequest, ...]:
        if not requests:
            raise ValueError("the workload is empty; add a request, as { prompt = 4, output = 2 }")
        return requests

    @model_validator(mode="after")
    def _readable(self) -> "Toy":
        names = [request.name for request in self.named()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two requests are called {twice[0]}; give every request a name of its own")
        turns = static_turns([request.output for request in self.requests], self.slots)
        if turns > MAX_STAGE_TURNS:
            raise ValueError(
                f"static batching takes {turns} turns, and {MAX_STAGE_TURNS} fit on a slide;"
                " shorten outputs or add slots"
            )
        return self

    def named(self) -> tuple[Request, ...]:
        """The requests, all named."""
        return tuple(
            Request(request.name or f"R{number}", request.prompt, request.output)
            for number, request in enumerate(self.requests, 1)
        )


class ComputedThroughput(Table):
    """Bars computed by the scheduler, from lengths drawn with a seed and from the shipped chat figures."""

    source: Annotated[str, Field(pattern="^computed$")] = "computed"
    slots: Annotated[int, Field(ge=1, le=100_000)] = DEFAULT_SLOTS
    requests: Annotated[int, Field(ge=1, le=10_000_000)] = MEMORYLESS_REQUESTS
    mean: Annotated[float, Field(ge=1, le=1_000_000)] = MEMORYLESS_MEAN
    seed: Annotated[int, Field(ge=0)] = MEMORYLESS_SEED
    claim: str = "AstrAI: {value}, single GPU"

    def comparison(self) -> Comparison:
        """The bars, computed now."""
        return computed_comparison(self.slots, requests=self.requests, mean=self.mean, seed=self.seed)


class Talk(Table):
    """A talk file as a typed model; `Talk.load` reads one."""

    scene: Annotated[str, Field(pattern=r"^.+\.py:[A-Za-z_]\w*$")]
    title: Annotated[str, Field(min_length=1)]
    speaker: str = ""
    event: str = ""
    date: datetime.date | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] = "en"
    theme: str = "dark"
    substeps: bool = False
    toy: Toy
    throughput: ComputedThroughput = ComputedThroughput()
    _path: Path = PrivateAttr(default=Path())

    @classmethod
    def load(cls, path: Path) -> "Talk":
        """Read the talk file at `path`.

        Raises one AstraiSlidesError with file, key and remedy for anything that a speaker can mend: bad TOML, unknown
        keys, wrong types, a scene or theme that does not exist. The deck is read, not executed.
        """
        talk = read_toml(path, cls)
        talk._path = path.absolute()
        _require_scene(path, talk.scene_file, talk.scene_class)
        return talk

    @field_validator("date", mode="before")
    @classmethod
    def _written_date(cls, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        try:
            return datetime.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValueError(f"{value!s:.40} is no date; write it as 2026-11-24, or leave it empty") from None

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
        return self.toy.named()

    def comparison(self) -> Comparison:
        """The bars of the throughput step, with a caption that says where they come from."""
        return self._comparison

    @cached_property
    def _comparison(self) -> Comparison:
        return self.throughput.comparison()

    def claim(self) -> str:
        """What the throughput step says: the headline bar as a multiple of the baseline, in the words of the talk."""
        bars = self.comparison().bars
        baseline = next(bar.value for bar in bars if bar.baseline)
        headline = next(bar.value for bar in bars if bar.headline)
        return self.throughput.claim.replace("{value}", f"{headline / baseline:.1f}x")

    def document(self) -> Document:
        """What exports say about the talk."""
        day = self.date.isoformat() if self.date else ""
        return Document(self.title, self.speaker, self.event, day, self.language)


def static_turns(outputs: list[int], slots: int) -> int:
    """Turns that static batching of `outputs` (tokens) takes: for each batch, its longest."""
    return sum(max(outputs[start : start + slots]) for start in range(0, len(outputs), slots))


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
