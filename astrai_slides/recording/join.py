"""Several recordings as one, each a section of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from astrai_slides.base.knobs import KnobRead
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Recording, Step


def joined(name: str, recordings: Sequence[Recording], sections: Sequence[str]) -> Recording:
    """Return the recording of the scene `name` that shows `recordings` one after the other, called `sections`.

    Steps of one name are told apart by the scene's name before theirs, `Intro/1`; numbers have it always. Of its knobs
    it is told what they are and where each is read first. Raises AstraiSlidesError where the recordings differ in size
    or frame rate.
    """
    first = recordings[0]
    for other in recordings[1:]:
        if (other.fps, other.width, other.height) != (first.fps, first.width, first.height):
            raise AstraiSlidesError(
                f"{other.scene} is {other.width}x{other.height} at {other.fps:g} frames a second and {first.scene} "
                f"{first.width}x{first.height} at {first.fps:g}, which cannot be one deck; build them with --each"
            )
    steps: list[Step] = []
    knobs: dict[str, KnobRead] = {}
    for recording, section in zip(recordings, sections_of(recordings, sections), strict=True):
        for read in recording.knobs:
            since = len(steps) + read.since[0], read.since[1]
            knobs.setdefault(read.knob.name, KnobRead(read.knob, since))
        steps += [section.told(step, first=place == 0) for place, step in enumerate(recording.steps)]
    blobs = {digest: blob for recording in recordings for digest, blob in recording.blobs.items()}
    warnings = tuple(
        replace(each, text=f"{recording.scene}: {each}") for recording in recordings for each in recording.warnings
    )
    # scenes in several themes, or some in none, cannot all be drawn in another
    palette = first.palette if all(each.palette == first.palette for each in recordings) else ()
    size = first.width, first.height
    reads = tuple(knobs.values())
    return Recording(name, first.fps, *size, first.background, tuple(steps), blobs, warnings, palette, reads)


@dataclass(frozen=True, slots=True)
class Section:
    """A scene as a section of a deck."""

    scene: str
    """Its name, which no other section has."""
    title: str
    names: frozenset[str]
    """What its own steps are called by default."""
    taken: frozenset[str]
    """What steps of several sections are called by default."""

    def told(self, step: Step, *, first: bool, taken: frozenset[str] = frozenset()) -> Step:
        """`step` as the deck has it, `first` or not in this section.

        `taken` are names that steps have in several sections, in some variant: one that this section has by default
        stays as it is.
        """
        is_taken = step.name in self.taken or (step.name in taken and step.name not in self.names)
        name = f"{self.scene}/{step.name}" if is_taken or step.name.isdecimal() else step.name
        title = step.title
        if title == step.name and name != step.name:  # a number, which says nothing any more
            is_only = self.names == {step.name}
            title = self.title if is_only else f"{self.title} {step.name}"
        direction = "horizontal" if first else step.direction  # a scene is not below the one before
        return replace(step, name=name, title=title, section=self.title, direction=direction)


def sections_of(recordings: Sequence[Recording], titles: Sequence[str]) -> list[Section]:
    """What `recordings` are as sections of a deck that are called `titles`."""
    scenes = _told_apart([recording.scene for recording in recordings])
    counts = Counter(step.name for recording in recordings for step in recording.steps)
    taken = frozenset(name for name, count in counts.items() if count > 1)
    return [
        Section(scene, title, frozenset(step.name for step in recording.steps), taken)
        for recording, scene, title in zip(recordings, scenes, titles, strict=True)
    ]


def _told_apart(names: Sequence[str]) -> list[str]:
    """`names`, with a number after those that were there before: scenes of several files may have one name."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return told
