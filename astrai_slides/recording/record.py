"""Run a scene's `construct` once, without pixels, and keep what it drew."""

import importlib.util
import inspect
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.fonts import forget_fonts
from astrai_slides.recording.film import Filmer
from astrai_slides.recording.model import Blob, Frame, Recording, Step
from astrai_slides.recording.stock import film_opengl_scene

TALK_VARIABLE = "ASTRAI_SLIDES_TALK"
"""Environment variable that tells a deck which talk file to read."""

Progress = Callable[[float], None]
"""Called now and then with the seconds of motion recorded so far."""

OnStep = Callable[[Step, Mapping[str, Blob]], None]
"""Called with each step as soon as it is recorded, and with the blobs it shows."""


@dataclass(slots=True)
class _Settings:
    loop: bool
    auto_next: bool
    playback_rate: float
    reversed_playback_rate: float
    notes: str
    direction: str
    src: Path | None
    skipped: bool


class _Reel:
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


class _Tape:
    """Steps as they come, cut where the scene says so."""

    def __init__(
        self,
        collector: Any,
        texts: Any,
        fps: float,
        progress: Progress | None,
        filmer: Filmer,
        on_step: OnStep | None = None,
    ) -> None:
        self.steps: list[tuple[_Settings | None, Step]] = []
        self.warnings: list[str] = []
        self.blobs: dict[str, Blob] = {}
        self._collector = collector
        self._texts = texts
        self._fps = fps
        self._progress = progress
        self._filmer = filmer
        self._on_step = on_step
        self._reel = _Reel()
        self._seconds = 0.0

    @property
    def empty(self) -> bool:
        return not self._reel.runs

    def add(self, frame: Frame, count: int) -> None:
        self._reel.add(frame, count)
        self._seconds += count / self._fps
        if self._progress:
            self._progress(self._seconds)

    def cut(self, settings: _Settings | None, scene: Any) -> None:
        """End the step under way as `scene` stands now."""
        end = scene.renderer.rest_state(scene)
        reel, self._reel = self._reel, _Reel()
        if settings is None or not settings.skipped:
            step = Step(
                "", tuple(reel.frames), tuple(reel.runs), end, texts=tuple(self._texts.resting(scene, end.view))
            )
            step, blobs = self._filmer.film_if_needed(step, self._collector.blobs)
            self._keep(settings, step, blobs, scene)
        self._collector.blobs = {}
        self._collector.forget()

    def insert_source(self, settings: _Settings, frame: Frame, scene: Any) -> None:
        """Add a step that shows a file."""
        assert settings.src is not None
        step, blobs = self._filmer.source(settings.src, frame.view, frame.background)
        self._keep(settings, step, blobs, scene)

    def _keep(self, settings: _Settings | None, step: Step, blobs: dict[str, Blob], scene: Any) -> None:
        self.blobs.update(blobs)
        self.steps.append((settings, step))
        if self._on_step:
            place = len(self.steps) - 1
            infos = getattr(scene, "step_infos", ())
            self._on_step(_finish(place, step, settings, infos[place] if place < len(infos) else None), blobs)


def record_scene(
    scene_file: Path,
    scene_name: str,
    *,
    fps: float = 60,
    width: int = 1920,
    height: int = 1080,
    talk: Path | None = None,
    media: Path | None = None,
    progress: Progress | None = None,
    on_step: OnStep | None = None,
) -> Recording:
    """Record `scene_name` of `scene_file`, any manim or manim-slides scene.

    `fps` are the frames a second that are recorded; `width` and `height` (pixels) matter only where something must be
    rastered, and for the frame's aspect. `talk` is handed to decks of astrai-slides in place of their default talk.
    `media` is where manim keeps what it makes of texts (a temporary folder otherwise). `on_step` is called while the
    rest is still being recorded, so that work on a step can start.

    Raises AstraiSlidesError if the file or scene cannot be found or run.
    """
    with ExitStack() as stack:
        if talk is not None:
            stack.enter_context(mock.patch.dict(os.environ, {TALK_VARIABLE: str(talk.resolve())}))
        media = media or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="astrai-slides-")))
        stack.enter_context(_manim_settings(fps, width, height, media))
        forget_fonts()  # of the deck that was recorded before
        module = _load(scene_file)
        scene_class = _scene_class(module, scene_file, scene_name)
        if _wants_opengl():
            with _blaming(scene_file, scene_name):
                recording = film_opengl_scene(scene_class, fps, width, height, media)
            for step in recording.steps if on_step else ():
                on_step(step, recording.blobs)  # type: ignore[misc]
            return recording
        return _record(scene_class, scene_file, scene_name, fps, width, height, progress, on_step)


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
        config.preview = False
        config.save_last_frame = False
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


