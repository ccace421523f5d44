"""From jobs to files: each scene is recorded once and written in every format asked for, unless that was done.

Read from top to bottom: `make` plans and remembers whole builds, `build` takes the jobs one after the other, `_Builder`
records each (`_recorded`) and writes its formats (`_write`).
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache as cache_result
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from astrai_slides.base import atomic, cache, inputs, interrupts
from astrai_slides.base.forecast import DRAWING, RECORDING, VARIANTS, JobProgress, writing
from astrai_slides.base.forks import FORKS, processors
from astrai_slides.base.garbage_collection import rare_garbage_collection
from astrai_slides.base.inputs import Inputs
from astrai_slides.base.knobs import MOST_VARIANTS
from astrai_slides.base.os_errors import telling_os_errors, told
from astrai_slides.base.phases import KEEPING, LOADING, READING, phase
from astrai_slides.base.progress import Advance, Progress, ignore
from astrai_slides.base.resolution import Resolution
from astrai_slides.base.scratch import scratch_folder, sweep
from astrai_slides.base.warning import BuildWarning, Kind, StrictError, of_plain, plain
from astrai_slides.build.chosen_steps import choose, only, only_planned, suffix
from astrai_slides.build.lines_file import write_lines
from astrai_slides.build.memory import Known, Memory, Written, digests
from astrai_slides.build.page import PageWish
from astrai_slides.build.plan import TALKS_FOLDER, Job, JobScene, Wish, plan
from astrai_slides.build.planned_steps import check_planned, check_planned_ahead, said_beside_plan
from astrai_slides.build.watched import NOTHING_TURNED, place, record_watched, recording_key
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings, Clipper, Production
from astrai_slides.export.registry import FORMATS, Format
from astrai_slides.export.shared.captions import CAPTIONS
from astrai_slides.talk.document import TALK_VARIABLE

if TYPE_CHECKING:
    from astrai_slides.base.branches import Branches
    from astrai_slides.build.parting import Parted
    from astrai_slides.build.variants import Variants
    from astrai_slides.check.early_looks import EarlyLooks
    from astrai_slides.recording.explored import Explored
    from astrai_slides.recording.format.model import Blob, Recording, Step
    from astrai_slides.recording.run.record import Recorded

LEFT_OUT = "left out"
"""What a warning is about that is about no job."""

Warned: TypeAlias = Callable[[str, BuildWarning], None]
"""Takes the name of a job and a warning about it."""


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """All that a user may ask of a build.

    `force` makes everything anew. Without `reuse` every scene is recorded anew, and nothing of an earlier recording
    is used again. `strict` writes nothing that there is a warning about. `talks_folder` is presentations/ if None.
    """

    targets: Sequence[str]
    formats: Sequence[Format]
    settings: BuildSettings = field(default_factory=BuildSettings)
    out: Path | None = None
    force: bool = False
    reuse: bool = True
    steps: Sequence[str] = ()
    """Those to build, as `chosen_steps.choose` takes them; all if there are none."""
    strict: bool = False
    talks_folder: Path | None = None
    wish: Wish = field(default_factory=Wish)
    page: PageWish = field(default_factory=PageWish)
    checks: bool = False
    """Whether errors that `check` would find are warned of."""
    lines: Path | None = None
    """File in which to write which line made what is drawn, for `clicked.MadeLines`."""
    variants: bool = False
    """Whether a deck with knobs is recorded with all their values, for formats that can show them."""
    most_variants: int = MOST_VARIANTS
    """Of a step; a deck with more is refused."""
    only_known_variants: bool = False
    """Whether nothing is recorded for that: a deck that was not recorded so before is written without."""


@dataclass(frozen=True, slots=True)
class Given:
    """A recording that need not be made, and what draws its clips, which may have begun with some of its steps."""

    known: Known
    clipper: Clipper


@dataclass(frozen=True, slots=True)
class Built:
    """A file that was written."""

    path: Path
    format: Format
    size: int
    """Bytes, of all files that belong to it."""
    new: bool = True
    """Whether it was written now, not found as it should be."""
    knobs: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Names of the knobs that can be turned in it, with what their values are called."""
    alike: bool = False
    """Whether it was written now and came out as it was."""


