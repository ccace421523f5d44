"""Steps as a scene gives them: frames as they come, cut where the scene says so."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from astrai_slides.base.resolution import Resolution
from astrai_slides.base.surrogates import whole
from astrai_slides.recording.format.model import Blob, Frame, Step
from astrai_slides.recording.reuse.earlier import EarlierPlay, EarlierPlays, Play, whole_step
from astrai_slides.recording.run.collector import Collector
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.listener import Listener
from astrai_slides.recording.run.texts import TextFollower


@dataclass(slots=True)
class SlideOptions:
    """What a slide of manim-slides says of a step."""

    loop: bool
    auto_next: bool
    playback_rate: float
    reversed_playback_rate: float
    notes: str
    direction: str
    src: Path | None
    skipped: bool


class _FrameRuns:
    """Frames of the step under way, equal neighbours joined."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.runs: list[tuple[int, int]] = []
        # holds each frame, so that the ids in its key stay its own
        self._known: dict[tuple[Any, ...], tuple[int, Frame]] = {}

    def add(self, frame: Frame, count: int) -> None:
        if count <= 0:
            return
        key = (tuple(map(id, frame.ops)), frame.view, frame.background)
        known = self._known.get(key)
        if known is not None:
            index = known[0]
        elif self.frames and self.frames[-1] == frame:
            index = len(self.frames) - 1
        else:
            index = len(self.frames)
            self.frames.append(frame)
        self._known.setdefault(key, (index, frame))
        if self.runs and self.runs[-1][0] == index:
            self.runs[-1] = (index, self.runs[-1][1] + count)
        else:
            self.runs.append((index, count))


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
    ) -> None:
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
        self._seconds = 0.0
        self._name = ""
        self._begin()

    def _begin(self) -> None:
        self._frames = _FrameRuns()
        self._plays: list[Play] = []
        self._reused: list[tuple[EarlierPlay, tuple[int, ...]]] = []

    @property
    def empty(self) -> bool:
        """Whether the step under way has no frame yet."""
        return not self._frames.runs and not self._reused

    def add(self, frame: Frame, count: int) -> None:
        """Add a frame that stays for `count`."""
        self._decode_reused()
        self._frames.add(frame, count)
        self._advance(count)

    def look(self, scene: Any) -> None:
        """See which step `scene` is at, at the begin of a play."""
        info = self._info(scene, len(self.steps))
        self._name = info.name if info else str(len(self.steps) + 1)

    def played(self, play: Play) -> None:
        """Say what the frames since the play before came from."""
        self._plays.append(play)

    def reuse(self, earlier: EarlierPlay, sources: tuple[int, ...]) -> None:
        """Add the frames of `earlier`; what is on the scene has `sources`."""
        self._reused.append((earlier, sources))
        self._plays.append(replace(earlier.play, sources=sources))
        self._advance(sum(earlier.play.counts))

    def _advance(self, count: int) -> None:
        self._seconds += count / self._resolution.fps
        self._listener.motion(self._seconds, self._name)

    def _decode_reused(self) -> None:
        for earlier, sources in self._reused:
            self._collector.blobs.update(earlier.step.kept.blobs)
            for frame, count in earlier.frames(sources):
                self._frames.add(frame, count)
        self._reused.clear()

    def cut(self, settings: SlideOptions | None, scene: Any) -> None:
        """End the step under way as `scene` stands now."""
        end = scene.renderer.rest_state(scene)
        if settings is None or not settings.skipped:
            texts = tuple(self._texts.resting(scene, end.view))
            whole = whole_step([earlier for earlier, _ in self._reused]) if not self._frames.runs else None
            if whole is not None:
                step, blobs = whole.again(end, texts), whole.kept.blobs
                self._earlier_plays.keep_again(whole, texts)
            else:
                self._decode_reused()
                frames = self._frames
                step = Step("", tuple(frames.frames), tuple(frames.runs), end, texts=texts)
                step, blobs = self._filmer.film_if_needed(step, self._collector.blobs, self._collector.glyphs)
                self._earlier_plays.keep(step, self._plays, blobs)
            self._keep(settings, step, blobs, scene)
        self._begin()
        self._collector.blobs = {}
        self._collector.forget()

    def insert_source(self, settings: SlideOptions, frame: Frame, scene: Any) -> None:
        """Add a step that shows a file."""
        assert settings.src is not None
        step, blobs = self._filmer.source(settings.src, frame.view, frame.background)
        self._keep(settings, step, blobs, scene)

    def _keep(self, settings: SlideOptions | None, step: Step, blobs: dict[str, Blob], scene: Any) -> None:
        self.blobs.update(blobs)
        self.steps.append((settings, step))
        now = float(scene.renderer.time)
        # a file that is shown takes none of the scene's time
        taken = 0.0 if settings is not None and settings.src is not None else step.length / self._resolution.fps
        self.spans.append((now - taken, now))
        place = len(self.steps) - 1
        self._listener.step(finished(place, step, settings, self._info(scene, place)), blobs, self._resolution)

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
