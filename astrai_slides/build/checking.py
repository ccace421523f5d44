"""From jobs to findings: each scene is recorded, unless that was done, and looked through with every rule."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from astrai_slides.base import cache, inputs, interrupts
from astrai_slides.base.forks import processors
from astrai_slides.base.garbage_collection import rare_garbage_collection
from astrai_slides.base.os_errors import telling_os_errors
from astrai_slides.base.progress import Advance, Progress
from astrai_slides.base.scratch import scratch_folder, sweep
from astrai_slides.base.warning import BuildWarning, Kind
from astrai_slides.build.memory import Known, Memory
from astrai_slides.build.plan import Job, JobScene, plan
from astrai_slides.build.planned_steps import said_beside_plan
from astrai_slides.build.watched import place, record_watched, recording_key
from astrai_slides.check.alone import FoundAlone
from astrai_slides.check.checker import Checked, Off, check, fault_of, of_plain, off_in_source, plain
from astrai_slides.check.early_looks import EarlyLooks
from astrai_slides.check.registry import GRAVE
from astrai_slides.check.source import DeckSource
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings
from astrai_slides.recording.format.model import Recording

MOST_SAID = 5
"""Errors of a deck that a build says."""


@dataclass
class SceneCheck:
    """A scene that was checked; its recording is read when it is asked for."""

    checked: Checked
    _scene: "_CheckedScene" = field(repr=False)

    @property
    def recording(self) -> Recording:
        """What was looked through."""
        return self._scene.known.recording


def check_all(targets: Sequence[str], progress: Progress, talks_folder: Path | None = None) -> Iterator[SceneCheck]:
    """Check each scene of `targets`, as `plan` takes them; every talk of presentations/ if there is none.

    What was found in a recording before is not looked for again. Raises AstraiSlidesError as `make.build` does, and
    for a switch that names no rule, no step or no reason.
    """
    with telling_os_errors(), rare_garbage_collection():
        sweep()
        memory = Memory()
        memory.store.tell = progress.say
        for job in plan(targets, talks_folder, tell=progress.say):
            for scene in job.scenes:
                interrupts.check()
                checked = _CheckedScene(job, scene, memory, progress)
                yield SceneCheck(checked.checked(), checked)
        memory.trim()


def print_text(scenes: Sequence[SceneCheck]) -> None:
    """Print what was found on standard output, for people."""
    from astrai_slides.check.told import as_text

    as_text([each.checked for each in scenes])


def to_json(scenes: Sequence[SceneCheck]) -> str:
    """What was found as JSON: a list of scenes, each with its findings and what was switched off."""
    from astrai_slides.check import told

    return told.to_json([each.checked for each in scenes])


def as_annotations(scenes: Sequence[SceneCheck]) -> str:
    """What was found as workflow commands of GitHub, a line each."""
    from astrai_slides.check import told

    return "\n".join(told.as_annotations([each.checked for each in scenes]))


def write_report(scenes: Sequence[SceneCheck], file: Path) -> None:
    """Write a page with a marked picture of each finding."""
    from astrai_slides.check import report

    report.write_report([(each.checked, each.recording) for each in scenes], file)


class _CheckedScene:
    """A scene of a job under check."""

    def __init__(self, job: Job, scene: JobScene, memory: Memory, progress: Progress) -> None:
        self._job = job
        self._scene = scene
        self._memory = memory
        self._progress = progress
        self._key = recording_key(memory, job, scene, BuildSettings())
        self._known: Known | None = None

    @property
    def known(self) -> Known:
        """The scene's recording, as a build makes it: made now unless the memory has it."""
        if self._known is None:
            self._known = self._memory.known_recording(self._key) or self._recorded()
        return self._known

    def checked(self) -> Checked:
        """What is found in it."""
        file = self._memory.recording_file(self._key)
        identity = cache.content(file) if file else self.known.identity
        return _kept(self._job, self._scene, identity, lambda: self.known.recording, self._memory, processors())

    def _recorded(self) -> Known:
        from astrai_slides.recording.run.formulas import formula_store
        from astrai_slides.recording.run.record import Order

        formulas, memory = formula_store(), self._memory
        with scratch_folder() as media, self._progress.stage(f"{self._scene.name}: recording") as advance:
            order = Order(
                media=media,
                attributes=self._job.attributes,
                earlier=memory.earlier_plays(self._key),
                formulas=formulas,
                workers=processors(),
            )
            ignored = [media, memory.store.folder, formulas.folder]
            recorded, read = record_watched(self._job, self._scene, order, ignored, _Shown(advance))
        return memory.keep_recording(self._key, recorded.recording, recorded.plays, read, said_beside_plan(self._job))


