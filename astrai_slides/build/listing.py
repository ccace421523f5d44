"""From jobs to the names of their steps."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from astrai_slides.base.scratch import scratch_folder
from astrai_slides.build.memory import Memory
from astrai_slides.build.plan import Job, JobScene
from astrai_slides.build.watched import place, record_watched, recording_key
from astrai_slides.export.production import BuildSettings

if TYPE_CHECKING:
    from astrai_slides.recording.format.model import Recording

_GLANCE = 2
"""Frames a second: coarse, as only the names of steps are wanted."""


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step, as `list` names it."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A job and its steps, as `list` names them."""

    name: str
    title: str
    file: Path
    """From the working directory, if it lies below."""
    scene: str
    steps: tuple[StepEntry, ...]


def entry(job: Job) -> Entry:
    """Name the job's steps, which earlier builds may have kept. Raises AstraiSlidesError as `make.build` does.

    What nobody kept is found by running the scene at a coarse frame rate, and kept.
    """
    memory = Memory()
    recordings = [_recorded(job, scene, memory) for scene in job.scenes]
    recording = recordings[0]
    if len(recordings) > 1:
        from astrai_slides.recording.join import joined

        recording = joined(job.name, recordings, [scene.title for scene in job.scenes])
    steps = tuple(StepEntry(step.name, step.title) for step in recording.steps)
    file, here = job.scenes[0].file, Path.cwd()
    shown = file.relative_to(here) if file.is_relative_to(here) else file
    return Entry(job.name, job.document.title, shown, job.scene_names, steps)


def _recorded(job: Job, scene: JobScene, memory: Memory) -> "Recording":
    """Return a recording of a scene whose steps are named as in any other."""
    glance = memory.key("glance", *place(job, scene))
    known = memory.known_recording(recording_key(memory, job, scene, BuildSettings())) or memory.known_recording(glance)
    if known is not None:
        return known.recording
    from astrai_slides.recording.run.formulas import formula_store
    from astrai_slides.recording.run.record import Order

    formulas = formula_store()
    logging.disable(logging.WARNING)  # manim warns of every animation that is shorter than a frame, which is meant here
    try:
        with scratch_folder() as media:
            order = Order(media=media, attributes=job.attributes, only_fps=_GLANCE, formulas=formulas)
            ignored = [media, memory.store.folder, formulas.folder]
            recorded, read = record_watched(job, scene, order, ignored)
    finally:
        logging.disable(logging.NOTSET)
    return memory.keep_recording(glance, recorded.recording, None, read).recording
