"""Tables of a file that a person writes: typed models, and errors that name the key and the remedy."""

import datetime
import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from astrai_slides.base.ordinary import refuse_special
from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.talk.toml import parsed

MOST_UNKNOWN = 10
"""Unknown keys of one table that are told of beside the first."""
LARGEST_TOML = 1_000_000
"""Bytes: a talk file is written by hand, so what is larger is another file."""
_SENTENCES = {
    "string_type": "must be text, in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list, in [ ]",
    "list_type": "must be a list, in [ ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "date_type": "must be a date, as 2026-11-24 without quotes",
    "datetime_type": "must be a date and a time, as 2026-11-24T09:30:00 without quotes",
    "time_type": "must be a time of day, as 09:30:00 without quotes",
    "string_too_short": "text must have at least {min_length} {characters}",
    "string_too_long": "text must have at most {max_length} {characters}",
    "string_pattern_mismatch": "text must match the pattern '{pattern}'",
    "too_short": "{kind} must have at least {min_length} {items}, not {actual_length}",
    "too_long": "{kind} must have at most {max_length} {items}, not {actual_length}",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be greater than or equal to {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be less than or equal to {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "literal_error": "must be {expected}",
    "missing": "missing; add it",
    "union_tag_not_found": "missing; it says which kind this table is",
    "union_tag_invalid": "there is no {tag!r}; {remedy}",
    "unknown_key": "unknown key; {remedy}",
    "value_error": "{error}",
    "assertion_error": "{error}",
}
"""What is wrong, by pydantic's type of error, in the words of somebody who writes TOML; filled from its context."""


@dataclass(frozen=True, slots=True)
class FormatWords:
    """How faults are told to who writes a kind of file; `table` is how a table is written there."""

    sentences: Mapping[str, str]
    table: str = ""


TOML = FormatWords(_SENTENCES, "; write it as [{key}] or {{ key = value }}")
JSON = FormatWords(
    _SENTENCES
    | {
        "string_type": "must be text",
        "tuple_type": "must be a list",
        "list_type": "must be a list",
        "at_key": "{error}",
    }
    | dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "must be an object")
)
_KINDS = {"Dictionary": "table"}
"""What is too long or too short; all else is a list."""
_TABLE_WANTED = {"dict_type", "model_type", "model_attributes_type"}
_SAYS_VALUE = {
    "missing", "union_tag_not_found", "union_tag_invalid", "unknown_key", "at_key", "value_error", "assertion_error",
}  # fmt: skip
"""Errors whose sentence says what was written, or where nothing was."""
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}\Z", re.ASCII)


class Follower(Protocol):
    """Sees which attributes of tables are read."""

    def get(self, table: "Table", name: str) -> Any:
        """The attribute `name` of `table`."""


follower: Follower | None = None
"""Who sees what is read of tables at the moment: see `talk.reads`."""


class Table(BaseModel):
    """A table whose keys are all known and whose values have exactly the stated types (no "3" for 3)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    if not TYPE_CHECKING:  # which would take it to have every attribute

        def __getattribute__(self, name: str) -> Any:
            """Tell who follows."""
            return object.__getattribute__(self, name) if follower is None else follower.get(self, name)

    @model_validator(mode="before")
    @classmethod
    def _know_every_key(cls, data: Any) -> Any:
        """Refuse unknown keys before anything else, all at once, the first with the key that was probably meant."""
        if not isinstance(data, dict):
            return data
        known = cls.known_keys()
        unknown = [str(key) for key in data if key not in known]
        if unknown:
            others = "".join(_also_unknown(key, known) for key in unknown[1 : MOST_UNKNOWN + 1])
            left = len(unknown) - 1 - MOST_UNKNOWN
            more = f" and {left:,} more" if left > 0 else ""
            remedy = cls.remedy_for(unknown[0]) + (
                f"; unknown as well: {others.removeprefix(', ')}{more}" if others else ""
            )
            raise PydanticCustomError("unknown_key", "unknown key", {"unknown": unknown[0], "remedy": remedy})
        return data

    @classmethod
    def known_keys(cls) -> list[str]:
        """The keys that the table may have, as they are written."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def remedy_for(cls, key: str) -> str:
        """What to do about an unknown key."""
        return did_you_mean(key, cls.known_keys())


Model = TypeVar("Model", bound=Table)
Item = TypeVar("Item")
Items = Annotated[tuple[Item, ...], Field(strict=False)]
"""A list of a file, kept as a tuple: strict models take no list for a tuple."""


