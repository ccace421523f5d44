"""What a storm is: cases made from a seed, each of which is held, or says what happened."""

import os
import random
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DONE = "done before"
"""What became of a case that came too late to disturb anything."""
END_SECONDS = 5.0
"""How long the end of a build may take, from what ends it, on a machine that has nothing else to do."""

Case = Callable[[random.Random], "str | tuple[str, int]"]
"""Tries one case, and returns in a word or two what became of it, with how many tries that were if not one.

It raises `NotHeldError`, or AssertionError, where that is not as it should be.
"""


class NotHeldError(Exception):
    """What happened, in a sentence."""


@dataclass(frozen=True, slots=True)
class Storm:
    """A class of cases, tried in a folder of its own."""

    name: str
    meaning: str
    least: int
    """How many of its tries a long run has at least."""
    cases: "Callable[[Path, ExitStack], AbstractContextManager[Case]]"
    """Opened once, with a folder of its own and what is closed when all storms are over."""
    limit: float = 180
    """Seconds after which a case hangs."""


def end_seconds() -> float:
    """How long it may take on this machine now, where other work takes its share of the processors."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return END_SECONDS * max(1.0, load / (os.cpu_count() or 1))


def hold(condition: object, otherwise: str) -> None:
    """Raise `NotHeldError` saying what is `otherwise`, unless `condition` holds."""
    if not condition:
        raise NotHeldError(otherwise)


def borrow(*folders: str) -> None:
    """Let what the tests use be imported from these folders of `tests`."""
    for folder in ("", *folders):
        place = str(ROOT / "tests" / folder)
        if place not in sys.path:
            sys.path.append(place)
