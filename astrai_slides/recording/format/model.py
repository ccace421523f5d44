"""The recording of a scene: what was drawn in every frame, as paths, fills and strokes.

All coordinates are integers on a grid of `GRID` per scene unit, y upwards as in manim, so that equal pictures
compare equal and a file holds exactly what was recorded. Everything is immutable; a `Frame` that shows the same
as another is the same object within a step.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from astrai_slides.base.knobs import KnobRead
from astrai_slides.base.resolution import Resolution
from astrai_slides.base.warning import BuildWarning

GRID = 4096
"""Grid steps in one scene unit (1/4096 unit is 0.03 px at 1080p)."""

WIDTH_GRID = 65536
"""Stroke widths are integers of 1/65536 scene unit."""

Rgba: TypeAlias = int
"""A colour, not premultiplied, as 0xRRGGBBAA."""


def colour_parts(colour: Rgba) -> tuple[float, float, float, float]:
    """Red, green, blue and alpha of `colour`, 0 to 255 each."""
    return colour >> 24 & 0xFF, colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF


def colour_of(parts: Sequence[float]) -> Rgba:
    """Return the colour whose `colour_parts` are nearest to `parts`."""
    red, green, blue, alpha = map(round, parts)
    return red << 24 | green << 16 | blue << 8 | alpha


def mixed(colours: Sequence[Rgba], weights: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the mean of `colours`, each part by itself, 0 to 255 each."""
    total = sum(weights)
    red, green, blue, alpha = (
        sum(part * weight for part, weight in zip(parts, weights, strict=True)) / total
        for parts in zip(*map(colour_parts, colours), strict=True)
    )
    return red, green, blue, alpha


def mean_of_ends(stops: Sequence[Rgba]) -> tuple[float, float, float, float]:
    """What Cairo, and so manim, shows of a gradient without length: the mean of its first stop and its last."""
    return mixed((stops[0], stops[-1]), (1, 1))


class Join(IntEnum):
    """How two segments of a stroke meet (miter limit 10)."""

    MITER = 0
    ROUND = 1
    BEVEL = 2


class Cap(IntEnum):
    """How a stroke ends."""

    BUTT = 0
    ROUND = 1
    SQUARE = 2


@dataclass(frozen=True, slots=True)
class Paint:
    """A solid colour (one stop) or a linear gradient (two or more stops, evenly spaced, padded).

    `line` is the gradient's (x0, y0, x1, y1) in grid steps relative to the draw's origin; None for a solid colour.
    """

    stops: tuple[Rgba, ...]
    line: tuple[int, int, int, int] | None = None

    @property
    def is_seen(self) -> bool:
        """Whether any of it is not wholly transparent."""
        return any(stop & 0xFF for stop in self.stops)

    @property
    def is_flat(self) -> bool:
        """Whether it is one colour everywhere: solid, or a gradient without length."""
        return self.line is None or len(self.stops) == 1 or self.line[:2] == self.line[2:]

    @property
    def flat_parts(self) -> tuple[float, float, float, float]:
        """Red, green, blue and alpha (0 to 255 each) of a flat paint."""
        return colour_parts(self.stops[0]) if self.line is None else mean_of_ends(self.stops)

    @property
    def flat_colour(self) -> Rgba:
        """`flat_parts` in whole numbers."""
        return colour_of(self.flat_parts)


@dataclass(frozen=True, slots=True)
class Style:
    """How a path is painted: background stroke first, then fill (non-zero rule), then stroke. None: not painted."""

    fill: Paint | None = None
    stroke: Paint | None = None
    stroke_width: int = 0
    back: Paint | None = None
    back_width: int = 0
    # not hashed, as an enumeration's hash is worked out in Python and few styles differ in these alone
    join: Join = field(default=Join.MITER, hash=False)
    cap: Cap = field(default=Cap.BUTT, hash=False)


@dataclass(frozen=True, slots=True)
class Path:
    """Cubic Bézier sub-paths.

    `subpaths` holds (number of curves, closed) of each; `xy` the little-endian int32 pairs of all their points, each
    sub-path as start point, then three points (handle, handle, anchor) a curve. The very first point is (0, 0): a
    `Draw` says where it goes.
    """

    subpaths: tuple[tuple[int, bool], ...]
    xy: bytes

    @property
    def points(self) -> npt.NDArray[np.int32]:
        """All points, shape (n, 2), grid steps relative to the first."""
        return np.frombuffer(self.xy, dtype="<i4").reshape(-1, 2)

    def curves(self) -> Iterator[tuple[npt.NDArray[np.int32], bool]]:
        """Each sub-path's points, shape (1 + 3 * curves, 2), and whether it is closed."""
        points, start = self.points, 0
        for curves, closed in self.subpaths:
            stop = start + 1 + 3 * curves
            yield points[start:stop], closed
            start = stop