def make(request: BuildRequest, progress: Progress, warned: Warned | None = None) -> Iterator[Built]:
    """Build what `request` asks for, and nothing that is there already; see `plan` and `build`.

    Where no file that an equal build read or wrote has changed, nothing is loaded but the files to compare them.
    `warned` is told of each warning, with the job's name; StrictError is raised where none is allowed.
    """
    with telling_os_errors():
        yield from _make(request, progress, warned)


def _make(request: BuildRequest, progress: Progress, warned: Warned | None) -> Iterator[Built]:
    sweep()
    memory = Memory(forgetful=request.force, reuse=request.reuse)
    memory.store.tell = progress.say
    teller = _Teller(progress, warned, strict=request.strict)
    names = [each.name for each in request.formats]
    folder = request.talks_folder or Path(TALKS_FOLDER)
    talks = [path.name for path in sorted(folder.glob("*.toml"))]
    asked = (
        Path.cwd(),
        list(request.targets),
        folder,
        request.out,
        names,
        request.settings.deciding(),
        asdict(request.wish),
        request.page.deciding(),
        list(request.steps),
        request.checks,
        *[VARIANTS, str(request.most_variants)] * request.variants,
        *["known"] * request.only_known_variants,
    )
    key = memory.key("build", *asked, talks, os.environ.get(TALK_VARIABLE))
    with phase(READING):
        known = memory.build(key)
    if known is not None and (request.lines is None or request.lines.exists()):
        for name, pairs in known["warnings"]:
            teller.tell(name, of_plain(pairs))
        for path, name, size, knobs in known["built"]:
            turned = tuple((knob, tuple(values)) for knob, values in knobs)
            yield Built(Path(path), FORMATS[name], size, new=False, knobs=turned)
        return
    left_out: list[str] = []
    with phase(LOADING), inputs.watching() as read:
        jobs = plan(request.targets, request.talks_folder, request.wish, left_out.append, request.page)
    # which talks there are is part of the key, and what is built lands in the same folder
    read.pop(str(folder.absolute()), None)
    if request.steps and request.wish.name is None:
        jobs = [replace(job, name=f"{job.name}-{suffix(request.steps)}", renamed=True) for job in jobs]
    builder = _Builder(request.formats, request.settings, request.out, progress, memory, teller, read, request)
    builder.checks = request.checks
    for word in left_out:
        teller.tell(LEFT_OUT, [BuildWarning(Kind.SCENE, word)])
    built = []
    for each in builder.build(jobs):
        built.append(each)
        yield each
    files = [(str(each.path), each.format.name, each.size, each.knobs) for each in built]
    about = {"built": files, "warnings": teller.told()}
    with phase(KEEPING):
        memory.keep_build(key, builder.read, builder.written, about)
        memory.trim()


def build(
    jobs: Sequence[Job],
    formats: Sequence[Format],
    settings: BuildSettings,
    out: Path | None,
    progress: Progress,
    memory: Memory | None = None,
    given: "Given | None" = None,
) -> Iterator[Built]:
    """Record each job and write it in each of `formats`, into `out` or the job's own folder, unless `memory` knows.

    Where a recording is `given`, that is what is written of the only job. Files are yielded as soon as they are whole.
    A job that fails is left out; when the others are built, AstraiSlidesError names each that failed. What was yielded
    stays, and no half-written file does.
    """
    builder = _Builder(formats, settings, out, progress, memory or Memory(), _Teller(progress))
    builder.given = given
    return builder.build(jobs)


def clipper_for(
    formats: Sequence[Format], settings: BuildSettings, memory: Memory, progress: JobProgress | Progress
) -> Clipper:
    """What draws the clips that `formats` are made of."""
    clips = [each for each in formats if each.clips]
    return Clipper(
        settings,
        memory.store,
        progress,
        backwards=any(each.backwards for each in clips),
        whole_films=all(each.whole_films for each in clips),
    )


