"""Texts that are set and copied as while a deck is recorded, where what is tested is where they stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


@contextmanager
def quick_texts() -> Iterator[None]:
    """Set each text once in this process, and read and copy it as a recording does, several times as fast as manim.

    tests/seam and tests/recording compare both.
    """
    from astrai_slides.seam.speedups import faster_manim

    with faster_manim(), _typesetter().keeping():
        yield


@cache
def _typesetter() -> Any:
    from astrai_slides.recording.reuse.typeset import Typesetter

    return Typesetter()
