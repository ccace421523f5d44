"""Cameras and a renderer that collect what would be painted instead of painting it."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from manim import Mobject, VMobject
from manim.camera.camera import Camera
from manim.mobject.types.image_mobject import AbstractImageMobject
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.color import ManimColor
from manim.utils.iterables import list_update
from PIL import Image

from astrai_slides.base.phases import ANIMATING, COLLECTING, phase
from astrai_slides.recording.format.model import Frame, Op, Picture, Rgba, View
from astrai_slides.recording.run.collector import Collector
from astrai_slides.recording.run.painted import PaintingCamera, StaticImage, full_picture, paints_by_itself, view_of
from astrai_slides.seam.colour_glyphs import colour_glyph
from astrai_slides.seam.renderer import update_skipping
from astrai_slides.seam.writer import NullWriter

Rasterise = Callable[[Frame, dict[str, Any], int, int], npt.NDArray[np.uint8]]
"""Paint a frame with its blobs at a width and height in pixels: RGBA, shape (height, width, 4)."""


class RecordingCamera(Camera):
    """Mixed in before a scene's own camera class: inherits what is drawn in which order, and collects it."""

    collector: Collector
    rasterise: Rasterise

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ops: list[Op] = []
        self._capturing = 0
        self._canvas: npt.NDArray[np.uint8] | None = None
        self._custom_background = False
        self._held: tuple[View, tuple[float, ...]] | None = None
        self._painting = False
        self._kinds: dict[type[Mobject], Any] = {}
        super().__init__(*args, **kwargs)

    # -- what manim reads and writes as pixels --------------------------------------------------------------------

    @property
    def pixel_array(self) -> npt.NDArray[np.uint8]:
        """Pixels for code that asks for them; while a frame is collected, only an array of the right shape."""
        if self._capturing:
            shape = (int(self.pixel_height), int(self.pixel_width), 4)
            if self._canvas is None or self._canvas.shape != shape:
                self._canvas = np.zeros(shape, dtype=np.uint8)
            return self._canvas
        return self._pixels()

    @pixel_array.setter
    def pixel_array(self, pixels: npt.NDArray[np.uint8]) -> None:
        self._ops = [self._full_picture(np.asarray(pixels, dtype=np.uint8))]

    def get_image(self, pixel_array: Any = None) -> Image.Image:
        """Return the current frame (or `pixel_array`) as an image."""
        return Image.fromarray(np.ascontiguousarray(self._pixels() if pixel_array is None else pixel_array))

    def _pixels(self) -> npt.NDArray[np.uint8]:
        pixels = type(self).rasterise(
            self.collected(), self.collector.blobs, int(self.pixel_width), int(self.pixel_height)
        )
        return np.array(pixels, dtype=np.uint8)

    def _full_picture(self, pixels: npt.NDArray[np.uint8]) -> Picture:
        return full_picture(self.collector, pixels, self.view())

    # -- background -----------------------------------------------------------------------------------------------

    def init_background(self) -> None:
        """Paint a background image only; a colour is recorded as one number."""
        self._custom_background = False
        if self.background_image is None:
            self.background = np.zeros((1, 1, 4), dtype=np.uint8)
        else:
            super().init_background()

    def set_background(self, pixel_array: Any, convert_from_floats: bool = False) -> None:
        """Use pixels as background."""
        super().set_background(pixel_array, convert_from_floats)
        self._custom_background = True

    def background_rgba(self) -> Rgba:
        """The background colour and opacity."""
        # a scene may set it as text or as numbers, which manim's setter keeps as they are
        red, green, blue = (int(part) for part in ManimColor(self.background_color).to_int_rgb())
        return red << 24 | green << 16 | blue << 8 | round(255 * self.background_opacity)

    def reset(self) -> "RecordingCamera":
        """Start a frame from the background."""
        for zoomed in getattr(self, "image_mobjects_from_cameras", ()):
            zoomed.camera.reset()
        self._ops = []
        if self.background_image is not None or self._custom_background:
            self._ops.append(self._full_picture(np.asarray(self.background, dtype=np.uint8)))
        return self

    def set_frame_to_background(self, background: Any) -> None:
        """Start a frame from what stands still."""
        if isinstance(background, StaticImage):
            self._ops = list(background.ops)
        else:
            self.pixel_array = background

    # -- collecting -----------------------------------------------------------------------------------------------

    def view(self) -> View:
        """What part of the scene the frame shows."""
        return view_of(self) if self._held is None else self._held[0]

    def hold_view(self) -> None:
        """Keep the view from now on, if this camera's class does.

        manim keeps the matrix that it first draws paths with, but for cameras whose frame is a mobject. A
        ThreeDCamera moves its points besides, so that following its centre would move them twice.
        """
        if self._held is None and type(self).cache_cairo_context is Camera.cache_cairo_context:
            center = self.frame_center
            sizes = (float(center[0]), float(center[1]), float(self.frame_width), float(self.frame_height))
            self._held = view_of(self), sizes

    @property
    def held_view(self) -> tuple[float, ...]:
        """Centre and size, in scene units, of the view that is kept; empty while none is."""
        return () if self._held is None else self._held[1]

    def reset_pixel_shape(self, new_height: float, new_width: float) -> None:
        """Change the size in pixels; manim then takes a new matrix."""
        self._held = None
        super().reset_pixel_shape(new_height, new_width)

    def collected(self) -> Frame:
        """The frame as collected so far. (`frame` is a mobject of MovingCamera.)"""
        return Frame(tuple(self._ops), self.view(), self.background_rgba())

    def still(self) -> StaticImage:
        """What was collected so far, to start frames from."""
        return StaticImage(tuple(self._ops))

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        """Collect `mobjects` in the order in which they would be painted."""
        self._capturing += 1
        self._kinds.clear()
        try:
            super().capture_mobjects(mobjects, **kwargs)
        finally:
            self._capturing -= 1

    def type_or_raise(self, mobject: Mobject) -> Any:
        """Return how `mobject` is displayed, which is asked once for each class of those that are collected."""
        kind = self._kinds.get(type(mobject))
        if kind is None:
            kind = self._kinds[type(mobject)] = super().type_or_raise(mobject)
        return kind

    def display_multiple_non_background_colored_vmobjects(
        self, vmobjects: Iterable[VMobject], pixel_array: npt.NDArray[np.uint8]
    ) -> None:
        """Collect paths."""
        if self._painting:
            super().display_multiple_non_background_colored_vmobjects(vmobjects, pixel_array)
            return
        self.hold_view()
        batch = list(vmobjects)
        pictures = [colour_glyph(vmobject) for vmobject in batch]
        if any(pictures):
            drawn = [
                self.collector.draw(self, each) if png is None else self.collector.glyph(self, each, png)
                for each, png in zip(batch, pictures, strict=True)
            ]
            self._ops += [op for op in drawn if op is not None]
        else:
            self._ops += [op for op in self.collector.draw_all(self, batch) if op is not None]

    def display_multiple_background_colored_vmobjects(
        self, cvmobjects: Iterable[VMobject], pixel_array: npt.NDArray[np.uint8]
    ) -> Any:
        """Paint shapes that are coloured by an image, by themselves: what is around them stays as it is.

        Glyphs of colour fonts among them keep their own colours.
        """
        for is_glyph, each in groupby(cvmobjects, lambda shape: colour_glyph(shape) is not None):
            if is_glyph:
                self.display_multiple_non_background_colored_vmobjects(each, pixel_array)
            else:
                self._paint_coloured(list(each))
        return self

    def _paint_coloured(self, batch: list[VMobject]) -> None:
        self._painting = True
        try:
            pixels = self.get_background_colored_vmobject_displayer().display(*batch)
        finally:
            self._painting = False
        if pixels is not None:
            self._add_seen(np.asarray(pixels, dtype=np.uint8))

    def display_multiple_point_cloud_mobjects(
        self, pmobjects: Iterable[Any], pixel_array: npt.NDArray[np.uint8]
    ) -> None:
        """Paint points, which are pixels."""
        batch = list(pmobjects)
        self._paint_pixels(
            lambda pixels: super(RecordingCamera, self).display_multiple_point_cloud_mobjects(batch, pixels)
        )

    def display_image_mobject(self, image_mobject: AbstractImageMobject, pixel_array: npt.NDArray[np.uint8]) -> None:
        """Collect an image; one in perspective is painted."""
        picture = self.collector.picture(self, image_mobject, self.held_view)
        if picture is not None:
            self._ops.append(picture)
            return
        self._paint_pixels(lambda pixels: super(RecordingCamera, self).display_image_mobject(image_mobject, pixels))

    def _paint_pixels(self, paint: Callable[[npt.NDArray[np.uint8]], object]) -> None:
        """Let manim paint on a transparent sheet, and lay it over what was collected so far."""
        pixels = np.zeros((int(self.pixel_height), int(self.pixel_width), 4), dtype=np.uint8)
        paint(pixels)
        self._add_seen(pixels)

    def _add_seen(self, pixels: npt.NDArray[np.uint8]) -> None:
        """Collect what is not transparent of `pixels`, if anything is."""
        columns, rows = (np.flatnonzero(pixels[..., 3].any(axis=axis)) for axis in (0, 1))
        if len(columns):
            part = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
            self._ops.append(full_picture(self.collector, pixels, self.view(), part))