class _Teller:
    """Tells of warnings, and keeps them. Raises StrictError in place of it if it is `strict`."""

    def __init__(self, progress: Progress, warned: Warned | None = None, *, strict: bool = False) -> None:
        self._strict = strict
        self._progress = progress
        self._warned = warned
        self._told: dict[str, list[BuildWarning]] = {}

    def tell(self, name: str, warnings: Sequence[BuildWarning]) -> None:
        """Tell of `warnings` about the job `name`."""
        self.refuse(name, warnings)
        self._hand_on(name, warnings)
        for warning in warnings:
            self._told.setdefault(name, []).append(warning)
            # what is about no job names its file itself
            self._progress.say(str(warning) if name == LEFT_OUT else f"{name}: {warning}")

    def refuse(self, name: str, warnings: Sequence[BuildWarning]) -> None:
        """Raise StrictError for any warning, if it is strict."""
        if self._strict and warnings:
            self._hand_on(name, warnings)
            raise StrictError(name, warnings)

    def _hand_on(self, name: str, warnings: Sequence[BuildWarning]) -> None:
        if self._warned is not None:
            for warning in warnings:
                self._warned(name, warning)

    def told(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return what was told of, by job, as files hold it."""
        return [(name, plain(warnings)) for name, warnings in self._told.items()]


class _Builder:
    """A build under way, and what it has read and written so far."""

    def __init__(
        self,
        formats: Sequence[Format],
        settings: BuildSettings,
        out: Path | None,
        progress: Progress,
        memory: Memory,
        teller: _Teller,
        planned: Inputs | None = None,
        request: BuildRequest | None = None,
    ) -> None:
        self.read: Inputs = planned or {}
        self.written: dict[str, str] = {}
        self.checks = False
        """Whether recordings are checked, and errors warned of."""
        self._formats = formats
        self._wants_clips = any(each.clips for each in formats)
        self._settings = settings
        self._out = out
        self._progress = progress
        self._memory = memory
        self._teller = teller
        self._steps = request.steps if request else ()
        self._lines_file = request.lines if request else None
        self._explores = request is not None and request.variants and any(each.variants for each in formats)
        self._most_variants = request.most_variants if request else MOST_VARIANTS
        self._only_known_variants = request is not None and request.only_known_variants
        self._lines: list[bytes] = []
        """Which lines made what is drawn of each scene of a job, where that is asked."""
        self.given: Given | None = None
        self._early: EarlyLooks | None = None

    def build(self, jobs: Sequence[Job]) -> Iterator[Built]:
        """Build `jobs`, and yield each file as soon as it is whole."""
        if self._out is not None:
            _refuse_clashes(jobs, self._out)
        targets = [job.target(each, self._out, self._settings.handout) for job in jobs for each in self._formats]
        for target in targets:
            atomic.check_writable(target)  # before it takes minutes to find out
        for folder in {target.parent for target in targets}:
            atomic.sweep(folder)
        stages = [RECORDING, *[DRAWING] * self._wants_clips, *(writing(each.name) for each in self._formats)]
        shown = [JobProgress(self._progress, job.name, self._memory.pace(_pace_key(job))) for job in jobs]
        self._progress.expect({name: seconds for each in shown for name, seconds in each.expected(stages)})
        with rare_garbage_collection():
            failures = []
            for job, progress in zip(jobs, shown, strict=True):
                try:
                    with telling_os_errors():
                        yield from self._build_one(job, progress)
                except AstraiSlidesError as error:
                    failures.append(error)
                    progress.leave_out(stages)
                else:
                    self._memory.keep_pace(_pace_key(job), progress.pace)
        if len(failures) == 1:
            raise failures[0]
        if failures:
            told = "\n".join(f"  {error}" for error in failures)
            raise AstraiSlidesError(f"{len(failures)} of {len(jobs)} were not built:\n{told}")

    def _build_one(self, job: Job, progress: JobProgress) -> Iterator[Built]:
        interrupts.check()
        if self.given is not None:
            yield from self._write_job(job, self.given.known, self.given.clipper, progress)
            return
        check_planned_ahead(job, self._memory, self._settings)
        with clipper_for(self._formats, self._settings, self._memory, progress) as clipper, self._looking_early():
            self._lines.clear()
            known = self._recorded(job, clipper, progress)
            if self._lines_file is not None:
                write_lines(self._lines_file, self._lines)
            yield from self._write_job(job, known, clipper, progress)

    @contextmanager
    def _looking_early(self) -> Iterator[None]:
        """End what looks through steps while they are recorded with the block."""
        try:
            yield
        finally:
            if self._early is not None:
                self._early.end()
                self._early = None

    def _write_job(self, job: Job, known: Known, clipper: Clipper, progress: JobProgress) -> Iterator[Built]:
        """Write a job that is recorded."""
        self.read = inputs.merged(self.read, known.inputs)
        self._teller.tell(job.name, [*_overruled(self._settings, job, known.recording), *known.recording.warnings])
        check_planned(job, [step.name for step in known.recording.steps])
        if self.checks:
            from astrai_slides.build.checking import errors_said

            self._teller.tell(job.name, errors_said(job, known, self._memory, self._workers, self._early))
        chosen: list[int] | None = None
        if self._steps:
            places = choose([step.name for step in known.recording.steps], self._steps)
            identity = cache.key("chosen", known.identity, *map(str, places))
            known = replace(known, recording=only(known.recording, places), identity=identity)
            job = replace(job, document=only_planned(job.document, known.recording))
            chosen = [place + 1 for place in places]
        production = Production(
            known.recording,
            job.document,
            self._settings,
            progress,
            store=self._memory.store,
            clipper=clipper,
            chosen=chosen,
            refuse=lambda warning: self._teller.refuse(job.name, [warning]),
        )
        yield from self._write_all(job, known, production, clipper, progress)

    # -- recording

    def _is_explored(self, job: Job, known: Known) -> bool:
        """Whether a job that is recorded is recorded with its knobs turned, too."""
        if job.variant or known.recording.knobs:
            from astrai_slides.build.variants import refuse_unknown

            refuse_unknown(job, known.recording)
        return self._explores and bool(known.recording.knobs) and not self._steps

    def _check_default(self, job: Job, known: Known) -> None:
        """Refuse a deck whose knobs cannot be turned, before anything is written."""
        from astrai_slides.build.variants import refuse_unlike, where
        from astrai_slides.recording.explored import check_default

        scenes = known.scenes or (known,)
        for scene, each in zip(job.scenes, scenes, strict=True):
            check_default(each.recording, where(job, scene), self._most_variants)
        refuse_unlike(job, [[read.knob for read in each.recording.knobs] for each in scenes])

    def _explored(
        self, job: Job, known: Known, progress: JobProgress, default: Production
    ) -> "tuple[Explored | None, str]":
        """The variants of a job that is recorded, and what tells them from others; none where one is not to be had.

        Before any is recorded the formats that hold them are written as `default`.
        """
        from astrai_slides.build.variants import refuse_unlike
        from astrai_slides.recording.explored import fewest_runs

        scenes = known.scenes or (known,)
        totals = [fewest_runs(each.recording) for each in scenes]
        total = sum(totals)
        first = cache_result(lambda: self._write_early(job, default))
        found: list[Explored | None] = []
        identities = []
        with progress.stage(VARIANTS, total) as advance:
            for number, (scene, each) in enumerate(zip(job.scenes, scenes, strict=True)):
                before = sum(totals[:number])

                def advanced(done: int, said: str, before: int = before) -> None:
                    so_far = before + done
                    advance(so_far, max(total, so_far + 1), said or f"{so_far} of {total}")

                variants = self._variants_of(job, scene, first, advanced)
                found.append(variants.explored(each))
                self.read = inputs.merged(self.read, variants.read)
                identities.append(variants.identity)
                if found[-1] is None and each.recording.knobs:
                    return None, variants.identity
        if not known.scenes:
            return found[0], identities[0]
        from astrai_slides.recording.join_variants import joined_variants

        try:
            refuse_unlike(job, [each.knobs if each else () for each in found])
        except AstraiSlidesError:
            if self._only_known_variants:  # the scenes' own, and never the deck's
                return None, cache.key("joined", *identities)
            raise
        recordings, titles = [each.recording for each in scenes], [scene.title for scene in job.scenes]
        explored = joined_variants(known.recording, recordings, titles, found)
        return explored, cache.key("joined", *identities)

    def _variants_of(
        self, job: Job, scene: JobScene, first: Callable[[], None], advanced: Callable[[int, str], None]
    ) -> "Variants":
        """The variants of a scene.

        `first` is called before any is recorded, `advanced` with how many there are and with what is under way.
        """
        from astrai_slides.base.branches import Branches
        from astrai_slides.build.parting import parted
        from astrai_slides.build.variants import Variants

        if self._only_known_variants:
            return Variants(job, scene, self._settings, self._memory, most=sys.maxsize)

        def record(
            varied: Job, turned: Mapping[str, int], earlier: bytes | None, said: str
        ) -> "tuple[Recorded, Inputs]":
            advanced(variants.done, said)
            first()
            listener = _Listener(lambda *_: None, None, None)
            return self._record_turned(varied, scene, earlier, listener, turned)

        def part_all(earlier: bytes | None) -> "Sequence[Parted]":
            def waiting(done: int) -> None:
                interrupts.check()
                advanced(done, "")

            first()
            waiting(0)
            listener = _Listener(lambda *_: None, None, None)
            with scratch_folder() as found, Branches(found, self._workers, waiting) as branches:
                self._record_turned(job, scene, earlier, listener, branches=branches)
                branches.join()
                return parted(branches)

        ahead = part_all if FORKS else None
        variants = Variants(job, scene, self._settings, self._memory, record, ahead, self._most_variants)
        return variants

    def _recorded(self, job: Job, clipper: Clipper, progress: JobProgress) -> Known:
        """Return the job's recording, made of those of its scenes."""
        recorded = [self._recorded_scene(job, scene, clipper, progress) for scene in job.scenes]
        progress.leave_out([RECORDING])
        if len(recorded) == 1:
            known = recorded[0]
            if not job.renamed:
                return known
            renamed = replace(known.recording, scene=job.name)
            return replace(known, recording=renamed, identity=cache.key("renamed", job.name, known.identity))
        from astrai_slides.recording.join import joined

        titles = [scene.title for scene in job.scenes]
        recording = joined(job.name, [each.recording for each in recorded], titles)
        progress.pace.motion = sum(step.length for step in recording.steps) / recording.fps
        identity = cache.key("joined", job.name, *(each.identity for each in recorded), *titles)
        return Known(recording, identity, inputs.merged(*(each.inputs for each in recorded)), tuple(recorded))

    def _recorded_scene(self, job: Job, scene: JobScene, clipper: Clipper, progress: JobProgress) -> Known:
        """Return the recording of a scene, made now unless the memory has it."""
        key = recording_key(self._memory, job, scene, self._settings)
        with phase(READING):
            known = self._memory.known_recording(key)
            lines = self._memory.lines(key) if self._lines_file is not None else b""
        # of files that were edited since the talk was loaded, it would show what the talk does not say
        if known is None or lines is None or not inputs.agree(known.inputs, self.read):
            with phase(READING):
                earlier = self._memory.earlier_plays(key)
            recorded, read = self._record(job, scene, earlier, clipper, progress)
            said = said_beside_plan(job)
            with phase(KEEPING):
                known = self._memory.keep_recording(key, recorded.recording, recorded.plays, read, said)
                lines = recorded.lines
                if lines is not None:
                    self._memory.keep_lines(key, lines)
        self._lines.append(lines or b"")
        return known

    def _record(
        self, job: Job, scene: JobScene, earlier: bytes | None, clipper: Clipper, progress: JobProgress
    ) -> "tuple[Recorded, Inputs]":
        """Record a scene, and see which files that reads.

        Steps are drawn as soon as they are recorded, those of several scenes, and some steps of one, when all are.
        """
        if self._wants_clips:
            clipper.open()
        alone = len(job.scenes) == 1
        at_once = self._wants_clips and alone and not self._steps
        motion = progress.pace.motion if alone else None
        if at_once:
            clipper.expect(progress.pace.motion)
        with progress.stage(RECORDING, motion) as advance:
            if self.checks:
                from astrai_slides.build.checking import early_looks

                self._early = early_looks(job, self._memory, self._workers)
            listener = _Listener(advance, motion, clipper if at_once else None, self._early)
            recorded, read = self._record_turned(job, scene, earlier, listener)
        progress.pace.motion = sum(step.length for step in recorded.recording.steps) / recorded.recording.fps
        return recorded, read

    def _record_turned(
        self,
        job: Job,
        scene: JobScene,
        earlier: bytes | None,
        listener: "_Listener",
        turned: Mapping[str, int] = NOTHING_TURNED,
        branches: "Branches | None" = None,
    ) -> "tuple[Recorded, Inputs]":
        """Record a scene, with knobs of the deck itself `turned`, and see which files that reads.

        With `branches` it parts where a knob is read.
        """
        with phase(LOADING):
            from astrai_slides.recording.run.formulas import formula_store
            from astrai_slides.recording.run.record import Order

        formulas = formula_store(forgetful=not self._memory.reuse)
        with scratch_folder() as media:
            asked = self._settings.resolution
            order = Order(
                asked.fps if asked else None,
                asked.width if asked else None,
                asked.height if asked else None,
                media,
                job.attributes,
                earlier,
                self._settings.only_fps,
                self._settings.only_size,
                formulas,
                1 if branches is not None else self._workers,
                listener.room if self._settings.cluster is None else None,
                films_costly=self._settings.films_costly,
                lines=self._lines_file is not None,
                looks=listener.early,
            )
            ignored = [media, self._memory.store.folder, formulas.folder]
            parting = None
            if branches is not None:
                from astrai_slides.build.parting import Parting

                parting = Parting(branches, media)
                ignored.append(branches.folder)
            return record_watched(job, scene, order, ignored, listener, turned, parting)

    @property
    def _workers(self) -> int:
        return self._settings.workers or processors()

    # -- writing

    def _write_all(
        self,
        job: Job,
        known: Known,
        production: Production,
        clipper: Clipper,
        progress: JobProgress,
    ) -> Iterator[Built]:
        """Write the formats that are not there yet, and yield all in the order in which they were asked for."""
        # notes and titles are set by writers, in the machine's fonts where they must
        decided = known.identity, asdict(job.document), self._settings.deciding(), known.inputs.get(inputs.FONTS)
        explores = self._is_explored(job, known)
        stamps = {each.name: self._memory.key(each.name, *decided) for each in self._formats}
        there = {
            each.name: self._memory.written(job.target(each, self._out, self._settings.handout), stamps[each.name])
            for each in self._formats
            if not (explores and each.variants)
        }
        progress.leave_out(writing(name) for name, written in there.items() if written)
        if any(each.clips and there[each.name] is None for each in self._formats):
            clipper.start(known.recording)
        else:
            progress.leave_out([DRAWING])
        early = replace(production, warnings=[])
        if explores and not self._only_known_variants:
            self._check_default(job, known)
            self._write_early(job, early, only_new=True)
        variants = ""
        done: dict[str, Built] = {}
        asked = list(self._formats)
        # what needs no clips is written while they are encoded, and what holds variants when all else is there
        for each in sorted(self._formats, key=lambda each: (explores and each.variants, each.clips)):
            target = job.target(each, self._out, self._settings.handout)
            if explores and each.variants:
                if not variants:
                    production.explored, variants = self._explored(job, known, progress, early)
                stamps[each.name] = self._memory.key(each.name, *decided, *[variants] * bool(production.explored))
                there[each.name] = self._memory.written(target, stamps[each.name])
                progress.leave_out([writing(each.name)] * (there[each.name] is not None))
            written = there[each.name]
            new, alike = written is None, False
            if written is None:
                before = self._memory.files_of(target)
                written = self._write(each, production, target, progress)
                alike = written.files == before
                _remove_old_captions(before, written.files)
                with phase(KEEPING):
                    self._memory.keep_written(target, stamps[each.name], written)
            self._teller.tell(job.name, written.warnings)
            self.written |= written.files
            size = sum(Path(path).stat().st_size for path in written.files)
            knobs = production.explored.knobs if production.explored and each.variants else ()
            turned = tuple((knob.name, knob.texts) for knob in knobs)
            done[each.name] = Built(target, each, size, new, turned, alike)
            while asked and asked[0].name in done:
                yield done[asked.pop(0).name]

    def _write_early(self, job: Job, production: Production, *, only_new: bool = False) -> None:
        """Write the deck as it is by default, which can be shown until its variants are recorded.

        `only_new`: where nothing is, before it is known whether they must be.
        """
        for each in self._formats:
            target = job.target(each, self._out, self._settings.handout)
            if not each.variants or (only_new and target.exists()):
                continue
            each.write(production, target, ignore)
            if not only_new:
                self._progress.say(f"{target} can be opened; its variants are being recorded, and come into it then")

    def _write(self, each: Format, production: Production, target: Path, progress: JobProgress) -> Written:
        if each.clips:
            with phase(writing(each.name)):
                each.prepare(production)
            _ = production.clips  # waits for them, which is not part of writing
        if production.recording.has_sound and not each.sound:
            said = f"{target.name} is silent: the deck's sounds are heard in mp4 only"
            production.warn(BuildWarning(Kind.SOUND, said))
        with progress.stage(writing(each.name)) as advance, phase(writing(each.name)):
            try:
                each.write(production, target, advance)
                beside = production.captions_beside(target) if each.captions else []
            except OSError as error:
                named = error.filename2 or error.filename
                if named is not None and Path(os.fsdecode(named)).parent != target.parent:
                    # a clip, a font: another --out would not help
                    raise AstraiSlidesError(f"{target}: cannot be written: {told(error)}") from error
                reason = error.strerror or str(error)
                raise AstraiSlidesError(f"{target}: cannot be written: {reason}; choose another --out") from error
        written = Written(digests([*each.files(target), *beside]), production.warnings[:])
        production.warnings.clear()
        return written


class _Listener:
    """Shows how far a recording is, and hands its steps on to be drawn."""

    def __init__(
        self, advance: Advance, expected: float | None, clipper: Clipper | None, early: "EarlyLooks | None" = None
    ) -> None:
        self._advance = advance
        self._expected = expected
        self._clipper = clipper
        self.early = early

    @property
    def room(self) -> "Callable[[], int] | None":
        """For how many processes there is room that draw plays: clips, which can be drawn already, go first."""
        clipper = self._clipper
        return None if clipper is None else lambda: clipper.idle

    def motion(self, seconds: float, step: str) -> None:
        """Show how far the recording is; no further where the build cannot come to a good end."""
        interrupts.check()
        if self._clipper is not None:
            self._clipper.check()
        if self.early is not None:
            self.early.go_on()
        # without an earlier build nobody knows how long the deck is
        self._advance(seconds, None, step if self._expected else f"{step}, {seconds:.0f} s")

    def step(self, step: "Step", blobs: "Mapping[str, Blob]", resolution: Resolution) -> None:
        """Start on `step` if clips are wanted, and have it looked through."""
        if self._clipper is not None:
            self._clipper.add(step, blobs, resolution)
        if self.early is not None:
            self.early.add(step, blobs, resolution)


def _overruled(settings: BuildSettings, job: Job, recording: "Recording") -> list[BuildWarning]:
    """Say where what the deck's file sets went before the size and frame rate that were asked for."""
    asked, got = settings.resolution, recording.resolution
    if asked is None:
        return []
    size = settings.only_size or (asked.width, asked.height)
    expected = Resolution(*size, float(settings.only_fps or asked.fps))
    if expected == got:
        return []
    said = f"{job.scenes[0].file.name} sets {got}, which goes before --quality; --size and --fps go before both"
    return [BuildWarning(Kind.SIZE, said)]


def _pace_key(job: Job) -> str:
    return cache.key("pace", *map(str, place(job)))


def _remove_old_captions(before: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Remove captions that an earlier build wrote beside a file, and nobody changed, where there are none any more."""
    for path, known in before.items():
        if Path(path).suffix == CAPTIONS and path not in now and inputs.digest(path) == known:
            Path(path).unlink(missing_ok=True)


def _refuse_clashes(jobs: Sequence[Job], out: Path) -> None:
    names = [job.name for job in jobs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AstraiSlidesError(f"{out / twice[0]} would be written by two talks of that name; build them one by one")
