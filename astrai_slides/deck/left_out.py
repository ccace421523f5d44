"""Steps that a talk leaves out: the deck goes through them, and the audience sees none of it.

What a step draws, a later one may build on or clear away. So its animations are carried out at once, without a frame;
and what was drawn meanwhile goes, where the next step takes it away, without being seen.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from manim import AnimationGroup

from astrai_slides.base.identity import ById
from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.seam.scene import carry_out

SEPARATOR = "/"
"""Between the name of a part of the talk and that of a step in it."""


def is_left_out(step: str, names: Sequence[str]) -> bool:
    """Whether `names` have the step called `step`, or the part of the talk that it belongs to."""
    return step in names or step.partition(SEPARATOR)[0] in names


def check_names(names: Sequence[str], known: Sequence[str], where: str) -> None:
    """Raise AstraiSlidesError for a name that no step, nor part of the talk, of `known` has, and for all of them."""
    parts = list(dict.fromkeys(part for step in known for part in (step.partition(SEPARATOR)[0], step)))
    for name in names:
        # what a part is divided into is known when it is played
        if name not in parts and name.partition(SEPARATOR)[0] not in parts:
            raise AstraiSlidesError(f"{where}: leave_out: there is no step {name!r}; {did_you_mean(name, parts)}")
    if all(is_left_out(step, names) for step in known):
        raise AstraiSlidesError(f"{where}: leave_out: names every step; keep one at least")


class Unseen:
    """What stands on screen, for the deck, that the audience has not seen."""

    def __init__(self) -> None:
        self._seen: ById[Any, None] | None = None

    def carry_out(self, scene: Any, animations: Iterable[Any]) -> None:
        """Carry out `animations` at once, in a step that is left out."""
        if self._seen is None:
            self._seen = _family(scene)
        for animation in animations:
            carry_out(animation, scene)

    def shown(self, scene: Any, animations: Sequence[Any]) -> list[Any]:
        """Of the first `animations` after steps that were left out, those that an audience is to see.

        The others take away what it has not seen, and are carried out at once.
        """
        seen, self._seen = self._seen, None
        if seen is None:
            return list(animations)
        shown = []
        for animation in animations:
            parts = animation.animations if isinstance(animation, AnimationGroup) else [animation]
            unseen = [part for part in parts if _takes_away_unseen(part, seen)]
            for part in unseen:
                carry_out(part, scene)
            shown += [part for part in parts if part not in unseen] if unseen else [animation]
        return shown


def _takes_away_unseen(animation: Any, seen: "ById[Any, None]") -> bool:
    members = animation.mobject.family_members_with_points() if animation.mobject is not None else []
    return bool(animation.is_remover()) and not any(member in seen for member in members)


def _family(scene: Any) -> "ById[Any, None]":
    return ById([(member, None) for root in scene.mobjects for member in root.get_family()])
