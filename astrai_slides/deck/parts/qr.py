"""An address as a picture that a phone's camera reads."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import segno
from manim import VGroup, VMobject

from astrai_slides.deck.parts.shapes import plain
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box

_BLACK, _WHITE = "#010101", "#FEFEFE"
"""Nearly: no theme has them, so that a picture in the colours of another theme, as for paper, leaves them alone."""

_QUIET = 4
"""Modules of light around the code, which readers need."""

_Corner = tuple[int, int]


def qr_code(text: str, box: Box) -> VGroup:
    """The QR code of `text`, dark on light in every theme as readers want it, as large as `box` allows, in its middle.

    Raises DeckError for a text that no code can hold.
    """
    try:
        rows = [list(row) for row in segno.make(text, micro=False, error="m").matrix_iter(border=_QUIET)]
    except ValueError as error:
        raise DeckError(f"{text!r:.80} fits no QR code: {error}; write a shorter address") from error
    size = min(box.width, box.height)
    x, y, _ = box.center
    whole = Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    scale = size / len(rows)
    path: Any = VMobject(stroke_width=0, fill_color=_BLACK, fill_opacity=1)
    for outline in outlines(rows):
        corners = [np.array((whole.left + right * scale, whole.top - down * scale, 0.0)) for right, down in outline]
        path.start_new_path(corners[0])
        path.add_points_as_corners([*corners[1:], corners[0]])
    return VGroup(plain(whole, stroke_width=0, fill_color=_WHITE, fill_opacity=1), path)


def outlines(rows: Sequence[Sequence[int]]) -> list[list[_Corner]]:
    """Around the dark areas of `rows`, as corners (right, down), clockwise; around light ones within, the other way.

    Modules that touch are one area: drawn one by one they would show hairlines between them.
    """
    sides: dict[_Corner, list[_Corner]] = defaultdict(list)
    dark = {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    for x, y in sorted(dark):
        for beside, start, end in (
            ((x, y - 1), (x, y), (x + 1, y)),
            ((x + 1, y), (x + 1, y), (x + 1, y + 1)),
            ((x, y + 1), (x + 1, y + 1), (x, y + 1)),
            ((x - 1, y), (x, y + 1), (x, y)),
        ):
            if beside not in dark:
                sides[start].append(end)
    found = []
    while sides:
        start = min(sides)
        outline, here, came = [start], start, (0, 0)
        while True:
            # where two areas meet at a corner, turn right, so that each is gone round by itself
            there = min(sides[here], key=lambda end: _turn(came, here, end))
            sides[here].remove(there)
            if not sides[here]:
                del sides[here]
            came, here = (there[0] - here[0], there[1] - here[1]), there
            if here == start:
                break
            outline.append(here)
        found.append(_straight(outline))
    return found


def _turn(came: _Corner, here: _Corner, end: _Corner) -> int:
    """Below 0 to the right (as rows go down), above 0 to the left."""
    along = end[0] - here[0], end[1] - here[1]
    return -(came[0] * along[1] - came[1] * along[0])


def _straight(outline: list[_Corner]) -> list[_Corner]:
    """Without the corners at which nothing turns."""
    around = [outline[-1], *outline, outline[0]]
    return [
        here
        for before, here, after in zip(around, around[1:], around[2:], strict=False)
        if (here[0] - before[0]) * (after[1] - here[1]) != (here[1] - before[1]) * (after[0] - here[0])
    ]
