"""Variants of several recordings that are one deck: each scene depends on the knobs that it reads itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from astrai_slides.base.knobs import Knob
from astrai_slides.recording.explored import Choice, Explored, ExploredPart
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.recording.join import Section, sections_of


def joined_variants(
    default: Recording,
    recordings: Sequence[Recording],
    titles: Sequence[str],
    explored: Sequence[Explored | None],
) -> Explored:
    """The variants of `default`, which is joined of `recordings`: of each those that are `explored`, None for none.

    Knobs of one name are one knob, so they must be alike.
    """
    alone = [each or _unexplored(recording) for each, recording in zip(explored, recordings, strict=True)]
    knobs: dict[str, Knob] = {}
    for each in alone:
        for knob in each.knobs:
            assert knobs.setdefault(knob.name, knob) == knob, knob
    names = [frozenset(step.name for step in each.steps) for each in alone]
    taken = frozenset(name for every in names for name in every if sum(name in other for other in names) > 1)
    joining = _Joining(list(knobs), list(default.steps))
    start = 0
    for each, recording, section in zip(alone, recordings, sections_of(recordings, titles), strict=True):
        joining.add(each, start, len(recording.steps), section, taken)
        start += len(recording.steps)
    blobs = {digest: blob for each in alone for digest, blob in each.blobs.items()}
    return Explored(tuple(knobs.values()), tuple(joining.parts), tuple(joining.steps), tuple(joining.openings), blobs)


def _unexplored(default: Recording) -> Explored:
    """A recording without knobs."""
    parts = tuple(ExploredPart(Choice((), ((number,),))) for number in range(len(default.steps)))
    return Explored((), parts, default.steps, (), default.blobs)


@dataclass
class _Joining:
    """A deck that is being joined of its scenes."""

    knobs: Sequence[str]
    """Names of all."""
    steps: list[Step]
    """At first those of the default."""
    parts: list[ExploredPart] = field(default_factory=list)
    openings: list[Step] = field(default_factory=list)

    def add(self, scene: Explored, start: int, count: int, section: Section, taken: frozenset[str]) -> None:
        """Add the variants of a scene, which by default has `count` steps, in the deck those from `start` on."""
        on = [self.knobs.index(knob.name) for knob in scene.knobs]
        known: dict[tuple[int, bool], int] = {}

        def number_of(number: int, *, first: bool) -> int:
            """The number in the deck of a step of the scene, which is told otherwise where a section begins."""
            if (number, first) not in known:
                step = section.told(scene.steps[number], first=first, taken=taken)
                if number < count and step.direction == self.steps[start + number].direction:
                    known[number, first] = start + number
                else:
                    known[number, first] = len(self.steps)
                    self.steps.append(step)
            return known[number, first]

        before = len(self.openings)
        self.openings += scene.openings
        begins = True
        for part in scene.parts:
            items = tuple(
                tuple(number_of(number, first=begins and nth == 0) for nth, number in enumerate(item))
                for item in part.steps.items
            )
            opening = None
            if part.opening is not None:
                opened = tuple(tuple(before + each for each in item) for item in part.opening.items)
                opening = Choice(_renumbered(part.opening.on, on), opened)
            self.parts.append(ExploredPart(Choice(_renumbered(part.steps.on, on), items), opening))
            begins = begins and not any(part.steps.items)


def _renumbered(numbers: Iterable[int], places: Sequence[int]) -> tuple[int, ...]:
    return tuple(places[number] for number in numbers)
