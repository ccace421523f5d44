"""Recording a scene of a job while it is seen what that reads."""

import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from astrai_slides.base import inputs
from astrai_slides.base.inputs import Inputs, fresh_modules
from astrai_slides.base.knobs import KNOBS, Knobs
from astrai_slides.build.memory import Memory
from astrai_slides.build.plan import Job, JobScene
from astrai_slides.export.production import BuildSettings
from astrai_slides.talk.document import TALK_VARIABLE

if TYPE_CHECKING:
    from astrai_slides.build.parting import Parting
    from astrai_slides.recording.run.listener import Listener
    from astrai_slides.recording.run.record import Order, Recorded


NOTHING_TURNED: Mapping[str, int] = MappingProxyType({})


def place(job: Job, *scenes: JobScene) -> tuple[object, ...]:
    """What tells a job, or `scenes` of it, from others, of other projects as well."""
    talk = job.talk_file.absolute() if job.talk_file else os.environ.get(TALK_VARIABLE)
    named = (each for scene in scenes or job.scenes for each in (scene.file.absolute(), scene.name))
    return Path.cwd(), *named, talk


def recording_key(memory: Memory, job: Job, scene: JobScene, settings: BuildSettings) -> str:
    """What `memory` keeps the recording of a scene under, by `settings`."""
    # what the deck sets itself is decided by the files that are read
    return memory.key("recording", *place(job, scene), *settings.recording(), *job.variant)


def record_watched(
    job: Job,
    scene: JobScene,
    order: "Order",
    ignored: Sequence[Path],
    listener: "Listener | None" = None,
    turned: Mapping[str, int] = NOTHING_TURNED,
    parting: "Parting | None" = None,
) -> "tuple[Recorded, Inputs]":
    """Record a scene of `job`, and return what that read as well.

    `ignored` are folders whose files are none of its inputs, `turned` places of values of knobs of the deck itself.
    Where `parting` has it part, only the process that called returns. Raises AstraiSlidesError as `record_file` does.
    """
    if parting is None:
        return _record_watched(job, scene, order, ignored, listener, turned, None)
    try:
        recorded, read = _record_watched(job, scene, order, ignored, listener, turned, parting)
        parting.found(recorded, read)
        return recorded, read
    finally:
        parting.branches.leave()


def _record_watched(
    job: Job,
    scene: JobScene,
    order: "Order",
    ignored: Sequence[Path],
    listener: "Listener | None",
    turned: Mapping[str, int],
    parting: "Parting | None",
) -> "tuple[Recorded, Inputs]":
    from astrai_slides.recording.run.record import record_file
    from astrai_slides.recording.run.sources import settings_read, telling_of_fonts

    read_before, modules = (job.loaded.read, job.loaded.modules) if job.loaded else ({}, {})
    fonts = inputs.installed_fonts()
    knobs = Knobs(dict(turned), dict(job.variant))
    if parting is not None:
        parting.follow(knobs, job.loaded.talk if job.loaded else None)
    order = replace(order, attributes={**order.attributes, KNOBS: knobs})
    telling = job.loaded.talk.telling(knobs.read) if job.loaded else nullcontext()
    with inputs.watching(ignored) as read, fresh_modules(modules), telling_of_fonts(), telling:
        recorded = record_file(scene.file, scene.name, order, listener)
    imported = inputs.merged(inputs.imported(), settings_read())
    # what the talk was loaded from decides what the deck shows as well
    return recorded, inputs.merged(imported, read, read_before, fonts)
