"""Which waiting process an edit can go on from, by what each had run and read when it was made."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from astrai_slides.base import inputs
from astrai_slides.recording.run.code_changes import Difference, difference


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A process that waits in the middle of a scene, before a statement of its `construct`."""

    pid: int
    construct: str
    place: int
    """Of the statement that comes next."""
    cuts: int
    """How many steps had ended."""
    between_steps: bool
    """Whether nothing was played since."""
    sources: str
    """A file with the deck's modules as they were run: texts by path."""
    entered: frozenset[str]
    """Functions that were entered."""
    keys: frozenset[str]
    """Keys of the talk file that were read."""
    read: Mapping[str, str] = field(default_factory=dict)
    """Digests of the other files that were read, by path."""
    talk: str = ""
    """The talk file as it was."""
    scene: int = 0
    """Of several scenes, the number of the one under way."""
    turn: bool = False
    """Whether that statement is a loop under way, whose next turn comes."""
    inside: Mapping[str, int] = field(default_factory=dict)
    """Methods that `construct` is in meanwhile, with the statement that is next in each."""
    amid: bool = False
    """Whether it is in the middle of a step: what comes next begins none."""
    plays: int = 0
    """How many plays there had been."""

    def written(self) -> dict[str, Any]:
        """This as JSON has it."""
        return {**asdict(self), "entered": sorted(self.entered), "keys": sorted(self.keys)}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Snapshot":
        """What `written` gave."""
        return cls(**{**told, "entered": frozenset(told["entered"]), "keys": frozenset(told["keys"])})

    @property
    def order(self) -> tuple[int, int, bool, int, int]:
        """How far the run was."""
        return self.scene, self.cuts, not self.between_steps, self.place, self.plays

    @property
    def next_step(self) -> int:
        """The number of the step that what comes next is in."""
        return self.cuts + (not self.between_steps and not self.amid)

    @property
    def has_begun(self) -> bool:
        """Whether something of that step was played."""
        return self.amid and not self.between_steps


def sources_now(paths: Iterable[str]) -> dict[str, bytes]:
    """What the files at `paths` hold now, as far as they are there and files: who opens a pipe waits for its writer."""
    found = {}
    for path in paths:
        try:
            if Path(path).is_file():
                found[path] = Path(path).read_bytes()
        except OSError:
            continue
    return found


def keep_sources(sources: Mapping[str, bytes], talk: str, place: Path) -> None:
    """Write `sources` and the text of the talk file, as they were run, into the file `place`."""
    kept = {path: text.decode("utf-8", "surrogateescape") for path, text in sources.items()}
    place.write_text(json.dumps({"sources": kept, "talk": talk}), encoding="utf-8")


def forget_sources(snapshot: Snapshot) -> None:
    """Remove what `keep_sources` wrote for `snapshot`, where no other stands for the same run."""
    Path(snapshot.sources).unlink(missing_ok=True)


def kept_sources(place: str) -> tuple[dict[str, bytes], str]:
    """What `keep_sources` wrote."""
    told = json.loads(Path(place).read_text("utf-8"))
    return {path: text.encode("utf-8", "surrogateescape") for path, text in told["sources"].items()}, told["talk"]


def changed_keys(before: str, now: str) -> frozenset[str] | None:
    """The keys of a talk file whose values differ between two states of it; None where one of them is no TOML."""
    try:
        one, other = tomllib.loads(before), tomllib.loads(now)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    return frozenset(key for key in one.keys() | other.keys() if one.get(key, one) != other.get(key, other))


class Chooser:
    """Compares what the files hold now with what snapshots were made from."""

    def __init__(self) -> None:
        self._differences: dict[str, Difference] = {}
        self._talks: dict[str, frozenset[str] | None] = {}
        self._held: dict[tuple[str, str], bool] = {}

    def chosen(self, snapshots: Iterable[Snapshot]) -> Snapshot | None:
        """The one that is furthest of those before all that differs; None where there is none, or nothing differs."""
        usable = [each for each in snapshots if self._is_usable(each)]
        return max(usable, key=lambda each: each.order, default=None)

    def _is_usable(self, snapshot: Snapshot) -> bool:
        try:
            found, keys = self._found(snapshot)
        except (OSError, ValueError, SyntaxError, RecursionError):
            return False
        if keys is None or not keys.isdisjoint(snapshot.keys):
            return False
        if not found.spares(snapshot.entered, snapshot.construct, snapshot.place + snapshot.turn, snapshot.inside):
            return False
        return all(self._holds(path, known) for path, known in snapshot.read.items())

    def _found(self, snapshot: Snapshot) -> tuple[Difference, frozenset[str] | None]:
        place = snapshot.sources
        if place not in self._differences:
            sources, talk = kept_sources(place)
            self._differences[place] = difference(sources, sources_now(sources))
            now = sources_now([snapshot.talk] if snapshot.talk else []).get(snapshot.talk, b"")
            self._talks[place] = changed_keys(talk, now.decode("utf-8", "replace"))
        return self._differences[place], self._talks[place]

    def _holds(self, path: str, known: str) -> bool:
        if (path, known) not in self._held:
            self._held[path, known] = inputs.unchanged({path: known})
        return self._held[path, known]
