"""Which keys of a talk a deck reads while it runs, so that it is known what depends on them.

A key that is computed from (a `cached_property` of the model) counts as read whenever what came of it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeAlias

from astrai_slides.talk import tables
from astrai_slides.talk.tables import Table

Keys: TypeAlias = tuple[str, ...]
_WHOLE = {"__dict__", "model_dump", "model_dump_json", "model_copy", "copy", "dict"}
"""What gives all of a table at once."""


def differences(one: Table, other: Table, at: Keys = ()) -> Iterator[Keys]:
    """Where two talks of one model differ: the names of attributes that lead there, no deeper than tables go."""
    for name in type(one).model_fields:
        ours, theirs = getattr(one, name), getattr(other, name)
        if isinstance(ours, Table) and type(ours) is type(theirs):
            yield from differences(ours, theirs, (*at, name))
        elif ours != theirs:
            yield (*at, name)


@contextmanager
def following(talk: Table, influence: Mapping[str, Sequence[Keys]], read: Callable[[str], object]) -> Iterator[None]:
    """Call `read` with a name of `influence` whenever a key that it has influence on is read inside the block."""
    before, tables.follower = tables.follower, _Follower(talk, influence, read)
    try:
        yield
    finally:
        tables.follower = before


def turn(talk: Table, other: Table) -> None:
    """Give `talk`, of which reads are followed, the values of `other`, another of its model."""
    follower = tables.follower
    assert isinstance(follower, _Follower), "it is read where nobody follows"
    tables.follower = None  # to copy is not to read
    try:
        follower.turn(talk, other)
    finally:
        tables.follower = follower


class _Follower:
    def __init__(self, talk: Table, influence: Mapping[str, Sequence[Keys]], read: Callable[[str], object]) -> None:
        self._influence = influence
        self._told = read
        self._inside: list[set[str]] = []
        """What is read by each property that is being computed."""
        self._computed: dict[tuple[int, str], tuple[Any, set[str]]] = {}
        self._places: dict[int, tuple[Table, Keys]] = {}
        self._turns = 0
        self._enter(talk, ())

    def turn(self, table: Table, other: Table, at: Keys = ()) -> None:
        """Give `table`, which stands at `at`, the values of `other`."""
        before = dict(object.__getattribute__(table, "__dict__"))
        values = object.__getattribute__(table, "__dict__")
        values.clear()  # also of what was computed
        for name in type(table).model_fields:
            old, new = before[name], getattr(other, name)
            if isinstance(old, Table) and type(old) is type(new):
                self.turn(old, new, (*at, name))  # the deck may hold on to it
                new = old
            elif isinstance(new, Table):
                self._enter(new, (*at, name))
            values[name] = new
        if other.__pydantic_private__ is not None:
            object.__setattr__(table, "__pydantic_private__", dict(other.__pydantic_private__))
        self._computed.clear()
        self._turns += 1

    def _enter(self, table: Table, at: Keys) -> None:
        self._places[id(table)] = table, at
        for name in type(table).model_fields:
            value = object.__getattribute__(table, name)
            if isinstance(value, Table):
                self._enter(value, (*at, name))

    def get(self, table: Table, name: str) -> Any:
        """The attribute `name` of `table`."""
        known = self._places.get(id(table))
        if known is None:
            return object.__getattribute__(table, name)
        at = known[1]
        if name in type(table).model_fields:
            value = object.__getattribute__(table, name)
            self._note(self._on((*at, name), whole=id(value) not in self._places))
            return object.__getattribute__(table, name)  # another if that turned a knob
        if name in _WHOLE:
            self._note(self._on(at, whole=True))
            return object.__getattribute__(table, name)
        made = getattr(type(table), name, None) if not name.startswith("__") else None
        if isinstance(made, cached_property):
            return self._property(table, name, made)
        return object.__getattribute__(table, name)

    def _property(self, table: Table, name: str, made: "cached_property[Any]") -> Any:
        key = id(table), name
        while True:
            turns = self._turns
            if key not in self._computed:
                read: set[str] = set()
                self._inside.append(read)
                try:
                    value = made.func(table)
                finally:
                    self._inside.pop()
                    self._note(read)
                if turns != self._turns:
                    continue  # it was computed of the other values
                self._computed[key] = value, read
            value, read = self._computed[key]
            self._note(read)
            if turns == self._turns:
                return value

    def _on(self, keys: Keys, *, whole: bool) -> set[str]:
        """What has influence on what `keys` lead to; with `whole`, on anything in it."""
        return {
            name
            for name, places in self._influence.items()
            if any(keys[: len(each)] == each or (whole and each[: len(keys)] == keys) for each in places)
        }

    def _note(self, names: set[str]) -> None:
        if self._inside:
            self._inside[-1] |= names
            return
        for name in self._influence:
            if name in names:
                self._told(name)
