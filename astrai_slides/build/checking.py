"""From jobs to findings: each scene is recorded, unless that was done, and looked through with every rule."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from astrai_slides.base import interrupts
from astrai_slides.base.forks import processors
from astrai_slides.base.garbage_collection import rare_garbage_collection
from astrai_slides.base.os_errors import telling_os_errors
from astrai_slides.base.progress import Advance, Progress
from astrai_slides.base.scratch import scratch_folder, sweep
from astrai_slides.build.memory import Known, Memory
from astrai_slides.build.plan import Job, Part, plan
from astrai_slides.build.watched import record_watched, recording_key
from astrai_slides.check.checker import Checked, Off, check, fault_of, off_in_source
from astrai_slides.check.source import DeckSource
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings
from astrai_slides.recording.format.model import Recording


def check_all(targets: Sequence[str], progress: Progress, talks_folder: Path | None = None) -> Iterator[Checked]:
    """Check each scene of `targets`, as `plan` takes them; every talk of presentations/ if there is none.

    Raises AstraiSlidesError as `make.build` does, and for a switch that names no rule, no step or no reason.
    """
    with telling_os_errors(), rare_garbage_collection():
        sweep()
        memory = Memory()
        memory.store.tell = progress.say
        for job in plan(targets, talks_folder, tell=progress.say):
            for part in job.parts:
                interrupts.check()
                yield check_part(job, part, _recorded(job, part, memory, progress).recording)
        memory.trim()


def check_part(job: Job, part: Part, recording: Recording) -> Checked:
    """Check a scene of a job, of which `recording` is. Raises AstraiSlidesError as `check_all` for switches."""
    source = DeckSource.read(part.scene_file, part.scene)
    off, faults = off_in_source(source, recording)
    if job.talk is not None:
        names = [step.name for step in recording.steps]
        for number, switch in enumerate(job.talk.check.off, 1):
            where = f"{job.talk_file}: check.off, entry {number}"
            fault = fault_of(switch.rule, switch.reason)
            if not fault and switch.step not in names and len(job.parts) == 1:
                fault = f"there is no step {switch.step!r}; the deck has: {', '.join(names)}"
            if fault:
                faults.append(f"{where}: {fault}")
            off.append(Off(switch.rule, switch.step, switch.reason, where))
    if faults:
        raise AstraiSlidesError("\n".join(faults))
    return check(recording, source, off)


def _recorded(job: Job, part: Part, memory: Memory, progress: Progress) -> Known:
    """The recording of a scene, as a build would make it, made now unless the memory has it."""
    settings = BuildSettings()
    key = recording_key(memory, job, part, settings)
    known = memory.known_recording(key)
    if known is not None:
        return known
    from astrai_slides.recording.run.formulas import formula_store
    from astrai_slides.recording.run.record import Order

    formulas = formula_store()
    with scratch_folder() as media, progress.stage(f"{part.scene}: recording") as advance:
        order = Order(
            media=media,
            attributes=job.attributes,
            earlier=memory.earlier_plays(key),
            formulas=formulas,
            workers=processors(),
        )
        ignored = [media, memory.store.folder, formulas.folder]
        recorded, read = record_watched(job, part, order, ignored, _Shown(advance))
    return memory.keep_recording(key, recorded.recording, recorded.plays, read)


class _Shown:
    """Shows how far a recording is."""

    def __init__(self, advance: Advance) -> None:
        self._advance = advance

    def motion(self, seconds: float, step: str) -> None:
        """Show it."""
        interrupts.check()
        self._advance(seconds, None, f"{step}, {seconds:.0f} s")

    def step(self, *_: object) -> None:
        """Do nothing."""
