"""Texts that lie under another object at rest."""

from collections.abc import Iterator

from astrai_slides.check.crossed import STANDS_OUT, crossed_letters
from astrai_slides.check.finding import Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import HIDING, Ink, StepSeen, TextSeen, filled_only
from astrai_slides.recording.format.model import Draw

MOST_HIDDEN = 0.08
"""Share of a text's ink that may be hidden by what is filled."""
ON_PURPOSE = 0.92
"""From this share on it is hidden as a whole, which is meant."""
MOST_OF_A_LETTER = 0.15
"""Share of the ink of one letter that may be hidden."""
MOST_CROSSED = 0.12
"""Share of a text's ink that lines may cross."""


def find(step: StepSeen) -> Iterator[Breach]:
    """Every text that is hidden in part, by an area (an error), or crossed by lines (a warning)."""
    for text in step.texts:
        hidden, lost, crossed, letters = _covered(step, text)
        if hidden > ON_PURPOSE:
            continue
        if hidden > MOST_HIDDEN:
            yield Breach(
                Severity.ERROR,
                f"{quoted(text.text)} lies under another object",
                f"{hidden:.0%} of it is hidden",
                f"at most {MOST_HIDDEN:.0%}",
                "Move one of them, or bring the text to the front (set_z_index, bring_to_front).",
                box=text.box,
                text=text.text,
            )
        elif lost:
            yield _lined(
                text,
                "lies in part under another object",
                f"of {lost} of its letters more than {MOST_OF_A_LETTER:.0%} is hidden",
                "none",
            )
        elif crossed > MOST_CROSSED:
            yield _lined(text, "lies under a line", f"{crossed:.0%} of it is crossed", f"at most {MOST_CROSSED:.0%}")
        elif letters:
            measured = f"a line runs through {letters} of its letters"
            yield _lined(text, "is crossed by a line", measured, "none that stands out")


def _covered(step: StepSeen, text: TextSeen) -> tuple[float, int, float, int]:
    """The share of `text` that lies under areas, and how many letters do; the share that lies under lines, and how many
    letters a line runs through. What is told of one is not looked for in the next.
    """

    def covered() -> tuple[float, int, float, int]:
        ink = step.ink(text)
        hidden = ink.hidden_share
        if hidden > MOST_HIDDEN:
            return hidden, 0, 0.0, 0
        lost = sum(share > MOST_OF_A_LETTER for share in ink.hidden_shares(text.boxes)) if hidden else 0
        if lost:
            return hidden, lost, 0.0, 0
        crossed = _crossed(step, ink)
        return hidden, 0, crossed, 0 if crossed > MOST_CROSSED else crossed_letters(step, text)

    found: tuple[float, int, float, int] = step.once("covered", covered, text)
    return found


def _lined(text: TextSeen, what: str, measured: str, limit: str) -> Breach:
    return Breach(
        Severity.WARNING,
        f"{quoted(text.text)} {what}",
        measured,
        limit,
        "Move one of them, or put something plain between them (add_background_rectangle).",
        box=text.box,
        text=text.text,
    )


def _crossed(step: StepSeen, ink: Ink) -> float:
    """The share of a text that lies under strokes."""
    lines = [op for op in ink.above if isinstance(op, Draw) and op.style.stroke is not None and op.style.stroke_width]
    if not lines:
        return 0.0
    over = step.measure.covers(lines, ink.region, HIDING)
    fills = [filled_only(line) for line in lines if line.style.fill is not None]
    if fills:
        over &= ~step.measure.covers(fills, ink.region, HIDING)
    return float((over & ink.ink).sum()) / max(float(ink.ink.sum()), 1.0)


RULE = Rule(
    "text-hidden",
    "A text lies under another object at rest",
    (Severity.ERROR, Severity.WARNING),
    "What is filled and drawn later hides what was there before: half of a word says nothing.",
    f"At most {MOST_HIDDEN:.0%} of a text's ink lies under filled areas (more is an error), {MOST_OF_A_LETTER:.0%} of "
    f"that of any letter, and {MOST_CROSSED:.0%} of a text's under lines, and no line of a contrast of {STANDS_OUT:g}:1"
    " or more runs through a letter, or between two of a word, drawn before it or after (all three are warnings). From "
    f"{ON_PURPOSE:.0%} on it is hidden as a whole, which is meant.",
    "Our own.",
    find,
    at_rest=True,
)
