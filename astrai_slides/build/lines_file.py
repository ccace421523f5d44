"""The file beside a deck that says which lines made what is drawn; `build.clicked` reads it."""

import marshal
from collections.abc import Sequence
from pathlib import Path

from astrai_slides.base import atomic

LINES = "made.lines"
"""What it is called."""


def write_lines(target: Path, parts: Sequence[bytes]) -> None:
    """Write what the recordings of a deck's scenes tell of their lines, in order."""
    atomic.write_bytes(target, marshal.dumps(list(parts)))
