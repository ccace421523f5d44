"""Ending this process just before it does something that is seen outside of it, as its work is done by another too."""

import os
import sys
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OF_FILES = frozenset(
    f"os.{name}" for name in ("chmod", "chown", "link", "mkdir", "remove", "rename", "rmdir", "symlink", "truncate")
)
_OF_PROGRAMS = frozenset({"os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.system"})
_OF_NETWORKS = frozenset({"socket.bind", "socket.connect", "socket.sendto", "webbrowser.open"})


def end_before_reaching_out(allowed: Sequence[Path], programs: Collection[str], end: Callable[[], object]) -> None:
    """Have `end`, which is to end this process, called before Python writes a file, starts a program or calls a server.

    What lies in `allowed` folders may be written, and temporary files that are not in the working directory; `programs`
    may be started. What a C library does by itself is not seen. It holds for as long as the process lives.
    """
    folders = [*map(os.path.realpath, allowed), os.devnull]
    temporary, here = os.path.realpath(tempfile.gettempdir()), str(Path.cwd())

    def is_allowed(path: Any) -> bool:
        if isinstance(path, int) or path is None:
            return True
        place = os.path.realpath(os.fsdecode(path))
        if any(_is_in(place, folder) for folder in folders):
            return True
        return _is_in(place, temporary) and not _is_in(place, here)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments[:3]
            if not ((flags or 0) & _WRITING or any(letter in (mode or "") for letter in "wax+")):
                return
            reaches = not is_allowed(path)
        elif event in _OF_FILES:
            reaches = not is_allowed(arguments[0])
        elif event == "subprocess.Popen":
            reaches = Path(os.fsdecode(arguments[0])).name not in programs
        else:
            reaches = event in _OF_PROGRAMS or event in _OF_NETWORKS
        if reaches:
            end()

    sys.addaudithook(hook)


def _is_in(place: str, folder: str) -> bool:
    return place == folder or place.startswith(f"{folder}{os.sep}")
