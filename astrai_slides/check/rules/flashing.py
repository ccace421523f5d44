"""Flashes that may bring on a seizure."""

from collections.abc import Iterator
from enum import Enum, auto
from itertools import compress

import numpy as np
import numpy.typing as npt

from astrai_slides.base.identity import address
from astrai_slides.check.colours import luminance_of_bytes
from astrai_slides.check.finding import Box, Breach, Severity
from astrai_slides.check.layers import Layers
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen, edges_of, meets
from astrai_slides.recording.format.model import Draw, Frame, Op, Style, View

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
    at, before = 0, None
    for _ in range(2 if step.step.loop else 1):
        for index, count in step.step.runs:
            frame = step.step.frames[index]
            ops = large.of(frame)
            key = (tuple(map(address, ops)), frame.view, frame.background)
            if key != before:
                if key not in known:
                    known[key] = luminance_of_bytes(painted.opaque(ops, frame.view, frame.background | 0xFF))
                shown.append((at / step.fps, known[key]))
                before = key
            at += count
    return shown


class _Kind(Enum):
    """What of a style may be large: lines are thin."""

    NO_FILL = auto()
    FILL_ALONE = auto()
    FILL_WITH_LINES = auto()


class _Large:
    """The ops of a step's frames that may be part of a flash.

    They are known by id, as most of them stay from frame to frame, and the frames keep them.
    """

    def __init__(self, step: StepSeen) -> None:
        self._measure = step.measure
        self._view: View | None = None
        self._ops: dict[int, bool] = {}
        self._kinds: dict[int, _Kind] = {}
        """Of styles."""
        self._areas: dict[int, float] = {}
        """Of paths, which glyphs share as they move."""

    def of(self, frame: Frame) -> list[Op]:
        """Those of `frame`, in order."""
        if frame.view != self._view:
            self._view = frame.view
            self._edges, self._least = edges_of(frame.view), _LARGE * frame.view.width * frame.view.height
            self._ops.clear()
        kept = list(map(self._ops.get, map(address, frame.ops)))
        if None in kept:
            for place, known in enumerate(kept):
                if known is None:
                    op = frame.ops[place]
                    kept[place] = self._ops[address(op)] = self._is_large(op)
        return list(compress(frame.ops, kept))

    def _is_large(self, op: Op) -> bool:
        if isinstance(op, Draw):
            kind = self._kinds.get(address(op.style))
            if kind is None:
                kind = self._kinds[address(op.style)] = _kind(op.style)
            if kind is _Kind.NO_FILL:
                return False
            if kind is _Kind.FILL_ALONE:
                area = self._areas.get(address(op.path))
                if area is None:
                    area = self._areas[address(op.path)] = _area(self._measure.bounds(op))
                if area <= self._least:
                    return False
        box = self._measure.bounds(op)
        return _area(box) > self._least and meets(box, self._edges)


def _kind(style: Style) -> _Kind:
    if style.fill is None or not style.fill.is_seen:
        return _Kind.NO_FILL
    return _Kind.FILL_ALONE if style.stroke is None and style.back is None else _Kind.FILL_WITH_LINES


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


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
