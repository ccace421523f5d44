"""What is under a point of a picture, and which line of the user's files made it."""

import marshal
import zlib
from dataclasses import dataclass
from functools import lru_cache

import cairo

from astrai_slides.recording.format.codec import DIGEST_BYTES, decode_step
from astrai_slides.recording.format.model import GRID, WIDTH_GRID, Draw, Frame, Op, Picture, Step

_REACH = 6
"""How far, in thousandths of the picture's width, a click may miss a stroke."""

_SMALL = 12
"""Times as much as a click may miss: what is no wider and no taller is small."""

_STEPS = 4
"""Steps that are kept decoded."""


@dataclass(frozen=True, slots=True)
class _Step:
    packed: bytes
    pictures: tuple[str, ...]
    made: tuple[int, ...]
    places: tuple[tuple[str, int], ...]


class MadeLines:
    """Says of the steps of a deck which line made what is seen."""

    def __init__(self, data: bytes) -> None:
        """`data` is what `lines_file.write_lines` wrote; its steps are decoded when they are asked for."""
        self._steps = []
        for part in marshal.loads(data):
            places, steps = marshal.loads(part)
            for packed, pictures, made in steps:
                self._steps.append(_Step(packed, tuple(pictures), tuple(made), tuple(places)))
        self._decoded = lru_cache(_STEPS)(self._decode)

    @property
    def files(self) -> frozenset[str]:
        """The user's files whose lines made something."""
        return frozenset(file for step in self._steps for file, _ in step.places)

    def place(
        self, step: int, frame: int | None, x: float, y: float, aspect: float | None = None
    ) -> tuple[str, int] | None:
        """Return file and line that made what is seen at a point; None where nothing of the user's is.

        `step` counts from 0, and `frame` in frames of it, None for its end; `x` and `y` go from 0 to 1, from the
        upper left of an area whose width is `aspect` times its height, and in which the picture is as large as fits;
        of the picture itself if None.
        """
        if not 0 <= step < len(self._steps) or not self._steps[step].packed:
            return None
        shown = _frame(self._decoded(step), frame)
        view = shown.view
        wide = view.width / view.height if aspect is None else aspect
        height = max(view.height, view.width / wide)
        at = (view.x + (x - 0.5) * height * wide, view.y + (0.5 - y) * height)
        if abs(at[0] - view.x) * 2 > view.width or abs(at[1] - view.y) * 2 > view.height:
            return None  # beside the picture
        near = view.width * _REACH / 1000
        known = self._steps[step].places
        for covers in (_covers, _is_near, _is_about):
            for op in reversed(shown.ops):
                if 0 <= op.source < len(known) and covers(op, at, near):
                    return known[op.source]
        return None

    def _decode(self, number: int) -> Step:
        step = self._steps[number]
        halves = {name[: 2 * DIGEST_BYTES]: name for name in step.pictures}
        return decode_step(zlib.decompress(step.packed), Step.blank(), halves, step.made)


def _frame(step: Step, number: int | None) -> Frame:
    if number is None:
        return step.end
    left = max(0, number)
    for index, count in step.runs:
        if left < count:
            return step.frames[index]
        left -= count
    return step.end


def _covers(op: Op, at: tuple[float, float], _: float) -> bool:
    """Whether the point `at`, in grid steps, is on what `op` paints."""
    if isinstance(op, Picture):
        return op.alpha > 0 and _in_picture(op, at)
    return _in_path(op, at, 0)


def _is_near(op: Op, at: tuple[float, float], near: float) -> bool:
    """Whether the point is no further than `near` from a stroke of `op`."""
    return isinstance(op, Draw) and _in_path(op, at, near)


def _is_about(op: Op, at: tuple[float, float], near: float) -> bool:
    """Whether the point is within something small, such as a letter, or no further than `near` from it."""
    if isinstance(op, Picture) or not op.style.fill or not op.style.fill.is_seen or not len(op.path.points):
        return False
    (left, bottom), (right, top) = op.path.points.min(axis=0).tolist(), op.path.points.max(axis=0).tolist()
    if max(right - left, top - bottom) > _SMALL * near:
        return False
    x, y = at[0] - op.x, at[1] - op.y
    return bool(left - near <= x <= right + near and bottom - near <= y <= top + near)


def _in_picture(op: Picture, at: tuple[float, float]) -> bool:
    x0, y0, x1, y1, x2, y2 = op.corners
    matrix = cairo.Matrix(x1 - x0, y1 - y0, x2 - x0, y2 - y0, x0, y0)
    try:
        matrix.invert()
    except cairo.Error:
        return False  # seen from the side
    across, down = matrix.transform_point(*at)
    return 0 <= across <= 1 and 0 <= down <= 1


_scratch = cairo.Context(cairo.ImageSurface(cairo.FORMAT_A8, 1, 1))
_SCALE = 1 / 256
"""Of grid steps to Cairo's units, which hold no larger numbers than 8 million."""


def _in_path(op: Draw, at: tuple[float, float], reach: float) -> bool:
    style = op.style
    stroke = max(
        style.stroke_width if style.stroke is not None and style.stroke.is_seen else 0,
        style.back_width if style.back is not None and style.back.is_seen else 0,
    )
    width = stroke * GRID / WIDTH_GRID + (2 * reach if stroke else 0)
    x, y = at[0] - op.x, at[1] - op.y
    points = op.path.points
    if not len(points):
        return False
    (left, bottom), (right, top) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    far = width + reach
    if not (left - far <= x <= right + far and bottom - far <= y <= top + far):
        return False
    _scratch.new_path()
    for curve, closed in op.path.curves():
        flat = [value * _SCALE for value in curve.ravel().tolist()]
        _scratch.move_to(flat[0], flat[1])
        for place in range(2, len(flat), 6):
            _scratch.curve_to(*flat[place : place + 6])
        if closed:
            _scratch.close_path()
    if style.fill is not None and style.fill.is_seen and _scratch.in_fill(x * _SCALE, y * _SCALE):
        return True
    if not width:
        return False
    _scratch.set_line_width(width * _SCALE)
    return bool(_scratch.in_stroke(x * _SCALE, y * _SCALE))
