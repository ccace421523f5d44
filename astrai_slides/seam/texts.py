"""Texts being made, mobjects taking the looks of others, and numbers as they are shown."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from manim import MarkupText, Mobject, Text, Transform
from manim.mobject.text.numbers import DecimalNumber

Init = Callable[..., None]
"""An `__init__`, unbound."""


@contextmanager
def making_texts(wrap: Callable[[Any, Init], Init]) -> Iterator[None]:
    """Inside the block, let `Text` and `MarkupText` be made by what `wrap` returns, given the class and its `__init__`.

    Blocks can be nested: the inner one is given what the outer one put there.
    """
    with ExitStack() as stack:
        for kind in (Text, MarkupText):
            stack.enter_context(mock.patch.object(kind, "__init__", wrap(kind, kind.__init__)))
        yield


@contextmanager
def reporting_new_looks(report: Callable[[Any, Any], None]) -> Iterator[None]:
    """Inside the block, call `report(mobject, target)` when a mobject was made to look like another for good.

    That is by `become`, or at the end of a `Transform` that keeps the mobject.
    """
    become, clean_up = Mobject.become, Transform.clean_up_from_scene

    def reporting_become(self: Mobject, mobject: Mobject, *args: Any, **kwargs: Any) -> Mobject:
        result: Mobject = become(self, mobject, *args, **kwargs)
        report(self, mobject)
        return result

    def reporting_clean_up(self: Transform, scene: Any) -> None:
        if not self.replace_mobject_with_target_in_scene and self.target_mobject is not None:
            report(self.mobject, self.target_mobject)
        clean_up(self, scene)

    with (
        mock.patch.object(Mobject, "become", reporting_become),
        mock.patch.object(Transform, "clean_up_from_scene", reporting_clean_up),
    ):
        yield


def shown_number(number: DecimalNumber) -> str:
    """Return `number` as an audience reads it, with sign, digits and unit as it was asked for."""
    return str(number._get_num_string(number.number))
