"""Files of others, read as they are: plain, or packed by gzip."""

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, cast

_PACKED = b"\x1f\x8b"
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)
"""What reading a file that was packed and cut or damaged raises."""


def open_bytes(path: Path) -> BinaryIO:
    """The content of the file at `path`, unpacked if it begins as gzip's do; OSError, and `BROKEN` on reading."""
    with path.open("rb") as file:
        packed = file.read(len(_PACKED)) == _PACKED
    return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")
