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
    kind = _KINDS.get(stat.S_IFMT(path.stat().st_mode))
    if kind is not None:
        raise AstraiSlidesError(f"{path}: is {kind}; write what it holds to a file, and name that")
