"""What is manim's own, and what a deck, or a package of somebody's, put in its place."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from types import FunctionType, ModuleType
from typing import Any

from astrai_slides.base.identity import PACKAGE
from astrai_slides.base.inputs import is_local_file
from astrai_slides.base.replaced import replaced

_PACKAGES = ("manim", "manim_slides")
_PLAIN = (bool, int, float, complex, str, bytes, tuple, type(None))
"""Kinds of values that manim sets while it is loaded, and never again."""
_NOTHING = object()


@contextmanager
def sooner(owner: Any, name: str, quick: object) -> Iterator[None]:
    """Let a class or module have `quick` as its function `name` inside the block, which does the same, but sooner.

    Not where somebody else has put another function there: that would be lost without a word.
    """
    if _is_own(owner, vars(owner).get(name)):
        with replaced(owner, name, quick):
            yield
    else:
        yield


@contextmanager
def manim_restored() -> Iterator[None]:
    """Take back at the block's end what a deck put inside it into manim's modules and classes.

    Else it would be there for the next deck, and where a deck is run twice, what it wraps would be wrapped twice. What
    an installed package puts there while it is imported stays, as it is imported once for all decks.
    """
    before = [(owner, dict(vars(owner))) for owner in _owners()]
    try:
        yield
    finally:
        for owner, own in before:
            for name, value in list(vars(owner).items()):
                known = own.get(name, _NOTHING)
                if value is known or not _is_of_a_deck(value, known, owner):
                    continue
                if known is _NOTHING:
                    delattr(owner, name)
                else:
                    setattr(owner, name, known)


def has_own(kind: Any, base: Any, names: Sequence[str]) -> bool:
    """Whether objects of class `kind` have the functions `names` of its class `base`, one of manim's, as that wrote
    them."""
    own = [getattr(base, name) for name in names]
    return [getattr(kind, name) for name in names] == own and all(_is_own(base, each) for each in own)


def _owners() -> Iterator[Any]:
    """Manim's modules, and the classes that they define."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _PACKAGES and isinstance(module, ModuleType):
            yield module
            yield from (each for each in list(vars(module).values()) if _is_class(each) and each.__module__ == name)


def _is_class(value: Any) -> bool:
    return isinstance(value, type)


def _is_of_a_deck(value: Any, before: Any, owner: Any) -> bool:
    """Whether a deck put `value` in the place of `before` in `owner`; with numbers and texts nobody else does that."""
    file = _file(value)
    if file is not None:
        return is_local_file(file)
    return isinstance(value, _PLAIN) and (isinstance(before, _PLAIN) or (before is _NOTHING and _is_class(owner)))


def _is_own(owner: Any, value: Any) -> bool:
    """Whether `value` is what the package of `owner` has there itself, or this one put there, or nothing."""
    if value is None:
        return True
    package = (owner.__module__ if _is_class(owner) else owner.__name__).partition(".")[0]
    return isinstance(value, FunctionType) and _is_of_package(value, package)


@cache
def _is_of_package(function: FunctionType, package: str) -> bool:
    return function.__code__.co_filename.startswith((*sys.modules[package].__path__, str(PACKAGE)))


def _file(value: Any) -> str | None:
    """The file that made a function, or what wraps one, or a class; None for anything else."""
    while isinstance(value, (partial, staticmethod, classmethod, property)):
        value = value.func if isinstance(value, partial) else value.fget if isinstance(value, property) else (
            value.__func__
        )  # fmt: skip
    if isinstance(value, FunctionType):
        return value.__code__.co_filename
    if _is_class(value):
        module = sys.modules.get(value.__module__)
        return getattr(module, "__file__", None)
    return None
