"""Steps that move too long, or not at all."""

from collections.abc import Iterator

from astrai_slides.check.finding import Breach, Severity
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen
from astrai_slides.look.theme import LONGEST_MOTION


def find_long(step: StepSeen) -> Iterator[Breach]:
    """A step that moves longer than a speaker talks to one picture, but for a loop and one that plays a film."""
    seconds = _moves_until(step)
    if seconds > LONGEST_MOTION and not step.step.loop:
        yield Breach(
            Severity.WARNING,
            "The step moves for long without the speaker",
            f"its last move ends after {seconds:.1f} s",
            f"at most {LONGEST_MOTION:g} s",
            "Stop in between (next_slide, step), play it faster, or let it loop.",
            seconds=LONGEST_MOTION,
        )


def find_still(step: StepSeen) -> Iterator[Breach]:
    """A step that shows nothing but what was there before it."""
    if step.before is None or step.step.film or step.step.sounds or step.step.auto_next:
        return
    before = step.before.end
    if all(frame == before for frame in (*step.step.frames, step.step.end)):
        yield Breach(
            Severity.WARNING,
            "The step shows nothing new",
            "its picture is that of the step before, from begin to end",
            "a press of next changes the picture",
            "Leave the step out, or show in it what it is about.",
        )


def _moves_until(step: StepSeen) -> float:
    """Seconds until the picture changes for the last time."""
    runs = [(step.step.frames[index], count) for index, count in step.step.runs if count > 0]
    if step.step.film is not None or not runs:
        return step.step.length / step.fps if step.step.film else 0.0
    length = sum(count for _, count in runs)
    last = step.rest
    while runs and runs[-1][0] == last:
        length -= runs.pop()[1]
    return length / step.fps


LONG = Rule(
    "moves-too-long",
    "A step moves too long",
    (Severity.WARNING,),
    "While something moves, the speaker waits or talks over it, and a question cannot be taken.",
    f"The last change of a step comes within {LONGEST_MOTION:g} s of the press; a loop may go on.",
    "Our own, from `LONGEST_MOTION` of the theme.",
    find_long,
)

STILL = Rule(
    "shows-nothing-new",
    "A step shows nothing new",
    (Severity.WARNING,),
    "The speaker presses next, nothing happens, and the next press is one too many.",
    "Something of the picture changes in a step; one that goes on by itself or is heard need not.",
    "Our own.",
    find_still,
)
