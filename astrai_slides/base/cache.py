"""What was made once and need not be made again: files named by what they were made from and what they hold."""

import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
import weakref
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from astrai_slides.base.atomic import flush
from astrai_slides.base.scratch import scratch_folder
from astrai_slides.errors import AstraiSlidesError

FOLDER = Path(".cache") / "astrai-slides"
"""Below the project's folder, which is where the command runs."""

FOLDER_VARIABLE = "ASTRAI_SLIDES_CACHE"
LIMIT_VARIABLE = "ASTRAI_SLIDES_CACHE_MB"
LIMIT = 4 << 30
"""Bytes kept unless the variable says otherwise."""

BUILDS = "builds"
"""Below the cache's folder: what is remembered of earlier builds (`build.ledger`)."""
FORMULAS = "formulas"
"""Below the folder of what all projects share: a store of its own."""
TEXTS = "texts"
"""Below that: another one."""

_SHELF = re.compile(r"[0-9a-f]{2}")
_ENTRY = re.compile(r"([0-9a-f]{64})-([0-9a-f]{64})\.[a-z0-9]+")
_DRAFT = ".draft-"
_OF_SHELVES = re.compile(rf"{_ENTRY.pattern}|{re.escape(_DRAFT)}.*")
_OF_BUILDS = re.compile(r"[0-9a-f]{64}\.json|\.[0-9a-f]{64}-draft-.*")
_ABANDONED = 3600.0
"""Seconds after which a draft is one that a killed process left behind."""

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by astrai-slides; may be removed at any time.\n"
_MARKS = {"CACHEDIR.TAG": _TAG, ".gitignore": "*\n"}


def default_folder() -> Path:
    """Where the cache of the project in the current folder is, as an absolute path."""
    return Path(os.environ.get(FOLDER_VARIABLE) or FOLDER).absolute()


def user_folder() -> Path:
    """Where the cache of what all projects of this user share is: the project's own if the variable names one."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named).absolute()
    try:
        home = Path.home()
    except RuntimeError:  # a user without a name and a folder, as containers have
        return default_folder()
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "astrai-slides"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "astrai-slides" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "astrai-slides"


def default_limit() -> int:
    """How many bytes the cache may take."""
    value = os.environ.get(LIMIT_VARIABLE, "")
    return int(value) << 20 if value.isdecimal() else LIMIT


def key(*parts: str | int) -> str:
    """Name an entry by all that decides what it holds."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()


def content(path: Path) -> str:
    """The SHA-256 in the name of a file that a store keeps."""
    return path.stem.rpartition("-")[2]


