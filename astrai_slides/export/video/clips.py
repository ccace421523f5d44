"""Clips of steps, forwards and backwards, from a recording: in chunks, in parallel, nothing done twice."""

import threading
import time
import zlib
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from astrai_slides.base import cache
from astrai_slides.base.forecast import DRAWING
from astrai_slides.base.progress import Progress, SilentProgress
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video.answers import LostError, answer, opened, said
from astrai_slides.export.video.chunks import EncodedChunk, Task, encode_chunk, split, timeline
from astrai_slides.export.video.encode import Quality, join, quality
from astrai_slides.export.video.executor import ENDED, Remote, Workers, local_workers
from astrai_slides.export.video.segments import segment_keys, segment_names
from astrai_slides.export.video.verify import Verifier
from astrai_slides.export.video.whole_films import whole_film
from astrai_slides.recording.format.codec import encode_step
from astrai_slides.recording.format.container import content_digest, step_blobs
from astrai_slides.recording.format.model import Blob, Recording, Step

__all__ = ["Clip", "ClipBuilder", "Quality", "encode_clips", "quality"]

_LENGTH = 8
"""Bytes that tell the length of what runs forwards, where both directions of a segment are kept in one file."""

_AHEAD = 2
"""Tasks handed to the executor for each worker: one at work and one waiting, so that memory stays bounded."""

ATTEMPTS = 3
"""How often workers of other machines are asked for one chunk before it is given up."""

_LOOK_EVERY = 0.5
"""Seconds between looks for lost or late workers of other machines."""

_PATIENCE = 60.0
_PATIENCE_A_MEGAPIXEL = 0.2
"""Seconds without any answer after which a chunk is asked for again, and for each million pixels that it has."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A step as mp4s in the cache: `forwards` rests on the end state, `backwards` is the same run backwards."""

    forwards: Path
    _backwards: Path | None
    frames: int

    @property
    def backwards(self) -> Path:
        """The step backwards; only of clips that were asked for both ways."""
        assert self._backwards is not None
        return self._backwards


@dataclass(slots=True)
class _Job:
    """A step under way: what its chunks gave so far."""

    step: str
    name: str
    frames: int
    parts: list[EncodedChunk | None] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """What the parts are kept under; "" for one that is not kept, or already is."""
    clip: Clip | None = None
    shared: list[tuple["_Job", int]] = field(default_factory=list)
    """Of a segment that was asked for by itself: the steps that it is a part of, and where."""


@dataclass(slots=True, eq=False)
class _Question:
    """A chunk of a step that a worker is asked for."""

    job: _Job
    place: int
    task: Task
    asked: int = 0
    """How often it was asked."""
    since: float = 0.0
    """When it was asked last, by the monotonic clock."""
    answered: bool = False

    @property
    def patience(self) -> float:
        pixels = self.task.quality.width * self.task.quality.height * self.task.frames
        return _PATIENCE + _PATIENCE_A_MEGAPIXEL * pixels / 1e6


