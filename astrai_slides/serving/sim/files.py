"""Files of others, read as they are: plain, or packed by gzip."""

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from astrai_slides.base.ordinary import refuse_special
from astrai_slides.errors import AstraiSlidesError

_PACKED = b"\x1f\x8b"
LARGEST_UNPACKED = 16 << 30
ALWAYS_UNPACKED = 64 << 20
"""Bytes that a packed file may hold, however small it is."""
MOST_TIMES = 100
"""How many times its own size a larger one may hold; packed traces hold five to ten times theirs."""
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)
"""What reading a file that was packed and cut or damaged raises."""


def open_bytes(path: Path) -> BinaryIO:
    """The content of the file at `path`, unpacked if it begins as gzip's do; OSError, and `BROKEN` on reading.

    Raises AstraiSlidesError for a pipe or a device: it is opened more than once.
    """
    refuse_special(path)
    with path.open("rb") as file:
        packed = file.read(len(_PACKED)) == _PACKED
    return cast("BinaryIO", _Unpacked(path)) if packed else path.open("rb")


class _Unpacked(gzip.GzipFile):
    """A packed file that raises AstraiSlidesError where its content is out of all proportion."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._path = path
        self._most = min(LARGEST_UNPACKED, max(ALWAYS_UNPACKED, MOST_TIMES * path.stat().st_size))

    def read(self, size: int | None = -1) -> bytes:
        """Read `size` bytes; never all that there is, as that is what may be too much."""
        assert size is not None
        assert size >= 0
        content = super().read(min(size, max(self._most - self.tell(), 0) + 1))
        if self.tell() > self._most:
            raise AstraiSlidesError(
                f"{self._path}: unpacks to more than {self._most:,} bytes; unpack it yourself if it is what you think"
            )
        return content
