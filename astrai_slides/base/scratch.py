"""Temporary folders, of which those of killed processes are removed by the next that needs one."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from astrai_slides.base.atomic import locked

PREFIX = "astrai-slides-build-"
_OURS = re.compile(rf"{PREFIX}[a-z0-9_]{{8}}")


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a new temporary folder, which goes with the block; raises OSError where there can be none.

    It is locked meanwhile: the lock ends with the process, whichever way, also in another container. What is not
    locked, was left behind.
    """
    place = Path(tempfile.gettempdir())
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        try:
            with _kept(folder):
                if not folder.is_dir():
                    continue  # taken for one that was left behind, before it was locked
                yield folder
                return
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _kept(folder: Path) -> "AbstractContextManager[bool]":
    return locked(folder, wait=True) if folder.is_dir() else nullcontext(False)


def sweep() -> None:
    """Remove this user's folders whose process is gone."""
    place = Path(tempfile.gettempdir())
    try:
        found = [path for path in place.iterdir() if _OURS.fullmatch(path.name)]
    except OSError:
        return
    for path in found:
        try:
            own = path.lstat().st_uid == os.getuid() if hasattr(os, "getuid") else True
            if not own or path.is_symlink() or not path.is_dir():
                continue
            with locked(path) as free:
                if free:
                    shutil.rmtree(path, ignore_errors=True)
        except OSError:
            continue  # its process ended it meanwhile