def _record(
    scene_class: type[Any],
    scene_file: Path,
    scene_name: str,
    fps: float,
    width: int,
    height: int,
    progress: Progress | None,
    on_step: OnStep | None,
) -> Recording:
    import manim.scene.scene

    from astrai_slides.recording.camera import RecordingRenderer
    from astrai_slides.recording.collector import Collector
    from astrai_slides.recording.film import rasterise
    from astrai_slides.recording.swift import swift_manim
    from astrai_slides.recording.texts import following_texts

    collector = Collector()

    def make_renderer(camera_class: Any = None, skip_animations: bool = False, **_: Any) -> RecordingRenderer:
        return RecordingRenderer(collector, rasterise, lambda *shown: tape.add(*shown), camera_class, skip_animations)

    with (
        following_texts() as texts,
        mock.patch.object(manim.scene.scene, "CairoRenderer", make_renderer),
        swift_manim(),
    ):
        tape = _Tape(collector, texts, fps, progress, Filmer(fps, width, height), on_step)
        with _blaming(scene_file, scene_name):
            scene = _hooked(scene_class, tape)()
            scene.render()
    if not tape.steps:
        raise AstraiSlidesError(
            f"{scene_file}: {scene_name} plays nothing; add an animation (self.play or self.wait) to its construct"
        )
    infos = list(getattr(scene, "step_infos", ()))
    steps = tuple(
        _finish(place, step, settings, infos[place] if len(infos) == len(tape.steps) else None)
        for place, (settings, step) in enumerate(tape.steps)
    )
    warnings = tuple(f"step {step.name!r}: {step.film.reason}" for step in steps if step.film)
    background = steps[0].end.background
    return Recording(scene_name, fps, width, height, background, steps, tape.blobs, (*tape.warnings, *warnings))


def _finish(place: int, step: Step, settings: _Settings | None, info: Any) -> Step:
    name = info.name if info else str(place + 1)
    title = (info.title if info else "") or _heading(settings.notes if settings else "") or name
    if settings is None:
        return replace(step, name=name, title=title)
    return replace(
        step,
        name=name,
        title=title,
        notes=settings.notes,
        loop=settings.loop,
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


def _hooked(scene_class: type[Any], tape: _Tape) -> type[Any]:
    """Return a subclass of `scene_class` that cuts `tape` where a step ends."""
    from manim_slides.slide.base import BaseSlide

    if issubclass(scene_class, BaseSlide):
        return _hooked_slide(scene_class, tape)
    return _hooked_scene(scene_class, tape)


def _hooked_slide(scene_class: type[Any], tape: _Tape) -> type[Any]:
    def cut_new(self: Any, known: int) -> None:
        for config in self._slides[known:]:
            settings = _Settings(
                config.loop,
                config.auto_next,
                config.playback_rate,
                config.reversed_playback_rate,
                config.notes,
                config.direction,
                config.src,
                config.skip_animations,
            )
            if config.src is not None:
                tape.insert_source(settings, self.renderer.rest_state(self), self)
            else:
                tape.cut(settings, self)

    class Hooked(scene_class):  # type: ignore[misc]
        def next_slide(self, *args: Any, **kwargs: Any) -> None:
            known = len(self._slides)
            super().next_slide(*args, **kwargs)
            cut_new(self, known)

        def _save_slides(self, *args: Any, **kwargs: Any) -> None:
            known = len(self._slides)
            if self._current_animation > self._start_animation or not self._slides:
                self._add_last_slide()
            cut_new(self, known)

    return _named(Hooked, scene_class)


def _hooked_scene(scene_class: type[Any], tape: _Tape) -> type[Any]:
    class Hooked(scene_class):  # type: ignore[misc]
        def next_section(self, *args: Any, **kwargs: Any) -> None:
            if not tape.empty:
                tape.cut(None, self)
            super().next_section(*args, **kwargs)

        def render(self, *args: Any, **kwargs: Any) -> bool:
            rerun = bool(super().render(*args, **kwargs))
            if not tape.empty:
                tape.cut(None, self)
            return rerun

    return _named(Hooked, scene_class)


def _named(hooked: type[Any], original: type[Any]) -> type[Any]:
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(hooked, name, getattr(original, name))
    return hooked
