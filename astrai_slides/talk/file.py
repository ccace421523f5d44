"""A talk file: which deck is shown, by whom, where and how; a TOML file in presentations/, as a typed model."""

import copy
import datetime
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator

from astrai_slides.base.knobs import Knob
from astrai_slides.base.names import as_python_reads, is_dotted
from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.theme import DARK, PRINT_THEME, THEMES, Theme, theme_named
from astrai_slides.talk.check import CheckTable
from astrai_slides.talk.class_names import in_words, kebab_case
from astrai_slides.talk.document import TALK_VARIABLE, Document
from astrai_slides.talk.explore import TalkKnob, talk_knobs, with_values
from astrai_slides.talk.languages import is_language_tag
from astrai_slides.talk.model import import_model
from astrai_slides.talk.page import HtmlTable
from astrai_slides.talk.reads import Keys, differences, following, turn
from astrai_slides.talk.source import LOADED_TALK, TALK_MODEL, Source, installed_file, talk_model
from astrai_slides.talk.tables import Items, Table, checked, problems, read_tables, written_date
from astrai_slides.talk.theme_file import SUFFIX, load_theme

TALKS_FOLDER = "presentations"
WIDE: Final = "16:9"
MOST_PLANNED = 86_400
"""Seconds that a step may be planned to take: a day."""
_DECK_FILE = re.compile(r".+\.py")


