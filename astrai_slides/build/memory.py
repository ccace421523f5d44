"""What a project remembers of earlier builds: recordings by what they were made from, files by what is in them.

Everything is checked before it is used: inputs and outputs by their SHA-256, the rest by being part of the key. What
does not check is made anew, so a build that was killed, a file that was edited and a damaged cache all end well.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from astrai_slides.base import cache, inputs
from astrai_slides.base.forecast import Pace
from astrai_slides.base.inputs import Inputs
from astrai_slides.build.ledger import Ledger, texts
from astrai_slides.errors import AstraiSlidesError

if TYPE_CHECKING:
    from astrai_slides.recording.format.model import Recording


@dataclass
class Written:
    """Files that a build wrote, by path; `notes` are what it warned of."""

    files: dict[str, str]
    notes: list[str] = field(default_factory=list)

    def intact(self) -> bool:
        """Whether every file still is what was written."""
        return bool(self.files) and inputs.unchanged(self.files)


@dataclass(frozen=True, slots=True)
class Before:
    """What a recording is told: `media` is a folder for manim's own files.

    `plays` are those of the recording before (see `recording.reuse.earlier`), and `kept` receives those of the new one.
    """

    media: Path
    plays: bytes | None
    kept: list[bytes]


class Memory:
    """The project's memory, in the cache's folder. `forgetful`: remember nothing, but keep what is made now."""

    def __init__(self, folder: Path | None = None, *, forgetful: bool = False) -> None:
        self._ledger = Ledger(folder)
        self.store = cache.Store(folder, forgetful=forgetful)
        self._forgetful = forgetful

    def key(self, *parts: object) -> str:
        """Name something by all that decides it, besides the files that are read: also by what is installed."""
        return cache.key(inputs.fingerprint(), json.dumps(parts, default=str))

    # -- whole builds

    def build(self, key: str) -> dict[str, Any] | None:
        """Return what `keep_build` was given, if none of its inputs and outputs changed since."""
        if self._forgetful:
            return None
        entry = self._ledger.read(key)
        read, written = texts(entry.get("inputs")), texts(entry.get("outputs"))
        if not read or not written or not inputs.unchanged(read) or not inputs.unchanged(written):
            return None
        return entry

    def keep_build(self, key: str, read: Inputs, written: Mapping[str, str], about: Mapping[str, Any]) -> None:
        """Keep that a build read `read` and wrote `written`."""
        self._ledger.write(key, {**about, "inputs": read, "outputs": dict(written)})

    # -- recordings

    def recording(self, key: str, make: "Callable[[Before], Recording]") -> "tuple[Recording, str, Inputs]":
        """Return a recording, what identifies it, and the files it was made from; recorded now if one of them changed.

        `make` is told of the recording that had the key before.
        """
        known = self._known_recording(key)
        if known is not None:
            return known
        with tempfile.TemporaryDirectory(prefix="astrai-slides-") as media:
            before = Before(Path(media), self._plays(key), [])
            with inputs.watching([Path(media), self.store.folder]) as read, _fonts_seen():
                recording = make(before)
            read |= _settings_of_manim()
        from astrai_slides.recording.format.container import dump

        name = cache.key(key, json.dumps(read, sort_keys=True))
        try:
            path = self.store.put(name, ".astrai", lambda draft: draft.write_bytes(dump(recording)))
            if before.kept:
                self.store.put(_plays_name(name), ".plays", lambda draft: draft.write_bytes(before.kept[-1]))
        except OSError as error:
            raise AstraiSlidesError(
                f"{self.store.folder}: cannot be written: {error.strerror or error}; make room, or name another folder "
                f"in {cache.FOLDER_VARIABLE}"
            ) from error
        self._ledger.write(key, {"inputs": read, "name": name})
        return recording, _content(path), read

    def _plays(self, key: str) -> bytes | None:
        name = None if self._forgetful else self._ledger.read(key).get("name")
        path = self.store.get(_plays_name(name)) if isinstance(name, str) else None
        return path.read_bytes() if path else None

    def _known_recording(self, key: str) -> "tuple[Recording, str, Inputs] | None":
        if self._forgetful:
            return None
        entry = self._ledger.read(key)
        read, name = texts(entry.get("inputs")), entry.get("name")
        if not read or not isinstance(name, str) or not inputs.unchanged(read):
            return None
        path = self.store.get(name)
        if path is None:
            return None
        from astrai_slides.recording.format.container import load

        try:
            return load(path.read_bytes(), path.name), _content(path), read
        except (AstraiSlidesError, OSError):
            return None  # removed meanwhile, or written by another reader: recorded anew

    # -- how long things take

    def pace(self, key: str) -> Pace:
        """Return what `keep_pace` was given, or an empty pace."""
        entry = self._ledger.read(key)
        motion, stages = entry.get("motion"), entry.get("stages")
        return Pace(
            float(motion) if isinstance(motion, int | float) else None,
            {name: float(seconds) for name, seconds in stages.items() if isinstance(seconds, int | float)}
            if isinstance(stages, dict)
            else {},
        )

    def keep_pace(self, key: str, pace: Pace) -> None:
        """Keep how long the last build took."""
        self._ledger.write(key, asdict(pace))

    # -- files

    def written(self, target: Path, stamp: str) -> Written | None:
        """Return what was written as `target` if it was `stamp`, and still is there as it was."""
        if self._forgetful:
            return None
        entry = self._ledger.read(self._place(target))
        files, notes = texts(entry.get("files")), entry.get("notes")
        if entry.get("stamp") != stamp or not files or not isinstance(notes, list):
            return None
        written = Written(files, [str(note) for note in notes])
        return written if written.intact() else None

    def keep_written(self, target: Path, stamp: str, written: Written) -> None:
        """Keep that `target` was written as `stamp`."""
        self._ledger.write(self._place(target), {"stamp": stamp, **asdict(written)})

    def trim(self) -> None:
        """Keep the cache within its limit."""
        self.store.trim()
        self._ledger.trim()

    @staticmethod
    def _place(target: Path) -> str:
        return cache.key("file", str(target.absolute()))


def _plays_name(recording: str) -> str:
    return cache.key("plays", recording)


def _content(path: Path) -> str:
    """The SHA-256 in the name of a file of the cache."""
    return path.stem.rpartition("-")[2]


def digests(files: list[Path]) -> dict[str, str]:
    """Return the SHA-256 of `files` by absolute path."""
    return {str(path.absolute()): inputs.digest(path) for path in files}


@contextmanager
def _fonts_seen() -> Iterator[None]:
    """See the font files that a deck registers, which Pango opens by itself."""
    from astrai_slides.seam.fonts import reporting_registered

    with reporting_registered(lambda path: sys.audit("open", path, "rb", 0)):
        yield


def _settings_of_manim() -> Inputs:
    """The files that manim took its settings from when it was imported, and those that it would have."""
    from astrai_slides.seam.config import settings_files

    return digests(settings_files())
