"""Files as opposed to pipes and devices, which may never end, and hold nothing when they are read again."""

import stat
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError

_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def refuse_special(path: Path) -> None:
    """Raise AstraiSlidesError for a pipe, a device or a socket in a file's place; OSError where nothing is there."""
    kind = _special(path)
    if kind is not None:
        raise AstraiSlidesError(f"{path}: is {kind}; write what it holds to a file, and name that")


def refuse_to_replace_special(path: Path) -> None:
    """Raise AstraiSlidesError where a file would be put in the place of a pipe, a device, a socket, or of their link.

    `/dev/null` would be an ordinary file from then on, for every program of the machine.
    """
    try:
        # /dev/stdout is a link to what this process has open, which may be a file
        kind = "a device" if path.is_symlink() and str(path.readlink()).startswith("/proc/") else _special(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    if kind is not None:
        raise AstraiSlidesError(f"{path}: is {kind}, in the place of which no file is put; name another file")


def _special(path: Path) -> str | None:
    return _KINDS.get(stat.S_IFMT(path.stat().st_mode))
