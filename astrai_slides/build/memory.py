"""What a project remembers of earlier builds: recordings by what they were made from, files by what is in them.

It answers and keeps; what is made, and when, is decided in `build.make`.

Everything is checked before it is used: inputs and outputs by their SHA-256, the rest by being part of the key. What
does not check is made anew, so a build that was killed, a file that was edited and a damaged cache all end well.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from astrai_slides.base import cache, inputs
from astrai_slides.base.forecast import Pace
from astrai_slides.base.identity import fingerprint
from astrai_slides.base.inputs import Inputs
from astrai_slides.base.warning import BuildWarning, of_plain, plain
from astrai_slides.build.ledger import Ledger, texts
from astrai_slides.errors import AstraiSlidesError

if TYPE_CHECKING:
    from astrai_slides.recording.format.model import Recording


@dataclass
class Written:
    """Files that a build wrote: SHA-256 by path; `warnings` are what it warned of."""

    files: dict[str, str]
    warnings: list[BuildWarning] = field(default_factory=list)

    def intact(self) -> bool:
        """Whether every file still is what was written."""
        return bool(self.files) and inputs.unchanged(self.files)


@dataclass(frozen=True, slots=True)
class Known:
    """A recording that is kept: `identity` is the SHA-256 of its file, `inputs` what it was made from."""

    recording: "Recording"
    identity: str
    inputs: Inputs
    scenes: "tuple[Known, ...]" = ()
    """Those that it was joined of; none where it is that of one scene."""


@dataclass(frozen=True, slots=True)
class LastPage:
    """A recording as far as a page shows it, and what its steps end with: `end_digest`s by name."""

    recording: "Recording"
    ends: Mapping[str, str]


class Memory:
    """The project's memory, in the cache's folder.

    `forgetful`: remember nothing, but keep what is made now. Without `reuse` no recording is known either, nor are
    plays of one that the next could use again; files that come out the same, and clips, are.
    """

    def __init__(self, folder: Path | None = None, *, forgetful: bool = False, reuse: bool = True) -> None:
        self._ledger = Ledger(folder)
        self.store = cache.Store(folder, forgetful=forgetful)
        self._forgetful = forgetful
        self.reuse = reuse and not forgetful

    def key(self, *parts: object) -> str:
        """Name something by all that decides it, besides the files that are read: also by what is installed."""
        return cache.key(fingerprint(), json.dumps(parts, default=str))

    # -- whole builds

    def build(self, key: str) -> dict[str, Any] | None:
        """Return what `keep_build` was given, if none of its inputs and outputs changed since."""
        if not self.reuse:
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

    def known_recording(self, key: str) -> Known | None:
        """Return the recording kept under `key`, if none of its inputs changed since."""
        entry = self._current(key)
        return self._loaded(entry["name"], texts(entry["inputs"]) or {}) if entry else None

    def recording_file(self, key: str) -> Path | None:
        """Return the file of the recording kept under `key`, if none of its inputs changed since."""
        entry = self._current(key)
        return self.store.get(entry["name"]) if entry else None

    def _current(self, key: str) -> dict[str, Any] | None:
        entry = self._ledger.read(key) if self.reuse else {}
        read, name = texts(entry.get("inputs")), entry.get("name")
        return entry if read and isinstance(name, str) and inputs.unchanged(read) else None

    def recording_beside(self, key: str, said: str, talk_file: Path) -> "Recording | None":
        """Return the recording kept under `key` as saying `said`, if no input but `talk_file` changed since."""
        entry = self._ledger.read(key) if self.reuse else {}
        read, name = texts(entry.get("inputs")), entry.get("name")
        if not read or not isinstance(name, str) or entry.get("said") != said:
            return None
        read.pop(str(talk_file), None)
        known = self._loaded(name, read) if inputs.unchanged(read) else None
        return known.recording if known else None

    def _loaded(self, name: str, read: Inputs) -> Known | None:
        path = self.store.get(name)
        if path is None:
            return None
        from astrai_slides.recording.format.container import load

        try:
            return Known(load(path.read_bytes(), path.name), cache.content(path), read)
        except (AstraiSlidesError, OSError):
            return None  # removed meanwhile, or written by another reader: recorded anew

    def last_page(self, key: str) -> LastPage | None:
        """Return what pages show of the recording that was kept under `key` last, whatever changed since."""
        name = self._ledger.read(key).get("name")
        if not isinstance(name, str):
            return None
        path, ends = self.store.get(name), self.store.get(_ends_name(name))
        if path is None or ends is None:
            return None
        from astrai_slides.recording.format.container import load

        try:
            return LastPage(load(path.read_bytes(), path.name, for_page=True), json.loads(ends.read_bytes()))
        except (AstraiSlidesError, OSError, ValueError):
            return None  # removed meanwhile, or written by another reader

    def last_recording(self, key: str) -> Known | None:
        """Return the recording that was kept under `key` last, whatever changed since."""
        entry = self._ledger.read(key)
        name = entry.get("name")
        return self._loaded(name, texts(entry.get("inputs")) or {}) if isinstance(name, str) else None

    def last_name(self, key: str) -> str | None:
        """Return what tells the recording that was kept under `key` last from others."""
        name = self._ledger.read(key).get("name")
        return name if isinstance(name, str) else None

    def earlier_plays(self, key: str) -> bytes | None:
        """Return the plays of the recording that was kept under `key` last, whatever changed since but the fonts.

        Its texts may be set in others now.
        """
        entry = self._ledger.read(key) if self.reuse else {}
        fonts = (texts(entry.get("inputs")) or {}).get(inputs.FONTS)
        name = entry.get("name") if fonts is not None and inputs.unchanged({inputs.FONTS: fonts}) else None
        path = self.store.get(_plays_name(name)) if isinstance(name, str) else None
        try:
            return path.read_bytes() if path else None
        except OSError:
            return None  # removed meanwhile

    def keep_recording(
        self, key: str, recording: "Recording", plays: bytes | None, read: Inputs, said: str = ""
    ) -> Known:
        """Keep `recording` under `key`, and `plays` for the next to use again; `read` is what it was made from.

        `said` tells what its talk file says that may decide which steps there are.

        Raises AstraiSlidesError if there is no room, not even for a while.
        """
        from astrai_slides.recording.format.container import dump, end_digest

        name = cache.key(key, json.dumps(read, sort_keys=True))
        path = self.store.put_bytes(name, ".astrai", dump(recording))
        ends = {step.name: end_digest(step) for step in recording.steps}
        self.store.put_bytes(_ends_name(name), ".ends", json.dumps(ends).encode("utf-8", "surrogatepass"))
        if plays is not None:
            self.store.put_bytes(_plays_name(name), ".plays", plays)
        self._ledger.write(key, {"inputs": read, "name": name, "said": said})
        return Known(recording, cache.content(path), read)

    def lines(self, key: str) -> bytes | None:
        """Return what `keep_lines` was given for the recording that is kept under `key`, if anything."""
        name = self._ledger.read(key).get("name")
        path = self.store.get(_lines_name(name)) if isinstance(name, str) else None
        try:
            return path.read_bytes() if path else None
        except OSError:
            return None  # removed meanwhile

    def keep_lines(self, key: str, lines: bytes) -> None:
        """Keep which lines made what is drawn in the recording that was kept under `key` last."""
        name = self._ledger.read(key).get("name")
        if isinstance(name, str):
            self.store.put_bytes(_lines_name(name), ".lines", lines)

    # -- what was found in recordings

    def findings(self, key: str) -> dict[str, Any]:
        """Return what `keep_findings` was given under `key`; empty without any."""
        return self._ledger.read(key) if self.reuse else {}

    def keep_findings(self, key: str, content: Mapping[str, Any]) -> None:
        """Keep what was found in a recording, which `key` names."""
        self._ledger.write(key, content)

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
        files, warnings = texts(entry.get("files")), entry.get("warnings")
        if entry.get("stamp") != stamp or not files or not isinstance(warnings, list):
            return None
        try:
            written = Written(files, of_plain(warnings))
        except (TypeError, ValueError):
            return None
        return written if written.intact() else None

    def files_of(self, target: Path) -> dict[str, str]:
        """Return the files that were written last as `target`, whatever became of them: SHA-256 by path."""
        return texts(self._ledger.read(self._place(target)).get("files")) or {}

    def keep_written(self, target: Path, stamp: str, written: Written) -> None:
        """Keep that `target` was written as `stamp`."""
        self._ledger.write(
            self._place(target), {"stamp": stamp, "files": written.files, "warnings": plain(written.warnings)}
        )

    def trim(self) -> None:
        """Keep the cache within its limit."""
        self.store.trim()
        self._ledger.trim()

    @staticmethod
    def _place(target: Path) -> str:
        return cache.key("file", str(target.absolute()))


def _ends_name(recording: str) -> str:
    return cache.key("ends", recording)


def _lines_name(recording: str) -> str:
    return cache.key("lines", recording)


def _plays_name(recording: str) -> str:
    return cache.key("plays", recording)


def digests(files: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of `files` by absolute path."""
    return {str(path.absolute()): inputs.digest(path) for path in files}
