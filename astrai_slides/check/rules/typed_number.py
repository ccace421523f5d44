"""Numbers on the screen of a deck of ours that no data produced."""

import re
from collections.abc import Iterator

from astrai_slides.check.finding import Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen

_NUMBER = re.compile(r"(?<![\w.,])[-+−]?\d+(?:[.,]\d+)*(?!\w)")


def find(step: StepSeen) -> Iterator[Breach]:
    """Each text with a number that stands as it is in the deck's own file."""
    source = step.deck.source
    if source is None or not source.is_ours:
        return
    for text in step.texts:
        numbers = [number for number in _NUMBER.findall(text.text) if not _is_year(number)]
        typed = [number for number in numbers if source.types(text.text, number)]
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
)
