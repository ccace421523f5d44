"""Numbers on the screen of a deck of ours that no data produced."""

import re
from collections.abc import Iterator

from astrai_slides.check.finding import Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen

_NUMBER = re.compile(r"(?<![\w.,])[-+−]?\d+(?:[.,]\d+)*(?!\w)")


def find(step: StepSeen) -> Iterator[Breach]:
    """Each text with a number that stands as it is in the deck's own file."""
    for text in step.texts:
        typed = _typed(text.text, step)
        if typed:
            yield Breach(
                Severity.WARNING,
                f"{quoted(text.text)} has a number that no data produced",
                f"{', '.join(typed)} is typed into the deck",
                "numbers are computed, or read from the talk file or from data",
                "Take it from the talk file (self.talk.deck) or from a file that says where it comes from.",
                box=text.box,
                text=text.text,
            )


def _typed(text: str, step: StepSeen) -> list[str]:
    """The numbers of `text` that stand in the deck's own file."""
    source = step.deck.source
    if source is None or not source.is_ours:
        return []
    numbers = [number for number in _NUMBER.findall(text) if not _is_year(number)]
    return [number for number in numbers if source.types(text, number)]


def _typed_of_all(step: StepSeen) -> list[list[str]]:
    texts = [*step.step.texts, *(run for rest in step.step.rests for run in rest.texts)]
    return [_typed(run.text, step) for run in texts]


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in ("19", "20")


RULE = Rule(
    "typed-number",
    "A number on the screen was typed",
    (Severity.WARNING,),
    "A number that is typed into a scene stays when the data change, and nobody can say where it came from.",
    "On a deck that is derived from our `Deck`, no number of a text stands in a literal of the deck's file with the "
    "rest of the text; years may, and what is part of a word, as in R1.",
    "House rule: no number on a slide is typed into a scene.",
    find,
    at_rest=True,
    decided_by=_typed_of_all,
)
