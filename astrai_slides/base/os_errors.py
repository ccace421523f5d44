"""What the system refused, as an error that a user can mend: which file, why, and what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError

_ROOM = "make room, or name a folder on another disk"
_RIGHTS = "let this user read and write it, or name another"
_REMEDIES = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: "raise the limit of file sizes (ulimit -f), or name a folder on another disk",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: "name a folder that can be written",
    errno.EISDIR: "remove or rename the folder that is in its place",
    errno.ENOTEMPTY: "remove or rename the folder that is in its place",
    errno.ENOTDIR: "remove or rename the file that is in a folder's place",
    errno.EEXIST: "remove or rename what is in its place",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "mend the links, which lead in a circle",
    errno.EMFILE: "raise the limit of open files (ulimit -n), or try --workers 1",
    errno.ENFILE: "close other programs",
    errno.ENOENT: "see that it is there, and stays while it is read",
    errno.EIO: "check the disk",
}


def told(error: OSError, path: Path | str | None = None, remedy: str = "") -> AstraiSlidesError:
    """Return `error` as one that names `path` (else what the system named), the reason and a remedy."""
    named = path if path is not None else error.filename2 or error.filename
    reason = error.strerror or str(error) or type(error).__name__
    remedy = remedy or _REMEDIES.get(error.errno or 0, "-vv says where it arose")
    if named is None and error.errno == errno.ENOENT and not _is_in_a_folder():
        remedy = "the folder in which this runs is gone: go to one that is there"
    where = f"{named}: " if named is not None and not isinstance(named, int) else ""
    return AstraiSlidesError(f"{where}{reason}; {remedy}")


def _is_in_a_folder() -> bool:
    try:
        Path.cwd()
    except OSError:
        return False
    return True


@contextmanager
def telling_os_errors() -> Iterator[None]:
    """Raise what the system refuses inside the block as AstraiSlidesError.

    But for what nobody reads any more of what is printed, which ends the command without a word.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE and error.filename is None:
            raise
        raise told(error) from error
