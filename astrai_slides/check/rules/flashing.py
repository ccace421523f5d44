"""Flashes that may bring on a seizure."""

from collections.abc import Iterator, Sequence
from itertools import compress

import numpy as np
import numpy.typing as npt

from astrai_slides.base.identity import address
from astrai_slides.check.colours import luminance_of_bytes
from astrai_slides.check.finding import Breach, Severity
from astrai_slides.check.layers import Layers
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen, edges_of, stroke_width
from astrai_slides.recording.format.model import Draw, Frame, Op, View

MOST_FLASHES = 3
"""In any second."""
CHANGE = 0.1
"""Of relative luminance, up or down."""
DARKER = 0.8
"""Relative luminance that the darker picture of a flash is below."""
AREA = 0.25 * 341 * 256 / (1024 * 768)
"""Share of the picture that flashes at once: a quarter of 341 by 256 pixels of 1024 by 768."""

_WIDTH, _HEIGHT = 64, 36
_LARGE = 0.002
"""Share of the picture below which a filled thing is left out: what flashes is larger."""


def find(step: StepSeen) -> Iterator[Breach]:
    """A step in which more than `MOST_FLASHES` flashes of a large enough area fall into a second."""
    shown = _changes(step)
    if len(shown) <= 2 * MOST_FLASHES:
        return
    times, flashes = _flashes(shown, step.fps)
    best, at = 0.0, 0.0
    for number, time in enumerate(times):
        first = int(np.searchsorted(times, time - 1.0, side="right")) - 1
        # an opposing pair of changes is one flash
        within = (flashes[number] - (flashes[first] if first >= 0 else 0)) // 2
        large = float(np.sort(within, axis=None)[-max(round(AREA * within.size), 1)])
        if large > best:
            best, at = large, time
    if best > MOST_FLASHES:
        yield Breach(
            Severity.ERROR,
            "The picture flashes",
            f"{best:.0f} flashes within a second",
            f"at most {MOST_FLASHES}",
            "Slow it down, or make what flashes smaller or paler.",
            seconds=max(at - 1.0, 0.0),
        )


def _changes(step: StepSeen) -> list[tuple[float, npt.NDArray[np.float64]]]:
    """Luminances of the picture, and the second from which each is shown; of a loop twice."""
    large, painted = _Large(step), Layers(step.deck.recording.blobs, _WIDTH, _HEIGHT)
    known: dict[object, npt.NDArray[np.float64]] = {}
    shown: list[tuple[float, npt.NDArray[np.float64]]] = []
    frames = step.step.frames[:]  # all at once, as the first would be decoded by itself
    at, before = 0, None
    for _ in range(2 if step.step.loop else 1):
        for index, count in step.step.runs:
            frame = frames[index]
            ops = large.of(frame)
            key = (tuple(map(address, ops)), frame.view, frame.background)
            if key != before:
                if key not in known:
                    known[key] = luminance_of_bytes(painted.opaque(ops, frame.view, frame.background | 0xFF))
                shown.append((at / step.fps, known[key]))
                before = key
            at += count
    return shown


class _Large:
    """The ops of a step's frames that may be part of a flash.

    They are known by id, as most of them stay from frame to frame, and the frames keep them.
    """

    def __init__(self, step: StepSeen) -> None:
        self._measure = step.measure
        self._view: View | None = None
        self._ops: dict[int, bool] = {}
        self._filled: dict[int, bool] = {}
        """Of styles whether they have a fill: lines are thin."""
        self._sizes: dict[int, tuple[float, float]] = {}
        """Of paths their width and height, without a stroke: most draws that are new show a path that is known."""

    def of(self, frame: Frame) -> list[Op]:
        """Those of `frame`, in order."""
        if frame.view != self._view:
            self._view = frame.view
            self._edges, self._least = edges_of(frame.view), _LARGE * frame.view.width * frame.view.height
            self._ops.clear()
        kept = list(map(self._ops.get, map(address, frame.ops)))
        if None in kept:
            unknown = [place for place, known in enumerate(kept) if known is None]
            for place, large in zip(unknown, self._are_large([frame.ops[place] for place in unknown]), strict=True):
                kept[place] = self._ops[address(frame.ops[place])] = large
        return list(compress(frame.ops, kept))

    def _are_large(self, ops: Sequence[Op]) -> list[bool]:
        large = [False] * len(ops)
        places = [place for place, op in enumerate(ops) if self._is_filled(op) and not self._is_small(op)]
        if places:
            some = [ops[place] for place in places]
            left, bottom, right, top = self._measure.all_bounds(some).T
            left_edge, bottom_edge, right_edge, top_edge = self._edges
            across = np.minimum(right, right_edge) > np.maximum(left, left_edge)
            up = np.minimum(top, top_edge) > np.maximum(bottom, bottom_edge)
            width, height = right - left, top - bottom
            found = across & up & (width * height > self._least)
            for place, op, *size, is_large in zip(
                places, some, width.tolist(), height.tolist(), found.tolist(), strict=True
            ):
                large[place] = is_large
                if isinstance(op, Draw):
                    stroke = stroke_width(op)
                    self._sizes[address(op.path)] = size[0] - stroke, size[1] - stroke
        return large

    def _is_small(self, op: Op) -> bool:
        """Whether `op` is known to be small wherever it is."""
        if not isinstance(op, Draw):
            return False
        size = self._sizes.get(address(op.path))
        if size is None:
            return False
        stroke = stroke_width(op)
        # what is nearly as large is measured where it is
        return (size[0] + stroke) * (size[1] + stroke) < 0.99 * self._least

    def _is_filled(self, op: Op) -> bool:
        if not isinstance(op, Draw):
            return True
        filled = self._filled.get(address(op.style))
        if filled is None:
            fill = op.style.fill
            filled = self._filled[address(op.style)] = fill is not None and fill.is_seen
        return filled


def _flashes(
    shown: list[tuple[float, npt.NDArray[np.float64]]], fps: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int16]]:
    """Times, and how often each pixel's luminance has turned the other way by then, shape (times, height, width)."""
    extreme = shown[0][1].copy()
    rising = np.zeros(extreme.shape, np.int8)
    counted = np.zeros(extreme.shape, np.int16)
    totals = []
    for _, light in shown:
        up = (light >= extreme + CHANGE) & (extreme < DARKER) & (rising <= 0)
        down = (light <= extreme - CHANGE) & (light < DARKER) & (rising >= 0)
        counted = counted + up + down
        rising = np.where(up, 1, np.where(down, -1, rising)).astype(np.int8)
        further = ((rising > 0) & (light > extreme)) | ((rising < 0) & (light < extreme))
        extreme = np.where(up | down | further, light, extreme)
        totals.append(counted)
    return np.array([time for time, _ in shown]), np.stack(totals)


RULE = Rule(
    "flashing",
    "The picture flashes",
    (Severity.ERROR,),
    "Flashes of a large area more than three times a second can bring on a seizure.",
    f"No more than {MOST_FLASHES} flashes within any second. A flash is a pair of opposing changes of relative "
    f"luminance by {CHANGE:g} or more, where the darker picture is below {DARKER:g}, of at least {AREA:.1%} of the "
    "picture.",
    "WCAG 2.2, 2.3.1, general flash threshold: an area of a quarter of any 341 by 256 pixels of 1024 by 768. Flashes "
    "of saturated red are counted by luminance only.",
    find,
)
