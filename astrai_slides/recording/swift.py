"""While a scene is recorded: the same results from manim's most used functions, sooner.

Without pixels to paint, a recording spends most of its time in manim's own bookkeeping. What is replaced here gives
exactly what the original gives (tests compare them); a subclass that has its own version keeps it.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import svgelements
from manim import ManimColor, Mobject
from manim.utils.iterables import remove_list_redundancies

_SHARED = frozenset({type(None), bool, int, float, str, bytes, complex, ManimColor})
"""Types whose values never change, so that a copy may keep them."""


@contextmanager
def swift_manim() -> Iterator[None]:
    """Make manim faster inside the block."""
    with ExitStack() as stack:
        for owner, name, quick in (
            (Mobject, "get_family", _family),
            (Mobject, "__deepcopy__", _deepcopy),
        ):
            stack.enter_context(mock.patch.object(owner, name, quick))
        # every glyph keeps the path it was read from, and copying those takes longer than all the rest
        stack.enter_context(
            mock.patch.object(svgelements.Path, "__deepcopy__", lambda path, _: path, create=True),
        )
        stack.enter_context(mock.patch.object(svgelements.Path, "parse", _parser(svgelements.Path.parse)))
        yield


def _parser(parse: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    """As `svgelements.Path.parse`, but a definition is read once: texts are the same few glyphs over and over."""
    known: dict[str, list[Any]] = {}

    def parse_once(self: Any, pathdef: str) -> None:
        if self._segments:
            parse(self, pathdef)
            return
        segments = known.get(pathdef)
        if segments is None:
            parse(self, pathdef)
            known[pathdef] = [copy.copy(segment) for segment in self._segments]
        else:
            self._segments = [copy.copy(segment) for segment in segments]

    return parse_once


def _family(self: Mobject, recurse: bool = True) -> list[Mobject]:
    """As `Mobject.get_family`: in preorder, and each once, where it comes last."""
    family: list[Mobject] = [self]
    for part in self.submobjects:
        if part.submobjects or type(part).get_family is not _family:
            family += part.get_family()
        else:
            family.append(part)
    return family if len(set(family)) == len(family) else remove_list_redundancies(family)


def _deepcopy(self: Mobject, memo: dict[int, Any]) -> Mobject:
    """As `Mobject.__deepcopy__`, but for asking of every number whether it has to be copied."""
    cls = self.__class__
    result = cls.__new__(cls)
    memo[id(self)] = result
    plain = cls.__setattr__ is object.__setattr__
    attributes = result.__dict__
    for name, value in self.__dict__.items():
        copied = value if type(value) in _SHARED else copy.deepcopy(value, memo)
        if plain:
            attributes[name] = copied
        else:
            setattr(result, name, copied)
    result.original_id = str(id(self))
    return result
