"""Digits of numbers that are shown anew in each frame: each is scaled once, and copied as it is then."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from manim import DecimalNumber, MathTex, SingleStringMathTex, Tex, Text
from manim.mobject.text import numbers

from astrai_slides.seam.manims_own import sooner

_KINDS = frozenset({MathTex, SingleStringMathTex, Tex, Text})
"""What digits are made of, whose sizes have no ways of a deck's own."""


@contextmanager
def digits_scaled_once() -> Iterator[None]:
    """Inside the block, have `DecimalNumber` copy a digit that has its size already."""
    string_to_mobject = DecimalNumber._string_to_mob
    scaled: dict[tuple[int, float], tuple[Any, Any]] = {}

    def quick(self: DecimalNumber, string: str, mob_class: Any = None, **kwargs: Any) -> Any:
        source = numbers.string_to_mob_map.get(string)
        key = id(source), self._font_size
        known = scaled.get(key)
        if known is not None and known[0] is source:
            return known[1].copy()
        made = string_to_mobject(self, string, mob_class, **kwargs)
        source = numbers.string_to_mob_map[string]
        if type(source) in _KINDS:
            scaled[id(source), self._font_size] = source, made.copy()
        return made

    with sooner(DecimalNumber, "_string_to_mob", quick):
        yield
