"""From talks and decks to files: what is to be built, then each recorded once and written in every format asked for."""

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from astrai_slides.base import atomic, cache, inputs, names
from astrai_slides.base.forecast import DRAWING, RECORDING, JobProgress, writing
from astrai_slides.base.garbage_collection import rare_garbage_collection
from astrai_slides.base.inputs import Inputs, fresh_modules
from astrai_slides.base.progress import Progress
from astrai_slides.base.resolution import Resolution
from astrai_slides.build.memory import Before, Memory, Written, digests
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings, Clipper, Production
from astrai_slides.export.registry import FORMATS, PRESENT, Format
from astrai_slides.talk.document import Document

if TYPE_CHECKING:
    from astrai_slides.recording.format.model import Recording

TALKS_FOLDER = "presentations"
TALK_VARIABLE = "ASTRAI_SLIDES_TALK"
"""As `talk` has them, which takes longer to load than a build with nothing to do may."""


@dataclass(frozen=True, slots=True)
class Job:
    """One scene to record and export. `name` is what the files are called; `folder` is where they go by default.

    `talk` is the talk file the scene reads, None for a deck that stands for itself.
    """

    name: str
    scene_file: Path
    scene: str
    folder: Path
    document: Document
    talk: Path | None = None
    project: Path = Path()
    """Where `manim-slides present` is run."""

    def target(self, each: Format, out: Path | None) -> Path:
        """Where the file of the format `each` goes."""
        folder = out or (self.project if each.name == PRESENT else self.folder)
        return folder / each.file_name(self.name, self.scene)


@dataclass(frozen=True, slots=True)
class Built:
    """A file that was written, and what its reader should know."""

    path: Path
    format: Format
    size: int
    """Bytes, of all files that belong to it."""
    new: bool = True
    """Whether it was written now, not found as it should be."""


@dataclass(frozen=True, slots=True)
class Request:
    """All that a user may ask of a build. `force` makes everything anew; `talks_folder` is presentations/ if None."""

    targets: Sequence[str]
    formats: Sequence[Format]
    settings: BuildSettings = field(default_factory=BuildSettings)
    out: Path | None = None
    force: bool = False
    talks_folder: Path | None = None


class UnknownTargetError(AstraiSlidesError):
    """What was asked for is neither a talk nor a deck."""


def plan(targets: Sequence[str], talks_folder: Path | None = None) -> list[Job]:
    """Resolve what is to be built; every talk of `talks_folder` (presentations/) if nothing is named.

    A target is a talk file, the name of a talk in `talks_folder`, or a deck's Python file followed by the scenes to
    build (all of its scenes if none follows). Everything is read and checked here, before anything is written.

    Raises UnknownTargetError for a target that does not exist, AstraiSlidesError for a faulty talk file or deck, and
    for two jobs that would write the same file.
    """
    from astrai_slides.talk.file import find_talks

    folder = talks_folder or Path(TALKS_FOLDER)
    if not targets:
        jobs = [_talk_job(path) for path in find_talks(folder)]
    else:
        jobs = [job for group in _grouped(targets) for job in _jobs(group, folder)]
    seen: set[str] = set()
    for job in jobs:
        if names.refused_here(job.name):
            raise AstraiSlidesError(f"this system has no files called {job.name!r}; rename the talk or scene")
        target = names.place((job.folder / job.name).absolute())
        if target in seen:
            raise AstraiSlidesError(f"{job.name} would be built twice, and its files overwritten; name it once")
        seen.add(target)
    return jobs


def make(request: Request, progress: Progress) -> Iterator[Built]:
    """Build what `request` asks for, and nothing that is there already; see `plan` and `build`.

    Where no file that an equal build read or wrote has changed, nothing is loaded but the files to compare them.
    """
    memory = Memory(forgetful=request.force)
    names = [each.name for each in request.formats]
    folder = request.talks_folder or Path(TALKS_FOLDER)
    talks = [path.name for path in sorted(folder.glob("*.toml"))]
    asked = (Path.cwd(), list(request.targets), folder, request.out, names, request.settings.deciding())
    key = memory.key("build", *asked, talks, os.environ.get(TALK_VARIABLE))
    known = memory.build(key)
    if known is not None:
        for note in known["notes"]:
            progress.note(note)
        for path, name, size in known["built"]:
            yield Built(Path(path), FORMATS[name], size, new=False)
        return
    builder = _Builder(request.formats, request.settings, request.out, progress, memory)
    with inputs.watching() as read, fresh_modules():
        jobs = plan(request.targets, request.talks_folder)
    # which talks there are is part of the key, and what is built lands in the same folder
    read.pop(str(folder.absolute()), None)
    built = []
    for each in builder.build(jobs):
        built.append(each)
        yield each
    about = {"built": [(str(each.path), each.format.name, each.size) for each in built], "notes": builder.notes}
    memory.keep_build(key, read | builder.read, builder.written, about)
    memory.trim()


