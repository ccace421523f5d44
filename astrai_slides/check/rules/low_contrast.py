"""Texts whose colour is too near to what is really behind them."""

from collections.abc import Iterator
from dataclasses import replace

from astrai_slides.check.colours import contrast, low, luminance
from astrai_slides.check.finding import Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import Pixels, StepSeen, TextSeen, meets
from astrai_slides.recording.format.model import Draw

LEAST, ENOUGH = 3.0, 4.5
"""Ratios: below the first a text is hardly read, below the second not by everybody."""

DIMMED = 0.75
"""Opacity below which a text is dimmed on purpose."""

_MOSTLY_HIDDEN = 0.92
WORST = 20
"""Percentile of a text's pixels that counts: a letter or two that are lost are enough."""
_CORE = 0.35


def find(step: StepSeen) -> Iterator[Breach]:
    """Every text that does not stand out from what is painted behind its letters."""
    for text in step.texts:
        ratio = ratio_of(step, text)
        if ratio is None or ratio >= ENOUGH:
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
        return None if known is None else low(contrast(*map(luminance, known)), WORST)

    found: float | None = step.once("contrast", ratio, text)
    return found


def text_pixels(step: StepSeen, text: TextSeen) -> tuple[Pixels, Pixels] | None:
    """Colours of the text's pixels and of what is behind each, shape (n, 3); None where it is hidden or too thin."""
    found: tuple[Pixels, Pixels] | None = step.picture("pixels", lambda: _text_pixels(step, text), text)
    return found


def _text_pixels(step: StepSeen, text: TextSeen) -> tuple[Pixels, Pixels] | None:
    ink = step.ink(text)
    alone = ink.own
    core = (alone[..., 3] > _CORE * text.opacity) & ~ink.hidden
    if ink.hidden_share > _MOSTLY_HIDDEN or not core.any():
        return None
    mine, boxes, seen = set(text.places), step.boxes, ink.region.box
    ops = [
        _back_only(op) if place in mine and isinstance(op, Draw) else op
        for place, op in enumerate(step.rest.ops[: text.places[-1] + 1])
        if meets(boxes[place], seen) and (_has_back(op) if place in mine else place not in step.text_places)
    ]
    behind = step.measure.opaque(ops, ink.region, step.rest.background | 0xFF)[core] / 255
    shown = alone[..., :3][core] * text.opacity + behind * (1 - text.opacity)
    return shown, behind


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
    f"is a warning, below {LEAST:g}:1 an error. A text that is dimmed (opacity below {DIMMED:.0%}) is a warning. It is "
    "measured on the picture, letter by letter, so that a text over an image or a shape counts as it is seen; other "
    "texts are no background.",
    "WCAG 2.2, 1.4.3 (AA): 4.5:1, and 3:1 for large text.",
    find,
    at_rest=True,
)
