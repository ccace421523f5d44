"""Sizes and frame rates by the letters that manim uses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resolution:
    """Pixels and frames a second."""

    width: int
    height: int
    fps: float

    def __str__(self) -> str:
        return f"{self.width}x{self.height} at {self.fps:g} frames a second"


RESOLUTIONS = {
    "l": Resolution(854, 480, 15),
    "m": Resolution(1280, 720, 30),
    "h": Resolution(1920, 1080, 60),
    "p": Resolution(2560, 1440, 60),
    "k": Resolution(3840, 2160, 60),
}
"""As manim's `--quality`."""
