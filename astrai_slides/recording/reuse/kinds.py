"""Which classes of a deck's own behave as the class of manim that they are made from."""

from functools import cache
from typing import Any

from astrai_slides.seam.classes import ADDED_TO_CLASSES

_OWN_NAMES = ADDED_TO_CLASSES.union(
    (
        *("__init__", "__module__", "__qualname__", "__doc__", "__annotations__", "__parameters__", "__orig_bases__"),
        *("__firstlineno__", "__static_attributes__", "__slots__", "__dict__", "__weakref__", "__repr__"),
        *("__abstractmethods__", "_abc_impl"),
    )
)
"""What every class has of its own, and how an object is made and printed."""


@cache
def only_adds(made: Any, kind: Any) -> bool:
    """Whether the class `made`, a subclass of `kind`, replaces nothing of `kind` but how an object is made."""
    above = made.__mro__[: made.__mro__.index(kind)]
    return not any(name not in _OWN_NAMES and hasattr(kind, name) for each in above for name in vars(each))
