"""From talks and decks to files: what is to be built, then each recorded once and written in every format asked for."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.document import Document
from astrai_slides.export.production import Production, Settings
from astrai_slides.export.registry import Format
from astrai_slides.progress import Progress
from astrai_slides.resolution import Resolution


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


@dataclass(frozen=True, slots=True)
class Built:
    """A file that was written, and what its reader should know."""

    path: Path
    format: Format
    size: int
    """Bytes."""


class UnknownTargetError(AstraiSlidesError):
    """What was asked for is neither a talk nor a deck."""


def plan(targets: Sequence[str], talks_folder: Path | None = None) -> list[Job]:
    """Resolve what is to be built; every talk of `talks_folder` (presentations/) if nothing is named.

    A target is a talk file, the name of a talk in `talks_folder`, or a deck's Python file followed by the scenes to
    build (all of its scenes if none follows). Everything is read and checked here, before anything is written.

    Raises UnknownTargetError for a target that does not exist, AstraiSlidesError for a faulty talk file or deck, and
    for two jobs that would write the same file.
    """
    from astrai_slides.talk import TALKS_FOLDER, find_talks

    folder = talks_folder or Path(TALKS_FOLDER)
    if not targets:
        jobs = [_talk_job(path) for path in find_talks(folder)]
    else:
        jobs = [job for group in _grouped(targets) for job in _jobs(group, folder)]
    seen: dict[Path, Job] = {}
    for job in jobs:
        target = (job.folder / job.name).absolute()
        if target in seen:
            raise AstraiSlidesError(f"{target.name} would be built twice, and its files overwritten; name it once")
        seen[target] = job
    return jobs


def build(
    jobs: Sequence[Job], formats: Sequence[Format], settings: Settings, out: Path | None, progress: Progress
) -> Iterator[Built]:
    """Record each job and write it in each of `formats`, into `out` or the job's own folder.

    Files are yielded as soon as they are whole. Stops at the first failure with AstraiSlidesError: what was yielded
    stays, and no half-written file does.
    """
    if out is not None:
        _refuse_clashes(jobs, out)
    for job in jobs:
        yield from _build_one(job, formats, settings, out or job.folder, progress)


def _build_one(
    job: Job, formats: Sequence[Format], settings: Settings, folder: Path, progress: Progress
) -> Iterator[Built]:
    from astrai_slides.recording.record import record_scene

    resolution = settings.resolution
    with progress.stage(f"{job.name}: recording") as advance:
        recording = record_scene(
            job.scene_file,
            job.scene,
            fps=resolution.fps,
            width=resolution.width,
            height=resolution.height,
            talk=job.talk,
            progress=advance,
        )
    for warning in recording.warnings:
        progress.note(f"{job.name}: {warning}")
    production = Production(recording, job.document, settings, progress)
    for each in formats:
        target = folder / each.file_name(job.name)
        with progress.stage(f"{job.name}: writing {each.name}"):
            try:
                each.write(production, target)
            except OSError as error:
                reason = error.strerror or str(error)
                raise AstraiSlidesError(f"{target}: cannot be written: {reason}; choose another --out") from error
        while production.warnings:
            progress.note(f"{job.name}: {production.warnings.pop(0)}")
        yield Built(target, each, target.stat().st_size)


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
    from astrai_slides.talk import Talk

    talk = Talk.load(path)
    return Job(talk.name, talk.scene_file, talk.scene_class, path.parent, talk.document(), path)


def _deck_jobs(path: Path, scenes: Sequence[str]) -> list[Job]:
    if not path.is_file():
        raise UnknownTargetError(f"there is no deck {path}")
    if not scenes:
        from astrai_slides.recording.record import scene_names

        scenes = scene_names(path)
        if not scenes:
            raise AstraiSlidesError(f"{path}: defines no scene; name another file")
    return [Job(scene, path, scene, Path(), Document(_words(scene))) for scene in scenes]


def _words(scene: str) -> str:
    """ContinuousBatching as Continuous Batching, for a title."""
    from astrai_slides.talk import kebab_case

    return kebab_case(scene).replace("-", " ").title()


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
    from astrai_slides.recording.record import record_scene

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
