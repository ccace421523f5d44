"""How long a browser takes to draw a frame, about, where no graphics processor helps it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from math import hypot
from operator import not_

import numpy as np

from astrai_slides.base.identity import address
from astrai_slides.recording.format.model import Draw, Frame, Op, Path, Step, Style, View

HEIGHT = 1080
"""Pixels from top to bottom that it is worked out for."""

DRAW, FILLED_CURVE, STROKED_CURVE, OUTLINE, GRADIENT = 3e-6, 0.3e-6, 1.0e-6, 0.025e-6, 0.004e-6
"""Seconds for each draw, curve of a fill, curve of a stroke, pixel along an outline and pixel under a gradient, as
measured in Chromium with dots, squares, rings and graphs (`python -m benchmarks.frames`). A stroke has two outlines."""

_BLOCK = 1 << 20
"""Bytes of paths that are measured at a time."""

_FEW = 3
"""So many of a step's frames may take longer than the rest: nobody sees them as motion."""


def slow_frame(step: Step) -> float:
    """Return the seconds for a frame of `step`'s motion, one of the slowest; 0 for a step that hardly moves."""
    if len(step.frames) <= _FEW:
        return 0.0
    known = _measured(step)
    return sorted(_each_frame(step.frames, lambda op, view: _seconds(op, known, view)))[-_FEW - 1]


def may_be_slow(step: Step, seconds: float) -> bool:
    """Whether `slow_frame` may be more than `seconds`: told sooner, as if all of it were in view."""
    if len(step.frames) <= _FEW:
        return False
    known = _measured(step)
    if _is_quick_however_painted(step, known, seconds):
        return False
    in_view: dict[tuple[int, int, int], float] = {}

    def at_most(op: Op, view: View) -> float:
        if not isinstance(op, Draw):
            return 0.0
        key = address(op.path), address(op.style), view.height
        taken = in_view.get(key)
        if taken is None:
            taken = in_view[key] = _draw_seconds(op.style, *known[key[0]], HEIGHT / view.height)
        return taken

    return any(taken > seconds for taken in _each_frame(step.frames, at_most))


def _is_quick_however_painted(step: Step, known: dict[int, tuple[int, float, float]], seconds: float) -> bool:
    """Whether no frame would take more than `seconds` if each path had a gradient and both strokes.

    So it is with most steps, and told without a look at each draw's style.
    """
    scale = HEIGHT / min(frame.view.height for frame in step.frames)
    a_curve, a_length, an_area = FILLED_CURVE + 2 * STROKED_CURVE, 5 * OUTLINE * scale, GRADIENT * scale * scale
    most = {
        key: DRAW + curves * a_curve + length * a_length + area * an_area
        for key, (curves, length, area) in known.items()
    }
    return all(
        sum([most[address(op.path)] for op in frame.ops if isinstance(op, Draw)]) <= seconds for frame in step.frames
    )


def _each_frame(frames: Sequence[Frame], seconds: Callable[[Op, View], float]) -> Iterator[float]:
    """What `seconds` says of each of `frames`, which outlive this, in all."""
    view: View | None = None
    taken: dict[int, float] = {}
    for frame in frames:
        if frame.view != view:
            view, taken = frame.view, {}
        ids = [*map(address, frame.ops)]
        # most of a frame is the very objects of the frame before
        for op in compress(frame.ops, map(not_, map(taken.__contains__, ids))):
            taken[address(op)] = seconds(op, frame.view)
        yield sum(map(taken.__getitem__, ids))


def _seconds(op: Op, known: dict[int, tuple[int, float, float]], view: View) -> float:
    if not isinstance(op, Draw):
        return 0.0
    measured = known[address(op.path)]
    return _draw_seconds(op.style, *measured, HEIGHT / view.height) if _may_be_seen(op, measured[1], view) else 0.0


def _measured(step: Step) -> dict[int, tuple[int, float, float]]:
    """Curves of each path of `step`, their length and the area of its box (grid steps), by their handles; by its id."""
    # by identity, as hashing a path by value takes longer than measuring it; the step keeps them alive
    paths = {address(op.path): op.path for frame in step.frames for op in frame.ops if isinstance(op, Draw)}
    alike: dict[int, list[Path]] = {}
    for path in paths.values():
        alike.setdefault(len(path.xy), []).append(path)
    curves: dict[tuple[tuple[int, bool], ...], int] = {}
    known: dict[int, tuple[int, float, float]] = {}
    for size, group in alike.items():
        for first in range(0, len(group), max(1, _BLOCK // max(size, 1))):
            some = group[first : first + max(1, _BLOCK // max(size, 1))]
            # all with as many points at once
            points = np.frombuffer(b"".join(path.xy for path in some), dtype="<i4").reshape(len(some), -1, 2)
            if points.shape[1] < 2:
                known.update((address(path), (0, 0.0, 0.0)) for path in some)
                continue
            # point by point, of all paths together: numpy goes through few numbers at a time otherwise
            by_point = np.ascontiguousarray(points.transpose(1, 0, 2))
            boxes = (by_point.max(axis=0) - by_point.min(axis=0)).astype(float)
            ways = np.diff(points, axis=1).astype(float)
            lengths = np.hypot(ways[..., 0], ways[..., 1]).sum(axis=1).tolist()
            for path, length, area in zip(some, lengths, (boxes[:, 0] * boxes[:, 1]).tolist(), strict=True):
                count = curves.get(path.subpaths)
                if count is None:
                    count = curves[path.subpaths] = sum(each for each, _ in path.subpaths)
                known[address(path)] = count, length, area
    return known


def _draw_seconds(style: Style, curves: int, length: float, area: float, scale: float) -> float:
    pixels = length * scale
    seconds = DRAW
    if style.fill is not None:
        seconds += curves * FILLED_CURVE + pixels * OUTLINE
        seconds += 0.0 if style.fill.is_flat else area * scale * scale * GRADIENT
    for paint, width in ((style.stroke, style.stroke_width), (style.back, style.back_width)):
        if paint is not None and width:
            seconds += curves * STROKED_CURVE + 2 * pixels * OUTLINE
    return seconds


def _may_be_seen(op: Draw, length: float, view: View) -> bool:
    """Whether `op`, which reaches no further from its origin than it is long, is in `view`."""
    across = max(abs(op.x - view.x) - view.width / 2, 0)
    down = max(abs(op.y - view.y) - view.height / 2, 0)
    return hypot(across, down) <= length
