"""More words at once than anybody reads while someone speaks."""

from collections.abc import Iterator

from astrai_slides.check.finding import Breach, Severity
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen

MOST_WORDS = 100
"""Words that rest on one picture."""


def find(step: StepSeen) -> Iterator[Breach]:
    """A step that rests on too many words."""
    words = sum(text.words for text in step.texts)
    if words > MOST_WORDS:
        yield Breach(
            Severity.WARNING,
            "There are too many words at once",
            f"{words} words, for which an audience takes {words / _WORDS_A_SECOND:.0f} s",
            f"at most {MOST_WORDS}",
            "Leave some out, say them in the notes, or give them a step of their own.",
        )


_WORDS_A_SECOND = 238 / 60

RULE = Rule(
    "too-many-words",
    "Too many words at once",
    (Severity.WARNING,),
    "Who reads does not listen: an audience reads to the end before it hears the speaker again.",
    f"At most {MOST_WORDS} words rest on a picture, labels included, numbers and names as R1 not; a formula is "
    "one, and of Chinese and "
    "Japanese 1.7 characters.",
    "Brysbaert, How many words do we read per minute?, Journal of Memory and Language 109, 2019: 238 words a minute in "
    "silence, so that 100 words take 25 s.",
    find,
    at_rest=True,
)