def early_looks(job: Job, memory: Memory, workers: int) -> EarlyLooks | None:
    """Looks through the steps of a job while it is recorded; None for a job of several scenes, whose steps are known
    only when all are."""
    if len(job.scenes) > 1:
        return None
    scene = job.scenes[0]
    kept = memory.findings(memory.key("looked", *place(job, scene)))
    return EarlyLooks(scene.name, lambda: DeckSource.read(scene.file, scene.name), kept, workers)


def _kept(
    job: Job,
    scene: JobScene,
    identity: str,
    recording: Callable[[], Recording],
    memory: Memory,
    workers: int,
    early: EarlyLooks | None = None,
) -> Checked:
    """What is found in a scene whose recording is `identity`, from `memory` if it was looked through before."""
    switches = [each.model_dump() for each in job.talk.check.off] if job.talk else []
    # a comment or a line that moved leaves the recording as it was
    source = inputs.digest(scene.file)
    key = memory.key("findings", identity, switches, source, str(scene.file), scene.name)
    try:
        return of_plain(memory.findings(key))
    except (KeyError, TypeError, ValueError):
        looked = memory.key("looked", *place(job, scene))
        kept = memory.findings(looked)
        checked = checked_scene(job, recording(), scene, kept, workers, early.found() if early else None)
        memory.keep_findings(looked, kept)
        memory.keep_findings(key, plain(checked))
        return checked


def checked_scene(
    job: Job,
    recording: Recording,
    scene: JobScene,
    kept: dict[str, Any] | None = None,
    workers: int = 1,
    early: Mapping[str, FoundAlone] | None = None,
) -> Checked:
    """Check a scene of `job`, whose `recording` it is, in so many processes; `early` is what is known already.

    Raises AstraiSlidesError for faulty switches.
    """
    source = DeckSource.read(scene.file, scene.name)
    off, faults = off_in_source(source, recording)
    names = [step.name for step in recording.steps]
    for number, switch in enumerate(job.talk.check.off if job.talk else (), 1):
        where = f"{job.talk_file}: check.off, entry {number}"
        fault = fault_of(switch.rule, switch.reason)
        if not fault and switch.step not in names and len(job.scenes) == 1:
            fault = f"there is no step {switch.step!r}; the deck has: {', '.join(names)}"
        if fault:
            faults.append(f"{where}: {fault}")
        off.append(Off(switch.rule, switch.step, switch.reason, where))
    if faults:
        raise AstraiSlidesError("\n".join(faults))
    return check(recording, source, off, kept=kept, workers=workers, early=early)


def errors_said(
    job: Job, known: Known, memory: Memory, workers: int, early: EarlyLooks | None = None
) -> list[BuildWarning]:
    """What a build, of so many `workers`, says of errors in a job's recording; a missing glyph is a warning of its own.

    `early` looked through its steps while they were recorded. What is found in a scene is kept in `memory`, so that
    `check` has it at once. Raises AstraiSlidesError for faulty switches.
    """
    scene = job.scenes[0]
    if len(job.scenes) == 1:
        checked = _kept(job, scene, known.identity, lambda: known.recording, memory, workers, early)
    else:  # of several scenes nobody knows here which step is of which file
        checked = check(known.recording, rules=GRAVE, workers=workers)
    errors = [each for each in checked.findings if each.is_error and each.rule != "missing-glyph"]
    said = [BuildWarning(Kind.CHECK, f"step {each.step!r}: {each.breach.brief}") for each in errors[:MOST_SAID]]
    if len(errors) > MOST_SAID:
        target = job.talk_file or f"{scene.file} {job.scene_names}"
        said.append(BuildWarning(Kind.CHECK, f"{len(errors) - MOST_SAID} more errors: astrai-slides check {target}"))
    return said


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
