"""Pictures that move by themselves (GIF, APNG, animated WebP and AVIF), as browsers play them."""

import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd

import numpy as np
from PIL import Image, ImageSequence

from astrai_slides.recording.format.model import Rgba
from astrai_slides.recording.paint.raster import Pixels

_SECOND = 1000
"""In milliseconds, which is what such files count in."""

_TOO_SHORT = 10
_INSTEAD = 100
"""Milliseconds that browsers show a frame whose file says `_TOO_SHORT` or less."""

_MOST_FPS = 60
_MOST_TURNS_SECONDS = 60
"""A picture that says how often it repeats, and takes longer for it than this, repeats until next."""

_FORMATS = ("GIF", "PNG", "WEBP", "AVIF")


@dataclass(frozen=True, slots=True)
class MovingPicture:
    """A picture file that moves, over a step's background. Its frames are read when they are wanted."""

    data: bytes
    background: Rgba
    milliseconds: tuple[int, ...]
    """How long each frame stays."""
    turns: int
    """How often it plays before it rests on its last frame; 0 for ever."""
    first: Pixels
    """The first frame and the last, RGBA."""
    last: Pixels

    @property
    def endless(self) -> bool:
        """Whether it repeats until the next step."""
        return self.turns == 0

    @property
    def fps(self) -> Fraction:
        """The lowest frame rate at which every frame starts on time, as far as a film can have it."""
        return min(Fraction(_SECOND, reduce(gcd, self.milliseconds)), Fraction(_MOST_FPS))

    @property
    def seconds(self) -> float:
        """How long it plays: one turn if it is endless."""
        return sum(self.milliseconds) * max(1, self.turns) / _SECOND

    def frames(self) -> Iterator[tuple[Pixels, int]]:
        """Each frame as BGRA, and how many frames of the film it stays; over all turns."""
        at = done = 0
        for _ in range(max(1, self.turns)):
            for pixels, milliseconds in zip(_frames(self.data, self.background), self.milliseconds, strict=True):
                at += milliseconds
                until = round(at * self.fps / _SECOND)
                if until > done:
                    yield np.ascontiguousarray(pixels[..., [2, 1, 0, 3]]), until - done
                    done = until


def read_moving(data: bytes, background: Rgba) -> MovingPicture | None:
    """Return the picture file `data` if it moves, None if it is still.

    Raises UnidentifiedImageError for other files.
    """
    with Image.open(io.BytesIO(data)) as image:
        if image.format not in _FORMATS or not getattr(image, "is_animated", False):
            return None
        milliseconds = []
        for frame in ImageSequence.Iterator(image):
            frame.load()  # WebP tells how long a frame stays once it is read
            told = float(frame.info.get("duration", 0))
            milliseconds.append(round(told) if told > _TOO_SHORT else _INSTEAD)
        turns = _turns(image)
    if turns > 1 and sum(milliseconds) * turns > _MOST_TURNS_SECONDS * _SECOND:
        turns = 0
    stills = _frames(data, background)
    first = next(stills)
    last = deque(stills, maxlen=1)
    return MovingPicture(data, background, tuple(milliseconds), turns, first, last.pop())


def _frames(data: bytes, background: Rgba) -> Iterator[Pixels]:
    """Frames of a picture file, RGBA, opaque."""
    with Image.open(io.BytesIO(data)) as image:
        red, green, blue = (background >> shift & 0xFF for shift in (24, 16, 8))
        ground = Image.new("RGBA", image.size, (red, green, blue, 0xFF))
        for frame in ImageSequence.Iterator(image):
            yield np.array(Image.alpha_composite(ground, frame.convert("RGBA")))


def _turns(image: Image.Image) -> int:
    """How often the file says that it plays; 0 for ever."""
    told = image.info.get("loop")
    if image.format == "GIF":  # which counts how often it repeats; without a word it plays once
        return 1 if told is None else int(told) and int(told) + 1
    return int(told or 0)
