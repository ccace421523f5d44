"""Colours that tell things apart, and that some eyes cannot tell apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from astrai_slides.check.colours import (
    SIGHTS,
    contrast,
    lab,
    labs_apart,
    linear_of_bytes,
    low,
    luminance_with,
    seen_with,
)
from astrai_slides.check.finding import Box, Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.rules.low_contrast import ENOUGH, WORST, ratio_of, text_pixels
from astrai_slides.check.seen import StepSeen, TextSeen, around, edges_of, meets
from astrai_slides.recording.format.model import Draw

TOLD_APART = 20.0
"""CIEDE2000 from which on two colours are meant to be different."""
MERGED = 7.0
"""CIEDE2000 below which areas of two colours are taken for one."""

KEPT = 3.5
"""Least contrast of a text for every sight, where it has enough for full sight."""

_SOLID = 0.5
_LEAST_AREA = 0.0004
"""Share of the frame that a thing takes at least, to be told by its colour."""
_LINE = 0.15
"""Share of the frame's width that a line takes at least."""
_PAIRS = 1 << 14
"""Pairs of colours that are compared at a time, about."""
_SIGHTS = tuple(SIGHTS)


Colour: TypeAlias = tuple[float, float, float]
"""Red, green and blue, 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Coloured:
    """A thing that has a colour."""

    colour: Colour
    box: Box
    labelled: bool


def find(step: StepSeen) -> Iterator[Breach]:
    """Pairs of colours on things that differ by nothing else, and texts that lose their contrast."""
    if step.step.film:
        return
    told: set[tuple[str, str]] = set()
    for kind in _kinds(step):
        things = list({each.colour: each for each in kind}.values())
        for first, second, sight, left in _merging(step, tuple(thing.colour for thing in things)):
            one, other = things[first], things[second]
            if one.labelled and other.labelled:
                continue
            names = _hex(one.colour), _hex(other.colour)
            if names not in told:
                told.add(names)
                yield Breach(
                    Severity.WARNING,
                    f"{names[0]} and {names[1]} look the same to some",
                    f"under {sight} they are {left:.1f} apart (CIEDE2000)",
                    f"at least {MERGED:g} between what only colour tells apart",
                    "Make one lighter, or tell the things apart by shape, place or a label as well.",
                    box=around([one.box, other.box]),
                )
    yield from _lost_texts(step)


def _merging(step: StepSeen, colours: tuple[Colour, ...]) -> list[tuple[int, int, str, float]]:
    found: list[tuple[int, int, str, float]] = step.deck.memory.once(
        ("merging", colours), lambda: list(merging(list(colours)))
    )
    return found


def _kinds(step: StepSeen) -> list[list[_Coloured]]:
    """Things of one kind: filled in one shape, or lines."""
    view = step.rest.view
    edges, area = edges_of(view), view.width * view.height
    centres = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in (text.box for text in step.texts)]
    kinds: dict[object, list[_Coloured]] = {}
    for place, op in enumerate(step.rest.ops):
        box = step.boxes[place]
        if not isinstance(op, Draw) or place in step.text_places or not meets(box, edges):
            continue
        fill, stroke = op.style.fill, op.style.stroke
        width, height = box[2] - box[0], box[3] - box[1]
        if fill is not None and fill.is_flat and fill.flat_parts[3] / 255 > _SOLID:
            if width * height < _LEAST_AREA * area:
                continue
            kind: object = op.path.subpaths, round(width / height, 1) if height else 0
            colour = _rgb(fill.flat_parts)
            labelled = any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in centres)
        elif fill is None and stroke is not None and stroke.is_flat and stroke.flat_parts[3] / 255 > _SOLID:
            if max(width, height) < _LINE * view.width:
                continue
            kind, colour, labelled = ("line",), _rgb(stroke.flat_parts), False
        else:
            continue
        kinds.setdefault(kind, []).append(_Coloured(colour, box, labelled))
    return list(kinds.values())


def merging(colours: list[Colour]) -> Iterator[tuple[int, int, str, float]]:
    """Pairs of `colours` that full sight tells apart and that merge under another, by their places and in order.

    With them come the sight under which they are nearest, and how far apart they are then.
    """
    rgb = np.array(colours).reshape(-1, 3)
    full = lab(rgb)
    seen = [lab(seen_with(sight, rgb)) for sight in SIGHTS]
    # some rows of all pairs at a time, as a drawing may have thousands of colours
    rows = max(1, _PAIRS // max(len(rgb), 1))
    for start in range(0, len(rgb), rows):
        one, other = np.triu_indices(min(rows, len(rgb) - start), 1, len(rgb) - start)
        one, other = one + start, other + start
        told = labs_apart(full[one], full[other]) >= TOLD_APART
        one, other = one[told], other[told]
        left = np.array([labs_apart(each[one], each[other]) for each in seen])
        worst = left.argmin(axis=0)
        least = left.min(axis=0)
        for place in np.flatnonzero(least < MERGED).tolist():
            yield int(one[place]), int(other[place]), _SIGHTS[worst[place]], float(least[place])


def _lost_texts(step: StepSeen) -> Iterator[Breach]:
    for text in step.texts:
        ratio = ratio_of(step, text)
        if ratio is None or ratio < ENOUGH:
            continue
        worst, least = _least(step, text)
        if least < KEPT:
            yield Breach(
                Severity.WARNING,
                f"{quoted(text.text)} vanishes for some",
                f"under {worst} its contrast with what is behind it is {least:.1f}:1",
                f"at least {KEPT:g}:1",
                "Make it lighter or darker: one man in twelve sees red and green as one.",
                box=text.box,
                text=text.text,
            )


def _least(step: StepSeen, text: TextSeen) -> tuple[str, float]:
    """The sight that sees `text` worst, and its contrast then."""

    def least() -> tuple[str, float]:
        own, behind = map(linear_of_bytes, (text_pixels(step, text) or ())[:2])
        ratios = {
            sight: low(contrast(luminance_with(sight, own), luminance_with(sight, behind)), WORST) for sight in SIGHTS
        }
        return min(ratios.items(), key=lambda each: each[1])

    found: tuple[str, float] = step.once("sight", least, text)
    return found


def _rgb(parts: tuple[float, float, float, float]) -> Colour:
    return parts[0] / 255, parts[1] / 255, parts[2] / 255


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in colour)


RULE = Rule(
    "colours-merge",
    "Colours that carry meaning merge for some eyes",
    (Severity.WARNING,),
    "One man in twelve and one woman in two hundred cannot tell red from green; what only colour says, they miss.",
    f"Things of one shape, and lines, whose colours are at least {TOLD_APART:g} apart (CIEDE2000) stay {MERGED:g} "
    "apart under protanopia, deuteranopia and tritanopia, unless each has a text on it; and a text of enough contrast "
    f"keeps {KEPT:g}:1.",
    "Machado, Oliveira, Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE "
    "Transactions on Visualization and Computer Graphics 15 (6), 2009, severity 1.0; WCAG 2.2, 1.4.1.",
    find,
    at_rest=True,
)
