"""Cameras that paint in a way of their own: their pixels are the recording."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import VMobject
from manim.camera.camera import Camera
from manim.camera.mapping_camera import MappingCamera
from manim.camera.moving_camera import MovingCamera
from manim.camera.multi_camera import MultiCamera
from manim.camera.three_d_camera import ThreeDCamera
from manim.utils.color import ManimColor

from astrai_slides.recording.format.model import GRID, Frame, Op, Picture, Rgba, View
from astrai_slides.recording.paint.raster import straight
from astrai_slides.recording.run.collector import Collector
from astrai_slides.seam.colour_glyphs import colour_glyph

_UNDERSTOOD = (Camera, MappingCamera, MovingCamera, MultiCamera, ThreeDCamera)
"""Cameras whose every way of painting is collected."""

_PAINTING = (
    "adjusted_thickness",
    "apply_",
    "capture_",
    "display_",
    "get_cairo_context",
    "overlay_",
    "pixel_array",
    "points_to_",
    "reset",
    "set_cairo_context_",
    "set_frame_to_background",
    "set_pixel_array",
    "thickened_coordinates",
    "type_or_raise",
)
"""What the names of methods that paint begin with."""


def paints_by_itself(camera_class: type[Camera]) -> bool:
    """Whether a camera of this class has a way of painting that collecting draws would pass by."""
    return any(
        name.startswith(_PAINTING)
        for kind in camera_class.__mro__
        if issubclass(kind, Camera) and kind not in _UNDERSTOOD
        for name in vars(kind)
    )


def view_of(camera: Camera) -> View:
    """What part of the scene `camera` is set to show."""
    center = camera.frame_center
    return View(
        round(float(center[0]) * GRID),
        round(float(center[1]) * GRID),
        max(1, round(float(camera.frame_width) * GRID)),
        max(1, round(float(camera.frame_height) * GRID)),
    )


def full_picture(
    collector: Collector, pixels: npt.NDArray[np.uint8], view: View, part: tuple[int, int, int, int] | None = None
) -> Picture:
    """Return `pixels` as a picture that fills `view`, or `part` of them (left, top, right, bottom) in its place."""
    height, width = pixels.shape[:2]
    first, upper, last, lower = part or (0, 0, width, height)
    left, bottom = view.x - view.width // 2, view.y - view.height // 2
    start, end = left + round(first * view.width / width), left + round(last * view.width / width)
    top = bottom + view.height - round(upper * view.height / height)
    base = bottom + view.height - round(lower * view.height / height)
    digest = collector.blob(pixels[upper:lower, first:last])
    return Picture(digest, last - first, lower - upper, (start, top, end, top, start, base))


@dataclass(frozen=True, slots=True)
class StaticImage:
    """What stands still during a play. Takes the place of manim's array of pixels."""

    ops: tuple[Op, ...]
    pixels: npt.NDArray[np.uint8] | None = None
    """The same in manim's own way, of a camera that paints."""


class PaintingCamera(Camera):
    """Mixed in before a scene's own camera class: lets it paint, and takes the pixels as a picture."""

    collector: Collector

    def collected(self) -> Frame:
        """The frame as painted so far."""
        pixels = np.array(self.pixel_array, dtype=np.uint8)
        if (pixels[..., 3] != 0xFF).any():
            pixels = straight(pixels[..., [2, 1, 0, 3]])
        view = view_of(self)
        return Frame((full_picture(self.collector, pixels, view),), view, self.background_rgba())

    def background_rgba(self) -> Rgba:
        """The background colour and opacity."""
        red, green, blue = (int(part) for part in ManimColor(self.background_color).to_int_rgb())
        return red << 24 | green << 16 | blue << 8 | round(255 * self.background_opacity)

    def still(self) -> StaticImage:
        """What was painted so far, to start frames from."""
        return StaticImage((), np.array(self.pixel_array))

    def set_frame_to_background(self, background: Any) -> None:
        """Start a frame from what stands still."""
        pixels: Any = background.pixels if isinstance(background, StaticImage) else background
        super().set_frame_to_background(pixels)

    def display_multiple_non_background_colored_vmobjects(
        self, vmobjects: Iterable[VMobject], pixel_array: Any
    ) -> None:
        """Paint paths, as manim does, which knows no glyphs of colour fonts."""
        batch = [each for each in vmobjects if colour_glyph(each) is None]
        super().display_multiple_non_background_colored_vmobjects(batch, pixel_array)

    def hold_view(self) -> None:
        """Nothing: the camera keeps its own matrix."""
