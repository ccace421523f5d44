"""A run of a scene that only brings each animation to its end: how each step ends is known long before its motion.

As with a play that is used again (`recording.reuse`), manim's animations are begun and finished without the frames in
between; where something may go its own way from frame to frame (updaters, animations of the deck's own), every frame is
gone through, and none is drawn. A step may be recorded whole on the way.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astrai_slides.base.forks import Forks
from astrai_slides.base.resolution import Resolution
from astrai_slides.recording.format.model import Blob, Frame, Step
from astrai_slides.recording.reuse.earlier import EarlierPlays
from astrai_slides.recording.reuse.state import is_pure
from astrai_slides.recording.reuse.typeset import Typesetter
from astrai_slides.recording.run.camera import RecordingRenderer
from astrai_slides.recording.run.collector import Collector
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.listener import NoListener
from astrai_slides.recording.run.pending_steps import SlideOptions
from astrai_slides.recording.run.playing import PlayRunner, end_animations, frame_times, plays_as_manim
from astrai_slides.recording.run.record import Order, as_if_alone, hooked, settled, shape_frame, wants_opengl
from astrai_slides.recording.run.resolution import effective_resolution, overrule
from astrai_slides.recording.run.steps import StepBuilder, finished
from astrai_slides.recording.run.texts import TextFollower, following_texts
from astrai_slides.seam.slides import is_slide

Told = Callable[[Step, Mapping[str, Blob]], None]
"""Takes a step, and the blobs that it shows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step to record whole: its place, plays of an earlier recording, processes that draw, and who is told.

    `drawn` is told of the step once it has all of its frames, before it is encoded, or filmed; perhaps in a fork.
    """

    place: int
    earlier: bytes | None
    workers: int
    told: Told
    drawn: Told


@dataclass(slots=True)
class _Tools:
    collector: Collector
    texts: TextFollower
    typesetter: Typesetter
    resolution: Resolution


class _TellingFilmer(Filmer):
    """Tells of a step before it sees whether that must be filmed."""

    def __init__(self, resolution: Resolution, place: int, told: Told) -> None:
        """`place` is the step's number."""
        super().__init__(resolution)
        self._place, self._told = place, told
        self.settings: SlideOptions | None = None
        """Of the step."""

    def film_if_needed(
        self, step: Step, blobs: dict[str, Blob], glyphs: Set[str] = frozenset()
    ) -> tuple[Step, dict[str, Blob]]:
        self._told(finished(self._place, step, self.settings, None), blobs)
        return super().film_if_needed(step, blobs, glyphs)


