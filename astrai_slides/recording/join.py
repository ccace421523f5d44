"""Several recordings as one, each a section of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from astrai_slides.base.warning import BuildWarning, Kind
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Recording, Step


def joined(name: str, recordings: Sequence[Recording], sections: Sequence[str]) -> Recording:
    """Return the recording of the scene `name` that shows `recordings` one after the other, called `sections`.

    Steps of one name are told apart by the scene's name before theirs, `Intro/1`; numbers have it always. Raises
    AstraiSlidesError where the recordings differ in size or frame rate.
    """
    first = recordings[0]
    for other in recordings[1:]:
        if (other.fps, other.width, other.height) != (first.fps, first.width, first.height):
            raise AstraiSlidesError(
                f"{other.scene} is {other.width}x{other.height} at {other.fps:g} frames a second and {first.scene} "
                f"{first.width}x{first.height} at {first.fps:g}, which cannot be one deck; build them with --each"
            )
    scenes = _told_apart([recording.scene for recording in recordings])
    names = Counter(step.name for recording in recordings for step in recording.steps)
    taken = {step for step, count in names.items() if count > 1}
    steps: list[Step] = []
    for recording, scene, section in zip(recordings, scenes, sections, strict=True):
        for place, step in enumerate(recording.steps):
            told = f"{scene}/{step.name}" if step.name in taken or step.name.isdecimal() else step.name
            title = step.title
            if title == step.name and told != step.name:  # a number, which says nothing any more
                title = f"{section} {step.name}" if len(recording.steps) > 1 else section
            direction = step.direction if place else "horizontal"  # a scene is not below the one before
            steps.append(replace(step, name=told, title=title, section=section, direction=direction))
    blobs = {digest: blob for recording in recordings for digest, blob in recording.blobs.items()}
    warnings = tuple(
        replace(each, text=f"{recording.scene}: {each}") for recording in recordings for each in recording.warnings
    )
    warnings += tuple(
        BuildWarning(Kind.DECK, f"{recording.scene}: knobs have their defaults in a deck of several scenes")
        for recording in recordings
        if recording.knobs
    )
    # scenes in several themes, or some in none, cannot all be drawn in another
    palette = first.palette if all(each.palette == first.palette for each in recordings) else ()
    size = first.width, first.height
    return Recording(name, first.fps, *size, first.background, tuple(steps), blobs, warnings, palette)


def _told_apart(names: Sequence[str]) -> list[str]:
    """`names`, with a number after those that were there before: scenes of several files may have one name."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return told
