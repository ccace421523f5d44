"""Values of JSON that others wrote, taken out with their types checked; what is absurd is an error, not a guess."""

import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.traces.table import MOST_TOKENS

MOST_SECONDS = 1e11
"""Unix seconds, or the age of a clock, stay below; more is another unit."""
MOST_COUNT = 10**15
LONGEST_TEXT = 200
_GPU_KEYS = ("gpu", "gpu_name", "gpu_type", "gpu_model", "accelerator", "accelerator_name", "hardware", "device_name")
_COMPACT_DATE = re.compile(r"\d{8}-\d{6}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file a value is, for messages."""

    file: Path
    key: str = ""

    def at(self, key: str | int) -> "Place":
        """The place of `key` inside this one; list entries count from 1."""
        if isinstance(key, int):
            return Place(self.file, f"{self.key}[{key + 1}]")
        return Place(self.file, f"{self.key}.{key}" if self.key else key)

    def error(self, problem: str) -> AstraiSlidesError:
        """The error that says what is wrong here."""
        where = f"{self.file}: {self.key}" if self.key else str(self.file)
        return AstraiSlidesError(f"{where}: {problem}")


def table(value: Any, place: Place) -> dict[str, Any]:
    """`value` as an object; an absent one is empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise place.error(f"must be an object, not {_kind(value)}; run the benchmark again")
    return value


def items(value: Any, place: Place) -> list[Any]:
    """`value` as a list; an absent one is empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise place.error(f"must be a list, not {_kind(value)}; run the benchmark again")
    return value


def text(data: dict[str, Any], *keys: str) -> str:
    """The first of `keys` that holds text, on one line and not endless; empty if none does."""
    for key in keys:
        value = data.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:LONGEST_TEXT]
    return ""


def real(data: dict[str, Any], key: str, place: Place, most: float = MOST_SECONDS) -> float | None:
    """A number that is not negative; None where it is absent, null or not a number (as of an empty mean)."""
    value = data.get(key)
    if value is None or isinstance(value, str):
        return None
    return seconds(value, place.at(key), most)


def seconds(value: Any, place: Place, most: float = MOST_SECONDS) -> float | None:
    """`value` as a number between 0 and `most`; None for null and not-a-number."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise place.error(f"must be a number, not {_kind(value)}; run the benchmark again")
    if isinstance(value, float) and math.isnan(value):
        return None
    if not 0 <= value <= most:
        raise place.error(f"{value:.6g} makes no sense; it lies between 0 and {most:g}; run the benchmark again")
    return float(value)


def whole(data: dict[str, Any], key: str, place: Place, most: int = MOST_COUNT) -> int | None:
    """A whole number that is not negative; None where it is absent, null or not a number."""
    value = real(data, key, place, float(most))
    if value is None:
        return None
    if value != int(value):
        raise place.at(key).error(f"{value:g} must be a whole number; run the benchmark again")
    return int(value)


def token_count(value: Any, place: Place) -> int:
    """A count of tokens; 0 where it is absent."""
    number = seconds(value, place, MOST_TOKENS)
    if number is not None and number != int(number):
        raise place.error(f"{number:g} must be a whole number of tokens; run the benchmark again")
    return int(number or 0)


def gpu(data: dict[str, Any]) -> str:
    """The GPU that somebody noted, under any of the usual keys in any case."""
    folded = {key.casefold(): value for key, value in data.items()}
    return text(folded, *_GPU_KEYS)


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


def running_sum(first: float, gaps: Iterable[float]) -> Iterator[float]:
    """`first`, then `first` plus the gaps so far."""
    yield first
    for gap in gaps:
        first += gap
        yield first


@contextmanager
def nothing_odd(place: Place) -> Iterator[None]:
    """Turn what only a file of another make can cause into an error that says so."""
    try:
        yield
    except (TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        raise place.error(f"is built unlike any known version of its tool ({error}); name another file") from error


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    return {dict: "an object", list: "a list", str: "text", int: "a number", float: "a number"}.get(type(value), "null")
