"""Refuses times that are planned for steps which the deck has not; before it is recorded, if they are known then."""

import hashlib
from collections.abc import Iterable, Sequence

from astrai_slides.build.memory import Memory
from astrai_slides.build.plan import Job
from astrai_slides.build.watched import recording_key
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings

_NUMBERS = ["1", "2", "..."]
"""Names of steps that nobody has named."""


def check_planned(job: Job, steps: Iterable[str]) -> None:
    """Refuse a time planned for a step that is none of `steps`, which are all that the deck has.

    Raises AstraiSlidesError with the talk file.
    """
    _require(job, list(steps), [name for name, _ in job.document.planned])


def _require(job: Job, steps: Sequence[str], planned: Sequence[str]) -> None:
    from astrai_slides.export.shared.durations import require_steps

    try:
        require_steps(steps, planned)
    except AstraiSlidesError as error:
        raise AstraiSlidesError(f"{job.talk_file or job.scenes[0].file}: {error}") from None


def check_planned_ahead(job: Job, memory: Memory, settings: BuildSettings) -> None:
    """Do the same before the deck is recorded, where its steps are known: by an earlier recording, or by its source.

    An earlier one tells where nothing has changed since but what [planned] says.
    """
    if not job.document.planned:
        return
    kept = _kept_steps(job, memory, settings)
    if kept is not None:
        check_planned(job, kept)
    else:
        _check_by_source(job)


def said_beside_plan(job: Job) -> str:
    """A digest of what the job's talk file says, but for [planned]."""
    talk = job.talk
    said = "" if talk is None else f"{type(talk)} {talk.model_dump(exclude={'planned'})!r}"
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()


def _kept_steps(job: Job, memory: Memory, settings: BuildSettings) -> list[str] | None:
    assert job.talk_file is not None, "times are planned in talk files"
    recordings = []
    for scene in job.scenes:
        found = memory.recording_beside(
            recording_key(memory, job, scene, settings), said_beside_plan(job), job.talk_file.absolute()
        )
        if found is None:
            return None
        recordings.append(found)
    if len(recordings) == 1:
        return [step.name for step in recordings[0].steps]
    from astrai_slides.recording.join import joined

    return [step.name for step in joined(job.name, recordings, [scene.title for scene in job.scenes]).steps]


def _check_by_source(job: Job) -> None:
    """Refuse names that no scene of the job's files can have. Numbers are left: what has none, has a number."""
    from astrai_slides.talk.source import Source
    from astrai_slides.talk.step_names import step_names

    names: dict[str, None] = {}
    several = len(job.scenes) > 1
    if len({scene.name for scene in job.scenes}) < len(job.scenes):
        return  # called otherwise than their classes
    for scene in job.scenes:
        found = step_names(Source(scene.file))
        if found is None:
            return
        # of several scenes, steps with numbers are told apart by the scene, and those of one name
        names |= dict.fromkeys(f"{scene.name}/{name}" for name in found or _NUMBERS) if several else {}
        names |= dict.fromkeys(found if found or several else _NUMBERS)
    planned = [name for name, _ in job.document.planned if not name.rpartition("/")[2].isdecimal()]
    _require(job, list(names), planned)
