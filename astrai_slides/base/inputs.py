"""Which files a piece of work read, and what they held: what must not have changed for its result to be used again.

Every file that Python opens is seen by an audit hook, so nobody has to list them: decks, the modules beside them, talk
files, traces, pictures. What is installed is not listed by its files: `identity.fingerprint` tells apart what this
package needs, and each other package that was imported is one input. Fonts that are installed are one input together,
as Pango looks for them where Python does not see it.

Nothing tells which bytes a program got out of a file. So a file is digested just before it is read, and looked at again
when the work is over: one that was written meanwhile, or that two parts of the work read as two things, is `CHANGED`,
which no later look finds again. An edit at any moment is seen by the next build therefore.
"""

import functools
import hashlib
import importlib
import os
import site
import stat
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import source_from_cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from astrai_slides.base.identity import PACKAGE
from astrai_slides.base.imported import imported_packages, package_digest
from astrai_slides.base.installed_fonts import fonts_digest
from astrai_slides.base.replaced import replaced

Inputs: TypeAlias = dict[str, str]
"""By absolute path: SHA-256 of a file, or of a folder's list of names; `ABSENT` or `PRESENT` if only that was asked;
`CHANGED` for what was edited meanwhile. Other keys are `FONTS`, and those that begin with `INSTALLED` or `LINK`."""

ABSENT = ""
PRESENT = "present"
CHANGED = "changed while it was read"
"""In place of a digest: what it held is not known, so that it never counts as unchanged."""
FONTS = "fonts of this machine"
"""In place of a path: which fonts are installed."""
INSTALLED = "package "
"""In place of a path, before the name of a package: which version of it is installed."""
LINK = "link "
"""Before the path of a symbolic link that was followed: what it names."""

_WRITING = os.O_WRONLY | os.O_RDWR
_TICK = 0.05
"""Seconds by which a file system's clock may be behind ours."""
_BEGAN = time.time()
"""Before that, nothing that may be read during a build was imported by this process."""
_IMPORT_SYSTEM = ("<frozen importlib", importlib.__path__[0] + os.sep)


