"""What stock manim draws: frames of its own CairoRenderer, kept in memory, only those that are asked for.

Two things are not stock. In manim 0.21 a mobject whose join or cap is AUTO inherits those of whatever was painted
before it in the same pixel array (ManimCommunity/manim#3410, mended in 0.22: AUTO is mitre and butt). The order of
painting is no property of a picture, so the frames here are taken with each stroke's join and cap reset first, as 0.22
does. And glyphs that are copied share their paths.
"""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import cairo
import manim.scene.scene
import numpy as np
import numpy.typing as npt
from manim import Camera, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.sounds import get_full_sound_file_path
from manim_slides.slide.base import BaseSlide
from shared_paths import paths_shared

from astrai_slides.seam.svgs import forget_svgs

Pixels = npt.NDArray[np.uint8]
Wants = Callable[[int, int], bool]
"""Whether frame (step, place in the step) is to be drawn; rest states have place -1."""

REST = -1


@dataclass
class StockStep:
    """One step: how many frames it plays, and the pixels (height, width, 4; RGBA) of those asked for."""

    length: int = 0
    frames: dict[int, Pixels] = field(default_factory=dict)
    src: Path | None = None
    loop: bool = False
    auto_next: bool = False
    notes: str = ""


class _NoFiles:
    """Stands where manim writes movie files."""

    def __init__(self, *_: Any) -> None:
        self.partial_movie_files: list[str | None] = []
        self.sections: list[Any] = []
        self.next_section("", "", False)

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        self.sections.append(SimpleNamespace(name=name, type_=type_, skip_animations=skip_animations))

    def add_sound(self, sound_file: str, *_: Any, **__: Any) -> None:
        get_full_sound_file_path(sound_file)  # stock fails where there is no such file

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None


class _Steps:
    """Collects frames into steps."""

    def __init__(self, wants: Wants) -> None:
        self.steps = [StockStep()]
        self.wants = wants

    @property
    def current(self) -> StockStep:
        return self.steps[-1]

    def wanted(self) -> bool:
        return self.wants(len(self.steps) - 1, self.current.length)

    def add(self, pixels: Pixels | None, count: int) -> None:
        step, place = self.current, len(self.steps) - 1
        for offset in range(step.length, step.length + count):
            if self.wants(place, offset):
                assert pixels is not None
                step.frames[offset] = pixels
        step.length += count

    def end(self, renderer: CairoRenderer, scene: Any) -> None:
        if self.wants(len(self.steps) - 1, REST):
            renderer.static_image = None
            renderer.update_frame(scene)
            self.current.frames[REST] = CairoRenderer.get_frame(renderer)
        self.steps.append(StockStep())


def stock_steps(
    scene_file: Path, scene_name: str, *, fps: float, width: int, height: int, media: Path, wants: Wants
) -> list[StockStep]:
    """Run a scene in stock manim, and return its steps as manim-slides cuts them."""
    return stock_steps_of(
        lambda: getattr(_load(scene_file), scene_name), fps=fps, width=width, height=height, media=media, wants=wants
    )


def stock_steps_of(
    load: Callable[[], type[Any]], *, fps: float, width: int, height: int, media: Path, wants: Wants
) -> list[StockStep]:
    """Run the scene that `load` returns in stock manim: see `stock_steps`."""
    collected = _Steps(wants)

    class Renderer(CairoRenderer):
        def __init__(self, camera_class: Any = None, skip_animations: bool = False, **_: Any) -> None:
            super().__init__(_NoFiles, camera_class, skip_animations)

        def render(self, scene: Any, time: float, moving_mobjects: Any = None) -> None:
            if collected.wanted():
                super().render(scene, time, moving_mobjects)
            else:
                self.add_frame(None)

        def add_frame(self, frame: Pixels | None, num_frames: int = 1) -> None:
            if not self.skip_animations:
                self.time += num_frames / self.camera.frame_rate
                collected.add(frame, num_frames)

        def scene_finished(self, scene: Any) -> None:
            pass

    settings = {
        "frame_rate": fps,
        "pixel_width": width,
        "pixel_height": height,
        "media_dir": str(media),
        "disable_caching": True,
        "progress_bar": "none",
        "verbosity": "WARNING",
        "seed": 0,
        "write_to_movie": True,
    }
    forget_svgs()  # stock draws in a process of its own
    with (
        tempconfig(settings),
        _joins_reset(),
        paths_shared(),
        mock.patch.object(manim.scene.scene, "CairoRenderer", Renderer),
    ):
        scene_class = load()
        collected.steps[:] = [StockStep()]  # a file may render scenes of its own while it is loaded
        hooked = (
            _slide(scene_class, collected) if issubclass(scene_class, BaseSlide) else _scene(scene_class, collected)
        )
        hooked().render()
    steps, collected.steps = collected.steps[:-1], []  # classes, which know `collected`, are garbage for long
    return steps


def _slide(scene_class: type[Any], collected: _Steps) -> type[Any]:
    class Slides(list[Any]):
        """Where manim-slides notes the steps; sees each as it ends."""

        def __init__(self, scene: Any) -> None:
            self.scene = scene

        def append(self, config: Any) -> None:
            super().append(config)
            if config.skip_animations:
                return
            step = collected.current
            step.src, step.loop, step.auto_next, step.notes = config.src, config.loop, config.auto_next, config.notes
            collected.end(self.scene.renderer, self.scene)

    class Hooked(scene_class):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._slides = Slides(self)

        def _save_slides(self, *args: Any, **kwargs: Any) -> None:
            self._add_last_slide()

    return Hooked


def _scene(scene_class: type[Any], collected: _Steps) -> type[Any]:
    class Hooked(scene_class):  # type: ignore[misc]
        def next_section(self, *args: Any, **kwargs: Any) -> None:
            if collected.current.length:
                collected.end(self.renderer, self)
            super().next_section(*args, **kwargs)

        def render(self, *args: Any, **kwargs: Any) -> None:
            super().render(*args, **kwargs)
            if collected.current.length:
                collected.end(self.renderer, self)

    return Hooked


@contextmanager
def _joins_reset() -> Iterator[None]:
    stock = Camera.apply_stroke

    def apply_stroke(self: Camera, ctx: cairo.Context, vmobject: Any, background: bool = False) -> Camera:
        ctx.set_line_join(cairo.LineJoin.MITER)
        ctx.set_line_cap(cairo.LineCap.BUTT)
        return stock(self, ctx, vmobject, background)

    with mock.patch.object(Camera, "apply_stroke", apply_stroke):
        yield


def _load(scene_file: Path) -> Any:
    name = f"_stock_{scene_file.stem}"
    spec = importlib.util.spec_from_file_location(name, scene_file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
