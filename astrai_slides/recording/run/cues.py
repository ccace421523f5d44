"""Which step what a scene said at a time belongs to: subcaptions and sounds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from astrai_slides.base.surrogates import whole
from astrai_slides.recording.format.model import Blob, Caption, Sound, Step
from astrai_slides.seam.writer import NullWriter

Span = tuple[float, float]
"""When a step begins and ends, in seconds of the scene's own time, which goes on while steps are skipped."""

_NEAR = 1e-6


def with_cues(
    steps: Sequence[Step], spans: Sequence[Span], writer: NullWriter
) -> tuple[tuple[Step, ...], Mapping[str, Blob]]:
    """Return `steps` with the subcaptions and sounds that `writer` was told of, and the files of the sounds.

    What was said while nothing was recorded is left out with what was skipped.
    """
    captions: list[list[Caption]] = [[] for _ in steps]
    sounds: list[list[Sound]] = [[] for _ in steps]
    blobs: dict[str, Blob] = {}
    for each in writer.subcaptions:
        begin, end = each.start.total_seconds(), each.end.total_seconds()
        place = _place(max(0.0, begin), spans)
        if place is not None and each.content.strip():
            captions[place[0]].append(Caption(whole(each.content), place[1], max(0.0, round(end - begin, 6))))
    for sound in writer.sounds:
        blob = Blob.of(f"audio/{sound.kind}", sound.data)
        place = _place(sound.time, spans)
        if place is not None:
            blobs[blob.digest] = blob
            sounds[place[0]].append(Sound(blob.digest, place[1], sound.gain))
    told = zip(steps, captions, sounds, strict=True)
    return tuple(replace(step, captions=tuple(said), sounds=tuple(heard)) for step, said, heard in told), blobs


def _place(time: float, spans: Sequence[Span]) -> tuple[int, float] | None:
    """The step at `time`, and how many seconds after its begin that is; None where nothing was recorded."""
    for index, (begin, end) in enumerate(spans):
        if begin - _NEAR <= time < end - _NEAR:
            return index, max(0.0, round(time - begin, 6))
    begin, end = spans[-1]
    return (len(spans) - 1, max(0.0, round(time - begin, 6))) if time >= end - _NEAR else None