class Talk(Table):
    """A talk file as a typed model: what every deck's has. A deck with tables of its own names a subclass of this.

    `load_talk` reads a talk file as the model that its deck names. `deck` is a table that the deck reads as it likes.
    """

    scene: str | Annotated[list[str], Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)] = ""
    speaker: str = ""
    event: str = ""
    date: datetime.date | None = None
    language: str = "en"
    theme: str = DARK.name
    print_theme: str = PRINT_THEME
    aspect: Literal["16:9", "4:3", "9:16"] = WIDE
    leave_out: Items[str] = ()
    planned: dict[str, Annotated[float, Field(ge=0, le=MOST_PLANNED)]] = Field(default_factory=dict)
    html: HtmlTable = Field(default_factory=HtmlTable)
    check: CheckTable = Field(default_factory=CheckTable)
    explore: dict[str, Any] = Field(default_factory=dict)
    deck: dict[str, Any] = Field(default_factory=dict)
    _path: Path = PrivateAttr(default=Path())
    _given_path: Path = PrivateAttr(default=Path())
    _has_file: bool = PrivateAttr(default=True)
    _data: dict[str, Any] = PrivateAttr(default_factory=dict)
    _knobs: tuple[TalkKnob, ...] = PrivateAttr(default=())
    _influence: dict[str, tuple[Keys, ...]] = PrivateAttr(default_factory=dict)
    _model_in_source: str | None = PrivateAttr(default=None)
    _read_source: bool = PrivateAttr(default=False)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Refuse a key that something of ours hides: pydantic would read it, and nobody see it."""
        hidden = [name for name in cls.model_fields if name not in Talk.model_fields and hasattr(Talk, name)]
        if hidden:
            raise TypeError(
                f"{cls.__name__}.{hidden[0]} is called like something that Talk has; write "
                f'{hidden[0]}_: Annotated[..., Field(alias="{hidden[0]}")]'
            )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the talk file at `path` as this very model.

        Raises one AstraiSlidesError with file, key and remedy for anything that a speaker can mend: bad TOML, unknown
        keys, wrong types, a scene, a theme or data that do not exist. The deck is read, not executed.
        """
        talk = cls._checked(path, read_tables(path))
        for file, name in talk.scenes:
            _require_scene(path, file, name)
        talk.check_data()
        return talk

    @classmethod
    def from_text(cls, path: Path, text: str) -> Self:
        """The talk that a file at `path` with this TOML would be, checked with the files that it names.

        Raises AstraiSlidesError as `load` does.
        """
        talk = cls._checked(path, tomllib.loads(text))
        talk.check_data()
        return talk

    @classmethod
    def _checked(cls, path: Path, data: dict[str, Any]) -> Self:
        talk = checked(path, data, cls)
        talk._path, talk._given_path, talk._data = path.absolute(), path, data
        _ = talk.look  # what is wrong with the file is told before anything is done
        talk._explore()
        return talk

    def _explore(self) -> None:
        """Read [explore], and see on what in the talk each of its keys has influence."""
        try:
            knobs = talk_knobs(self.explore, self._data, type(self).known_keys(), self._default)
        except AstraiSlidesError as error:
            raise AstraiSlidesError(f"{self._given_path}: {error}") from None
        self._knobs = knobs
        for each in knobs:
            places: dict[Keys, None] = {}
            for value, text in zip(each.written, each.knob.texts, strict=True):
                other = self._as(with_values(self._data, [(each.keys, value)]), f'explore."{each.knob.name}", {text}')
                places |= dict.fromkeys(each for each in differences(self, other) if each != ("explore",))
            self._influence[each.knob.name] = tuple(places)

    def _as(self, data: dict[str, Any], where: str) -> Self:
        """This talk with `data` in its file."""
        try:
            other = type(self).model_validate({**data, "explore": {}})
        except ValidationError as error:
            faults = "; ".join(problems(data, error))
            raise AstraiSlidesError(f"{self._given_path}: {where}: {faults}") from None
        other._path, other._given_path, other._has_file, other._data = (
            self._path,
            self._given_path,
            self._has_file,
            data,
        )
        other._model_in_source, other._read_source = self._model_in_source, self._read_source
        return other

    def _default(self, keys: Sequence[str]) -> Any:
        """What the model has for a key that the file has not."""
        value: Any = self.model_dump(by_alias=True)
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    @property
    def knobs(self) -> tuple[Knob, ...]:
        """What [explore] lets an audience turn."""
        return tuple(each.knob for each in self._knobs)

    def turned(self, turned: Mapping[str, int], *, by_default: bool = False) -> Self:
        """This talk with other values of its knobs, given by their places; they are its defaults then if it is said.

        Raises AstraiSlidesError for values that cannot be together, or whose data are faulty.
        """
        chosen = [each for each in self._knobs if each.knob.name in turned]
        said = ", ".join(f"{each.knob.name} = {each.knob.texts[turned[each.knob.name]]}" for each in chosen)
        values = [(each.keys, each.written[turned[each.knob.name]]) for each in chosen]
        # a deck may change what it reads, which is for this variant only
        other = self._as(with_values(copy.deepcopy(self._data), values), f"explore, with {said}")
        other._knobs = tuple(
            TalkKnob(replace(each.knob, value=turned.get(each.knob.name, each.knob.value)), each.written)
            if by_default
            else each
            for each in self._knobs
        )
        other._influence = self._influence
        with self.blaming(f"explore, with {said}"):
            _ = other.look
            other.check_data()
        return other

    @contextmanager
    def telling(self, read: Callable[[Knob], object]) -> Iterator[None]:
        """Call `read` with a knob of this talk whenever something that depends on it is read inside the block."""
        knobs = {knob.name: knob for knob in self.knobs}
        if not knobs:
            yield
            return
        with following(self, self._influence, lambda name: read(knobs[name])):
            yield

    def become(self, other: Self) -> None:
        """Have the values of `other`, another of this model, in place of its own; only where reads are told of."""
        turn(self, other)

    @classmethod
    def without_file(cls, scene_file: Path, scene_class: str, wanted: Path) -> Self:
        """The talk of a deck that has no talk file: everything as it is by default.

        Raises AstraiSlidesError if the model has keys that must be given: `wanted` is the talk file to write.
        """
        data = {"scene": f"{scene_file}:{scene_class}"}
        try:
            talk = cls.model_validate(data)
        except ValidationError as error:
            faults = "; ".join(problems(data, error))
            raise AstraiSlidesError(
                f"{scene_file}: {scene_class} has no talk file and needs one: {faults}; write it as {wanted}"
            ) from None
        talk._path, talk._given_path, talk._has_file = scene_file.absolute(), scene_file, False
        talk.check_data()
        return talk

    def check_data(self) -> None:
        """Read the files that the talk names, if the model has such keys; called once when a talk is loaded.

        Raises AstraiSlidesError for a fault of theirs; `blaming` adds the talk file and the key to that.
        """

    @classmethod
    def remedy_for(cls, key: str) -> str:
        """What to do about an unknown key."""
        remedy = super().remedy_for(key)
        if cls is Talk and remedy.startswith("known here"):
            return f"{remedy}; what a deck reads besides stands in [deck], or in a model that it names: {TALK_MODEL}"
        return remedy

    @model_validator(mode="before")
    @classmethod
    def _titled(cls, data: Any) -> Any:
        """Call a talk without a title after its deck's class."""
        if isinstance(data, dict) and "title" not in data and _names_scene(data.get("scene")):
            return {**data, "title": ", ".join(in_words(each.rpartition(":")[2]) for each in _listed(data["scene"]))}
        return data

    @field_validator("date", mode="before")
    @classmethod
    def _written_date(cls, value: Any) -> datetime.date | None:
        return written_date(value)

    @field_validator("scene")
    @classmethod
    def _file_and_class(cls, scene: str | list[str]) -> str | list[str]:
        for each in _listed(scene):
            if not _names_class(each):
                raise ValueError(f"{each!r:.80} names no scene; write slides/my_deck.py:MyDeck")
            if _listed(scene).count(each) > 1:
                raise ValueError(f"{each!r:.80} would be shown twice; name it once")
        return scene

    @field_validator("language")
    @classmethod
    def _tag(cls, language: str) -> str:
        if not is_language_tag(language):
            raise ValueError(f"{language!r:.40} is no language tag (BCP 47); write en, de or pt-BR")
        return language

    @field_validator("theme")
    @classmethod
    def _known_theme(cls, name: str) -> str:
        if name not in THEMES and not name.endswith(SUFFIX):
            raise ValueError(f"there is no theme {name!r}; {did_you_mean(name, sorted(THEMES))}")
        return name

    @field_validator("print_theme")
    @classmethod
    def _known_print_theme(cls, name: str) -> str:
        if name and name not in THEMES:
            raise ValueError(f"there is no theme {name!r}; {did_you_mean(name, sorted(THEMES))}")
        return name

    @cached_property
    def look(self) -> Theme:
        """The theme: one that comes along, or what the file that the talk names makes of one."""
        if not self.theme.endswith(SUFFIX):
            return theme_named(self.theme)
        file = self.find(self.theme)
        if not file.is_file():
            raise AstraiSlidesError(f"{self._given_path}: theme: there is no file {file}; name one beside the talk")
        return load_theme(file, self.find)

    @property
    def path(self) -> Path:
        """The talk file; the deck's file if it has none."""
        return self._path

    def is_read_as(self, model: str | None) -> bool:
        """Whether `model` is what `load_talk` found in the deck's source; True for a talk that was loaded otherwise."""
        return not self._read_source or self._model_in_source == model

    @property
    def name(self) -> str:
        """What files built from this talk are called: the talk file's name without its suffix."""
        return self._path.stem

    @property
    def project(self) -> Path:
        """The project's root: the parent of `presentations`, or else the folder of the talk file.

        Without a talk file it is the working directory.
        """
        if not self._has_file:
            return Path.cwd()
        folder = self._path.parent
        return folder.parent if folder.name == TALKS_FOLDER else folder

    @property
    def scene_file(self) -> Path:
        """The Python file of the deck, of several scenes that of the first."""
        return self.scenes[0][0]

    @property
    def scene_class(self) -> str:
        """The class of the deck, of several scenes that of the first."""
        return self.scenes[0][1]

    @property
    def scenes(self) -> list[tuple[Path, str]]:
        """File and class of every scene that is shown, in their order."""
        parts = [each.rpartition(":") for each in _listed(self.scene)]
        return [(self._scene_file(file), as_python_reads(name)) for file, _, name in parts]

    def _scene_file(self, named: str) -> Path:
        """The file of a deck, which is named by its path, or as a module of an installed package."""
        if named.endswith(".py"):
            return self.find(named)
        file = installed_file(named)
        if file is None:
            raise AstraiSlidesError(
                f"{self._given_path}: scene: there is no module {named}; install the package that has it, or name the"
                " deck's Python file"
            )
        return file

    def find(self, file: str) -> Path:
        """The path of a file that the talk names, relative to the talk file if it is there, else to the project."""
        beside = self._path.parent / file
        return beside if beside.exists() else self.project / file

    @contextmanager
    def blaming(self, key: str) -> Iterator[None]:
        """Add to an error about a file which talk file, and which key in it, asked for that file."""
        try:
            yield
        except AstraiSlidesError as error:
            raise AstraiSlidesError(f"{self._given_path}: {key}: {error}") from error

    def document(self) -> Document:
        """What exports say about the talk."""
        day = self.date.isoformat() if self.date else ""
        planned = tuple(each for each in self.planned.items() if each[0] not in self.leave_out)
        title = " ".join(self.title.split())
        return Document(title, self.speaker, self.event, day, self.language, planned, print_theme=self.print_theme)


