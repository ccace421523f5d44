"""Texts that run off the frame, or stand in its margin."""

from collections.abc import Iterator

from astrai_slides.check.finding import Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import TOUCH, StepSeen, edges_of

MARGIN = 0.035
"""Share of the frame's width and height, at every edge, that stays empty: manim's `to_edge` leaves as much."""

_ZOOMED = 0.98
_SIDES = "left", "bottom", "right", "top"


def find(step: StepSeen) -> Iterator[Breach]:
    """Every text of which a part is cut off, or that is nearer to an edge than the margin."""
    view = step.rest.view
    edges, zoomed = edges_of(view), view.width < _ZOOMED * step.deck.widest
    for text in step.texts:
        box = text.box
        out = [inside(number, box[number], edges[number]) / _size(view, number) for number in range(4)]
        worst = min(range(4), key=lambda number: out[number])
        if out[worst] < -TOUCH:
            yield Breach(
                Severity.WARNING if zoomed else Severity.ERROR,
                f"{quoted(text.text)} runs off the frame",
                f"{-out[worst]:.1%} of the frame beyond its {_SIDES[worst]} edge",
                "nothing may be cut off",
                "Move it, break its line, or make it smaller.",
                box=box,
                text=text.text,
            )
        elif out[worst] < MARGIN - TOUCH and not zoomed:
            yield Breach(
                Severity.WARNING,
                f"{quoted(text.text)} stands in the margin",
                f"{max(out[worst], 0):.1%} of the frame from its {_SIDES[worst]} edge",
                f"at least {MARGIN:.1%}",
                "Move it inwards: projectors and screens cut edges off.",
                box=box,
                text=text.text,
            )


def inside(number: int, side: float, edge: float) -> float:
    """How far a side lies inside of an edge, less than 0 outside; sides are numbered as in a box."""
    return side - edge if number < 2 else edge - side


def _size(view: object, number: int) -> float:
    return float(getattr(view, "height" if number % 2 else "width"))


RULE = Rule(
    "off-frame",
    "A text runs off the frame or stands in its margin",
    (Severity.ERROR, Severity.WARNING),
    "What is cut off cannot be read, and projectors, tiled screens and video players cut off a little more.",
    f"Nothing of a text is beyond the frame (an error), nor within {MARGIN:.1%} of it (a warning). Where the camera is "
    "zoomed in, what is cut off is a warning, and the margin does not count.",
    "SMPTE ST 2046-1 has 5 % for titles and 3.5 % for action; manim's own `to_edge` leaves half a unit, which is 3.5 % "
    "of the width.",
    find,
    at_rest=True,
    decided_by=lambda step: step.deck.widest,
)
