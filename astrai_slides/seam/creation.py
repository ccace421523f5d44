"""Mobjects as they come to be, in whichever way: made, copied, or restored."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from manim import Mobject

Tell: TypeAlias = Callable[[Any, str, int], object]
"""Called with a mobject, the file whose line made it, and that line."""

_listener: tuple[Tell, Callable[[str], bool]] | None = None


@contextmanager
def telling_creation(tell: Tell, counts: Callable[[str], bool]) -> Iterator[None]:
    """Inside the block, call `tell` with every mobject that comes to be, before it has any attribute.

    Its line is the innermost one that is being carried out of a file that `counts`; without one nothing is told. Not by
    `__init__`, which copies and restored ones do not pass, and by which decks' defaults are known.
    """
    global _listener
    if "__new__" not in vars(Mobject):
        # for good, as Python makes no more objects of a class from which one is taken away
        setattr(Mobject, "__new__", _new)  # noqa: B010
    before, _listener = _listener, (tell, counts)
    try:
        yield
    finally:
        _listener = before


def _new(kind: Any, /, *_: Any, **__: Any) -> Any:
    made = super(Mobject, kind).__new__(kind)
    if _listener is not None:
        tell, counts = _listener
        frame = sys._getframe(1)
        while frame is not None:
            if counts(frame.f_code.co_filename):
                tell(made, frame.f_code.co_filename, frame.f_lineno)
                break
            frame = frame.f_back  # type: ignore[assignment]
    return made
