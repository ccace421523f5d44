"""Lines of a text file in bounded memory, whatever the file is."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError

LONGEST_LINE = 65_536
"""Bytes: a row of a trace has a hundred; a longer line means another kind of file."""
CHUNK = 1 << 20
"""Bytes read at once."""


def read_lines(path: Path) -> Iterator[str]:
    """The lines of `path` without their ends, one at a time; LF, CRLF and a byte order mark are fine.

    Raises AstraiSlidesError with file, line and remedy for what is no UTF-8 text of lines up to `LONGEST_LINE`.
    """
    if path.is_dir():
        raise AstraiSlidesError(f"{path}: is a directory; name a CSV file in it")
    number = 0
    try:
        with path.open("rb") as file:
            rest = b""
            while chunk := file.read(CHUNK):
                if number == 0 and not rest:
                    chunk = chunk.removeprefix(codecs.BOM_UTF8)
                *whole, rest = (rest + chunk).split(b"\n")
                for line in whole:
                    number += 1
                    yield _text(path, number, line)
                if len(rest) > LONGEST_LINE:
                    _text(path, number + 1, rest)
            if rest:
                yield _text(path, number + 1, rest)
    except FileNotFoundError:
        raise AstraiSlidesError(f"{path}: there is no such file; check the name") from None
    except OSError as error:
        raise AstraiSlidesError(f"{path}: cannot be read: {error.strerror or error}") from error


def _text(path: Path, number: int, line: bytes) -> str:
    if len(line) > LONGEST_LINE:
        raise AstraiSlidesError(
            f"{path}, line {number}: longer than {LONGEST_LINE:,} bytes; this is no trace of one request a line"
        )
    try:
        return line.removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        raise AstraiSlidesError(
            f"{path}, line {number}: not UTF-8; unpack it if it is compressed, else save it as UTF-8"
        ) from None
