"""Lines that run through the letters of a text, whether they were drawn before it or after."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from astrai_slides.check.colours import contrast
from astrai_slides.check.finding import Box
from astrai_slides.check.seen import Region, StepSeen, TextSeen, meets, stroke_width
from astrai_slides.recording.format.model import Draw, Op

STANDS_OUT = 2.0
"""Contrast with what is behind it from which on a line disturbs a text: the lines of a grid mostly have less."""

_THROUGH = 0.8
"""Share of a letter's width, or of its height, that a line runs along: through it, or on its edge."""
_GAP = 0.35
"""Of a letter's height: letters that are farther apart are of two words."""
_FLAT, _TALL = 2.5, 8.0
"""Width by height, and height by width, from which on a glyph is a line itself, as a hyphen or a bar."""


def crossed_letters(step: StepSeen, text: TextSeen) -> int:
    """How many letters of `text` a line that can be seen runs through; if none, between how many it does."""
    if any(draw.style.back is not None for draw in text.draws):
        return 0  # it has a border that keeps lines away
    letters = [box for box in text.boxes if _is_letter(box)]
    gaps = _gaps(text.boxes)
    ops = step.rest.ops
    region = Region.of(text.box, step.rest.view)
    beside = [place for place in step.near(region.box).tolist() if place not in step.text_places]
    lines = {place for place in beside if _runs_near(step, place, letters + gaps)}
    if not lines:
        return 0
    others = [(place, ops[place]) for place in beside]
    background = step.rest.background | 0xFF
    whole = step.measure.light([op for _, op in others], region, background)
    without = step.measure.light([_filled(op) if place in lines else op for place, op in others], region, background)
    stands = contrast(whole, without) >= STANDS_OUT
    through = [max(_along(stands, box, region)) >= _THROUGH for box in letters]
    between = [_along(stands, box, region)[1] >= _THROUGH for box in gaps]
    return sum(through) or sum(between)


def _is_letter(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return width < _FLAT * height and height < _TALL * width


def _runs_near(step: StepSeen, place: int, letters: list[Box]) -> bool:
    """Whether the op at `place` has a stroke that comes within the boxes of `letters`."""
    op, box = step.rest.ops[place], step.boxes[place]
    if not isinstance(op, Draw) or op.style.stroke is None or not op.style.stroke_width:
        return False
    near = [each for each in letters if meets(box, each)]
    if not near:
        return False
    lows, highs = _curve_bounds(op)
    half = stroke_width(op) / 2
    return any(
        bool(np.any(np.all((highs + half > each[:2]) & (lows - half < each[2:]), axis=1)))
        for each in map(np.array, near)
    )


def _curve_bounds(draw: Draw) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Lower left and upper right corners of the boxes of its curves, shape (n, 2) each, grid steps."""
    lows, highs = [], []
    for points, closed in draw.path.curves():
        placed = points.astype(np.float64) + np.array([draw.x, draw.y])
        parts = [placed[number : len(placed) - 3 + number : 3] for number in range(4)]
        curves = np.stack(parts, axis=1)
        if closed:
            curves = np.concatenate([curves, np.stack([placed[-1], placed[-1], placed[0], placed[0]])[None]])
        lows.append(curves.min(axis=1))
        highs.append(curves.max(axis=1))
    return np.concatenate(lows), np.concatenate(highs)


def _filled(op: Op) -> Op:
    """`op` without its strokes."""
    if not isinstance(op, Draw):
        return op
    return replace(op, style=replace(op.style, stroke=None, stroke_width=0, back=None, back_width=0))


def _gaps(glyphs: Iterable[Box]) -> list[Box]:
    """From the middle of each letter to that of the next one of the same word, as high as both are.

    A hyphen belongs to the letter before it.
    """
    found = []
    letters: list[Box] = []
    for box in glyphs:
        if _is_letter(box) or not letters:
            letters.append(box)
        else:
            left, bottom, right, top = letters[-1]
            letters[-1] = left, bottom, max(right, box[2]), top
    for one, other in pairwise(letters):
        low, high = max(one[1], other[1]), min(one[3], other[3])
        if high > low and -_GAP < (other[0] - one[2]) / (high - low) < _GAP:
            found.append(((one[0] + one[2]) / 2, low, (other[0] + other[2]) / 2, high))
    return [box for box in found if box[2] > box[0]]


def _along(stands: npt.NDArray[np.bool_], box: Box, region: Region) -> tuple[float, float]:
    """Share of the width of `box`, and of its height, along which something stands out in it."""
    here = stands[region.slices(box)]
    return (float(here.any(axis=0).mean()), float(here.any(axis=1).mean())) if here.size else (0.0, 0.0)