def load_talk(path: Path) -> Talk:
    """Read the talk file at `path` as the model that its deck names, `Talk` if it names none.

    The deck is read, not executed; the model's module is imported. Raises AstraiSlidesError as `Talk.load` does, and
    for a model that cannot be had. Who loads several calls it inside `base.inputs.fresh_modules`: decks of different
    folders may have models in modules of one name.
    """
    data = read_tables(path)
    try:
        name, model = _model_of_scene(path, data.get("scene"))
    except AstraiSlidesError:
        # what every talk file has can be judged nevertheless, and the scene is part of it
        Talk._checked(path, {key: value for key, value in data.items() if key in Talk.model_fields})
        raise
    talk = model._checked(path, data)
    talk._model_in_source, talk._read_source = name, True
    talk.check_data()
    return talk


def deck_attributes(talk: Talk | None) -> dict[str, Any]:
    """What attributes a deck's class has for it to show `talk`, see `deck.base.Deck`; none without a talk."""
    return {} if talk is None else {LOADED_TALK: talk}


def _model_of_scene(path: Path, scene: Any) -> tuple[str | None, type[Talk]]:
    if not _names_scene(scene):
        raise AstraiSlidesError(f"{path}: scene: names no deck")  # told in full by the check of the tables
    talk = Talk.model_construct(scene=scene)
    talk._path, talk._given_path = path.absolute(), path
    source, *_ = [_require_scene(path, file, name) for file, name in talk.scenes]
    named = talk_model(source, talk.scene_class)
    if named is None:
        return None, Talk
    return named.name, import_model(named.name, source.file, named.where, Talk)


