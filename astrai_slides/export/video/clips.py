"""Clips of steps, forwards and backwards, from a recording: in chunks, in parallel, nothing done twice."""

import threading
import zlib
from collections import deque
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from astrai_slides.base import cache
from astrai_slides.base.forecast import DRAWING
from astrai_slides.base.progress import Progress, SilentProgress
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video.chunks import EncodedChunk, Task, encode_chunk, split, timeline
from astrai_slides.export.video.encode import Quality, join, quality
from astrai_slides.export.video.executor import Workers, local_workers
from astrai_slides.export.video.segments import segment_names
from astrai_slides.recording.format.codec import encode_step
from astrai_slides.recording.format.container import content_digest, step_blobs
from astrai_slides.recording.format.model import Blob, Recording, Step

__all__ = ["Clip", "ClipBuilder", "Quality", "encode_clips", "quality"]

_LENGTH = 8
"""Bytes that tell the length of what runs forwards, where both directions of a segment are kept in one file."""

_AHEAD = 2
"""Tasks handed to the executor for each worker: one at work and one waiting, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A step as mp4s in the cache: `forwards` rests on the end state, `backwards` is the same run backwards."""

    forwards: Path
    backwards: Path
    frames: int


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


class ClipBuilder:
    """Takes steps as they are recorded and encodes them meanwhile.

    Give every step to `add`; `finish` waits and returns a clip for each, in order. Both are called by one thread.
    `shown` is the stage of the progress, which ends with `finish`; leave it if that is never called.
    """

    def __init__(
        self,
        quality: Quality,
        workers: Workers,
        store: cache.Store,
        progress: Progress | None = None,
    ) -> None:
        self._quality = quality
        self._workers = workers
        self._store = store
        self._expected: float | None = None
        self.shown = ExitStack()
        self._advance = self.shown.enter_context((progress or SilentProgress()).stage(DRAWING))
        self._steps: list[_Job] = []
        self._jobs: dict[str, _Job] = {}
        self._waiting: deque[tuple[_Job, int, Task]] = deque()
        self._running: dict[Future[EncodedChunk], tuple[_Job, int, Task]] = {}
        self._changed = threading.Condition()
        self._failure: AstraiSlidesError | None = None
        self._frames = self._done = 0

    def expect(self, frames: float) -> None:
        """Say how many frames all steps have together, as far as that can be told before all are added."""
        self._expected = frames
        self._show()

    def add(self, step: Step, blobs: Mapping[str, Blob], fps: float) -> None:
        """Start on `step`, recorded at `fps` frames a second; `blobs` hold at least those it shows."""
        raw = encode_step(step)
        digest = content_digest(step, raw)
        name = cache.key("clip", digest, self._quality.key, float(fps), step.loop)  # type: ignore[arg-type]
        known = self._jobs.get(name)
        if known is not None:
            self._steps.append(known)
            return
        segment = timeline(step, fps, self._quality.fps)
        job = _Job(step.name, name, sum(count for _, count in segment))
        self._jobs[name] = job
        self._steps.append(job)
        forwards, backwards = (self._store.get(cache.key(name, way)) for way in ("forwards", "backwards"))
        if forwards and backwards:
            job.clip = Clip(forwards, backwards, job.frames)
            self._frames += job.frames
            self._done += job.frames
            self._show()
            return
        film = blobs[step.film.digest].data if step.film else None
        used = () if step.film else tuple(blobs[digest] for digest in step_blobs(step))
        # level 1: it crosses to a process of this machine, or once over a network
        chunk = b"" if step.film else zlib.compress(raw, 1)
        first = 0
        segments = [segment] if film else list(split(segment, self._quality))
        names = (
            [""] if film else [cache.key("segment", name, self._quality.key) for name in segment_names(step, segments)]
        )
        with self._changed:
            for part, kept in zip(segments, names, strict=True):
                task = Task(step.name, digest, chunk, used, part, first, self._quality, film, step.end.background)
                drawn = self._kept(kept)
                if drawn is None:
                    self._waiting.append((job, len(job.parts), task))
                else:
                    self._done += task.frames
                job.parts.append(drawn)
                job.names.append("" if drawn else kept)
                first += task.frames
            self._frames += first
        self._feed()

    def check(self) -> None:
        """Raise AstraiSlidesError if anything has failed, which `finish` would do much later."""
        if self._failure is not None:
            raise self._failure

    def _kept(self, name: str) -> EncodedChunk | None:
        path = self._store.get(name) if name else None
        if path is None:
            return None
        try:
            data = path.read_bytes()
        except OSError:
            return None  # removed meanwhile
        size = int.from_bytes(data[:_LENGTH], "little")
        return ((data[_LENGTH : _LENGTH + size], data[_LENGTH + size :]),)

    def _keep(self, name: str, clips: EncodedChunk) -> None:
        ((forwards, backwards),) = clips
        data = len(forwards).to_bytes(_LENGTH, "little") + forwards + backwards
        self._store.put(name, ".segment", lambda path: path.write_bytes(data))

    def finish(self) -> list[Clip]:
        """Wait for all steps and return their clips. Raises AstraiSlidesError naming what failed."""
        with self.shown:
            self._expected = float(self._frames)  # all is known now
            self._show()
            try:
                for job in self._jobs.values():
                    self._await(job)
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
        if job.clip is not None:
            return
        with self._changed:
            while self._failure is None and any(part is None for part in job.parts):
                self._changed.wait()
            if self._failure is not None:
                raise self._failure
        for name, part in zip(job.names, job.parts, strict=True):
            if name and part:
                self._keep(name, part)
        clips = [clip for part in job.parts for clip in part or ()]
        fps = self._quality.fps
        forwards = self._store.put(
            cache.key(job.name, "forwards"), ".mp4", lambda path: join([one for one, _ in clips], path, fps)
        )
        backwards = self._store.put(
            cache.key(job.name, "backwards"), ".mp4", lambda path: join([one for _, one in clips[::-1]], path, fps)
        )
        job.parts.clear()
        job.clip = Clip(forwards, backwards, job.frames)

    def _feed(self) -> None:
        """Hand tasks to the executor, up to the bound."""
        while True:
            with self._changed:
                full = len(self._running) >= self._workers.count * _AHEAD
                if not self._waiting or full or self._failure is not None:
                    return
                job, place, task = self._waiting.popleft()
                try:
                    future = self._workers.executor.submit(encode_chunk, task)
                except (RuntimeError, BrokenProcessPool) as error:
                    self._fail(task, error)
                    return
                self._running[future] = job, place, task
            future.add_done_callback(self._received)

    def _received(self, future: "Future[EncodedChunk]") -> None:
        with self._changed:
            job, place, task = self._running.pop(future)
            try:
                job.parts[place] = future.result()
                self._done += task.frames
            except (Exception, CancelledError) as error:
                self._fail(task, error)
            self._changed.notify_all()
        try:
            self._show()
        finally:  # or whoever waits for clips would wait for ever where they cannot be shown
            self._feed()

    def _fail(self, task: Task, error: BaseException) -> None:
        if self._failure is not None:
            return
        where = f"step {task.step!r}, frames {task.first} to {task.first + task.frames - 1}"
        if isinstance(error, BrokenProcessPool):
            reason = "its process ended before its time (out of memory?); try --workers 1"
        else:
            reason = f"{type(error).__name__}: {error}"
        self._failure = AstraiSlidesError(f"{where}: cannot be drawn and encoded: {reason}")
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
) -> list[Clip]:
    """Return a clip for each step of `recording`, encoding those that `store` does not have.

    `workers` are processes of this machine by default, started only if there is something to encode. The clips do
    not depend on how many workers there are. Raises AstraiSlidesError naming the step and frames that failed.
    """
    store = store or cache.Store()

    def build(workers: Workers) -> list[Clip]:
        builder = ClipBuilder(quality, workers, store, progress)
        for step in recording.steps:
            builder.add(step, recording.blobs, recording.fps)
        return builder.finish()

    if workers is not None:
        return build(workers)
    with local_workers() as workers:
        return build(workers)
