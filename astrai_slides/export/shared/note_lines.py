"""Lines of speaker notes: runs of text, each with its look."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Look:
    """How a piece of text looks."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    link: str = ""


Runs: TypeAlias = tuple[tuple[str, Look], ...]
"""Pieces of text, each with its look."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of notes. `marker` is "" for none, a bullet, or a number with its point; `heading` 0 for none."""

    runs: Runs
    level: int = 0
    marker: str = ""
    heading: int = 0
    quote: bool = False
    listed: bool = False
    """Whether it belongs to an item of a list, be it the first line with its marker or one that goes on below it."""

    cells: tuple[Runs, ...] = ()
    """What stands in each column, if this is a row of a table; `runs` then has it all, with tabs between."""

    columns: tuple[int, ...] = ()
    """Characters of the widest cell in each column of the row's table."""

    @property
    def text(self) -> str:
        """The bare text."""
        return "".join(text for text, _ in self.runs)


BULLET = "\u2022"