def recording_camera(
    base: type[Camera], collector: Collector, rasterise: Rasterise
) -> type[RecordingCamera] | type[PaintingCamera]:
    """Return a class that records what a camera of class `base` would show."""
    if paints_by_itself(base):
        return type(f"Painting{base.__name__}", (PaintingCamera, base), {"collector": collector})
    members = {"collector": collector, "rasterise": staticmethod(rasterise)}
    return type(f"Recording{base.__name__}", (RecordingCamera, base), members)


class Sink(Protocol):
    """Plays what a scene asks for, and takes the frames."""

    def play(self, renderer: Any, scene: Any) -> None:
        """Play the animations that `scene` has compiled, with `renderer`."""

    def add(self, frame: Frame, count: int) -> None:
        """Take a frame that stays for `count` frames."""


class RecordingRenderer(CairoRenderer):
    """A CairoRenderer whose frames are display lists."""

    def __init__(
        self,
        collector: Collector,
        rasterise: Rasterise,
        sink: Sink,
        camera_class: type[Camera] | None,
        skip_animations: bool,
    ) -> None:
        self._sink = sink
        super().__init__(
            file_writer_class=NullWriter,
            camera_class=recording_camera(camera_class or Camera, collector, rasterise),
            skip_animations=skip_animations,
        )

    @property
    def paints_by_itself(self) -> bool:
        """Whether the scene's camera paints in a way of its own, which knows no glyphs of colour fonts."""
        return isinstance(self.camera, PaintingCamera)

    def get_frame(self) -> Frame:
        """The frame as collected."""
        frame: Frame = self.camera.collected()
        return frame

    def add_frame(self, frame: Frame, num_frames: int = 1) -> None:
        """Pass a frame on, unless it is skipped."""
        if self.skip_animations:
            return
        self.time += num_frames / self.camera.frame_rate
        self._sink.add(frame, num_frames)

    def play(self, scene: Any, *args: Any, **kwargs: Any) -> None:
        """As CairoRenderer, but for manim's cache of films; a play that is skipped is no business of the sink."""
        update_skipping(self)
        scene.compile_animation_data(*args, **kwargs)
        self.animations_hashes.append(None)
        self.file_writer.add_partial_movie_file(None if self.skip_animations else f"{self.num_plays:05}")
        if self.skip_animations:
            self.time += scene.duration
            scene.begin_animations()
            self.run(scene)
        else:
            self._sink.play(self, scene)
        self.num_plays += 1

    def run(self, scene: Any) -> None:
        """Show the animations that have begun, frame by frame."""
        with phase(ANIMATING):
            self._run(scene)

    def _run(self, scene: Any) -> None:
        self.save_static_frame_data(scene, scene.static_mobjects)
        if scene.is_current_animation_frozen_frame():
            self.update_frame(scene, mobjects=scene.moving_mobjects)
            self.freeze_current_frame(scene.duration)
        else:
            scene.play_internal()

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        """Collect a frame."""
        with phase(COLLECTING):
            super().update_frame(*args, **kwargs)

    def save_static_frame_data(self, scene: Any, static_mobjects: Iterable[Mobject]) -> StaticImage | None:
        """Collect once what stands still during a play."""
        self.static_image = None
        if not static_mobjects:
            return None
        self.update_frame(scene, mobjects=static_mobjects)
        self.static_image = self.camera.still()
        return self.static_image

    def rest_state(self, scene: Any) -> Frame:
        """The scene as it stands now, all mobjects in their order."""
        self.static_image = None
        with phase(COLLECTING):
            self.camera.reset()
            self.camera.capture_mobjects(list_update(scene.mobjects, scene.foreground_mobjects))
        return self.get_frame()

    def scene_finished(self, scene: Any) -> None:
        """There is no file to finish."""
