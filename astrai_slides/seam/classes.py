"""What manim adds to classes of mobjects, and whether their defaults are the ones they were written with."""

from typing import Any

from manim import Mobject

ADDED_TO_CLASSES = frozenset({"_original__init__", "animation_overrides"})
"""Attributes that manim gives to every class of mobjects as it is made, so that they say nothing of the class."""

_MOBJECT_INIT = Mobject.__init__


def has_own_defaults(kind: Any) -> bool:
    """Whether nobody changed the defaults of `kind`, a class of mobjects, by `set_default`."""
    if kind is Mobject:  # it keeps its first `__init__` nowhere
        return Mobject.__init__ is _MOBJECT_INIT
    return bool(kind.__init__ is kind._original__init__)
