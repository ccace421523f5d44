"""Knobs: values that a deck asks for by name, so that it can be recorded with others; and who asked for them when.

A place in a deck is (step, frame), both from 0. What lies before the place where a knob is first read is the same for
every value of it, and so is what lies after the place from which the deck says that it needs it no more.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, TypeAlias

from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import DeckError

Value: TypeAlias = bool | int | float | str
Place: TypeAlias = tuple[int, int]

MOST_VARIANTS = 64
"""Of a step, unless whoever builds says otherwise."""

MOST_VALUES = 1000
"""Of a knob, and of all knobs of a talk together: more than anybody turns, and each is looked at before a build."""

KNOBS = "knobs"
"""The attribute of a deck's class that holds its `Knobs` while it is recorded."""


@dataclass(frozen=True, slots=True)
class Knob:
    """Something that can be set: `values` of one kind, each once, of which `value` is the place of the default."""

    name: str
    label: str
    values: tuple[Value, ...]
    texts: tuple[str, ...]
    """The values as people read them."""
    value: int = 0

    @classmethod
    def of(cls, name: str, default: Value, values: Iterable[Value] | None = None, label: str = "") -> "Knob":
        """The knob with these values; a switch where none are given. Raises DeckError where that cannot be."""
        if not isinstance(name, str) or not name.strip() or "=" in name or not name.isprintable():
            raise DeckError(f"{name!r:.80} is no name of a knob; write it as text in quotes, without =")
        if values is None:
            if not isinstance(default, bool):
                raise DeckError(
                    f'knob {name!r} has no values; list them, as in self.knob("{name}", {default!r}, [...])'
                )
            values = (False, True)
        listed = tuple(map(_plain, islice(values, MOST_VALUES + 1)))
        if len(listed) > MOST_VALUES:
            raise DeckError(
                f"knob {name!r} has more than {MOST_VALUES:,} values; list those that somebody would turn to"
            )
        kinds = {_kind(value) for value in listed}
        if len(kinds) != 1 or None in kinds:
            raise DeckError(f"values of knob {name!r} are not all numbers, all words or all True and False; mend them")
        if len(set(listed)) != len(listed):
            raise DeckError(f"knob {name!r} has a value twice; keep one of them")
        default = _plain(default)
        if _kind(default) not in kinds or default not in listed:
            raise DeckError(f"knob {name!r} is {default!r}, which is none of its values; add it to them")
        texts = tuple(map(text_of, listed))
        return cls(name, " ".join(label.split()) or in_words(name), listed, texts, listed.index(default))

    def place_of(self, text: str) -> int:
        """Which value people call `text`; raises DeckError with the nearest one."""
        if text not in self.texts:
            raise DeckError(f"knob {self.name!r} has no value {text!r}; {did_you_mean(text, self.texts)}")
        return self.texts.index(text)


def _plain(value: Any) -> Any:
    """Numbers of numpy as Python's own."""
    return value.item() if hasattr(value, "item") and not isinstance(value, str) else value


def _kind(value: Any) -> type[Any] | None:
    if isinstance(value, (bool, str)):
        return type(value)
    return float if isinstance(value, (int, float)) and math.isfinite(value) else None


def text_of(value: Value) -> str:
    """A value as people read it."""
    return ("off", "on")[value] if isinstance(value, bool) else str(value)


def in_words(name: str) -> str:
    """What a knob is called that has no label: toy.slots as Toy slots."""
    words = " ".join(name.replace(".", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class KnobRead:
    """A knob that a deck read: first at `since`, and needed no more from `until` on, None for needed to the end."""

    knob: Knob
    since: Place
    until: Place | None = None

    def __post_init__(self) -> None:
        # as a file tells them
        object.__setattr__(self, "since", tuple(self.since))
        object.__setattr__(self, "until", self.until and tuple(self.until))


@dataclass
class Knobs:
    """Values of knobs while a deck runs, by their place; the others have their defaults. It notes who is read when."""

    turned: dict[str, int] = field(default_factory=dict)
    """Places of values of knobs by their names: for them other values are shown than the default."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Texts of values of knobs of the deck itself that are to be their defaults."""
    reads: dict[str, KnobRead] = field(default_factory=dict)
    step: int = 0
    """The step under way."""
    frame: Callable[[], int] = lambda: 0
    """How many frames of it there are."""
    look: Callable[[], object] | None = None
    """What is seen now; None where nobody can tell."""
    first_read: Callable[[Knob], None] | None = None
    """Called with a knob that is read for the first time, before its value is given; it may set `turned`."""
    divided: list[Place] = field(default_factory=list)
    """Where the deck said that it needs some knobs no more."""
    _open: list[tuple[Callable[[Place], None], object]] = field(default_factory=list)
    """What happened since the last motion: how to move it to another place, and what was seen then."""
    _shown: int = -1

    def start_over(self) -> None:
        """Forget what was read: the deck runs once more."""
        self.reads.clear()
        self.divided.clear()
        self._open.clear()
        self.step, self.frame, self.look, self._shown = 0, lambda: 0, None, -1

    def value(self, knob: Knob) -> Value:
        """The value of `knob` now; it is read by that."""
        knob = self.read(knob)
        return knob.values[self.turned.get(knob.name, knob.value)]

    def read(self, knob: Knob) -> Knob:
        """Note that `knob` is read; returns it with the default that it has here."""
        if knob.name in self.defaults:
            knob = replace(knob, value=knob.place_of(self.defaults[knob.name]))
        known = self.reads.get(knob.name)
        if known is None:
            self._happens(lambda place: self._read_at(knob, place), self.frame())
            if self.first_read is not None:
                self.first_read(knob)
        elif known.knob != knob:
            raise DeckError(f"two knobs are called {knob.name!r}; give each a name of its own")
        elif known.until is not None:
            raise DeckError(f"knob {knob.name!r} is read after the deck said that it needs it no more; move that down")
        return knob

    def done_with(self, names: Iterable[str], frame: int) -> None:
        """Say that what follows depends no more on these knobs; those that nobody reads are let pass."""
        if frame and any(step == self.step and other for step, other in self.divided):
            raise DeckError("done_with is called twice in the motion of a step; call it once, with all names")
        named = [name for name in names if name in self.reads and self.reads[name].until is None]
        number = len(self.divided)
        self.divided.append((0, 0))
        self._happens(lambda place: self._divide(number, named, place), frame)

    def step_ends(self) -> None:
        """Say that the step under way ends, before its rest: what was read since it moved last is the next step's.

        Unless something was changed since without motion, which its end shows.
        """
        if not self._open:
            return
        self._settle_if_moved(self.frame())
        seen = self.look() if self._open and self.look is not None else None
        for move, before in self._open:
            if before is not None and before == seen:
                move((self.step + 1, 0))
        self._open.clear()

    def _happens(self, move: Callable[[Place], None], frame: int) -> None:
        """Something happens now, which may be said to have happened at the begin of the next step."""
        self._settle_if_moved(frame)
        move((self.step, frame))
        if self.reads:
            self._open.append((move, self.look() if self.look is not None else None))

    def _read_at(self, knob: Knob, place: Place) -> None:
        self.reads[knob.name] = KnobRead(knob, place)

    def _divide(self, number: int, names: Iterable[str], place: Place) -> None:
        self.divided[number] = place
        for name in names:
            self.reads[name] = replace(self.reads[name], until=place)

    def step_begins(self, step: int) -> None:
        """Say that `step` begins."""
        self.step, self._shown = step, -1

    def _settle_if_moved(self, frame: int) -> None:
        if frame != self._shown:
            self._open.clear()
            self._shown = frame
