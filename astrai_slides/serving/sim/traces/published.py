"""Published traces, recognised by what they hold: the names of columns prove a format, and not where rows come from.

A file is recognised as a whole: its rows, first to last, by the SHA-256 of whole seconds after the first row, prompt
and answer. So a file with fewer digits in its times, other line ends or further columns is the same trace, and one that
was cut, thinned out or edited is not. To take a part of a published trace, name the whole file and cut it by the keys
of the talk or the options of `simulate`: then the caption says both.
"""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.serving.sim.traces.lines import read_lines
from astrai_slides.serving.sim.traces.times import Clock


@dataclass(frozen=True, slots=True)
class Published:
    """A published trace: its format's name, the `year` of its requests, and which `part` of the publication it is."""

    form: str
    year: int
    part: str


CONVERSATION = Published("azure", 2023, "conversation")
CODE = Published("azure", 2023, "code")
_DIGESTS = {
    "6e7394328f1262a4e87227ccc02c7d64d1ef848bd70264c2f7f8d5cd5d58d06e": (CONVERSATION, 19_366),
    "82ce813853af1ac32faa698d394cdcd9abc8849bb823993bbf03b7c32b77d4e5": (CODE, 8_819),
}
"""Of the files of Azure/AzurePublicDataset, with their rows."""
_MOST_ROWS = max(rows for _, rows in _DIGESTS.values())


def published_trace(path: Path, arrival: str, prompt: str, output: str) -> Published | None:
    """The published trace that the file at `path` is, read by the names of its columns; None if it is none.

    Reads no more rows than the longest known trace has.
    """
    reader = csv.reader(read_lines(path))
    digest, clock = hashlib.sha256(), Clock()
    places: list[int] = []
    origin, rows = 0, 0
    try:
        for row in reader:
            if not any(value.strip() for value in row):
                continue
            if not places:
                columns = [column.strip().casefold() for column in row]
                places = [columns.index(name.casefold()) for name in (arrival, prompt, output)]
                continue
            time, *lengths = (row[place] for place in places)
            if not rows:
                origin = clock.origin(time)
            rows += 1
            if rows > _MOST_ROWS:
                return None
            since = int(clock.seconds(time, origin) // 1)
            digest.update(f"{since},{int(float(lengths[0]))},{int(float(lengths[1]))}\n".encode())
    except (AstraiSlidesError, ValueError, IndexError, OverflowError, csv.Error):
        # What cannot be read so is no published trace; what is wrong with it is told by who reads its requests.
        return None
    known = _DIGESTS.get(digest.hexdigest())
    return known[0] if known and known[1] == rows else None
