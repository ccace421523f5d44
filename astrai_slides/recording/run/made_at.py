"""Which line of the user's files made what is drawn, for whoever shows that; nothing of it is in a recording."""

import marshal
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from types import MappingProxyType
from typing import Any

from astrai_slides.base.inputs import is_local_file
from astrai_slides.recording.format.codec import encoded
from astrai_slides.recording.format.model import Step

UNKNOWN = -1
Place = tuple[str, int]
"""A file, by its absolute path, and a line of it, from 1."""

Numbers = Mapping[int, int]
"""By the number of a mobject, as draws have it: which place made it."""

NO_LINES: Numbers = MappingProxyType({})


class MadeAt:
    """Knows the line of each mobject, the last of the user's that was being carried out when it came to be."""

    def __init__(self) -> None:
        self._places: dict[Place, int] = {}
        self._made: dict[int, tuple[weakref.ref[Any], int]] = {}
        self._steps: list[tuple[Step, Numbers]] = []

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what is made inside the block."""
        from astrai_slides.seam.creation import telling_creation

        with telling_creation(self._note, _is_users):
            yield

    def numbers(self, numbered: Iterable[tuple[Any, int]]) -> Numbers:
        """Return which place made each of `numbered`, mobjects with their numbers."""
        found = {}
        for mobject, number in numbered:
            made = self._made.get(id(mobject))
            if made is not None and made[0]() is mobject:
                found[number] = made[1]
        return found

    def add(self, step: Step, numbers: Numbers) -> None:
        """Take the next step of the recording."""
        self._steps.append((step, numbers))

    def dump(self) -> bytes:
        """Return all steps with the place of each of their draws, for `build.clicked`."""
        steps: list[tuple[bytes, list[str], list[int]]] = []
        for step, numbers in self._steps:
            if step.film is not None:
                steps.append((b"", [], []))
                continue
            chunk = encoded(step)
            places = [numbers.get(source, UNKNOWN) for source in chunk.sources]
            steps.append((chunk.packed, list(chunk.pictures), places))
        return marshal.dumps((list(self._places), steps))

    def _note(self, mobject: Any, file: str, line: int) -> None:
        number = self._places.setdefault((file, line), len(self._places))
        key = id(mobject)
        self._made[key] = weakref.ref(mobject, lambda gone: self._forget(key, gone)), number

    def _forget(self, key: int, gone: "weakref.ref[Any]") -> None:
        if key in self._made and self._made[key][0] is gone:
            del self._made[key]


@cache
def _is_users(file: str) -> bool:
    return not file.startswith("<") and is_local_file(file)


def renumbered(numbers: Numbers, pairs: Iterable[tuple[Sequence[int], Sequence[int]]]) -> Numbers:
    """Return `numbers` by the numbers that mobjects had before; `pairs` are numbers before and now, in one order."""
    before: dict[int, int] = {}
    for old, new in pairs:
        if len(old) == len(new):
            before |= {then: numbers[now] for then, now in zip(old, new, strict=True) if now in numbers}
    return before
