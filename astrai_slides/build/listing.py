"""From jobs to the names of their steps."""

import logging
from dataclasses import dataclass
from pathlib import Path

from astrai_slides.base.inputs import fresh_modules
from astrai_slides.build.plan import Job

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
    scene: str
    steps: tuple[StepEntry, ...]


def entry(job: Job) -> Entry:
    """Run the job's scene at a coarse frame rate and name its steps. Raises AstraiSlidesError as `make.build` does."""
    from astrai_slides.recording.run.record import Order, record_file

    order = Order(talk=job.loaded.talk if job.loaded else None, only_fps=_GLANCE)
    logging.disable(logging.WARNING)  # manim warns of every animation that is shorter than a frame, which is meant here
    try:
        recordings = []
        for part in job.parts:
            with fresh_modules(job.loaded.modules if job.loaded else None):
                recordings.append(record_file(part.scene_file, part.scene, order).recording)
    finally:
        logging.disable(logging.NOTSET)
    recording = recordings[0]
    if len(recordings) > 1:
        from astrai_slides.recording.join import joined

        recording = joined(job.name, recordings, [part.title for part in job.parts])
    steps = tuple(StepEntry(step.name, step.title) for step in recording.steps)
    return Entry(job.name, job.document.title, job.parts[0].scene_file, job.scenes, steps)
