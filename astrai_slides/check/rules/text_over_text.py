"""Texts that lie on one another at rest."""

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from astrai_slides.check.finding import Box, Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import Ink, Region, StepSeen, TextSeen, around, meets

LEAST_SHARED = 0.06
"""Ink in common, in letters (the mean ink of a glyph of either text): those of close lines may touch."""

_MOSTLY_HIDDEN = 0.92
_SAME = 1 / 540
"""Share of the frame's height by which copies of a text may differ, which nobody sees."""


def find(step: StepSeen) -> Iterator[Breach]:
    """Every pair of texts with ink in common, but for copies that lie on one another exactly."""
    for one, other in combinations(step.texts, 2):
        if not meets(one.box, other.box) or set(one.places) & set(other.places):
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


def _shared(step: StepSeen, one: TextSeen, other: TextSeen) -> float:
    near = _SAME * step.rest.view.height
    mine = [place for place, box in zip(one.places, one.boxes, strict=True) if any(meets(box, b) for b in other.boxes)]
    if not mine or _is_copy(one, other, near):
        return 0.0
    inks = step.ink(one), step.ink(other)
    if max(ink.hidden_share for ink in inks) > _MOSTLY_HIDDEN:
        return 0.0
    region = Region.of(_common(one.box, other.box), step.rest.view)
    shown = [step.measure.painted(text.draws, region)[..., 3] > text.opacity / 2 for text in (one, other)]
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
    "Texts lie on one another at rest",
    (Severity.ERROR,),
    "Of two texts that lie on one another neither can be read; often one did not leave before the other came.",
    f"At rest no more ink of two texts lies on one another than {LEAST_SHARED:g} letters of them have. Copies that "
    "cover one another exactly, and texts that something filled hides wholly, are none.",
    "Our own: letters of close lines may touch, words may not.",
    find,
    at_rest=True,
)
