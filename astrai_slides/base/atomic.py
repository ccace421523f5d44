"""Writing a file so that a reader, or a kill, finds the old one or the new one whole."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such locks on this system: abandoned drafts then stay
    fcntl = None  # type: ignore[assignment]

_DRAFT = re.compile(r"\..+-draft-[a-z0-9_]{8}(\..*)?")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target`; move it over `target` if the block succeeds, remove it otherwise.

    The suffix is kept, as writers choose a format by it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-draft-", suffix=target.suffix)
    draft = Path(name)
    try:
        # held as long as this process lives, so that others can tell a draft at work from an abandoned one
        _lock(handle)
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.chmod(0o666 & ~_umask())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
        os.close(handle)


def write_bytes(target: Path, data: bytes) -> None:
    """Write `data` to `target` atomically."""
    with replacing(target) as draft:
        draft.write_bytes(data)


def sweep(folder: Path) -> None:
    """Remove drafts in `folder` whose process was killed."""
    if fcntl is None or not folder.is_dir():
        return
    for path in folder.iterdir():
        if _DRAFT.fullmatch(path.name) is None:
            continue
        try:
            with path.open("rb") as draft:
                if _lock(draft.fileno()):
                    path.unlink(missing_ok=True)
        except OSError:
            continue  # its process ended it meanwhile, or it is not ours to remove


def _lock(handle: int) -> bool:
    """Whether the file is now locked by this process."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
