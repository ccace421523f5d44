"""Run a scene's `construct` once, without pixels, and keep what it drew."""

import importlib.util
import inspect
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from astrai_slides.base.garbage_collection import rare_garbage_collection
from astrai_slides.base.inputs import fresh_modules
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.fonts import forget_fonts
from astrai_slides.recording.format.model import Blob, Recording, Step
from astrai_slides.recording.reuse.earlier import EarlierPlays, ReuseFailedError
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.steps import OnMotion, OnStep, SlideOptions, StepBuilder, finished
from astrai_slides.recording.run.stock import film_opengl_scene
from astrai_slides.seam.config import supply_removed_settings, write_nothing
from astrai_slides.seam.scene import scenes_rendered_by, telling_sections
from astrai_slides.seam.slides import is_slide, telling_slides

TALK_VARIABLE = "ASTRAI_SLIDES_TALK"
"""Environment variable that tells a deck which talk file to read."""


def record_scene(
    scene_file: Path,
    scene_name: str,
    *,
    fps: float = 60,
    width: int = 1920,
    height: int = 1080,
    talk: Path | None = None,
    media: Path | None = None,
    progress: OnMotion | None = None,
    on_step: OnStep | None = None,
    earlier: bytes | None = None,
    on_plays: Callable[[bytes], None] | None = None,
) -> Recording:
    """Record `scene_name` of `scene_file`, any manim or manim-slides scene.

    `fps` are the frames a second that are recorded; `width` and `height` (pixels) matter only where something must be
    rastered, and for the frame's aspect. `talk` is handed to decks of astrai-slides in place of their default talk.
    `media` is where manim keeps what it makes of texts (a temporary folder otherwise). `on_step` is called while the
    rest is still being recorded, so that work on a step can start.

    `on_plays` is given what a later recording of the same scene, an edited one too, can do without, if it gets that as
    `earlier`: see `recording.reuse.earlier`. The recording is the same with and without.

    Raises AstraiSlidesError if the file or scene cannot be found or run.
    """
    with ExitStack() as stack:
        if talk is not None:
            stack.enter_context(mock.patch.dict(os.environ, {TALK_VARIABLE: str(talk.resolve())}))
        media = media or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="astrai-slides-")))
        stack.enter_context(_manim_settings(fps, width, height, media))
        stack.enter_context(rare_garbage_collection())
        hand_on = _Once(on_step) if on_step else None

        def attempt(earlier_plays: EarlierPlays) -> Recording:
            forget_fonts()  # of the deck that was recorded before
            # of its own each time: what the deck's modules keep must not tell that there was another attempt
            with fresh_modules():
                module = _load(scene_file)
                scene_class = _scene_class(module, scene_file, scene_name)
                if _wants_opengl():
                    with _blaming(scene_file, scene_name):
                        recording = film_opengl_scene(scene_class, fps, width, height, media)
                    for step in recording.steps if hand_on else ():
                        hand_on(step, recording.blobs)  # type: ignore[misc]
                    return recording
                order = _Order(scene_class, scene_file, scene_name, fps, width, height, progress)
                return _record(order, earlier_plays, hand_on, on_plays)

        try:
            return attempt(EarlierPlays(earlier))
        except ReuseFailedError:
            if hand_on:
                hand_on.start_over()
            return attempt(EarlierPlays())


class _Once:
    """Hands on each step once, though the recording may start over."""

    def __init__(self, on_step: OnStep) -> None:
        self._on_step = on_step
        self._given = self._place = 0

    def start_over(self) -> None:
        self._place = 0

    def __call__(self, step: Step, blobs: Mapping[str, Blob]) -> None:
        self._place += 1
        if self._place > self._given:
            self._given = self._place
            self._on_step(step, blobs)


def scene_names(scene_file: Path) -> list[str]:
    """Names of the scenes that `scene_file` defines, in order of the file."""
    from manim import Scene

    module = _load(scene_file)
    found = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Scene) and value.__module__ == module.__name__
    ]
    return [value.__name__ for value in found]


def _wants_opengl() -> bool:
    """Whether the scene's file asked for manim's other renderer."""
    from manim import config
    from manim.constants import RendererType

    return bool(config.renderer == RendererType.OPENGL)


@contextmanager
def _manim_settings(fps: float, width: int, height: int, media: Path) -> Iterator[None]:
    from manim import config, tempconfig
    from manim.constants import RendererType

    logs = [logging.getLogger(name) for name in ("manim", "manim-slides")]
    levels = [log.level for log in logs]
    with tempconfig({}):
        # setters, not a dictionary: some of them derive others
        config.frame_rate = fps
        config.pixel_width, config.pixel_height = width, height
        config.media_dir = str(media)
        config.disable_caching = True
        config.progress_bar = "none"
        config.renderer = RendererType.CAIRO
        supply_removed_settings()
        write_nothing()
        config.verbosity = "WARNING"
        if config.seed is None:
            config.seed = 0
        for log in logs:
            log.setLevel(logging.WARNING)
        try:
            yield
        finally:
            for log, level in zip(logs, levels, strict=True):
                log.setLevel(level)


