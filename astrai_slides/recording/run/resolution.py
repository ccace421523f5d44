"""The size and frame rate of a recording, which manim's `config` holds once the deck's file is loaded."""

from pathlib import Path

from manim import config

from astrai_slides.base.resolution import Resolution
from astrai_slides.errors import AstraiSlidesError


def overrule(fps: float | None, size: tuple[int, int] | None) -> None:
    """Set the frame rate, and the width and height in pixels, where they are given."""
    if fps is not None:
        config.frame_rate = fps
    if size is not None:
        config.pixel_width, config.pixel_height = size


_HAIR = 2
"""Pixels above and below together that may be missing of a frame: sizes are whole and even numbers."""


def refuse_to_cut(source: Path, name: str) -> None:
    """Raise AstraiSlidesError where the pixels of `config` are wider, for their height, than its frame.

    manim keeps the frame's width, so that the upper and the lower edge would be missing of every picture.
    """
    width, height = config.pixel_width, config.pixel_height
    whole = width * config.frame_height / config.frame_width
    if whole - height <= _HAIR:
        return
    wide = 2 * round(height * config.frame_width / config.frame_height / 2)
    shape = config.frame_width / config.frame_height
    raise AstraiSlidesError(
        f"{source}: {width}x{height} pixels cut off the upper and lower edge of {name}, whose frame is {shape:.2f} "
        f"times as wide as high; take --size {wide}x{height}, or another aspect in its talk file"
    )


def effective_resolution(source: Path) -> Resolution:
    """Return what `config` holds after `source` was loaded; AstraiSlidesError if it cannot be shown."""
    width, height, fps = config.pixel_width, config.pixel_height, config.frame_rate
    numbers = isinstance(width, int) and isinstance(height, int) and isinstance(fps, int | float)
    if not numbers or min(width, height) < 2 or not 0 < fps < float("inf"):
        raise AstraiSlidesError(
            f"{source}: {width}x{height} pixels at {fps} frames a second cannot be shown; set config.pixel_width and "
            "config.pixel_height to whole numbers from 2, and config.frame_rate to a number above 0"
        )
    return Resolution(width, height, float(fps))