def digest(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of the file at `path`, or of the names in the folder; `ABSENT` without one.

    Of a pipe or a device it is `CHANGED`, and nothing is read.
    """
    try:
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if not name.startswith((".", "__pycache__")))
            return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
        if not stat.S_ISREG(_stat(path).st_mode):
            return CHANGED  # what a pipe or a device holds is another thing each time, and may have no end
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ABSENT


NONE_UNSEEN = hashlib.sha256().hexdigest()
"""The `unseen_digest` where there is no such file."""


def unseen_digest(folder: str | os.PathLike[str], endings: tuple[str, ...]) -> str:
    """Return a digest of names and contents of the files in `folder` whose names have one of `endings`.

    Nobody who watches is told, as whether any of them is read is not known.
    """
    told = hashlib.sha256()
    _busy.yes = True
    try:
        for name in sorted(name for name in os.listdir(folder) if name.endswith(endings)):
            told.update(f"{name}\0{digest(os.path.join(folder, name))}\0".encode("utf-8", "surrogateescape"))
    except OSError:
        pass  # a folder that is gone, or that nobody may look into: then LaTeX finds nothing there
    finally:
        _busy.yes = False
    return told.hexdigest()


@contextmanager
def unseen() -> Iterator[None]:
    """What this thread opens in the block is told to nobody who watches."""
    before = getattr(_busy, "yes", False)
    _busy.yes = True
    try:
        yield
    finally:
        _busy.yes = before


def unchanged(inputs: Mapping[str, str]) -> bool:
    """Whether every one of `inputs` still holds what it held."""
    return all(map(_holds, inputs, inputs.values()))


def merged(*several: Mapping[str, str]) -> Inputs:
    """Return what several parts of a build read, together; `CHANGED` for what was not the same for all of them."""
    whole: Inputs = {}
    for each in several:
        for path, known in each.items():
            whole[path] = _agreed(whole.get(path, known), known)
    return whole


def agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether what both read was the same for both."""
    return all(_agreed(one[path], other[path]) != CHANGED for path in one.keys() & other.keys())


def read_since(path: str | os.PathLike[str], moment: float) -> str:
    """Return the `digest` of what was read at or after `moment` (as `time.time`), `CHANGED` if it was written since."""
    state = _state(path)
    if state is not None and max(state[0], state[1]) >= (moment - _TICK) * 1e9:
        return CHANGED
    return digest(path)


def read_before(paths: Iterable[str | os.PathLike[str]]) -> Inputs:
    """What was read before anybody watched, at whatever moment since this process began."""
    return {os.path.abspath(path): read_since(path, _BEGAN) for path in paths}


def tell_changed(path: str | os.PathLike[str]) -> None:
    """Tell whoever watches that what was read of `path` is not known."""
    for watch in list(_active):
        watch.note_changed(_absolute(os.fspath(path)))


def _agreed(one: str, other: str) -> str:
    if one == other:
        return one
    if PRESENT in (one, other) and ABSENT not in (one, other):
        return other if one == PRESENT else one
    return CHANGED


def _state(path: str | os.PathLike[str]) -> tuple[int, int, int, int] | None:
    """What tells, without reading, whether a file was written; None for what is no file."""
    try:
        status = _stat(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _holds(path: str, known: str) -> bool:
    if known == CHANGED:
        return False
    if path == FONTS:
        return fonts_digest() == known
    if path.startswith(LINK):
        return _named_by(path.removeprefix(LINK)) == known
    if path.startswith(INSTALLED):
        return package_digest(path.removeprefix(INSTALLED)) == known
    return os.path.exists(path) if known == PRESENT else digest(path) == known


def _named_by(link: str) -> str:
    """What the symbolic link names; `ABSENT` where there is none."""
    try:
        return _readlink(link)
    except (OSError, ValueError):
        return ABSENT


def installed_fonts() -> Inputs:
    """The fonts of this machine, as an input of whatever sets text."""
    return {FONTS: fonts_digest()}


def imported() -> Inputs:
    """What was imported so far, and may be another one next time without `fingerprint` telling.

    Modules from local files are among it: those that were imported before a `watching` block, which does not see them.
    """
    packages, files = imported_packages()
    local = [str(module.__file__) for module in list(sys.modules.values()) if is_local(module)]
    return {f"{INSTALLED}{name}": package_digest(name) for name in packages} | read_before((*files, *local))


@contextmanager
def watching(ignored: Iterable[Path] = (), told: Callable[[str, str], object] | None = None) -> Iterator[Inputs]:
    """Yield the inputs of what runs inside the block, which grow as files are opened, also by other threads.

    A file counts as what it was when first opened, as `CHANGED` if anybody else wrote it until the end of the block. A
    symbolic link that was looked up counts by what it names. Files that the block itself wrote first are none of its
    inputs, nor is what lies in `ignored` folders, nor scratch files. Blocks may be nested; each sees everything.
    `told` is called with each input just before it is read, for whoever wants to know it though the block never ends.

    What a C library opens by itself is not seen; whoever hands it a path calls `sys.audit("open", path, "rb", 0)`.
    """
    watch = _Watch([str(folder.resolve()) for folder in ignored], told)
    _install_hook()
    _active.append(watch)
    try:
        with replaced(os, "stat", _seen_stat), replaced(os, "readlink", _seen_readlink):
            yield watch.inputs
    finally:
        _active.remove(watch)
        watch.forget_scratch()
        watch.look_again()


def is_local(module: ModuleType) -> bool:
    """Whether `module` comes from a file that is no part of what is installed."""
    file = getattr(module, "__file__", None)
    # a folder of modules without an __init__.py has no file
    places = [file] if file else list(getattr(module, "__path__", ()))
    return bool(places) and all(_counts(os.path.abspath(str(place))) for place in places)


def is_local_file(path: str | os.PathLike[str]) -> bool:
    """Whether `path` is no part of what is installed."""
    return _counts(os.path.abspath(path))


@contextmanager
def fresh_modules(given: Mapping[str, ModuleType] | None = None) -> Iterator[dict[str, ModuleType]]:
    """Forget the local modules that the block imports, so that an edit of them is seen by the next block.

    Yields a dictionary that holds them, by name, when the block has ended. Given to another block, they are what that
    block imports, so that objects of the one are of the classes of the other.
    """
    before = set(sys.modules)
    forgotten: dict[str, ModuleType] = {}
    sys.modules.update(given or {})
    writes = sys.dont_write_bytecode
    # Python takes compiled code for current when the source has the same size and second, and we edit faster
    sys.dont_write_bytecode = True
    try:
        yield forgotten
    finally:
        sys.dont_write_bytecode = writes
        # all are told apart before any goes: where a folder in a folder of modules lies Python asks the outer one
        local = [name for name in set(sys.modules) - before if is_local(sys.modules[name])]
        forgotten.update((name, sys.modules.pop(name)) for name in local)


class _Watch:
    def __init__(self, ignored: list[str], told: Callable[[str, str], object] | None) -> None:
        self.inputs: Inputs = {}
        self._told = told
        self._ignored = tuple(f"{folder}{os.sep}" for folder in ignored)
        self._own: set[str] = set()
        """What the block wrote before it read it."""
        self._states: dict[str, tuple[int, int, int, int] | None] = {}
        """Of what was read, how it was just before."""

    def _is_ignored(self, path: str) -> bool:
        # such a folder itself is listed when what is kept in it is
        return f"{path}{os.sep}".startswith(self._ignored)

    def see(self, path: str, writing: bool) -> None:
        if path in self._own or self._is_ignored(path):
            return
        if self.inputs.get(path) not in {None, PRESENT}:
            if writing:
                self._states.pop(path, None)  # by the block itself
        elif writing:
            self._own.add(path)
        else:
            # now, before it is read: a change in between then counts as one
            self._states[path] = _state(path)
            self.inputs[path] = digest(path)
            if self._told is not None:
                self._told(path, self.inputs[path])

    def note_changed(self, path: str) -> None:
        if path not in self._own and not self._is_ignored(path):
            self.inputs[path] = CHANGED

    def follow(self, link: str, named: str) -> None:
        if not self._is_ignored(link):
            key = f"{LINK}{link}"
            self.inputs[key] = _agreed(self.inputs.get(key, named), named)

    def look_again(self) -> None:
        """Find out what was written since it was read."""
        for path, state in self._states.items():
            if state is not None and path in self.inputs and _state(path) != state:
                self.inputs[path] = CHANGED

    def ask(self, path: str, exists: bool) -> None:
        if path not in self._own and not self._is_ignored(path):
            self.inputs.setdefault(path, PRESENT if exists else ABSENT)

    def forget_scratch(self) -> None:
        """Leave out what was there only meanwhile, in the folder for temporary files."""
        scratch = f"{os.path.realpath(tempfile.gettempdir())}{os.sep}"
        for path, known in list(self.inputs.items()):
            place = path.removeprefix(LINK)
            if known != ABSENT and place.startswith(scratch) and not os.path.lexists(place):
                del self.inputs[path]


_active: list[_Watch] = []
_busy = threading.local()


@functools.cache
def _install_hook() -> None:
    sys.addaudithook(_hook)  # for good: Python knows no way to take one away


_EVENTS = {"open", "os.listdir", "os.scandir", "os.rename"}


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _active or event not in _EVENTS or getattr(_busy, "yes", False):
        return
    _busy.yes = True
    try:
        _see(event, arguments)
    finally:
        _busy.yes = False


def _see(event: str, arguments: tuple[Any, ...]) -> None:
    named = arguments[1 if event == "os.rename" else 0]
    if isinstance(named, int):  # a file that is open already
        return
    path = _absolute(os.fsdecode(named) if named is not None else ".")
    writing = event == "os.rename"
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        writing = bool((flags or 0) & _WRITING) or any(letter in (mode or "") for letter in "wax+")
        if path.endswith(".pyc"):
            try:
                path = source_from_cache(path)
            except ValueError:
                pass
            else:
                writing = False
    elif not writing and sys._getframe(2).f_code.co_filename.startswith(_IMPORT_SYSTEM):
        return  # looking for modules: those found are opened
    if _counts(path):
        for watch in list(_active):
            watch.see(path, writing)


def _absolute(path: str) -> str:
    """Return `path` as an absolute one that means the same file, also where `..` follows a symbolic link."""
    absolute = os.path.abspath(path)
    before, up, _ = path.rpartition(f"..{os.sep}")
    if up and os.path.realpath(f"{before}..") != os.path.realpath(os.path.abspath(f"{before}..")):
        return os.path.join(os.getcwd(), path)
    return absolute


_stat = os.stat
_readlink = os.readlink


def _seen_readlink(path: Any, *arguments: Any, **named: Any) -> Any:
    """`os.readlink`, by which Python follows symbolic links where it makes a path a real one."""
    found = _readlink(path, *arguments, **named)
    if named.get("dir_fd") is None and not getattr(_busy, "yes", False):
        _busy.yes = True
        try:
            absolute = _absolute(os.fsdecode(path))
            if _counts(absolute):
                for watch in list(_active):
                    watch.follow(absolute, os.fsdecode(found))
        finally:
            _busy.yes = False
    return found


def _seen_stat(path: Any, *arguments: Any, **named: Any) -> os.stat_result:
    """`os.stat`, by which Python also looks whether a file exists."""
    try:
        status = _stat(path, *arguments, **named)
    except (FileNotFoundError, NotADirectoryError):
        _asked(path, named, exists=False)
        raise
    _asked(path, named, exists=True)
    return status


def _asked(path: Any, named: Mapping[str, Any], *, exists: bool) -> None:
    if isinstance(path, int) or named.get("dir_fd") is not None or getattr(_busy, "yes", False):
        return
    _busy.yes = True
    try:
        absolute = _absolute(os.fsdecode(path))
        if _counts(absolute):
            for watch in list(_active):
                watch.ask(absolute, exists)
    finally:
        _busy.yes = False


@functools.cache
def _counts(path: str) -> bool:
    """Whether `path` may change from one build to the next without `fingerprint` telling."""
    return not path.startswith(_installed_folders())


def _holds_packages(folder: str) -> bool:
    """Whether packages were installed into `folder`, which may have come to `sys.path` by a `.pth` file.

    `uv run --with` lays one environment over another that way. A project into which packages were installed is still
    the project.
    """
    place = Path(folder).absolute()
    if not folder or not place.is_dir() or place == Path.cwd() or place in Path.cwd().parents:
        return False
    return place.name in {"site-packages", "dist-packages"} or any(place.glob("*.dist-info"))


@functools.cache
def _installed_folders() -> tuple[str, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib", "include", "scripts", "data")
    folders = {sysconfig.get_path(name) for name in names} | {*site.getsitepackages(), site.getusersitepackages()}
    folders = {folder for folder in folders if folder and folder not in {"/usr", "/usr/local", "/"}}
    folders |= set(filter(_holds_packages, sys.path))
    own = {str(PACKAGE), "/proc", "/sys", "/dev"}
    return tuple(f"{os.path.realpath(folder)}{os.sep}" for folder in folders | own) + tuple(
        f"{folder}{os.sep}" for folder in folders
    )