class ClipBuilder:
    """Takes steps as they are recorded and encodes them meanwhile.

    Give every step to `add`; `finish` waits and returns a clip for each, in order. Both are called by one thread.
    Without `backwards` the clips run forwards only, which is all that most formats show. With `whole_films` those of
    filmed steps are their films, where these will do: such clips run forwards only, and cannot be joined with others.
    `shown` is the stage of the progress, which ends with `finish`; leave it if that is never called.
    """

    def __init__(
        self,
        quality: Quality,
        workers: Workers,
        store: cache.Store,
        progress: Progress | None = None,
        *,
        backwards: bool = True,
        whole_films: bool = False,
    ) -> None:
        self._both = backwards
        self._whole_films = whole_films
        self._quality = quality
        self._workers = workers
        self._store = store
        self._expected: float | None = None
        self.shown = ExitStack()
        self._advance = self.shown.enter_context((progress or SilentProgress()).stage(DRAWING))
        self._steps: list[_Job] = []
        self._jobs: dict[str, _Job] = {}
        self._unfinished: deque[_Job] = deque()
        """Those without a clip, in order."""
        self._segments: dict[str, _Job] = {}
        """Those that are drawn before it is known of which steps they are, by name."""
        self._waiting: deque[_Question] = deque()
        self._running: dict[Future[bytes], _Question] = {}
        self._heard = time.monotonic()
        """When the last good answer came."""
        self._verifier = Verifier()
        # not in the thread that brings answers, which has more to do: a cluster's is its only one
        self._checks = ThreadPoolExecutor(1, "checks") if workers.remote else None
        self.shown.callback(self._stop_checks)
        self._changed = threading.Condition()
        self._failure: AstraiSlidesError | None = None
        self._frames = self._done = 0

    def expect(self, frames: float) -> None:
        """Say how many frames all steps have together, as far as that can be told before all are added."""
        self._expected = frames
        self._show()

    def add(self, step: Step, blobs: Mapping[str, Blob], fps: float) -> None:
        """Start on `step`, recorded at `fps` frames a second; `blobs` hold at least those it shows.

        Clips of steps before it that are drawn are written meanwhile, so that their parts take no memory any more.
        """
        self._steps.append(self._begun(step, blobs, fps))
        while self._unfinished and self._is_drawn(self._unfinished[0]):
            self._write(self._unfinished.popleft())

    def ahead(self, step: Step, blobs: Mapping[str, Blob], fps: float) -> None:
        """Start on `step`, which is to be added, as are steps that come before it."""
        self._begun(step, blobs, fps)

    def draw(self, segments: Iterable[tuple[str, Task]]) -> None:
        """Start on `segments`, each under its name, of a step that is to be added."""
        with self._changed:
            for name, task in segments:
                if name not in self._segments:
                    job = self._segments[name] = _Job(task.step, "", task.frames, [None])
                    self._waiting.append(_Question(job, 0, task))
        self._feed()

    def _begun(self, step: Step, blobs: Mapping[str, Blob], fps: float) -> _Job:
        raw = encode_step(step)
        digest = content_digest(step, raw)
        name = cache.key("clip", digest, self._quality.key, float(fps), step.loop)  # type: ignore[arg-type]
        known = self._jobs.get(name)
        if known is not None:
            return known
        film = blobs[step.film.digest].data if step.film else None
        whole = whole_film(step, film, fps, self._quality) if self._whole_films else None
        segment = timeline(step, fps, self._quality.fps)
        job = _Job(step.name, name, sum(count for _, count in segment))
        self._jobs[name] = job
        if whole is not None:
            as_it_is = self._store.put(cache.key(name, "film"), ".mp4", lambda path: path.write_bytes(whole))
            job.clip = Clip(as_it_is, None, job.frames)
            return job
        forwards = self._store.get(cache.key(name, "forwards"))
        backwards = self._store.get(cache.key(name, "backwards")) if self._both else None
        if forwards and (backwards or not self._both):
            job.clip = Clip(forwards, backwards, job.frames)
            self._frames += job.frames
            self._done += job.frames
            self._show()
            return job
        used = () if step.film else tuple(blobs[digest] for digest in step_blobs(step))
        # level 1: it crosses to a process of this machine, or once over a network
        chunk = b"" if step.film else zlib.compress(raw, 1)
        first = 0
        segments = [segment] if film else list(split(segment, self._quality))
        names = [""] if film else list(segment_names(step, segments))
        with self._changed:
            for part, kept in zip(segments, names, strict=True):
                task = Task(
                    step.name, digest, chunk, used, part, first, self._quality, film, step.end.background, self._both
                )
                early, drawn = self._segments.get(kept), self._kept(kept)
                job.names.append("" if drawn else kept)
                if drawn is None and early is not None:
                    drawn = early.parts[0]
                    early.shared.append((job, len(job.parts)))
                elif drawn is None:
                    self._waiting.append(_Question(job, len(job.parts), task))
                else:
                    self._done += task.frames
                job.parts.append(drawn)
                first += task.frames
            self._frames += first
        self._unfinished.append(job)
        self._feed()
        return job

    @property
    def idle(self) -> int:
        """How many of the workers have nothing to do."""
        return max(0, self._workers.count - len(self._running))

    def check(self) -> None:
        """Raise AstraiSlidesError if anything has failed, which `finish` would do much later."""
        if self._failure is not None:
            raise self._failure

    def _kept(self, name: str) -> EncodedChunk | None:
        paths = (self._store.get(each) for each in self._keys(name))
        path = next((each for each in paths if each), None)
        if path is None:
            return None
        try:
            data = path.read_bytes()
        except OSError:
            return None  # removed meanwhile
        size = int.from_bytes(data[:_LENGTH], "little")
        return ((data[_LENGTH : _LENGTH + size], data[_LENGTH + size :] if self._both else b""),)

    def _keep(self, name: str, clips: EncodedChunk) -> None:
        ((forwards, backwards),) = clips
        data = len(forwards).to_bytes(_LENGTH, "little") + forwards + backwards
        self._store.put(self._keys(name)[0], ".segment", lambda path: path.write_bytes(data))

    def _keys(self, name: str) -> list[str]:
        """What the segment `name` may be kept under, where it is put first; nothing for one without a name."""
        return segment_keys(name, self._quality, backwards=self._both) if name else []

    def finish(self) -> list[Clip]:
        """Wait for all steps and return their clips. Raises AstraiSlidesError naming what failed."""
        with self.shown:
            self._expected = float(self._frames)  # all is known now
            self._show()
            try:
                while self._unfinished:
                    self._await(self._unfinished[0])
                    self._write(self._unfinished.popleft())
            except BaseException:
                self._abandon()
                raise
        clips = []
        for job in self._steps:
            assert job.clip is not None
            clips.append(job.clip)
        return clips

    def _show(self) -> None:
        total = None if self._expected is None else max(self._expected, float(self._frames))
        self._advance(float(self._done), total)

    def _await(self, job: _Job) -> None:
        while not self._come(job):
            if self._workers.remote is not None:
                self._look_after(self._workers.remote)
        self.check()

    def _write(self, job: _Job) -> None:
        """Write the clip of `job`, whose parts are all there, and let go of them."""
        for name, part in zip(job.names, job.parts, strict=True):
            if name and part:
                self._keep(name, part)
        clips = [clip for part in job.parts for clip in part or ()]
        fps = self._quality.fps
        forwards = self._store.put(
            cache.key(job.name, "forwards"), ".mp4", lambda path: join([one for one, _ in clips], path, fps)
        )
        backwards = None
        if self._both:
            backwards = self._store.put(
                cache.key(job.name, "backwards"), ".mp4", lambda path: join([one for _, one in clips[::-1]], path, fps)
            )
        job.parts.clear()
        job.clip = Clip(forwards, backwards, job.frames)

    def _come(self, job: _Job) -> bool:
        """Wait for all parts of `job`, or a failure; where workers are to be looked after, not longer than a while."""
        patience = _LOOK_EVERY if self._workers.remote is not None else None
        with self._changed:
            return self._changed.wait_for(lambda: self._failure is not None or self._is_drawn(job), patience)

    def _is_drawn(self, job: _Job) -> bool:
        """Whether all parts of `job` are there."""
        return all(part is not None for part in job.parts)

    def _stop_checks(self) -> None:
        if self._checks is not None:
            self._verifier.stop()
            self._checks.shutdown(wait=False, cancel_futures=True)

    def _feed(self) -> None:
        """Hand tasks to the executor, up to the bound."""
        while True:
            with self._changed:
                full = len(self._running) >= self._workers.count * _AHEAD
                if not self._waiting or full or self._failure is not None:
                    return
                question = self._waiting.popleft()
            self._ask(question)

    def _ask(self, question: _Question, before: "Future[bytes] | None" = None) -> None:
        """Hand a task to the executor; if it had it `before`, to another worker."""
        remote, task = self._workers.remote, question.task
        with self._changed:
            try:
                if before is None or remote is None:
                    future = self._workers.executor.submit(answer, encode_chunk, task)
                else:
                    future = remote.elsewhere(before, answer, encode_chunk, task)
            except Exception as error:  # whatever a library for clusters raises, and a pool that is broken or shut down
                self._fail(task, error)
                return
            question.asked += 1
            question.since = time.monotonic()
            self._running[future] = question
        future.add_done_callback(self._received)

    def _received(self, future: "Future[bytes]") -> None:
        if self._checks is None:
            self._take(future)
            return
        try:
            self._checks.submit(self._take, future)
        except RuntimeError:
            return  # nobody waits any more

    def _take(self, future: "Future[bytes]") -> None:
        """Keep an answer that is one; else ask again where that may help."""
        with self._changed:
            question = self._running.get(future)
        if question is None or question.answered:
            self._drop(future)  # the answer came from elsewhere meanwhile
        else:
            try:
                clips = opened(question.task, future.result())
                if self._workers.remote is not None:
                    self._verifier.check(question.task, clips)
            except BaseException as error:
                gone = LostError("the workers that it was given to are gone") if future.cancelled() else error
                self._ask_again(future, question, gone)
            else:
                self._keep_answer(question, clips)
            self._drop(future)
        try:
            self._show()
        finally:  # or whoever waits for clips would wait for ever where they cannot be shown
            self._feed()

    def _drop(self, future: "Future[bytes]") -> None:
        with self._changed:
            self._running.pop(future, None)
            self._changed.notify_all()

    def _keep_answer(self, question: _Question, clips: EncodedChunk) -> None:
        with self._changed:
            self._heard = time.monotonic()
            question.answered = True
            question.job.parts[question.place] = clips
            for job, place in question.job.shared:
                job.parts[place] = clips
            self._done += question.task.frames
            others = [future for future, asked in self._running.items() if asked is question]
            self._changed.notify_all()
        for future in others:
            future.cancel()

    def _ask_again(self, future: "Future[bytes]", question: _Question, error: BaseException) -> None:
        remote = self._workers.remote
        reason = remote.lost() if remote is not None else ""
        if reason:
            self._fail(question.task, LostError(reason))
        elif remote is None or self._failure is not None:
            self._fail(question.task, error)
        elif question.asked < ATTEMPTS:
            self._ask(question, future)
        else:
            self._fail(question.task, error, f", asked for {ATTEMPTS} times")

    def _look_after(self, remote: Remote) -> None:
        """End where no answer can come any more, and ask again for what is late."""
        with self._changed:
            running = list(self._running.items())
        reason = remote.lost()
        now = time.monotonic()
        for future, question in running:
            if reason:
                self._fail(question.task, LostError(reason))
            elif not question.answered and now - max(question.since, self._heard) > question.patience:
                self._ask_again(future, question, LostError(f"no answer came within {question.patience:.0f} seconds"))
        for future in remote.stranded(future for future, question in running if not question.answered):
            future.cancel()  # which asks again

    def _fail(self, task: Task, error: BaseException, asked: str = "") -> None:
        where = f"step {task.step!r}, frames {task.first} to {task.first + task.frames - 1}"
        reason = ENDED if isinstance(error, BrokenProcessPool) else said(error)
        with self._changed:
            if self._failure is None:
                self._failure = AstraiSlidesError(f"{where}{asked}: cannot be drawn and encoded: {reason}")
                self._failure.__cause__ = error
                self._changed.notify_all()

    def _abandon(self) -> None:
        with self._changed:
            self._waiting.clear()
            running = list(self._running)
        for future in running:
            future.cancel()


def encode_clips(
    recording: Recording,
    quality: Quality,
    *,
    store: cache.Store | None = None,
    workers: Workers | None = None,
    progress: Progress | None = None,
    backwards: bool = True,
) -> list[Clip]:
    """Return a clip for each step of `recording`, encoding those that `store` does not have; `backwards` too or not.

    `workers` are processes of this machine by default, started only if there is something to encode. The clips do
    not depend on how many workers there are. Raises AstraiSlidesError naming the step and frames that failed.
    """
    store = store or cache.Store()

    def build(workers: Workers) -> list[Clip]:
        builder = ClipBuilder(quality, workers, store, progress, backwards=backwards)
        for step in recording.steps:
            builder.add(step, recording.blobs, recording.fps)
        return builder.finish()

    if workers is not None:
        return build(workers)
    with local_workers() as workers:
        return build(workers)