def build(
    jobs: Sequence[Job],
    formats: Sequence[Format],
    settings: BuildSettings,
    out: Path | None,
    progress: Progress,
    memory: Memory | None = None,
) -> Iterator[Built]:
    """Record each job and write it in each of `formats`, into `out` or the job's own folder, unless `memory` knows.

    Files are yielded as soon as they are whole. Stops at the first failure with AstraiSlidesError: what was yielded
    stays, and no half-written file does.
    """
    return _Builder(formats, settings, out, progress, memory or Memory()).build(jobs)


class _Builder:
    """A build under way, and what it has read, written and warned of so far."""

    def __init__(
        self, formats: Sequence[Format], settings: BuildSettings, out: Path | None, progress: Progress, memory: Memory
    ) -> None:
        self.read: Inputs = {}
        self.written: dict[str, str] = {}
        self.notes: list[str] = []
        self._formats = formats
        self._settings = settings
        self._out = out
        self._progress = progress
        self._memory = memory

    def build(self, jobs: Sequence[Job]) -> Iterator[Built]:
        if self._out is not None:
            _refuse_clashes(jobs, self._out)
        for folder in {job.target(each, self._out).parent for job in jobs for each in self._formats}:
            atomic.sweep(folder)
        stages = [RECORDING, *[DRAWING] * any(each.clips for each in self._formats)]
        stages += [writing(each.name) for each in self._formats]
        shown = [JobProgress(self._progress, job.name, self._memory.pace(_pace_key(job))) for job in jobs]
        self._progress.expect({name: seconds for each in shown for name, seconds in each.expected(stages)})
        with rare_garbage_collection():
            for job, progress in zip(jobs, shown, strict=True):
                yield from self._build_one(job, progress)
                self._memory.keep_pace(_pace_key(job), progress.pace)

    def _build_one(self, job: Job, progress: JobProgress) -> Iterator[Built]:
        with Clipper(self._settings, self._memory.store, progress) as clipper:
            recording, identity = self._recording(job, clipper, progress)
            production = Production(
                recording, job.document, self._settings, progress, store=self._memory.store, clipper=clipper
            )
            self._note(job, recording.warnings)
            stamps = {
                each.name: self._memory.key(identity, asdict(job.document), each.name, self._settings.deciding())
                for each in self._formats
            }
            known = {
                each.name: self._memory.written(job.target(each, self._out), stamps[each.name])
                for each in self._formats
            }
            progress.leave_out(writing(name) for name, written in known.items() if written)
            if any(each.clips and known[each.name] is None for each in self._formats):
                clipper.start(recording)
            else:
                progress.leave_out([DRAWING])
            done: dict[str, Built] = {}
            asked = list(self._formats)
            # what needs no clips is written while they are encoded
            for each in sorted(self._formats, key=lambda each: each.clips):
                target = job.target(each, self._out)
                written = known[each.name]
                new = written is None
                if written is None:
                    if each.clips:
                        _ = production.clips  # waits for them, which is not part of writing
                    self._write(each, production, target, progress)
                    written = Written(digests(each.files(target)), production.warnings[:])
                    production.warnings.clear()
                    self._memory.keep_written(target, stamps[each.name], written)
                self._note(job, written.notes)
                self.written |= written.files
                size = sum(Path(path).stat().st_size for path in written.files)
                done[each.name] = Built(target, each, size, new)
                while asked and asked[0].name in done:
                    yield done[asked.pop(0).name]

    def _recording(self, job: Job, clipper: Clipper, progress: JobProgress) -> "tuple[Recording, str]":
        resolution = self._settings.resolution
        wants_clips = any(each.clips for each in self._formats)

        def record(before: Before) -> "Recording":
            if wants_clips:
                clipper.open()
            from astrai_slides.recording.run.record import record_scene

            motion = progress.pace.motion
            clipper.expect(motion)
            with progress.stage(RECORDING, motion) as advance:

                def tell(seconds: float, share: float) -> None:
                    likely = motion or (seconds / share if share else None)
                    advance(seconds, likely)
                    clipper.expect(likely)

                recording = record_scene(
                    job.scene_file,
                    job.scene,
                    fps=resolution.fps,
                    width=resolution.width,
                    height=resolution.height,
                    talk=job.talk,
                    media=before.media,
                    progress=tell,
                    on_step=clipper.add if wants_clips else None,
                    earlier=before.plays,
                    on_plays=before.kept.append,
                )
            progress.pace.motion = sum(step.length for step in recording.steps) / recording.fps
            return recording

        size = resolution.width, resolution.height, float(resolution.fps)
        key = self._memory.key("recording", *_place(job), *size)
        recording, identity, read = self._memory.recording(key, record)
        progress.leave_out([RECORDING])
        self.read |= read
        return recording, identity

    def _write(self, each: Format, production: Production, target: Path, progress: JobProgress) -> None:
        with progress.stage(writing(each.name)) as advance:
            try:
                each.write(production, target, advance)
            except OSError as error:
                reason = error.strerror or str(error)
                raise AstraiSlidesError(f"{target}: cannot be written: {reason}; choose another --out") from error

    def _note(self, job: Job, warnings: Sequence[str]) -> None:
        for warning in warnings:
            self.notes.append(f"{job.name}: {warning}")
            self._progress.note(self.notes[-1])


