"""Images whose pixels are held as tables of levels, looked at as others are, but a level at a time, not a pixel."""

import numpy as np
import numpy.typing as npt

from astrai_slides.recording.run.photographs import Pixels, same_image
from astrai_slides.seam.held_pixels import HeldPixels

_OPAQUE = 0xFF
_SAME = bytes(range(256))


def array_of(pixels: "Pixels | HeldPixels") -> Pixels:
    """The pixels, which are not to be written to."""
    return pixels.array() if isinstance(pixels, HeldPixels) else pixels


def same_picture(one: "Pixels | HeldPixels", other: "Pixels | HeldPixels") -> bool:
    """As `same_image`: whether two images differ by manim's rounding at most."""
    if isinstance(one, HeldPixels) and isinstance(other, HeldPixels) and one.base is other.base:
        return _near(one.colours, other.colours, one, "colour_levels") and _near(
            one.opacity, other.opacity, one, "opacity_levels"
        )
    return one.shape == other.shape and same_image(array_of(one), array_of(other))


def _near(one: bytes, other: bytes, pixels: HeldPixels, levels: str) -> bool:
    if one == other:
        return True
    far = np.abs(np.frombuffer(one, np.uint8).astype(np.int16) - np.frombuffer(other, np.uint8)) > 1
    # which levels there are is found out only if it matters
    return not far.any() or not far[getattr(pixels.base, levels)].any()


def split_opacity_held(pixels: HeldPixels) -> tuple[HeldPixels, int]:
    """Tell an image from its opacity, as is done of arrays, but by the levels of opacity that there are."""
    original: npt.NDArray[np.intp] = pixels.base.opacity_levels
    alpha = np.frombuffer(pixels.opacity, np.uint8)[original]
    if original.any() and np.array_equal(original, alpha):
        return pixels, _OPAQUE
    peak, shown = int(original.max()), int(alpha.max())
    factor = shown / peak if peak else 0.0
    if len(original) == 1 or np.abs(original * factor - alpha).max() <= 1.0:
        return HeldPixels(pixels.base, pixels.colours, _SAME), round(factor * _OPAQUE)
    if (alpha == alpha[0]).all():
        return HeldPixels(pixels.base, pixels.colours, bytes([_OPAQUE]) * len(_SAME)), int(alpha[0])
    return pixels, _OPAQUE
