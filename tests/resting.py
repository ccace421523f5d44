"""What must hold for a picture that rests: nothing overlaps, nothing leaves the margins, nothing is too small."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import VGroup

from astrai_slides.deck.parts.text import Figures, Label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import EDGE, FRAME_HEIGHT, FRAME_WIDTH, SMALLEST_CAP
from astrai_slides.serving.parts.request import RequestPill

TOUCH = 0.005
"""Scene units that two boxes may share: half a pixel at 1080p."""


@dataclass(frozen=True)
class Item:
    """A text or a request's pill, and its box."""

    name: str
    box: Box


def box_of(mobject: Any) -> Box:
    points = np.concatenate([m.get_all_points() for m in mobject.get_family() if m.has_points()])
    (left, bottom), (right, top) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return Box(float(left), float(bottom), float(right), float(top))


def texts_of(mobjects: Iterable[Any]) -> list[Any]:
    """All texts, each once."""
    family = [m for root in mobjects for m in root.get_family() if isinstance(m, (Label, Figures))]
    return list({id(text): text for text in family}.values())


def pills_of(mobjects: Iterable[Any]) -> list[Any]:
    family = [m for root in mobjects for m in root.get_family() if isinstance(m, RequestPill)]
    return list({id(pill): pill for pill in family}.values())


def items_of(mobjects: Iterable[Any]) -> list[Item]:
    """Requests' pills, and the texts that are not theirs."""
    roots = list(mobjects)
    pills = pills_of(roots)
    inside = {id(text) for pill in pills for text in texts_of([pill])}
    texts = [text for text in texts_of(roots) if id(text) not in inside]
    return [
        *(Item(f"pill {pill.request_name}", box_of(pill)) for pill in pills),
        *(Item(repr(text.original_text), box_of(text)) for text in texts),
    ]


def overlaps(items: Iterable[Item]) -> list[str]:
    return [
        f"{one.name} and {two.name}"
        for one, two in itertools.combinations(items, 2)
        if min(one.box.right, two.box.right) - max(one.box.left, two.box.left) > TOUCH
        and min(one.box.top, two.box.top) - max(one.box.bottom, two.box.bottom) > TOUCH
    ]


def outside(items: Iterable[Item]) -> list[str]:
    x, y = FRAME_WIDTH * (0.5 - EDGE), FRAME_HEIGHT * (0.5 - EDGE)
    return [
        f"{item.name}: {item.box}"
        for item in items
        if item.box.left < -x or item.box.right > x or item.box.bottom < -y or item.box.top > y
    ]


def too_small(texts: Iterable[Any]) -> list[str]:
    """Texts whose capitals and digits, as drawn, are lower than 2 % of the frame; 3 % are the glyphs' own."""
    small = []
    for text in texts:
        content = [letter for letter in text.original_text if not letter.isspace()]
        heights = [
            box.height
            for letter, glyph in zip(content, text.chars, strict=False)
            if (letter.isascii() and letter.isupper()) or letter.isdigit()
            for box in [box_of(glyph)]
        ]
        if len(content) == len(text.chars) and heights and max(heights) < SMALLEST_CAP * 0.97:
            small.append(f"{text.original_text!r}: {max(heights):.3f}")
    return small


def check_rest(*mobjects: Any) -> int:
    """Assert that a picture may rest; returns how many texts and requests it has."""
    roots = [mobject for mobject in mobjects if mobject.family_members_with_points()]
    items = items_of(roots)
    assert overlaps(items) == []
    assert outside(items) == []
    assert outside([Item("a shape", box_of(VGroup(*roots)))]) == []
    assert too_small(texts_of(roots)) == []
    return len(items)
