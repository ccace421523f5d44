"""Pixels on their way from one image to another, as manim's `interpolate` gives them, sooner.

An image that moves or fades is interpolated in every frame, all of its pixels, although most of them, or all but their
opacity, are the same at both ends.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from manim.utils import bezier

Numbers = npt.NDArray[np.uint8]

_BLOCK = 1 << 15
"""Numbers that are worked on at a time, so that they stay in the processor's cache; a whole number of pixels."""

_CHANNELS = 4
_ALPHA_BITS = 24
_ALPHA, _COLOUR = np.uint32(0xFF << _ALPHA_BITS), np.uint32((1 << _ALPHA_BITS) - 1)
"""The bits of a pixel's opacity, and of its colour, in a number of which the first byte is the lowest."""

_LEVELS = np.arange(256, dtype=np.uint8)

_INTERPOLATE = bezier.interpolate


class _PixelsMade(np.ndarray[Any, np.dtype[np.uint8]]):
    """Pixels of which manim asks a copy as whole numbers, as which they were made for it alone."""

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """The pixels themselves."""
        pixels = self.view(np.ndarray)
        return pixels if np.dtype(dtype) == pixels.dtype else pixels.astype(dtype, *args, **kwargs)


def pixels_between(start: Any, end: Any, alpha: Any) -> Any:
    """As manim's `interpolate` and, for pixels, the cast to whole numbers that follows it there.

    Floating-point copies of all pixels of a photograph are 400 MB; asking the system for those takes most of the time.
    """
    if (
        not (isinstance(start, np.ndarray) and isinstance(end, np.ndarray) and isinstance(alpha, float))
        or not start.dtype == end.dtype == np.uint8
        or start.shape != end.shape
        or not 0 <= alpha <= 1
    ):
        return _INTERPOLATE(start, end, alpha)
    one, other = start.reshape(-1), end.reshape(-1)
    made = np.empty(one.shape, np.uint8)
    have_opacity = start.shape[-1:] == (_CHANNELS,)
    first, second = np.empty(_BLOCK), np.empty(_BLOCK)
    for at in range(0, made.size, _BLOCK):
        block = slice(at, at + _BLOCK)
        if not (have_opacity and _fade(one[block], other[block], alpha, made[block])):
            _between(one[block], other[block], alpha, made[block], first, second)
    return made.reshape(start.shape).view(_PixelsMade)


def _between(
    one: Numbers,
    other: Numbers,
    alpha: float,
    made: Numbers,
    first: npt.NDArray[np.float64],
    second: npt.NDArray[np.float64],
) -> None:
    """Write what is between `one` and `other` to `made`; `first` and `second` are for use meanwhile."""
    count = one.size
    np.multiply(one, 1 - alpha, out=first[:count])
    np.multiply(other, alpha, out=second[:count])
    np.add(first[:count], second[:count], out=first[:count])
    made[:] = first[:count]


def _fade(one: Numbers, other: Numbers, alpha: float, made: Numbers) -> bool:
    """As `_between`, of pixels whose colours are the same in `one` and `other` and whose opacity is one number in each;
    whether they are so."""
    first, last, shown = one.view("<u4"), other.view("<u4"), made.view("<u4")
    # of a block that has colours of its own in each, most often the first pixel tells
    if (first[0] ^ last[0]) & _COLOUR:
        return False
    differing = _bits_of(first ^ last)
    if differing & _COLOUR or (differing and (_bits_of(first ^ first[0]) | _bits_of(last ^ last[0])) & _ALPHA):
        return False
    levels = _levels_between(alpha)
    if levels is None:
        made[:] = one
    else:
        made[:] = np.frombuffer(one.tobytes().translate(levels), np.uint8)
    if differing:
        opacity = np.empty(1, np.uint8)
        _between(one[_CHANNELS - 1 :][:1], other[_CHANNELS - 1 :][:1], alpha, opacity, np.empty(1), np.empty(1))
        shown &= _COLOUR
        shown |= np.uint32(opacity[0]) << np.uint32(_ALPHA_BITS)
    return True


_bits_of = np.bitwise_or.reduce
"""Bits that any of some numbers has."""


@lru_cache(maxsize=8)
def _levels_between(alpha: float) -> bytes | None:
    """What comes between each level and itself, which may be one less, as it is truncated; None where all stay."""
    made = np.empty_like(_LEVELS)
    _between(_LEVELS, _LEVELS, alpha, made, np.empty(_LEVELS.size), np.empty(_LEVELS.size))
    return None if np.array_equal(made, _LEVELS) else made.tobytes()