@dataclass(frozen=True, slots=True)
class Draw:
    """A path painted with its first point at (x, y) grid steps. `source` tells mobjects apart; it is not compared."""

    path: Path
    style: Style
    x: int
    y: int
    source: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster image: the blob `digest` of the recording, `width` x `height` pixels.

    `corners` are its upper left, upper right and lower left in grid steps (x0, y0, x1, y1, x2, y2); `alpha` is 0 to
    255; `smooth` whether it is interpolated when scaled.
    """

    digest: str
    width: int
    height: int
    corners: tuple[int, int, int, int, int, int]
    alpha: int = 255
    smooth: bool = True
    source: int = field(default=0, compare=False)


Op: TypeAlias = Draw | Picture


@dataclass(frozen=True, slots=True)
class View:
    """What part of the scene the frame shows: centre and size, in grid steps."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: `ops` from back to front over `background`, seen through `view`."""

    ops: tuple[Op, ...]
    view: View
    background: Rgba

    @classmethod
    def blank(cls) -> "Frame":
        """Return a frame that shows nothing, where a step has none yet."""
        return cls((), View(0, 0, 1, 1), 0)


@dataclass(frozen=True, slots=True)
class TextRun:
    """A text that rests on a step's last frame, and its box in grid steps (left, bottom, right, top).

    `glyphs` says which ops of the step's end are the text's, as (first, how many), in the order of its letters; it has
    none where the text is not drawn as paths of its own.
    """

    text: str
    box: tuple[int, int, int, int]
    glyphs: tuple[tuple[int, int], ...] = ()

    @property
    def places(self) -> list[int]:
        """Places of the text's ops in the step's end."""
        return [place for first, count in self.glyphs for place in range(first, first + count)]


@dataclass(frozen=True, slots=True)
class Rest:
    """A moment within a step, `at` frames after its begin, at which its picture stands between two plays.

    `texts` are those on the frame that is shown then, with their glyphs among the ops of that frame. One without any is
    one whose texts were left out, because the step has too many.
    """

    at: int
    texts: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Blob:
    """A file kept beside the frames: a picture (image/png, image/jpeg), a film (video/mp4) or a sound."""

    digest: str
    mime: str
    data: bytes = field(repr=False)

    @classmethod
    def of(cls, mime: str, data: bytes) -> "Blob":
        """Return the blob of `data`, named by its SHA-256."""
        return cls(hashlib.sha256(data).hexdigest(), mime, data)


@dataclass(frozen=True, slots=True)
class Film:
    """A step that could not be drawn as paths: the blob `digest` is its mp4, `reason` says why.

    Such a step's `frames` hold its first frame as a picture and its `end` the last, for outputs that cannot play.
    """

    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class Caption:
    """Words shown to whoever cannot hear: from `start` seconds after the step's begin, for `seconds`."""

    text: str
    start: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Sound:
    """The blob `digest`, an audio file as it came, heard from `start` seconds after the step's begin; `gain` in dB."""

    digest: str
    start: float
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """What one press of *next* plays.

    `runs` are (index into `frames`, how many frames it stays), in order. `end` is the rest state, which is shown
    when the motion is over and has no length of its own. `digest` identifies all that is seen (not the notes).
    """

    name: str
    frames: Sequence[Frame]
    runs: tuple[tuple[int, int], ...]
    end: Frame
    title: str = ""
    notes: str = ""
    loop: bool = False
    auto_next: bool = False
    finish_loop: bool = False
    playback_rate: float = 1.0
    reversed_playback_rate: float = 1.0
    direction: str = "horizontal"
    texts: tuple[TextRun, ...] = ()
    film: Film | None = None
    captions: tuple[Caption, ...] = ()
    sounds: tuple[Sound, ...] = ()
    section: str = ""
    """What the part of a deck of several scenes is called that the step belongs to."""
    rests: tuple[Rest, ...] = ()
    """Where it stands before its end, in order, each with another picture than the one before."""

    @classmethod
    def blank(cls, name: str = "") -> "Step":
        """Return a step without frames, to be filled by decoding."""
        return cls(name, (), (), Frame.blank())

    @property
    def length(self) -> int:
        """How many frames the step plays."""
        return sum(count for _, count in self.runs)

    def shown(self, at: int) -> Frame:
        """Return the frame that is shown `at` frames after the step's begin; the end from its length on."""
        for index, count in self.runs:
            at -= count
            if at < 0:
                return self.frames[index]
        return self.end


@dataclass(frozen=True, slots=True)
class Recording:
    """All steps of a scene, at `fps` frames a second, `width` x `height` pixels where pixels are needed."""

    scene: str
    fps: float
    width: int
    height: int
    background: Rgba
    steps: tuple[Step, ...]
    blobs: dict[str, Blob] = field(default_factory=dict)
    warnings: tuple[BuildWarning, ...] = ()
    palette: tuple[tuple[str, str], ...] = ()
    """The colours, as #RRGGBB by name, of the theme that a deck of ours was drawn in; none for any other deck."""
    knobs: tuple[KnobRead, ...] = ()
    """The knobs that the deck read, in that order."""
    divided: tuple[tuple[int, int], ...] = ()
    """Where the deck said that it needs some of them no more: (step, frame)."""

    @property
    def resolution(self) -> Resolution:
        """Its size and frame rate."""
        return Resolution(self.width, self.height, self.fps)

    @property
    def has_sound(self) -> bool:
        """Whether anything is to be heard."""
        return any(step.sounds for step in self.steps)

    def silent(self) -> "Recording":
        """Return the recording without its sounds, for what cannot play them."""
        if not self.has_sound:
            return self
        return replace(self, steps=tuple(replace(step, sounds=()) for step in self.steps))
