"""What is found in a step before the rest of its deck is known.

It counts where what rules say of the rest comes to the same then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from astrai_slides.base import cache
from astrai_slides.check.finding import Breach
from astrai_slides.check.registry import RULES
from astrai_slides.check.seen import StepSeen
from astrai_slides.recording.format.model import Recording, View

Place: TypeAlias = tuple[str, int | None]
"""A rule, and the frame of a step on which that rests; None for its end."""


@dataclass(frozen=True, slots=True)
class FoundAlone:
    """What a step shows where it rests, at its end first, and what rules found there.

    With each goes the `repr` of what of the deck decided it; "" where nothing else does.
    """

    views: Sequence[View]
    found: Mapping[Place, tuple[str, tuple[Breach, ...]]]


def decided_by(rule: str, step: StepSeen) -> str:
    """What of the deck decides what `rule` finds in `step`, besides that and the step before it."""
    decides = RULES[rule].decided_by
    return repr(decides(step)) if decides else ""


def look_alone(step: StepSeen) -> FoundAlone:
    """Look through `step` with every rule."""
    found: dict[Place, tuple[str, tuple[Breach, ...]]] = {}
    decided = {rule: decided_by(rule, step) for rule in RULES}
    for rest in (step, *step.earlier_rests):
        at = rest.within.at if rest.within else None
        for name, rule in RULES.items():
            if at is None or rule.at_rest:
                found[name, at] = decided[name], tuple(rule.find(rest))
    return FoundAlone(step.deck.views(step.place), found)


def look_key(identities: Sequence[str], recording: Recording, *, first: bool) -> str:
    """Name what decides that: the step's identity after that of the one before it, and how all of them are shown."""
    shown = recording.fps, recording.width, recording.height, recording.background
    return cache.key("alone", repr((tuple(identities), first, shown)))