def _load(scene_file: Path) -> ModuleType:
    path = scene_file.resolve()
    if not path.is_file():
        raise AstraiSlidesError(f"{scene_file}: there is no such scene file")
    name = f"_astrai_slides_deck_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AstraiSlidesError(f"{scene_file}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except AstraiSlidesError:
        raise
    except Exception as error:
        raise AstraiSlidesError(f"{scene_file}: cannot be run: {_where(error, path)}") from error
    finally:
        sys.path.remove(str(path.parent))
    return module


@contextmanager
def _blaming(scene_file: Path, scene_name: str) -> Iterator[None]:
    """Say of a fault inside the block in which line of the scene's file it arose."""
    try:
        yield
    except AstraiSlidesError:
        raise
    except Exception as error:
        raise AstraiSlidesError(
            f"{scene_file}: {scene_name} cannot be recorded: {_where(error, scene_file.resolve())}"
        ) from error


def _where(error: BaseException, path: Path) -> str:
    """Name the line of the user's file in which `error` arose."""
    line, trace = None, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    reason = f"{type(error).__name__}: {error}"
    return f"line {line}: {reason}" if line else reason


def _scene_class(module: ModuleType, scene_file: Path, scene_name: str) -> type[Any]:
    from manim import Scene

    found = getattr(module, scene_name, None)
    if not (inspect.isclass(found) and issubclass(found, Scene)):
        scenes = [
            name
            for name, value in vars(module).items()
            if inspect.isclass(value) and issubclass(value, Scene) and value.__module__ == module.__name__
        ]
        known = ", ".join(scenes) or "none"
        raise AstraiSlidesError(f"{scene_file}: there is no scene {scene_name!r}; the file has: {known}")
    return found


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be recorded, and how."""

    scene_class: type[Any]
    scene_file: Path
    scene_name: str
    fps: float
    width: int
    height: int
    progress: OnMotion | None


def _record(
    order: _Order, earlier_plays: EarlierPlays, on_step: OnStep | None, on_plays: Callable[[bytes], None] | None
) -> Recording:
    from astrai_slides.recording.paint.raster import rasterise_rgba
    from astrai_slides.recording.reuse.typeset import Typesetter
    from astrai_slides.recording.run.camera import RecordingRenderer
    from astrai_slides.recording.run.collector import Collector
    from astrai_slides.recording.run.playing import PlayRunner
    from astrai_slides.recording.run.texts import following_texts
    from astrai_slides.seam.speedups import faster_manim

    collector, typesetter = Collector(), Typesetter(earlier_plays.texts)

    def make_renderer(camera_class: Any, skip_animations: bool) -> RecordingRenderer:
        return RecordingRenderer(collector, rasterise_rgba, plays, camera_class, skip_animations)

    with (
        typesetter.keeping(),
        following_texts() as texts,
        scenes_rendered_by(make_renderer),
        faster_manim(),
    ):
        filmer = Filmer(order.fps, order.width, order.height)
        builder = StepBuilder(collector, texts, order.fps, order.progress, filmer, earlier_plays, on_step)
        plays = PlayRunner(earlier_plays, builder, collector)
        with _blaming(order.scene_file, order.scene_name):
            scene = _hooked(order.scene_class, builder)()
            scene.render()
    if not builder.steps:
        raise AstraiSlidesError(
            f"{order.scene_file}: {order.scene_name} plays nothing; add an animation (self.play or self.wait) to its "
            "construct"
        )
    infos = list(getattr(scene, "step_infos", ()))
    steps = tuple(
        finished(place, step, settings, infos[place] if len(infos) == len(builder.steps) else None)
        for place, (settings, step) in enumerate(builder.steps)
    )
    films = (f"step {step.name!r}: {step.film.reason}" for step in steps if step.film)
    warnings = (*getattr(scene, "build_warnings", ()), *films)
    if on_plays:
        on_plays(earlier_plays.dump(typesetter.used))
    return Recording(
        order.scene_name,
        order.fps,
        order.width,
        order.height,
        steps[0].end.background,
        steps,
        builder.blobs,
        warnings,
    )


def _hooked(scene_class: type[Any], builder: StepBuilder) -> type[Any]:
    """Return a subclass of `scene_class` that cuts `builder` where a step ends."""

    def end_section(scene: Any) -> None:
        if not builder.empty:
            builder.cut(None, scene)

    def end_slide(scene: Any, slide: Any) -> None:
        settings = SlideOptions(
            slide.loop,
            slide.auto_next,
            slide.playback_rate,
            slide.reversed_playback_rate,
            slide.notes,
            slide.direction,
            slide.src,
            slide.skip_animations,
        )
        if slide.src is not None:
            builder.insert_source(settings, scene.renderer.rest_state(scene), scene)
        else:
            builder.cut(settings, scene)

    return (
        telling_slides(scene_class, end_slide) if is_slide(scene_class) else telling_sections(scene_class, end_section)
    )
