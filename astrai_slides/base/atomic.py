"""Writing a file so that a reader, or a kill, finds the old one or the new one whole."""

import errno
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from astrai_slides.base.ordinary import refuse_to_replace_special
from astrai_slides.base.os_errors import told
from astrai_slides.errors import AstraiSlidesError

try:
    import fcntl
except ImportError:  # no such locks on this system: abandoned drafts then stay
    fcntl = None  # type: ignore[assignment]

PROBE = "probe"

_DRAFT = re.compile(r"\..+-draft-[a-z0-9_]{8}(\..*)?")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target`; move it over `target` if the block succeeds, remove it otherwise.

    The suffix is kept, as writers choose a format by it. Raises AstraiSlidesError where the system lets nobody replace
    `target`, as Windows does while a program shows it, and where that is a device or a pipe.
    """
    refuse_to_replace_special(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-draft-", suffix=target.suffix)
    draft = Path(name)
    locked = _lock(handle)
    if not locked:
        os.close(handle)  # where there are no locks, on Windows, an open file can neither be moved nor removed
    try:
        yield draft
        flush(draft)
        draft.chmod(0o666 & ~_umask())
        try:
            draft.replace(target)
        except PermissionError as error:
            raise AstraiSlidesError(
                f"{target}: cannot be replaced ({error.strerror or error}); close what shows it, then try again"
            ) from error
    finally:
        with suppress(OSError):  # of a disk that fails, the first error is told
            draft.unlink(missing_ok=True)
        if locked:
            # held until here, so that others can tell a draft at work from an abandoned one
            os.close(handle)


def check_writable(target: Path) -> None:
    """Raise AstraiSlidesError where `target` could not be written now, in a folder that there may not be yet."""
    try:
        if target.is_dir() and not target.is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        refuse_to_replace_special(target)
        target.parent.joinpath(f".{target.stem}-draft-12345678{target.suffix}").exists()  # whether its name is too long
        place = target.absolute().parent
        while not os.path.lexists(place):
            place = place.parent
        handle, name = tempfile.mkstemp(dir=place, prefix=f".{PROBE}-draft-")
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        raise told(error, target) from error


def flush(path: Path) -> None:
    """Have the system write `path` to the disk."""
    # open for writing, as Windows flushes no other files
    with path.open("r+b") as written:
        os.fsync(written.fileno())


def write_bytes(target: Path, data: bytes) -> None:
    """Write `data` to `target` atomically."""
    with replacing(target) as draft:
        draft.write_bytes(data)


def sweep(folder: Path) -> None:
    """Remove drafts in `folder` whose process was killed."""
    if fcntl is None or not folder.is_dir():
        return
    try:
        found = list(folder.iterdir())
    except OSError:
        return
    for path in found:
        if _DRAFT.fullmatch(path.name) is None:
            continue
        try:
            with path.open("rb") as draft:
                if _lock(draft.fileno()):
                    path.unlink(missing_ok=True)
        except OSError:
            continue  # its process ended it meanwhile, or it is not ours to remove


@contextmanager
def locked(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Lock `folder` for the block, and yield whether that could be done; the end of the process ends it as well."""
    if fcntl is None:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield _lock(handle, wait=wait)
    finally:
        os.close(handle)


def _lock(handle: int, *, wait: bool = False) -> bool:
    """Whether the file is now locked by this process."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
