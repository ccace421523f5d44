"""Records of JSON that others wrote: models of what is read, checked at the edge; what is absurd is an error."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.traces.table import MOST_TOKENS
from astrai_slides.talk.tables import JSON, problems

MOST_SECONDS = 1e11
"""Unix seconds, or the age of a clock, stay below; more is another unit."""
MOST_COUNT = 10**15
LONGEST_REQUEST = 1e7
"""Seconds: a request that lasts for months is a broken file."""
LONGEST_TEXT = 200
MOST_TOLD = 5
"""Faults of one file that are told of, each on a line."""
REMEDY = "run the benchmark again"
DETAILS_REMEDY = (
    "run the benchmark again with per-request details: vLLM of 2026 or later with --save-result --save-detailed,"
    " or GuideLLM"
)
"""Where a run does not say what became of its single requests."""
_GPU_KEYS = ("gpu", "gpu_name", "gpu_type", "gpu_model", "accelerator", "accelerator_name", "hardware", "device_name")
_COMPACT_DATE = re.compile(r"\d{8}-\d{6}\Z", re.ASCII)


def one_line(value: Any) -> str:
    """Text on one line and not endless; empty for what is no text."""
    return " ".join(value.split())[:LONGEST_TEXT] if isinstance(value, str) else ""


def iso_date(value: Any) -> str:
    """The day of 20240614-153022 or of an ISO 8601 time; empty for anything else."""
    if not isinstance(value, str):
        return ""
    try:
        if _COMPACT_DATE.match(value):
            return datetime.strptime(value, "%Y%m%d-%H%M%S").date().isoformat()
        return datetime.fromisoformat(value.strip()).date().isoformat()
    except ValueError:
        return ""


def unless_text(value: Any) -> Any:
    """`value`, or None for a text."""
    return None if isinstance(value, str) else value


def _without_fraction(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Item = TypeVar("Item")
Entries = Annotated[tuple[Item, ...], Field(strict=False, fail_fast=True)]
"""A list of a file. The first faulty entry ends it: there may be millions."""
Number = Annotated[float, Field(ge=0, le=MOST_SECONDS)]
"""Any number that is not negative, a rate too."""
RequestSeconds = Annotated[float, Field(ge=0, le=LONGEST_REQUEST)]
Count = Annotated[int, BeforeValidator(_without_fraction), Field(ge=0, le=MOST_COUNT)]
Tokens = Annotated[int, BeforeValidator(_without_fraction), Field(ge=0, le=MOST_TOKENS)]
NumberIfKnown = Annotated[Number | None, BeforeValidator(unless_text)]
"""As `Number`; some tools write a text where they do not know it."""
CountIfKnown = Annotated[Count | None, BeforeValidator(unless_text)]
Line = Annotated[str, BeforeValidator(one_line)]
Day = Annotated[str, BeforeValidator(iso_date)]
"""ISO 8601, of any of the ways in which tools write a time; empty if none is there."""


class Record(BaseModel):
    """An object of a result. Keys that are not read are ignored, null is the same as absent, "3" is no number."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, strict=True, allow_inf_nan=False, protected_namespaces=(), populate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        if data is None:
            return {}
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


Model = TypeVar("Model", bound=Record)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file a record is, for messages."""

    file: Path
    key: str = ""


def checked(place: Place, data: Mapping[str, Any], model: type[Model]) -> Model:
    """`data`, read from `place`, as a `model`; raises one AstraiSlidesError with file, keys and remedy."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        told = problems(data, error, JSON)
        within = f"{place.key}." if place.key else ""
        lines = [f"{place.file}: {within}{each}; {REMEDY}" for each in told[:MOST_TOLD]]
        if len(told) > MOST_TOLD:
            lines.append(f"{place.file}: {len(told) - MOST_TOLD:,} more keys are wrong")
        raise AstraiSlidesError("\n".join(lines)) from None


def seconds_of(milliseconds: float | None) -> float | None:
    """Seconds, None where it is not known."""
    return None if milliseconds is None else milliseconds / 1000.0


def total_of(mean: float | None, count: float | None) -> int | None:
    """What `count` of something hold together that hold `mean` each; None where either is not known."""
    return None if mean is None or count is None else round(mean * count)


def gpu(data: Mapping[str, Any]) -> str:
    """The GPU that somebody noted, under any of the usual keys in any case."""
    folded = {key.casefold(): value for key, value in data.items()}
    return next((found for key in _GPU_KEYS if (found := one_line(folded.get(key)))), "")


@contextmanager
def nothing_odd(place: Place) -> Iterator[None]:
    """Turn what only a file of another make can cause into an error that says so."""
    try:
        yield
    except (TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        where = f"{place.file}: {place.key}" if place.key else str(place.file)
        raise AstraiSlidesError(
            f"{where}: is built unlike any known version of its tool ({error}); name another file"
        ) from error
