"""Pages of a deck of which is known how some steps end, before it is built: what else they show was built last.

A deck of several scenes is shown as a build joins them; scenes that were not come to yet are as they were.
"""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from astrai_slides.base.resolution import Resolution
from astrai_slides.build.memory import LastPage, Memory
from astrai_slides.build.plan import Job
from astrai_slides.build.watched import recording_key
from astrai_slides.export.production import BuildSettings

if TYPE_CHECKING:
    from astrai_slides.recording.format.model import Blob, Recording, Step


@dataclass(slots=True)
class _Ended:
    """A step that ended: how, and whether it is recorded whole."""

    step: "Step"
    blobs: "Mapping[str, Blob]"
    end: str
    """Its `end_digest`."""
    whole: bool = False


class EarlyPages:
    """What is known of the steps of a job's scenes, one scene after the other."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._steps: list[list[_Ended]] = [[] for _ in job.scenes]
        self._scene = 0
        """The scene under way."""
        self._built: dict[int, LastPage | None] = {}
        self._recorded: _Ended | None = None
        """The step that was recorded whole after this edit."""

    def begin(self, scene: int) -> None:
        """See that the scene number `scene` is under way, and those before it are over."""
        self._scene = scene

    def renew(self) -> None:
        """Take what was built last from the memory again, after another edit."""
        self._built.clear()
        self._recorded = None

    def ended(self, place: int, step: "Step", blobs: "Mapping[str, Blob]") -> bool:
        """Take how the step number `place` of the scene ends; whether it was built otherwise."""
        from astrai_slides.recording.format.container import end_digest

        ended = _Ended(step, blobs, end_digest(step))
        steps = self._steps[self._scene]
        del steps[place:]
        steps.append(ended)
        base = self._based_on(self._scene)
        return base is not None and base.ends.get(step.name) not in ("", ended.end)

    def take_whole(self, file: Path) -> None:
        """Take the last step as it was recorded whole, which `keep_whole` wrote into `file`, and remove that."""
        from astrai_slides.recording.format.codec import Chunk, remember

        step, blobs, (packed, pictures, end) = pickle.loads(file.read_bytes())
        file.unlink()
        remember(step, Chunk.unpacked(packed, (), pictures))
        self._recorded = self._steps[self._scene][-1] = _Ended(step, blobs, end, whole=True)

    def recording(self, resolution: Resolution, *, complete: bool) -> "Recording | None":
        """All that is known, if it differs from what was built last; `complete` where the scene is over."""
        known = [
            self._of_scene(scene, resolution, complete=complete or scene < self._scene)
            for scene in range(len(self._job.scenes))
        ]
        if not any(differs for _, differs in known):
            return None
        found = [recording for recording, _ in known if recording is not None]
        if len(self._job.scenes) == 1:
            return replace(found[0], scene=self._job.name) if self._job.renamed else found[0]
        from astrai_slides.recording.join import joined

        titles = [scene.title for scene, (each, _) in zip(self._job.scenes, known, strict=True) if each is not None]
        return joined(self._job.name, found, titles)

    def replaced(self) -> list[str | None] | None:
        """What the steps of a deck of one scene, which is over, are: the names of those that were built, as far as is
        seen from how they end, and None for that which was recorded whole. None where another differs."""
        base, ended = self._based_on(0), self._steps[0]
        if base is None or len(self._job.scenes) > 1 or self._job.renamed:
            return None
        built = {step.name: step for step in base.recording.steps}
        if any(step.captions or step.sounds for step in built.values()):
            return None  # to which steps they belong is known when all are recorded
        found: list[str | None] = []
        for each in ended:
            before = built.get(each.step.name)
            if each is self._recorded:
                found.append(None)
            elif before is not None and base.ends.get(before.name) == each.end and _alike(before, each.step):
                found.append(before.name)
            else:
                return None
        return found if found.count(None) == 1 else None

    def _of_scene(self, scene: int, resolution: Resolution, *, complete: bool) -> "tuple[Recording | None, bool]":
        """The recording of a scene as far as it is known, and whether it differs from what was built."""
        from astrai_slides.recording.format.model import Recording

        base, ended = self._based_on(scene), self._steps[scene]
        if not ended:
            return (base.recording if base is not None else None), False
        if base is None:
            steps = tuple(each.step for each in ended)
            size = resolution.width, resolution.height
            name, background = self._job.scenes[scene].name, steps[0].end.background
            return Recording(name, resolution.fps, *size, background, steps, _blobs_of(ended), ()), True
        steps = tuple(_composed(base, ended, complete=complete))
        before = base.recording.steps
        if len(steps) == len(before) and all(one is other for one, other in zip(steps, before, strict=True)):
            return base.recording, False
        return replace(base.recording, steps=steps, blobs={**base.recording.blobs, **_blobs_of(ended)}), True

    def _based_on(self, scene: int) -> LastPage | None:
        """What was built last of a scene."""
        if self._built.get(scene) is None:
            memory = Memory()
            key = recording_key(memory, self._job, self._job.scenes[scene], BuildSettings())
            self._built[scene] = memory.last_page(key)
        return self._built[scene]


def keep_whole(file: Path, step: "Step", blobs: "Mapping[str, Blob]") -> None:
    """Write a step that was recorded whole into `file`, for `EarlyPages.take_whole`."""
    from astrai_slides.recording.format.codec import encoded
    from astrai_slides.recording.format.container import end_digest

    chunk = encoded(step)
    known = chunk.packed, chunk.pictures, end_digest(step)
    # the first frame is all that a page asks for besides
    first = (step.frames[0],) if len(step.frames) else ()  # as a slice decodes all of a step that was used again
    told: Any = replace(step, frames=first, runs=((0, step.length),))
    file.write_bytes(pickle.dumps((told, dict(blobs), known), pickle.HIGHEST_PROTOCOL))


def _alike(one: "Step", other: "Step") -> bool:
    """Whether two steps that end alike take as long, and whether the same is said of them."""
    return one.length == other.length and _said(one) == _said(other)


def _said(step: "Step") -> tuple[object, ...]:
    shown = step.name, step.title, step.notes, step.loop, step.auto_next, step.finish_loop, step.direction, step.texts
    return *shown, step.film, step.playback_rate, step.reversed_playback_rate


def whole_of(file: Path) -> "tuple[Step, dict[str, Blob]]":
    """The step that `keep_whole` wrote into `file`, with all its frames, and the blobs that it shows."""
    from itertools import count

    from astrai_slides.recording.format.codec import DIGEST_BYTES, Chunk, decode_step, remember

    told, blobs, (packed, pictures, _) = pickle.loads(file.read_bytes())
    chunk = Chunk.unpacked(packed, (), pictures)
    halves = {digest[: 2 * DIGEST_BYTES]: digest for digest in blobs}
    step = decode_step(chunk.data, told, halves, count(1))
    remember(step, chunk)
    return step, blobs


def _blobs_of(steps: Sequence[_Ended]) -> "dict[str, Blob]":
    return {digest: blob for each in steps for digest, blob in each.blobs.items()}


def _composed(base: LastPage, ended: Sequence[_Ended], *, complete: bool) -> "list[Step]":
    """The steps that are known to be as they were, with those that are not; others are where they were."""
    built = base.recording.steps
    known = {step.name: place for place, step in enumerate(built)}
    steps: list[Step] = []
    last = -1
    for each in ended:
        place = known.get(each.step.name)
        before = None if place is None else built[place]
        last = last if place is None else max(last, place)
        if each.whole or before is None:
            steps.append(each.step)
        elif base.ends.get(before.name) in ("", each.end):  # what was filmed ends with a picture
            steps.append(before)
        else:
            # as long as it was, so that a moment of it stays one
            steps.append(replace(each.step, runs=((0, before.length),)))
    if not complete:
        taken = {each.step.name for each in ended}
        if last < 0:
            last = len(ended) - 1
        steps += [step for step in built[last + 1 :] if step.name not in taken]
    return steps
