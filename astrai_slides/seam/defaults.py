"""Defaults that a deck gives to manim's classes with `set_default`, for as long as the deck is recorded."""

import inspect
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from manim import Animation, Mobject
from manim.mobject.opengl.opengl_mobject import OpenGLMobject

from astrai_slides.base.inputs import is_local
from astrai_slides.base.replaced import replaced

_BASES: tuple[Any, ...] = (Mobject, Animation, OpenGLMobject)


@contextmanager
def defaults_of_the_deck() -> Iterator[None]:
    """Take back at the block's end what was set with `set_default` inside it, so that the next deck is drawn alone.

    What an installed package sets while it is imported stays, as it is imported once for all decks.
    """
    own = {kind: vars(kind).get("__init__") for kind in _kinds()}
    before = frozenset(sys.modules)
    changed: set[Any] = set()
    with ExitStack() as stack:
        for base in _BASES:
            noting: Any = classmethod(_noting(vars(base)["set_default"].__func__, before, changed))
            stack.enter_context(replaced(base, "set_default", noting))
        stack.callback(_take_back, changed, own)
        yield


def _kinds() -> Iterator[Any]:
    """Every class of mobjects and animations that there is."""
    kinds, seen = list(_BASES), set(_BASES)
    for kind in kinds:
        yield kind
        more = [each for each in kind.__subclasses__() if each not in seen]
        seen.update(more)
        kinds += more


def _noting(set_default: Any, before: frozenset[str], changed: set[Any]) -> Any:
    def note(kind: Any, **defaults: Any) -> None:
        if not _a_package_is_imported(before):
            changed.add(kind)
        set_default(kind, **defaults)

    return note


def _a_package_is_imported(before: frozenset[str]) -> bool:
    """Whether what runs now is the body of a module that is installed, and that was not imported `before`."""
    frame = inspect.currentframe()
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if frame.f_code.co_name == "<module>" and name not in before:
            return name in sys.modules and not is_local(sys.modules[name])
        frame = frame.f_back
    return False


def _take_back(changed: set[Any], own: dict[Any, Any]) -> None:
    for kind in changed:
        if kind not in own:
            # made inside the block, and perhaps of a package that stays
            kind.__init__ = kind._original__init__
        elif own[kind] is not None:
            kind.__init__ = own[kind]
        elif "__init__" in vars(kind):
            del kind.__init__