def _place(job: Job) -> tuple[object, ...]:
    """What tells a job from others, of other projects as well."""
    talk = job.talk.absolute() if job.talk else os.environ.get(TALK_VARIABLE)
    return Path.cwd(), job.scene_file.absolute(), job.scene, talk


def _pace_key(job: Job) -> str:
    return cache.key("pace", *map(str, _place(job)))


def _refuse_clashes(jobs: Sequence[Job], out: Path) -> None:
    names = [job.name for job in jobs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AstraiSlidesError(f"{out / twice[0]} would be written by two talks of that name; build them one by one")


def _grouped(targets: Sequence[str]) -> list[list[str]]:
    """Put the scenes that follow a deck's file with it; every other target stands alone."""
    groups: list[list[str]] = []
    for target in targets:
        takes_scenes = groups and groups[-1][0].endswith(".py")
        if takes_scenes and target.isidentifier():
            groups[-1].append(target)
        else:
            groups.append([target])
    return groups


def _jobs(group: Sequence[str], talks_folder: Path) -> list[Job]:
    target, *scenes = group
    path = Path(target)
    if target.endswith(".py"):
        return _deck_jobs(path, scenes)
    if target.endswith(".toml"):
        if not path.is_file():
            raise UnknownTargetError(f"there is no talk file {target}")
        return [_talk_job(path)]
    path = talks_folder / f"{target}.toml"
    if path.is_file():
        return [_talk_job(path)]
    known = ", ".join(sorted(each.stem for each in talks_folder.glob("*.toml"))) or "none"
    raise UnknownTargetError(
        f"there is no talk {target!r} in {talks_folder}; it has: {known}. A deck is named by its Python file."
    )


def _talk_job(path: Path) -> Job:
    from astrai_slides.talk.file import load_talk

    talk = load_talk(path)
    return Job(talk.name, talk.scene_file, talk.scene_class, path.parent, talk.document(), path, talk.project)


def _deck_jobs(path: Path, scenes: Sequence[str]) -> list[Job]:
    if not path.is_file():
        raise UnknownTargetError(f"there is no deck {path}")
    if not scenes:
        from astrai_slides.recording.run.record import scene_names

        scenes = scene_names(path)
        if not scenes:
            raise AstraiSlidesError(f"{path}: defines no scene; name another file")
    from astrai_slides.talk.file import in_words

    return [Job(scene, path, scene, Path(), Document(in_words(scene))) for scene in scenes]


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


_GLANCE = Resolution(426, 240, 2)
"""Coarse, as only the names of steps are wanted."""


def entry(job: Job) -> Entry:
    """Run the job's scene at a coarse frame rate and return its steps. Raises AstraiSlidesError as `build` does."""
    from astrai_slides.recording.run.record import record_scene

    logging.disable(logging.WARNING)  # manim warns of every animation that is shorter than a frame, which is meant here
    try:
        recording = record_scene(
            job.scene_file,
            job.scene,
            fps=_GLANCE.fps,
            width=_GLANCE.width,
            height=_GLANCE.height,
            talk=job.talk,
        )
    finally:
        logging.disable(logging.NOTSET)
    steps = tuple(StepEntry(step.name, step.title) for step in recording.steps)
    return Entry(job.name, job.document.title, job.scene_file, job.scene, steps)
