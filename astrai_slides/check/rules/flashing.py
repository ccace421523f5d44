"""Flashes that may bring on a seizure."""

from collections.abc import Iterator
from itertools import compress

import numpy as np
import numpy.typing as npt

from astrai_slides.check.finding import Breach, Severity
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import Region, StepSeen, edges_of, meets
from astrai_slides.recording.format.model import Draw, Op, View

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
    # by id, as most ops stay from frame to frame, and the frames keep them
    large: dict[int, bool] = {}
    sizes: dict[int, float] = {}
    view: View | None = None
    known: dict[object, npt.NDArray[np.float64]] = {}
    shown: list[tuple[float, npt.NDArray[np.float64]]] = []
    at, before = 0, None
    for _ in range(2 if step.step.loop else 1):
        for index, count in step.step.runs:
            frame = step.step.frames[index]
            if frame.view != view:
                view = frame.view
                large.clear()
            kept = list(map(large.get, map(id, frame.ops)))
            if None in kept:
                for place, known_before in enumerate(kept):
                    if known_before is None:
                        op = frame.ops[place]
                        kept[place] = large[id(op)] = _is_large(step, op, view, sizes)
            ops = list(compress(frame.ops, kept))
            key = (tuple(map(id, ops)), frame.view, frame.background)
            if key != before:
                if key not in known:
                    region = Region(frame.view, _WIDTH, _HEIGHT)
                    known[key] = step.measure.light(ops, region, frame.background | 0xFF)
                shown.append((at / step.fps, known[key]))
                before = key
            at += count
    return shown


def _is_large(step: StepSeen, op: Op, view: View, sizes: dict[int, float]) -> bool:
    """Whether `op` may be part of a flash; `sizes` has areas by the paths' ids, which glyphs share as they move."""
    if isinstance(op, Draw):
        style, path = op.style, op.path
        if style.fill is None:
            return False  # lines are thin
        if style.stroke is None and style.back is None:
            area = sizes.get(id(path))
            if area is None:
                box = step.measure.bounds(op)
                area = sizes[id(path)] = (box[2] - box[0]) * (box[3] - box[1])
            if area <= _LARGE * view.width * view.height:
                return False
        if not style.fill.is_seen:
            return False
    box = step.measure.bounds(op)
    return (box[2] - box[0]) * (box[3] - box[1]) > _LARGE * view.width * view.height and meets(box, edges_of(view))


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
