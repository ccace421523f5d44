"""Steps as a scene gives them: frames as they come, cut where the scene says so."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from astrai_slides.base.forks import Forks
from astrai_slides.base.phases import COLLECTING, ENCODING, FORKING, at_step, of_step, phase, step_named
from astrai_slides.base.resolution import Resolution
from astrai_slides.base.surrogates import whole
from astrai_slides.recording.format.model import Blob, Frame, Step
from astrai_slides.recording.reuse.earlier import EarlierPlay, EarlierPlays, Play, whole_step
from astrai_slides.recording.run.collector import Collector
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.listener import Listener, StepLooks
from astrai_slides.recording.run.made_at import NO_LINES, MadeAt, Numbers, renumbered
from astrai_slides.recording.run.pending_steps import (
    Content,
    FrameRuns,
    LaterFrames,
    LookAtOne,
    PendingStep,
    SlideOptions,
    StepContent,
)
from astrai_slides.recording.run.plays_ahead import PlayAhead
from astrai_slides.recording.run.rests import Standing, told
from astrai_slides.recording.run.texts import TextFollower


class StepBuilder:
    """The steps of a scene; those that an earlier recording has are not decoded."""

    def __init__(
        self,
        collector: Collector,
        texts: TextFollower,
        resolution: Resolution,
        filmer: Filmer,
        earlier_plays: EarlierPlays,
        listener: Listener,
        forks: Forks,
        first: int = 0,
        made_at: MadeAt | None = None,
        looks: StepLooks | None = None,
    ) -> None:
        """`forks` draw plays, and make steps of what they drew. `first` is the number of the first step.

        `made_at` is told of each step, if somebody asks which lines made what is drawn, and `looks` have forks look
        through them.
        """
        self.steps: list[tuple[SlideOptions | None, Step]] = []
        self.blobs: dict[str, Blob] = {}
        self.spans: list[tuple[float, float]] = []
        """When each of `steps` begins and ends in the scene's own time, seconds."""
        self._collector = collector
        self._texts = texts
        self._resolution = resolution
        self._filmer = filmer
        self._earlier_plays = earlier_plays
        self._listener = listener
        self._forks = forks
        self._made_at = made_at
        self._looks = looks
        self._pending: deque[PendingStep] = deque()
        self._cuts = self._first = first
        self._seconds = 0.0
        self._name = ""
        self._begin()

    def _begin(self) -> None:
        self._frames = FrameRuns()
        self._plays: list[Play] = []
        self._reused: list[tuple[EarlierPlay, tuple[int, ...]]] = []
        self._later: list[PlayAhead | LaterFrames] = []
        self._standing: list[Standing] = []
        self._length = 0

    @property
    def _place(self) -> int:
        """The number that the step under way has, from 0, if it is kept."""
        return len(self.steps) + len(self._pending)

    @property
    def empty(self) -> bool:
        """Whether the step under way has no frame yet."""
        return not self._frames.runs and not self._reused and not self._later

    def add(self, frame: Frame, count: int) -> None:
        """Add a frame that stays for `count`."""
        self._decode_reused()
        self._put(frame, count)
        self._advance(count)

    def ahead(self, play: PlayAhead, counts: Sequence[int]) -> None:
        """Add the frames of `play`, which are being drawn, as many as `counts` says."""
        self._decode_reused()
        self._after_forks().blobs.update(self._collector.blobs)
        self._later.append(play)
        for count in counts:
            self._advance(count)

    def _put(self, frame: Frame, count: int) -> None:
        if not self._later:
            self._frames.add(frame, count)
        elif count > 0:
            self._after_forks().frames.append((frame, count))

    def _after_forks(self) -> LaterFrames:
        last = self._later[-1] if self._later else None
        if not isinstance(last, LaterFrames):
            last = LaterFrames()
            self._later.append(last)
        return last

    def look(self, scene: Any) -> None:
        """See which step `scene` is at, and what stands there, at the begin of a play."""
        info = self._info(scene, self._cuts)
        self._name = info.name if info else str(self._cuts + 1)
        at_step(self._place)
        with phase(COLLECTING):
            standing = Standing(self._length, self._texts.standing(scene, self._collector.source))
        if self._standing and self._standing[-1].at == self._length:
            self._standing.pop()  # nobody saw it
        self._standing.append(standing)

    def played(self, play: Play) -> None:
        """Say what the frames since the play before came from."""
        self._plays.append(play)

    def reuse(self, earlier: EarlierPlay, sources: tuple[int, ...]) -> None:
        """Add the frames of `earlier`; what is on the scene has `sources`."""
        self._reused.append((earlier, sources))
        self._plays.append(replace(earlier.play, sources=sources))
        self._advance(sum(earlier.play.counts))

    def _advance(self, count: int) -> None:
        self._length += count
        self._seconds += count / self._resolution.fps
        self._listener.motion(self._seconds, self._name)

    def _decode_reused(self) -> None:
        for earlier, sources in self._reused:
            self._collector.blobs.update(earlier.step.kept.blobs)
            for frame, count in earlier.frames(sources):
                self._put(frame, count)
        self._reused.clear()

    def cut(self, settings: SlideOptions | None, scene: Any) -> None:
        """End the step under way as `scene` stands now."""
        self._collector.begin_play()
        end = scene.renderer.rest_state(scene)
        if settings is None or not settings.skipped:
            texts = tuple(self._texts.resting(scene, end, self._collector.source))
            whole = None
            lines = self._made_at.numbers(self._collector.numbered()) if self._made_at else {}
            if not self._frames.runs and not self._later:
                whole = whole_step(self._reused, end, told(self._standing))
            if whole is not None:
                lines = renumbered(lines, [(earlier.play.sources, now) for earlier, now in self._reused])
            else:
                self._decode_reused()
            if self._later:
                self._after_forks().blobs.update(self._collector.blobs)
            content = StepContent(
                self._frames,
                self._later,
                end,
                texts,
                self._plays,
                self._collector.blobs,
                frozenset(self._collector.glyphs),
                self._filmer,
                self._standing,
                whole,
            )
            self._keep(content, settings, scene, lines)
        self._begin()
        self._collector.blobs = {}
        self._collector.forget()
        at_step(self._place)
        self.settle()

    def insert_source(self, settings: SlideOptions, frame: Frame, scene: Any) -> None:
        """Add a step that shows a file."""
        assert settings.src is not None
        step, blobs = self._filmer.source(settings.src, frame.view, frame.background)
        self._keep((step, blobs), settings, scene)
        self.settle()

    def _keep(self, content: Content, settings: SlideOptions | None, scene: Any, lines: Numbers = NO_LINES) -> None:
        # a file that is shown takes none of the scene's time
        timeless = settings is not None and settings.src is not None
        now = float(scene.renderer.time)
        info = self._info(scene, self._cuts)
        self._pending.append(PendingStep(content, settings, now, timeless, info, self._place, lines))
        self._cuts += 1

    def settle(self, *, wait: bool = False) -> None:
        """Make steps of those whose frames are there, in order; with `wait`, of all that were cut.

        Raises LedElsewhereError.
        """
        self._forks.look()
        while True:
            for each in self._pending:
                with phase(ENCODING), of_step(each.place):
                    each.go_on(self._forks, partial(self._look_at, each))
            while self._pending and self._pending[0].is_ready:
                self._take(self._pending.popleft())
            if not wait or not self._pending:
                break
            with phase(FORKING):
                self._forks.wait()
        if wait:
            for later in self._later:  # of a step that is never cut
                self._wait_for(later)

    def _look_at(self, pending: PendingStep) -> LookAtOne | None:
        """What a fork that makes `pending` is to look through it with."""
        place = self._first + pending.place
        look = self._looks.look_for(place) if self._looks is not None else None
        if look is None:
            return None

        def look_at_one(step: Step, blobs: Mapping[str, Blob]) -> bytes:
            return look(finished(place, step, pending.settings, pending.info), blobs, self._resolution)

        return look_at_one

    def _wait_for(self, later: PlayAhead | LaterFrames) -> None:
        while isinstance(later, PlayAhead) and not later.take():
            with phase(FORKING):
                self._forks.wait()

    def _take(self, pending: PendingStep) -> None:
        with phase(ENCODING), of_step(pending.place):
            made = pending.made(self._earlier_plays)
        step = made.step
        self.blobs.update(made.blobs)
        self.steps.append((pending.settings, step))
        taken = 0.0 if pending.timeless else step.length / self._resolution.fps
        self.spans.append((pending.now - taken, pending.now))
        place = self._first + len(self.steps) - 1
        told = finished(place, step, pending.settings, pending.info)
        step_named(place, told.name)
        if made.found and self._looks is not None:
            self._looks.take(place, made.found)
        self._listener.step(told, made.blobs, self._resolution)
        with phase(ENCODING):
            lasting = made.let_go()
        self.steps[-1] = pending.settings, lasting
        if self._made_at is not None:
            self._made_at.add(lasting, pending.lines)

    @staticmethod
    def _info(scene: Any, place: int) -> Any:
        """What a deck of ours says of its step number `place`, None of other scenes and while it is not known."""
        infos = getattr(scene, "step_infos", ())
        return infos[place] if place < len(infos) else None


def finished(place: int, step: Step, settings: SlideOptions | None, info: Any) -> Step:
    """Return `step`, number `place`, with what its slide and its deck say of it."""
    name = whole(info.name) if info else str(place + 1)
    notes = whole(settings.notes) if settings else ""
    title = whole(info.title if info else "") or _heading(notes) or name
    if settings is None:
        return replace(step, name=name, title=title)
    return replace(
        step,
        name=name,
        title=title,
        notes=notes,
        loop=settings.loop or step.loop,
        auto_next=settings.auto_next,
        finish_loop=bool(getattr(info, "finish_loop", False)),
        playback_rate=settings.playback_rate,
        reversed_playback_rate=settings.reversed_playback_rate,
        direction=settings.direction,
    )


def _heading(notes: str) -> str:
    """The first Markdown heading of `notes`, if they begin with one."""
    first = notes.strip().splitlines()[0] if notes.strip() else ""
    return first.lstrip("#").strip() if first.startswith("#") else ""
