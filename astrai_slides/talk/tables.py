"""Tables of a file that a person writes: typed models, and errors that name the key and the remedy."""

import difflib
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from astrai_slides.errors import AstraiSlidesError

LARGEST_TOML = 1_000_000
"""Bytes: a talk file is written by hand, so what is larger is another file."""
_WORDS = {
    "Input should be": "must be",
    "should": "must",
    "a valid tuple": "a list, in [ ]",
    "a valid string": "text, in quotes",
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid boolean": "true or false",
    "Tuple": "list",
    "String": "text",
    " after validation": "",
}
"""What pydantic's messages say, in the words of somebody who writes TOML."""
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}\Z", re.ASCII)


class Table(BaseModel):
    """A table whose keys are all known and whose values have exactly the stated types (no "3" for 3)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _know_every_key(cls, data: Any) -> Any:
        """Refuse unknown keys before anything else, with the key that was probably meant."""
        if not isinstance(data, dict):
            return data
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for key in data:
            if key not in known:
                # Braces would be taken for fields of the message.
                hint = did_you_mean(str(key), known).replace("{", "(").replace("}", ")")
                raise PydanticCustomError("unknown_key", f"unknown key; {hint}", {"unknown": str(key)})
        return data


Model = TypeVar("Model", bound=Table)
Item = TypeVar("Item")
Items = Annotated[tuple[Item, ...], Field(strict=False)]
"""A list of a file, kept as a tuple: strict models take no list for a tuple."""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The remedy for a misspelt word: the nearest known one, or all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"


def read_toml(path: Path, model: type[Model]) -> Model:
    """The TOML file at `path` as a `model`; raises one AstraiSlidesError with file, keys (or line) and remedies."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise AstraiSlidesError(f"{path}: is a directory; name a TOML file in it")
        if size > LARGEST_TOML:
            raise AstraiSlidesError(f"{path}: {size:,} bytes are too many for a file written by hand; name a TOML file")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AstraiSlidesError(f"{path}: there is no such file; {_beside(path)}") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise AstraiSlidesError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise AstraiSlidesError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AstraiSlidesError(f"{path}: not valid TOML: {error}; mend that line (texts need quotes)") from None
    except RecursionError:
        raise AstraiSlidesError(f"{path}: not valid TOML: nested too deeply; flatten it") from None
    return checked(path, data, model)


def checked(path: Path, data: dict[str, Any], model: type[Model]) -> Model:
    """`data`, read from `path`, as a `model`; raises one AstraiSlidesError with file, keys and remedies."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [f"{path}: {_line(data, detail)}" for detail in error.errors(include_url=False)]
        raise AstraiSlidesError("\n".join(lines)) from None


def _beside(path: Path) -> str:
    others = sorted(other.name for other in path.parent.glob(f"*{path.suffix}")) if path.parent.is_dir() else []
    return did_you_mean(path.name, others) if others else "check the name"


def _line(data: dict[str, Any], detail: ErrorDetails) -> str:
    key = _key(data, detail)
    message = detail["msg"].removeprefix("Value error, ")
    match detail["type"]:
        case "missing":
            return f"{key}: missing; add it"
        case "union_tag_not_found":
            tags = detail["ctx"]["discriminator"].strip("'")
            return f"{key}.{tags}: missing; it says which kind this table is"
        case "union_tag_invalid":
            context = detail["ctx"]
            name = context["discriminator"].strip("'")
            known = [tag.strip(" '") for tag in str(context["expected_tags"]).split(",")]
            return f"{key}.{name}: there is no {context['tag']!r}; {did_you_mean(str(context['tag']), known)}"
        case "unknown_key" | "value_error":
            return f"{key}: {message}"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{key}: must be a table; write it as [{key}] or {{ key = value }}"
    value = detail.get("input")
    shown = "" if isinstance(value, (dict, list)) else f", not {_shortened(value)}"
    wording = message
    for pydantics, ours in _WORDS.items():
        wording = wording.replace(pydantics, ours)
    return f"{key}: {wording[0].lower()}{wording[1:]}{shown}"


def _shortened(value: object, longest: int = 60) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= longest else f"{text[:longest]}..."


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
    return "".join(parts).removeprefix(".") or "the file"