def find_talks(folder: Path) -> list[Path]:
    """The talk files of `folder`, by name; raises AstraiSlidesError if there is none."""
    talks = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not talks:
        raise AstraiSlidesError(
            f"{folder}: no talk file (*.toml) here; name one, or work in the project's root, "
            "or name a deck, as in astrai-slides build my_deck.py"
        )
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


def talk_for(scene_class: str, scene_file: Path, model: str | None = None) -> Talk:
    """The talk that a running deck shows, read as `model` (see `Deck.talk_model`): its talk file's, or one without.

    Raises AstraiSlidesError as `load_talk` and `Talk.without_file` do.
    """
    where = f"{scene_file}: {TALK_MODEL}"
    kind = Talk if model is None else import_model(model, scene_file, where, Talk)
    path = default_talk_for(scene_class, scene_file)
    if not path.exists() and not os.environ.get(TALK_VARIABLE):
        return kind.without_file(scene_file, scene_class, path)
    return kind.load(path)


def _names_scene(scene: Any) -> bool:
    listed = scene if isinstance(scene, list) else [scene]
    return bool(listed) and all(isinstance(each, str) and _names_class(each) for each in listed)


def _names_class(scene: str) -> bool:
    """Whether that names a deck's file, or a module inside an installed package, and a class of it."""
    file, _, name = scene.rpartition(":")
    return name.isidentifier() and (_DECK_FILE.fullmatch(file) is not None or ("." in file and is_dotted(file)))


def _listed(scene: str | list[str]) -> list[str]:
    return [scene] if isinstance(scene, str) else scene


def _require_scene(talk: Path, file: Path, name: str) -> Source:
    """Check that `file` defines the class `name`, without running it."""
    if not file.is_file():
        raise AstraiSlidesError(f"{talk}: scene: there is no file {file}; name the deck's Python file")
    source = Source(file)
    try:
        classes = list(source.classes)
    except AstraiSlidesError as error:
        raise AstraiSlidesError(f"{talk}: scene: {error}") from None
    if name not in classes:
        remedy = did_you_mean(name, classes) if classes else "it defines no class; name another file"
        raise AstraiSlidesError(f"{talk}: scene: {file} has no class {name}; {remedy}")
    return source