class Store:
    """Files by key. Each is named by its content too, and appears by one rename: there is no state to be torn.

    Several processes may use one folder. A file that is not what it was written as is removed and not served.
    """

    def __init__(self, folder: Path | None = None, limit: int | None = None, *, forgetful: bool = False) -> None:
        """`forgetful` serves only what this object kept itself, so that everything is made anew."""
        self.folder = default_folder() if folder is None else folder.absolute()
        self.limit = default_limit() if limit is None else limit
        self.forgetful = forgetful
        self._used: set[Path] = set()
        self.tell: Callable[[str], object] = lambda line: None
        """Told once that the folder cannot be written."""
        self._spare: Store | None = None

    def get(self, name: str) -> Path | None:
        """Return the file kept under the key `name`, checked from its first byte to its last; None without one."""
        if self._spare is not None and (kept := self._spare.get(name)) is not None:
            return kept
        try:
            found = sorted(self._shelf(name).glob(f"{name}-*"))
        except OSError:
            return None
        for path in found:
            match = _ENTRY.fullmatch(path.name)
            if self.forgetful and path not in self._used:
                continue
            try:
                if match and _sha256(path) == match[2]:
                    with suppress(OSError):  # a folder that others write; what is used longest ago goes first there
                        os.utime(path)
                    self._used.add(path)
                    return path
                path.unlink(missing_ok=True)
            except FileNotFoundError:
                continue  # another process tidied up
            except OSError:
                _remove(path)  # a folder or a pipe in its place, or what may not be read
        return None

    def put(self, name: str, suffix: str, write: Callable[[Path], object]) -> Path:
        """Keep under the key `name` the file that `write` writes at the path it is given; return where it is.

        Where the folder cannot be written, that is a temporary place, which goes with this object. Raises
        AstraiSlidesError if that cannot be written either.
        """
        try:
            return self._put(name, suffix, write)
        except OSError as error:
            reason = error.strerror or error
            remedy = f"make room, or name another folder in {FOLDER_VARIABLE}"
            if self._spare is None:
                self._spare = _spare_store(self, f"{self.folder}: cannot be written: {reason}; {remedy}")
                self.tell(f"{self.folder}: cannot be written: {reason}; nothing is kept for the next build; {remedy}")
            try:
                return self._spare._put(name, suffix, write)
            except OSError as again:
                raise AstraiSlidesError(
                    f"{self.folder}: cannot be written: {reason}, nor can {self._spare.folder}: "
                    f"{again.strerror or again}; {remedy}"
                ) from error

    def _put(self, name: str, suffix: str, write: Callable[[Path], object]) -> Path:
        shelf = self._shelf(name)
        mark(self.folder)
        shelf.mkdir(exist_ok=True)
        handle, draft_name = tempfile.mkstemp(dir=shelf, prefix=_DRAFT, suffix=suffix)
        os.close(handle)
        draft = Path(draft_name)
        try:
            write(draft)
            flush(draft)
            path = shelf / f"{name}-{_sha256(draft)}{suffix}"
            draft.replace(path)
        finally:
            with suppress(OSError):  # in a folder where nothing can be removed, it stays as what a kill leaves
                draft.unlink(missing_ok=True)
        self._used.add(path)
        return path

    def put_bytes(self, name: str, suffix: str, data: bytes) -> Path:
        """Keep `data` under the key `name`; return where it is."""
        return self.put(name, suffix, lambda draft: draft.write_bytes(data))

    def trim(self) -> int:
        """Remove what was not used for longest until the limit is kept, sparing what this object gave out.

        Returns how many bytes were removed.
        """
        entries: list[tuple[float, int, Path]] = []
        removed = 0
        try:
            found = [path for shelf in _own(self.folder, _SHELF) for path in shelf.iterdir()]
        except OSError:
            return 0
        for path in found:
            if _OF_SHELVES.fullmatch(path.name) is None:
                continue  # somebody else's, in a folder that the user named
            try:
                status = path.stat()
                if path.name.startswith(_DRAFT) and time.time() - status.st_mtime > _ABANDONED:
                    path.unlink(missing_ok=True)
                    removed += status.st_size
                else:
                    entries.append((status.st_mtime, status.st_size, path))
            except OSError:
                continue  # another process tidied up, or it is not ours to remove
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self.limit:
                break
            if path not in self._used and not path.name.startswith(_DRAFT):
                try:
                    path.unlink(missing_ok=True)
                except OSError:
                    continue
                total, removed = total - size, removed + size
        return removed

    def clear(self) -> int:
        """Remove everything that stores made, and nothing else. Returns how many bytes that were."""
        removed = sum(_emptied(shelf, _OF_SHELVES) for shelf in _own(self.folder, _SHELF))
        removed += sum(_emptied(builds, _OF_BUILDS) for builds in _own(self.folder, re.compile(BUILDS)))
        removed += sum(Store(inner).clear() for inner in _own(self.folder, re.compile(f"{FORMULAS}|{TEXTS}")))
        # the tag goes last, so that a clearing that was cut short can be done again
        for name, text in reversed(_MARKS.items()):
            with suppress(OSError):
                if (self.folder / name).read_bytes() == text.encode():
                    (self.folder / name).unlink()
        return removed

    def _shelf(self, name: str) -> Path:
        return self.folder / name[:2]


def _spare_store(store: Store, reason: str) -> Store:
    """Return a store in a temporary folder, which goes with `store`; raises AstraiSlidesError where there is none."""
    stack = ExitStack()
    try:
        folder = stack.enter_context(scratch_folder())
    except OSError as error:
        raise AstraiSlidesError(f"{reason} (nor is there a temporary folder: {error.strerror or error})") from error
    weakref.finalize(store, stack.close)
    return Store(folder, store.limit)


def mark(folder: Path) -> None:
    """Create the cache's folder, and say in it what it is to programs that make backups, and to git.

    Not in one that holds anything else: they would leave that out, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if all((folder / name).is_file() for name in _MARKS):
        return
    own = re.compile("|".join((_SHELF.pattern, BUILDS, FORMULAS, TEXTS, *map(re.escape, _MARKS))))
    if not all(own.fullmatch(name) for name in (each.name for each in folder.iterdir())):
        return
    for name, text in _MARKS.items():
        # never through a link that names nothing
        with suppress(FileExistsError), (folder / name).open("x", encoding="utf-8") as file:
            file.write(text)


def _own(folder: Path, name: re.Pattern[str]) -> list[Path]:
    """The folders in `folder` that are called `name`; none where it cannot be read."""
    try:
        return [each for each in folder.iterdir() if name.fullmatch(each.name) and each.is_dir()]
    except OSError:
        return []


def _emptied(folder: Path, ours: re.Pattern[str]) -> int:
    """Remove what is `ours` by its name from `folder`, and that itself if nothing else is in it; return its bytes."""
    removed = 0
    for path in folder.iterdir():
        if ours.fullmatch(path.name) is None:
            continue
        with suppress(OSError):
            removed += path.lstat().st_size
        _remove(path)
    with suppress(OSError):
        folder.rmdir()
    return removed


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        shutil.rmtree(path, ignore_errors=True)


def _sha256(path: Path) -> str:
    """The file's SHA-256; raises OSError for anything else, as a pipe would be waited for without end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
