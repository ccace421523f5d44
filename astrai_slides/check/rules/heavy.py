"""What PowerPoint shows badly because it is too much."""

from collections.abc import Iterator

from astrai_slides.check.finding import Breach, Severity
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen

MOST_MEGABYTES = 100
"""Of pictures and films together."""
MOST_MOVING = 30
"""Steps with motion in a file, each of which is a video in it."""


def find(step: StepSeen) -> Iterator[Breach]:
    """The step from which on there are too many videos, and a deck of too many megabytes, at its first step."""
    megabytes = sum(len(blob.data) for blob in step.deck.recording.blobs.values()) / 1e6
    if megabytes > MOST_MEGABYTES and step.place == 0:
        yield Breach(
            Severity.WARNING,
            "The deck is too heavy for PowerPoint",
            f"its pictures and films have {megabytes:,.0f} MB",
            f"at most {MOST_MEGABYTES} MB",
            "Use smaller pictures, or split the talk into two files.",
        )
    moving = [each.place for each in step.deck.steps if len(each.step.runs) > 1 or each.step.film]
    if len(moving) > MOST_MOVING and step.place == moving[MOST_MOVING]:
        yield Breach(
            Severity.WARNING,
            "There are too many videos for PowerPoint",
            f"{len(moving)} steps move",
            f"at most {MOST_MOVING}",
            "Split the talk into two files where it is shown with PowerPoint, or export at a lower quality.",
        )


RULE = Rule(
    "heavy-for-powerpoint",
    "It is too heavy for PowerPoint",
    (Severity.WARNING,),
    "PowerPoint stops playing videos after about thirty in a file, and a file of very many megabytes opens slowly and "
    "fits into no mail.",
    f"At most {MOST_MOVING} steps with motion, each of which is a video, and {MOST_MEGABYTES} MB of pictures and "
    "films. A picture at rest of very many points needs no rule: the export draws it as pixels.",
    "manim-slides, issue 392, for the number of videos; our own for the size.",
    find,
    decided_by=lambda step: list(find(step)),
)
