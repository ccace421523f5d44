"""Characters that no font here has."""

from collections.abc import Iterator

from astrai_slides.base.warning import Kind
from astrai_slides.check.finding import Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen
from astrai_slides.recording.format.model import TextRun


def find(step: StepSeen) -> Iterator[Breach]:
    """What the recording says of characters that came out as boxes or gaps, at the first step that shows the text.

    What no step shows at rest is told at the first step.
    """
    steps = step.deck.recording.steps
    for warning in step.deck.recording.warnings:
        if warning.kind is not Kind.GLYPH:
            continue
        told, _, remedy = warning.text.rpartition("; ")
        shown = [(place, run) for place, each in enumerate(steps) for run in each.texts if _is_about(told, run.text)]
        place, run = shown[0] if shown else (0, None)
        if place == step.place:
            yield _breach(told, remedy, run)


def _breach(told: str, remedy: str, run: TextRun | None) -> Breach:
    what, _, rest = told.partition(": ")
    return Breach(
        Severity.ERROR,
        quoted(run.text) if run else what.partition("text ")[2] or what,
        rest or told,
        "every character is drawn as it was written",
        remedy[:1].upper() + remedy[1:] + ".",
        box=run.box if run else None,
        text=run.text if run else "",
    )


def _is_about(told: str, text: str) -> bool:
    """Whether a sentence of `recording.run.glyphs` is about `text`, which it quotes, cut where it is long."""
    start = repr(text[:20])[:-1] if len(text) > 40 else repr(text)
    return f"text {start}" in told


RULE = Rule(
    "missing-glyph",
    "A character comes out as a box, or not at all",
    (Severity.ERROR,),
    "A font without a character leaves a box or a gap in the middle of a word, and nobody hears of it before the talk.",
    "No character of any text is drawn as a box, left out, or misplaced.",
    "What `build` warns of as `glyph`; a deck of ours is not built at all with one, unless its `every_glyph` is False.",
    find,
    decided_by=lambda step: list(find(step)),
)
