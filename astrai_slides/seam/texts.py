"""Texts being made, mobjects taking the looks of others, and numbers as they are shown."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from html import unescape
from typing import Any

import manim
from manim import MarkupText, Mobject, Text, Transform
from manim.mobject.text.numbers import DecimalNumber
from manim.mobject.text.tex_mobject import MathTex, SingleStringMathTex

from astrai_slides.base.replaced import replaced

TYPST: tuple[type, ...] = tuple(
    kind for kind in (getattr(manim, name, None) for name in ("Typst", "MathTypst")) if isinstance(kind, type)
)
"""Formulas that Typst sets, which manim has since 0.21."""

_TAKEN = "_astrai_slides_text"
"""Attribute of a mobject that looks like another: the text of that one."""

Init = Callable[..., None]
"""An `__init__`, unbound."""


def text_inits() -> dict[Any, Init]:
    """How `Text` and `MarkupText` are made now, by class: as manim does, or as a block of `making_texts` says."""
    return {kind: kind.__init__ for kind in (Text, MarkupText)}


@contextmanager
def making_texts(inits: Mapping[Any, Init]) -> Iterator[None]:
    """Inside the block, let each class of `text_inits` be made by its function in `inits`. Blocks can be nested."""
    with ExitStack() as stack:
        for kind, init in inits.items():
            stack.enter_context(replaced(kind, "__init__", init))
        yield


@contextmanager
def texts_taken_with_looks() -> Iterator[None]:
    """Inside the block, let a mobject that is made to look like another for good have that one's `shown_text`.

    That is by `become`, or at the end of a `Transform` that keeps the mobject; manim lets it keep its own text.
    """
    become, clean_up = Mobject.become, Transform.clean_up_from_scene

    def become_all(self: Mobject, mobject: Mobject, *args: Any, **kwargs: Any) -> Mobject:
        result: Mobject = become(self, mobject, *args, **kwargs)
        _take_text(self, mobject)
        return result

    def clean_up_all(self: Transform, scene: Any) -> None:
        if not self.replace_mobject_with_target_in_scene and self.target_mobject is not None:
            _take_text(self.mobject, self.target_mobject)
        clean_up(self, scene)

    with (
        replaced(Mobject, "become", become_all),
        replaced(Transform, "clean_up_from_scene", clean_up_all),
    ):
        yield


def _take_text(mobject: Any, target: Any) -> None:
    for member, other in zip(mobject.get_family(), target.get_family(), strict=False):
        text = shown_text(other)
        if text is not None or shown_text(member) is not None:
            vars(member)[_TAKEN] = text or ""


def shown_text(mobject: Any) -> str | None:
    """Return the text that `mobject` shows by itself; None if it is none."""
    taken = getattr(mobject, _TAKEN, None)
    if taken is not None:
        return str(taken)
    if isinstance(mobject, Text):
        return str(mobject.original_text)
    if isinstance(mobject, MarkupText):
        return unescape(re.sub(r"<[^>]*>", "", str(mobject.original_text)))
    if isinstance(mobject, DecimalNumber):
        return shown_number(mobject)
    if isinstance(mobject, (MathTex, SingleStringMathTex)):
        return str(mobject.tex_string)
    if isinstance(mobject, TYPST):
        return _without_groups(str(vars(mobject)["typst_code"]))
    return None


_GROUP = re.compile(r'manimgrp\("[^"]*", ')
"""What manim writes for the `{{` of a `MathTypst`; a bracket closes it."""


def _without_groups(code: str) -> str:
    """Return the Typst source `code` as the deck has it: without the groups and dollars that manim puts around."""
    while (group := _GROUP.search(code)) is not None:
        depth, end = 1, group.end()
        while end < len(code) and depth:
            depth += {"(": 1, ")": -1}.get(code[end], 0)
            end += 1
        code = code[: group.start()] + code[group.end() : end - 1] + code[end:]
    return code[2:-2] if code.startswith("$ ") and code.endswith(" $") else code


def text_font(text: Any) -> str:
    """Return the family that a `Text` or `MarkupText` was asked to be set in; empty for the machine's own."""
    return str(getattr(text, "font", "") or "")


def shown_number(number: DecimalNumber) -> str:
    """Return `number` as an audience reads it, with sign, digits and unit as it was asked for."""
    return str(number._get_num_string(number.number))