def _also_unknown(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f", {_shortened(key) if not _BARE_KEY.match(key) else key}{f' ({did_you_mean(key, known)})' if near else ''}"


def read_tables(path: Path) -> dict[str, Any]:
    """What the TOML file at `path` holds; raises AstraiSlidesError, with the line and the remedy, if it is none."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise AstraiSlidesError(f"{path}: is a directory; name a TOML file in it")
        if size > LARGEST_TOML:
            raise AstraiSlidesError(f"{path}: {size:,} bytes are too many for a file written by hand; name a TOML file")
        refuse_special(path)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise AstraiSlidesError(f"{path}: there is no such file; {_beside(path)}") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise AstraiSlidesError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise AstraiSlidesError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return parsed(text)
    except TOMLDecodeError as error:
        raise AstraiSlidesError(f"{path}: not valid TOML: {error}; mend that line (texts need quotes)") from None
    except ValueError as error:
        raise AstraiSlidesError(f"{path}: not usable TOML: {error}") from None


def checked(path: Path, data: dict[str, Any], model: type[Model]) -> Model:
    """`data`, read from `path`, as a `model`; raises one AstraiSlidesError with file, keys and remedies."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise AstraiSlidesError("\n".join(f"{path}: {each}" for each in problems(data, error))) from None


def problems(data: Mapping[str, Any], error: ValidationError, words: FormatWords = TOML) -> list[str]:
    """What is wrong with `data`, a line for each key, in `words`, with the remedy."""
    by_key: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # long enough, but for items that are faulty themselves and told of
        by_key.setdefault(_key(data, detail), []).append(detail)
    return [f"{key}: {_told(key, details, words)}" for key, details in by_key.items()]


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


def _beside(path: Path) -> str:
    others = sorted(other.name for other in path.parent.glob(f"*{path.suffix}")) if path.parent.is_dir() else []
    return did_you_mean(path.name, others) if others else "check the name"


def _told(key: str, details: Sequence[ErrorDetails], words: FormatWords) -> str:
    """One sentence; a value that may be of several kinds, and is of none, has an error for each of them."""
    first, *others = dict.fromkeys(_sentence(detail, words) for detail in details)
    told = first + "".join(f" or {other.removeprefix('must be ')}" for other in others)
    types = {detail["type"] for detail in details}
    value = details[0].get("input")
    if not types & (_SAYS_VALUE | _TABLE_WANTED) and not isinstance(value, (dict, list)):
        told += f", not {_shortened(value)}"
    if types & _TABLE_WANTED:
        told += words.table.format(key=key)
    return told


def _sentence(detail: ErrorDetails, words: FormatWords) -> str:
    template = words.sentences.get(detail["type"])
    if template is None:
        message = detail["msg"]
        return f"{message[:1].lower()}{message[1:]}"
    context: dict[str, Any] = {name: _figure(value) for name, value in detail.get("ctx", {}).items()}
    if "actual_length" in context:  # which pydantic does not always know
        context["actual_length"] = len(detail["input"])
    if "error" in context:
        context["error"] = " ".join(str(context["error"]).split())
    least_or_most = context.get("min_length", context.get("max_length"))
    context |= {
        "characters": "character" if least_or_most == 1 else "characters",
        "items": "item" if least_or_most == 1 else "items",
        "kind": _KINDS.get(str(context.get("field_type")), "list"),
    }
    if detail["type"] == "union_tag_invalid":
        known = [tag.strip(" '") for tag in str(context["expected_tags"]).split(",")]
        context["remedy"] = did_you_mean(str(context["tag"]), known)
    return template.format_map(context)


def _figure(value: object) -> object:
    """A limit as a person writes it: pydantic makes 1 of a field with fractions 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shortened(value: object, longest: int = 60) -> str:
    """A value as TOML writes it, as far as it is not too long; what cannot be seen is escaped."""
    text = json.dumps(value, default=str, ensure_ascii=False)
    text = "".join(each if each.isprintable() else _escaped(each) for each in text)
    return text if len(text) <= longest else f"{text[:longest]}..."


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def _written(key: str) -> str:
    """A key as TOML writes it: quoted unless it is bare."""
    return key if _BARE_KEY.match(key) else _shortened(key)


def _key(data: Any, detail: ErrorDetails) -> str:
    """The dotted key, without the tags of unions that pydantic puts between."""
    parts: list[str] = []
    current = data
    for place, part in enumerate(detail["loc"]):
        last = place == len(detail["loc"]) - 1
        if isinstance(part, int):
            current = current[part] if isinstance(current, list) and part < len(current) else None
            parts.append(f"[{part + 1}]")
        elif isinstance(current, dict) and part in current:
            current = current[part]
            parts.append(f".{_written(part)}")
        elif last and detail["type"] == "missing":
            parts.append(f".{_written(part)}")
    if detail["type"] == "unknown_key":
        parts.append(f".{_written(detail['ctx']['unknown'])}")
    elif detail["type"] == "at_key":
        parts.append(f".{_written(detail['ctx']['key'])}")
    elif detail["type"].startswith("union_tag"):
        parts.append(f".{detail['ctx']['discriminator'].strip(chr(39))}")
    return "".join(parts).removeprefix(".") or "the file"
