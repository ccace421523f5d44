"""Lines of a text file in bounded memory, whatever the file is."""

import codecs
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.files import BROKEN, open_bytes

LONGEST_LINE = 65_536
"""Bytes: a row of a trace has a hundred; a longer line means another kind of file."""
CHUNK = 1 << 20
"""Bytes read at once."""


def read_lines(path: Path) -> Iterator[str]:
    """The lines of `path` without their LF, one at a time; a byte order mark is left out.

    Raises AstraiSlidesError with file, line and remedy for what is no UTF-8 text of lines up to `LONGEST_LINE`.
    """
    return chain.from_iterable(_chunks(path))


def _chunks(path: Path) -> Iterator[list[str]]:
    """All lines, in lists as long as a chunk gives: reading them so costs less than a line at a time."""
    number = 1
    try:
        if path.is_dir():
            raise AstraiSlidesError(f"{path}: is a directory; name a CSV file in it")
        with open_bytes(path) as file:
            rest = file.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
            while chunk := file.read(CHUNK):
                *whole, rest = (rest + chunk).split(b"\n")
                yield _texts(path, number, whole)
                number += len(whole)
                if len(rest) > LONGEST_LINE:
                    _texts(path, number, [rest])
            if rest:
                yield _texts(path, number, rest.split(b"\n"))
    except FileNotFoundError:
        raise AstraiSlidesError(f"{path}: there is no such file; check the name") from None
    except BROKEN as error:
        raise AstraiSlidesError(f"{path}: the packed file is damaged ({error}); copy it again") from None
    except OSError as error:
        raise AstraiSlidesError(f"{path}: cannot be read: {error.strerror or error}") from error


def _texts(path: Path, number: int, lines: list[bytes]) -> list[str]:
    """`lines`, the first of which is line `number`, as text."""
    if max(map(len, lines), default=0) > LONGEST_LINE:
        number += next(place for place, line in enumerate(lines) if len(line) > LONGEST_LINE)
        raise AstraiSlidesError(
            f"{path}, line {number}: longer than {LONGEST_LINE:,} bytes; this is no trace of one request a line"
        )
    joined = b"\n".join(lines)
    try:
        return joined.decode("utf-8").split("\n") if lines else []
    except UnicodeDecodeError as error:
        number += joined.count(b"\n", 0, error.start)
        raise AstraiSlidesError(
            f"{path}, line {number}: not UTF-8; unpack it if it is compressed, else save it as UTF-8"
        ) from None
