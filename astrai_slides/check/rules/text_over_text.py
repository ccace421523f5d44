"""Texts that lie on one another at rest."""

from collections.abc import Iterator
from functools import partial
from itertools import combinations
from statistics import median

from astrai_slides.check.finding import Box, Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import Ink, Region, StepSeen, TextSeen, around, meets

LEAST_SHARED = 0.06
"""Ink in common, in letters (the mean ink of a glyph of either text): those of close lines may touch."""

NEAREST = 0.2
"""Least space between letters above one another, in heights of the lower letter: half of what lines set solid have."""

_ABOVE = 0.3
"""Share of the narrower letter's width that is above or below the other."""
_DESCENDING = frozenset("gjpqy,;()[]{}|/")
_MOSTLY_HIDDEN = 0.92
_DEEP = 0.1
"""Share of its height by which a letter may go below the line."""
_SAME = 1 / 540
"""Share of the frame's height by which copies of a text may differ, which nobody sees."""


def find(step: StepSeen) -> Iterator[Breach]:
    """Every pair of texts with ink in common, but for copies that lie on one another exactly."""
    for (one, mine), (other, theirs) in combinations([(text, _with_room(text)) for text in step.texts], 2):
        if not meets(mine, theirs) or set(one.places) & set(other.places):
            continue
        share: float = step.once("shared", partial(_shared, step, one, other), one, other)
        if share > LEAST_SHARED:
            yield Breach(
                Severity.ERROR,
                f"{quoted(one.text)} and {quoted(other.text)} lie on one another",
                f"the ink of {share:.2g} letters lies on one another",
                f"at most {LEAST_SHARED:g}",
                "Move one of them, or let it leave before the other comes.",
                box=around([one.box, other.box]),
                text=other.text,
            )
            continue
        apart: float | None = step.once("apart", partial(_apart, step, one, other), one, other)
        if apart is not None and apart < NEAREST:
            yield Breach(
                Severity.WARNING,
                f"{quoted(one.text)} and {quoted(other.text)} stand too close",
                f"between letters above one another are {max(apart, 0):.0%} of a letter's height",
                f"at least {NEAREST:.0%}",
                "Move one of them, or make them smaller.",
                box=around([one.box, other.box]),
                text=other.text,
            )


def _with_room(text: TextSeen) -> Box:
    """The box of `text` with the space that is to be below it."""
    left, bottom, right, top = text.box
    return left, bottom - NEAREST * max(box[3] - box[1] for box in text.boxes), right, top


def _apart(step: StepSeen, one: TextSeen, other: TextSeen) -> float | None:
    """The least space between letters of two texts that stand above one another, in heights of the lower letter.

    None where no letters do. What of a letter is below the line, as of g, is not looked at: close lines have it.
    """
    if _is_copy(one, other, _SAME * step.rest.view.height):
        return None
    if max(step.ink(text).hidden_share for text in (one, other)) > _MOSTLY_HIDDEN:
        return None
    found = []
    for over, under in ((one, other), (other, one)):
        tops = _tops(under)
        for high in _standing(over):
            for low, top in zip(under.boxes, tops, strict=True):
                shared = min(high[2], low[2]) - max(high[0], low[0])
                if shared > _ABOVE * min(high[2] - high[0], low[2] - low[0]) and high[1] + high[3] > low[1] + low[3]:
                    found.append((high[1] - top) / max(min(high[3] - high[1], low[3] - low[1]), 1))
    return min(found, default=None)


def _tops(text: TextSeen) -> list[float]:
    """How high the line goes that each of its letters is in; of a formula, which is high here and there, the letter."""
    if text.letters is None or text.is_formula:
        return [box[3] for box in text.boxes]
    return [max(each[3] for each in text.boxes if each[1] < box[3] and each[3] > box[1]) for box in text.boxes]


def _standing(text: TextSeen) -> list[Box]:
    """The boxes of its letters that stand on the line: of a formula those that end no lower than most of it."""
    if text.letters is not None and not text.is_formula:
        return [box for letter, box in text.letters if letter not in _DESCENDING]
    line = median(box[1] for box in text.boxes)
    return [box for box in text.boxes if line - box[1] < _DEEP * (box[3] - box[1])]


def _shared(step: StepSeen, one: TextSeen, other: TextSeen) -> float:
    near = _SAME * step.rest.view.height
    mine = [place for place, box in zip(one.places, one.boxes, strict=True) if any(meets(box, b) for b in other.boxes)]
    if not mine or _is_copy(one, other, near):
        return 0.0
    inks = step.ink(one), step.ink(other)
    if max(ink.hidden_share for ink in inks) > _MOSTLY_HIDDEN:
        return 0.0
    region = Region.of(_common(one.box, other.box), step.rest.view)
    shown = [step.measure.covers(text.draws, region, text.opacity / 2) for text in (one, other)]
    both = shown[0] & shown[1]
    if not both.any():
        return 0.0
    scale = (region.height / region.view.height) ** 2
    inked = min(_ink_area(ink) / len(text.boxes) for ink, text in zip(inks, (one, other), strict=True)) * scale
    visible = 1 - max(ink.hidden_share for ink in inks)
    return float(both.sum()) / max(inked, 1.0) * visible


def _ink_area(ink: Ink) -> float:
    """Grid steps, squared."""
    return float(ink.ink.sum()) / (ink.region.height / ink.region.view.height) ** 2


def _is_copy(one: TextSeen, other: TextSeen, near: float) -> bool:
    """Whether all glyphs of the shorter have a glyph of the longer on them that is the same."""
    short, long = sorted((one, other), key=lambda text: len(text.boxes))
    return all(any(_close(box, twin, near) for twin in long.boxes) for box in short.boxes)


def _close(one: Box, other: Box, near: float) -> bool:
    return all(abs(a - b) <= near for a, b in zip(one, other, strict=True))


def _common(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


RULE = Rule(
    "text-over-text",
    "Texts lie on one another at rest, or nearly do",
    (Severity.ERROR, Severity.WARNING),
    "Of two texts that lie on one another neither can be read; often one did not leave before the other came.",
    f"At rest no more ink of two texts lies on one another than {LEAST_SHARED:g} letters of them have (an error), and "
    f"between letters of two texts that stand above one another are at least {NEAREST:.0%} of the height of the lower "
    "of the two (a warning); what goes below the line, as of g, is not counted. Copies that cover one another exactly, "
    "and texts that something filled hides wholly, are none.",
    "Our own: letters of close lines may touch, words may not. Lines that are set solid, the least that printers use, "
    "leave between one line and the capitals of the next 40 % of a capital's height.",
    find,
    at_rest=True,
)
