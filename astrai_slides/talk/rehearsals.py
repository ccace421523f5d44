"""How long the steps of a talk took when it was rehearsed: a file beside the talk, the newest rehearsal last."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from astrai_slides.base import atomic
from astrai_slides.errors import AstraiSlidesError

ENDING = "rehearsals.json"
_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_Seconds = Annotated[float, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class RehearsedStep:
    """A step, the seconds that it took, all visits together, and those that were planned."""

    __pydantic_config__ = _STRICT

    step: str
    seconds: _Seconds
    planned: _Seconds
    estimated: bool
    """Whether nobody had planned them."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All steps of a talk, as they were when it was rehearsed at `date` (ISO 8601)."""

    __pydantic_config__ = _STRICT

    date: str
    steps: list[RehearsedStep]

    @property
    def seconds(self) -> float:
        """How long it took."""
        return sum(each.seconds for each in self.steps)

    @property
    def planned(self) -> float:
        """How long it was to take."""
        return sum(each.planned for each in self.steps)


_ALL = TypeAdapter(list[Rehearsal])


def rehearsals_file(built: Path) -> Path:
    """Where the rehearsals of a deck are kept whose HTML is `built`: beside it, and so beside its talk file."""
    return built.with_name(f"{built.stem}.{ENDING}")


def kept_rehearsals(path: Path) -> list[Rehearsal]:
    """The rehearsals that `path` holds, none if there is no file; AstraiSlidesError where it holds anything else."""
    try:
        return _ALL.validate_json(path.read_bytes())
    except FileNotFoundError:
        return []
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise AstraiSlidesError(
            f"{path}: {where + ': ' if where else ''}{first['msg']}; move it away, and a new one will be written"
        ) from error


def keep_rehearsal(path: Path, rehearsal: Rehearsal) -> None:
    """Write `rehearsal` behind those that `path` holds."""
    everything = [asdict(each) for each in (*kept_rehearsals(path), rehearsal)]
    atomic.write_bytes(path, json.dumps(everything, indent=1, ensure_ascii=False).encode() + b"\n")
