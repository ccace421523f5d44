"""Texts whose colour is too near to what is really behind them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from astrai_slides.check.colours import contrast, low, luminance_of_bytes
from astrai_slides.check.finding import Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen, TextSeen
from astrai_slides.recording.format.model import Draw

LEAST, ENOUGH = 3.0, 4.5
"""Ratios: below the first a text is hardly read, below the second not by everybody."""

DIMMED = 0.75
"""Opacity below which a text is dimmed on purpose."""

LOST = 0.15
"""Share of a letter that does not stand out, from which on it is taken for another, or for none."""

_MOSTLY_HIDDEN = 0.92
WORST = 20
"""Percentile of a text's pixels that counts: a letter or two that are lost are enough."""
_CORE = 0.35


def find(step: StepSeen) -> Iterator[Breach]:
    """Every text that does not stand out from what is painted behind its letters."""
    for text in step.texts:
        ratio = ratio_of(step, text)
        if ratio is None:
            continue
        if ratio >= ENOUGH:
            if lost := _lost_letters(step, text):
                yield _lost(text, lost)
            continue
        dimmed = text.opacity < DIMMED
        error = ratio < LEAST and not dimmed
        yield Breach(
            Severity.ERROR if error else Severity.WARNING,
            f"{quoted(text.text)} hardly stands out" + (" (it is dimmed)" if dimmed else ""),
            f"its contrast with what is behind it is {ratio:.1f}:1",
            f"at least {ENOUGH:g}:1",
            "Make it lighter or darker, or put something plain behind it.",
            box=text.box,
            text=text.text,
        )


def ratio_of(step: StepSeen, text: TextSeen) -> float | None:
    """The contrast ratio of `text` with what is behind it; None where nothing of it is seen."""

    def ratio() -> float | None:
        known = text_pixels(step, text)
        return None if known is None else low(contrast(*map(luminance_of_bytes, known[:2])), WORST)

    found: float | None = step.once("contrast", ratio, text)
    return found


def _lost_letters(step: StepSeen, text: TextSeen) -> int:
    """How many letters of `text` do not stand out, of one that does as a whole."""

    def lost() -> int:
        known = text_pixels(step, text)
        if known is None:
            return 0
        faint = contrast(*map(luminance_of_bytes, known[:2])) < LEAST
        if not faint.any():
            return 0
        pixels = np.bincount(known[2], minlength=len(text.boxes))
        return int((np.bincount(known[2][faint], minlength=len(text.boxes)) > LOST * pixels).sum())

    found: int = step.once("lost", lost, text)
    return found


def _lost(text: TextSeen, letters: int) -> Breach:
    return Breach(
        Severity.WARNING,
        f"Letters of {quoted(text.text)} hardly stand out",
        f"of {letters} of its letters more than {LOST:.0%} has a contrast of less than {LEAST:g}:1",
        "none",
        "Move it, or put something plain behind it (add_background_rectangle).",
        box=text.box,
        text=text.text,
    )


Bytes: TypeAlias = npt.NDArray[np.uint8]
"""Colours in sRGB, shape (n, 3)."""

Known: TypeAlias = tuple[Bytes, Bytes, npt.NDArray[np.intp]]


def text_pixels(step: StepSeen, text: TextSeen) -> Known | None:
    """Colours of the text's pixels and of what is behind each, and the letter that each is of, shape (n,).

    None where it is hidden or too thin.
    """
    found: Known | None = step.picture("pixels", lambda: _text_pixels(step, text), text)
    return found


def _text_pixels(step: StepSeen, text: TextSeen) -> Known | None:
    ink = step.ink(text)
    core = (ink.own[..., 3] > _CORE * text.opacity * 255) & ~ink.hidden
    if ink.hidden_share > _MOSTLY_HIDDEN or not core.any():
        return None
    mine = set(text.places)
    ops = [
        _back_only(op) if place in mine and isinstance(op := step.rest.ops[place], Draw) else step.rest.ops[place]
        for place in step.near(ink.region.box).tolist()
        if place <= text.last and (_has_back(step.rest.ops[place]) if place in mine else place not in step.text_places)
    ]
    behind = step.measure.opaque(ops, ink.region, step.rest.background | 0xFF)[core]
    own = ink.own[core].astype(np.float64)
    colours = np.minimum(own[:, 2::-1] * (255 / own[:, 3:]), 255)
    shown = np.rint(colours * text.opacity + behind * (1 - text.opacity)).astype(np.uint8)
    letter = np.zeros(core.shape, np.intp)
    for number, box in enumerate(text.boxes):
        letter[ink.region.slices(box)] = number
    return shown, behind, letter[core]


def _has_back(op: object) -> bool:
    return isinstance(op, Draw) and op.style.back is not None


def _back_only(draw: Draw) -> Draw:
    return replace(draw, style=replace(draw.style, fill=None, stroke=None, stroke_width=0))


RULE = Rule(
    "low-contrast",
    "A text hardly stands out",
    (Severity.ERROR, Severity.WARNING),
    "A bright room and a weak projector take most of the contrast away that the speaker's own screen shows.",
    f"The ratio of luminances of a text and of what is painted behind its letters is at least {ENOUGH:g}:1; below it "
    f"is a warning, below {LEAST:g}:1 an error. A text that is dimmed (opacity below {DIMMED:.0%}) is a warning, and "
    f"one of which a letter is below {LEAST:g}:1 in more than {LOST:.0%} of it. It is measured on the picture, pixel "
    "by pixel, so that a text over an image or a shape counts as it is seen; other texts are no background.",
    "WCAG 2.2, 1.4.3 (AA): 4.5:1, and 3:1 for large text.",
    find,
    at_rest=True,
)
