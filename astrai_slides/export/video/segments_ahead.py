"""The last segments of a step that is being recorded again: they are drawn before the step is encoded."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from astrai_slides.base import cache
from astrai_slides.export.video.chunks import END, Segment, Task, split, timeline
from astrai_slides.export.video.encode import Quality
from astrai_slides.export.video.segments import segment_keys, segment_names
from astrai_slides.recording.format.codec import encode_step
from astrai_slides.recording.format.container import step_blobs
from astrai_slides.recording.format.model import Blob, Step

_MOST = 4
"""So many are looked for: naming all takes as long as drawing one, which the whole step waits for."""


def last_segments(
    step: Step, blobs: Mapping[str, Blob], fps: float, quality: Quality, store: cache.Store, *, backwards: bool
) -> list[tuple[str, Task]]:
    """Return the segments that `step`, recorded at `fps`, ends with, up to the first that `store` has.

    Each has the name that `segment_names` gives, and what draws it, `backwards` as well if that is wanted.
    """
    segments = list(split(timeline(step, fps, quality.fps), quality))
    first = sum(count for segment in segments for _, count in segment)
    found: list[tuple[str, Task]] = []
    last = segments[: -_MOST - 1 : -1]
    for segment, name in zip(last, segment_names(step, last), strict=True):
        first -= sum(count for _, count in segment)
        if any(store.get(key) for key in segment_keys(name, quality, backwards=backwards)):
            break
        part, shown = _alone(step, segment)
        used = tuple(blobs[digest] for digest in step_blobs(part))
        chunk = zlib.compress(encode_step(part), 1)
        background = step.end.background
        found.append((name, Task(step.name, name, chunk, used, shown, first, quality, None, background, backwards)))
    return found[::-1]


def _alone(step: Step, segment: Segment) -> tuple[Step, Segment]:
    """A step of the frames of `segment` only, and what it shows of that."""
    frames = [step.frames[index] for index, count in step.runs if count > 0]
    indices = [index for index, _ in segment if index != END]
    part = replace(
        step,
        frames=tuple(frames[index] for index in indices),
        runs=tuple((place, 1) for place in range(len(indices))),
        texts=(),
        rests=(),
    )
    return part, tuple(_places(segment))


def _places(segment: Segment) -> Iterator[tuple[int, int]]:
    place = 0
    for index, count in segment:
        yield (index if index == END else place), count
        place += index != END