class EndRun:
    """Ends of steps, as they come."""

    def __init__(self, ended: Callable[[int, Step, Mapping[str, Blob]], None], played: Callable[[], None]) -> None:
        """`ended` is told the place of each step, how it ends, for as long as it takes, and its blobs; `played` before
        each play but the wait that ends a slide."""
        self.cuts = 0
        """How many steps have ended."""
        self.plays = 0
        """How many plays there were in all."""
        self.has_cues = False
        """Whether the scene had subcaptions or sounds, once it is over."""
        self._ended, self._played = ended, played
        self._frames = 0
        self._began = False
        self._wanted: Wanted | None = None
        self._whole: tuple[PlayRunner, StepBuilder, _TellingFilmer] | None = None
        self._tools: _Tools | None = None

    @property
    def tools(self) -> _Tools:
        """What the run works with, once it runs."""
        assert self._tools is not None
        return self._tools

    @property
    def is_between_steps(self) -> bool:
        """Whether nothing was played since a step ended."""
        return not self._began

    def run(self, load: Callable[[], type[Any]], source: Path, order: Order, done: Callable[[], None]) -> None:
        """Run the scene that `load` returns, and call `done` at its end. Whatever it raises comes out.

        A process that was forked meanwhile does not return.
        """
        from astrai_slides.recording.paint.raster import rasterise_rgba
        from astrai_slides.seam.colour_glyphs import keeping_colour_glyphs
        from astrai_slides.seam.matching import matching_in_order
        from astrai_slides.seam.scene import scenes_rendered_by
        from astrai_slides.seam.speedups import faster_manim

        with ExitStack() as stack:
            stack.enter_context(settled(order))
            stack.enter_context(as_if_alone(source))
            scene_class = load()
            shape_frame(scene_class, order.attributes)
            overrule(order.only_fps, order.only_size)
            if wants_opengl():
                return
            collector = Collector()
            typesetter = Typesetter()

            def make_renderer(camera_class: Any = None, skip_animations: bool = False, **_: Any) -> RecordingRenderer:
                return _EndRenderer(collector, rasterise_rgba, self, camera_class, skip_animations)

            stack.enter_context(keeping_colour_glyphs())
            stack.enter_context(typesetter.keeping())
            texts = stack.enter_context(following_texts(collector.text_made))
            stack.enter_context(scenes_rendered_by(make_renderer))
            stack.enter_context(faster_manim())
            stack.enter_context(matching_in_order())
            self._tools = _Tools(collector, texts, typesetter, effective_resolution(source))
            scene = hooked(scene_class, self, order.attributes)()
            scene.render()
            if not self.cuts and not self._began and not is_slide(scene_class):
                self._began = True
                self.cut(None, scene)
            writer = scene.renderer.file_writer
            self.has_cues = bool(writer.subcaptions or writer.sounds)
            done()

    def want(self, wanted: Wanted) -> None:
        """Record a step whole that has not begun yet."""
        self._wanted = wanted
        self._record_if_wanted()

    def _record_if_wanted(self) -> None:
        wanted, tools = self._wanted, self.tools
        if wanted is None or wanted.place != self.cuts or self._began:
            return
        forks = Forks(wanted.workers if wanted.workers > 1 else 0)
        earlier = EarlierPlays(wanted.earlier, str(tools.resolution))
        filmer = _TellingFilmer(tools.resolution, wanted.place, wanted.drawn)
        builder = StepBuilder(
            tools.collector, tools.texts, tools.resolution, filmer, earlier, NoListener(), forks, self.cuts
        )
        self._whole = PlayRunner(earlier, builder, tools.collector, tools.resolution, forks), builder, filmer

    # -- what a renderer asks for

    def play(self, renderer: Any, scene: Any) -> None:
        """Bring what `scene` has compiled to its end."""
        if not getattr(scene, "ends_slide", False):
            self._played()
        self.plays += 1
        self._began = True
        if self._whole is not None:
            self._whole[0].play(renderer, scene)
            return
        scene.begin_animations()
        if scene.mobjects or scene.foreground_mobjects:
            renderer.camera.hold_view()
        before = renderer.time
        if scene.is_current_animation_frozen_frame():
            rate = renderer.camera.frame_rate
            renderer.time += int(scene.duration / (1 / rate)) / rate
        elif _ends_at_once(scene):
            end_animations(scene)
            renderer.static_image = None
            renderer.pass_time(len(frame_times(scene)))
        else:
            with renderer.drawing_nothing():
                scene.play_internal()
        self._frames += round((renderer.time - before) * renderer.camera.frame_rate)

    def add(self, frame: Frame, count: int) -> None:
        """Take a frame that stays for `count`, where a step is recorded whole."""
        if self._whole is not None:
            self._whole[0].add(frame, count)

    # -- where steps end

    @property
    def empty(self) -> bool:
        """Whether the step under way has no frame yet."""
        return self._whole[1].empty if self._whole is not None else not self._began

    def cut(self, settings: SlideOptions | None, scene: Any) -> None:
        """End the step under way as `scene` stands now."""
        if self._whole is not None:
            self._tell_whole(settings, scene)
        collector, texts = self.tools.collector, self.tools.texts
        if settings is None or not settings.skipped:
            collector.begin_play()
            end = scene.renderer.rest_state(scene)
            runs = tuple(texts.resting(scene, end, collector.source))
            step = Step("", (end,), ((0, max(1, self._frames)),), end, texts=runs)
            self._end(finished(self.cuts, step, settings, _info(scene, self.cuts)), dict(collector.blobs))
        self._began, self._frames = False, 0
        collector.blobs = {}
        collector.forget()
        self._record_if_wanted()

    def insert_source(self, settings: SlideOptions, frame: Frame, scene: Any) -> None:
        """Add a step that shows a file."""
        assert settings.src is not None
        found, blobs = Filmer(self.tools.resolution).source(settings.src, frame.view, frame.background)
        step = finished(self.cuts, found, settings, _info(scene, self.cuts))
        if self._wanted is not None and self._wanted.place == self.cuts:  # a file is whole as it is
            self._wanted.told(step, blobs)
            self._wanted = self._whole = None
        self._end(step, blobs)
        self._record_if_wanted()

    def _end(self, step: Step, blobs: Mapping[str, Blob]) -> None:
        place = self.cuts
        self.cuts += 1
        self._ended(place, step, blobs)

    def _tell_whole(self, settings: SlideOptions | None, scene: Any) -> None:
        assert self._whole is not None
        assert self._wanted is not None
        _, builder, filmer = self._whole
        filmer.settings = settings
        builder.cut(settings, scene)
        builder.settle(wait=True)
        place, info = self.cuts, _info(scene, self.cuts)
        if builder.steps:
            options, step = builder.steps[-1]
            self._wanted.told(finished(place, step, options, info), builder.blobs)
        self._wanted = self._whole = None


class _EndRenderer(RecordingRenderer):
    """Draws nothing where only the end is wanted."""

    _draws_nothing = False

    @contextmanager
    def drawing_nothing(self) -> Iterator[None]:
        """Let time pass frame by frame inside the block, and draw none of them."""
        self._draws_nothing = True
        try:
            yield
        finally:
            self._draws_nothing = False

    def pass_time(self, frames: int) -> None:
        """Let the time of so many frames pass, one by one as they would."""
        for _ in range(frames):
            self.time += 1 / self.camera.frame_rate

    def render(self, scene: Any, time: float, moving_mobjects: Any = None) -> None:
        """Draw a frame, or let its time pass."""
        if self._draws_nothing:
            self.pass_time(1)
        else:
            super().render(scene, time, moving_mobjects)


def _ends_at_once(scene: Any) -> bool:
    """Whether ending what has begun leads where its frames would."""
    kind: Any = type(scene)
    if scene.stop_condition is not None or scene.updaters or not plays_as_manim(kind):
        return False
    if not all(map(_is_pure, scene.animations)):
        return False
    tops = (*scene.mobjects, *scene.foreground_mobjects, *(each.mobject for each in scene.animations))
    return not any(each.updaters for top in tops if top is not None for each in top.get_family())


def _is_pure(animation: Any) -> bool:
    kind: Any = type(animation)
    return is_pure(kind) and all(map(_is_pure, getattr(animation, "animations", ())))


def _info(scene: Any, place: int) -> Any:
    infos = getattr(scene, "step_infos", ())
    return infos[place] if place < len(infos) else None
