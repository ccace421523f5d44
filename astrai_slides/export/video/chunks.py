"""A segment of a step to video, forwards and backwards: a pure function of bytes, for any process on any machine."""

import io
import zlib
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from astrai_slides.base.identity import ById
from astrai_slides.export.video.drawer import Drawer
from astrai_slides.export.video.encode import Encoder, Quality, Yuv, planes, yuv_planes
from astrai_slides.recording.format.codec import DIGEST_BYTES, decode_step
from astrai_slides.recording.format.model import Blob, Draw, Frame, Rgba, Step
from astrai_slides.recording.paint.h264 import Converter, bgr_of
from astrai_slides.recording.paint.painter import Painter

END = -1
"""Index of a step's end state in a segment."""

MEMORY = 200 << 20
"""Bytes of pictures that a chunk may hold, since it is encoded in both directions."""

_FEWEST_PICTURES = 16
_LATEST = 4
"""Pictures that are kept for the encoder, which may still look at them, where they are not needed any more."""

MOST_FRAMES = 300

Segment = tuple[tuple[int, int], ...]
"""(which run of the step, or END; how many frames it stays), in order."""


@dataclass(frozen=True, slots=True)
class Task:
    """All that is needed to encode one chunk. `chunk` is the step's, compressed; `film` is its mp4 if it is filmed."""

    step: str
    digest: str
    chunk: bytes
    blobs: tuple[Blob, ...]
    segment: Segment
    first: int
    quality: Quality
    film: bytes | None = None
    background: Rgba = 0xFF
    backwards: bool = True
    """Whether it is to be encoded backwards too, which takes as long once more."""

    @property
    def frames(self) -> int:
        """How many frames it encodes."""
        return sum(count for _, count in self.segment)


EncodedChunk = tuple[tuple[bytes, bytes], ...]
"""mp4s of a task (forwards, backwards), in order of the step; b"" in place of one that nobody wants."""


def timeline(step: Step, recorded: float, shown: Fraction) -> Segment:
    """Return what a clip of `step` shows at `shown` frames a second, when it was recorded at `recorded`.

    Its last frame is the end state, on which it rests; a loop has none, as it goes on with its first frame.
    """
    runs = [count for _, count in step.runs if count > 0]
    total = sum(runs)
    ratio = shown / Fraction(recorded).limit_denominator(1001)
    length = max(1, round(total * ratio))
    segment: list[tuple[int, int]] = []
    done = passed = 0
    for index, count in enumerate(runs):
        passed += count
        until = min(length, round(passed * ratio)) if index < len(runs) - 1 else length
        if until > done:
            segment.append((index, until - done))
            done = until
    if step.loop:
        return tuple(segment)
    if length > 1:
        index, count = segment.pop()
        if count > 1:
            segment.append((index, count - 1))
    return (*segment, (END, 1))


def split(segment: Segment, quality: Quality) -> Iterator[Segment]:
    """Cut `segment` into chunks of bounded memory and length; where, depends on the quality only."""
    most = _most_pictures(quality)
    part: list[tuple[int, int]] = []
    frames = 0
    for index, count in segment:
        left = count
        while left:
            if len(part) >= most or frames >= MOST_FRAMES:
                yield tuple(part)
                part, frames = [], 0
            taken = min(left, MOST_FRAMES - frames)
            part.append((index, taken))
            frames, left = frames + taken, left - taken
    if part:
        yield tuple(part)


def _most_pictures(quality: Quality) -> int:
    return max(_FEWEST_PICTURES, MEMORY // (quality.width * quality.height * 3 // 2))


def encode_chunk(task: Task) -> EncodedChunk:
    """Draw and encode `task`. The same task gives the same bytes, wherever it runs."""
    if task.film is not None:
        return tuple(_film(task))
    step, painter = _opened(task)
    drawer = Drawer(painter, task.quality.width, task.quality.height, _spare_pictures(task.quality))
    frames = frames_of(task.segment, step)
    shapes = only_shapes(frames)
    forwards = Encoder(task.quality, shapes=shapes)
    pictures = _Pictures(task, shapes=shapes)
    for frame, (_, count) in zip(frames, task.segment, strict=True):
        picture = drawer.draw(frame)
        forwards.add(picture, count)
        pictures.add(picture, count)
    clips = forwards.finish(), pictures.backwards()
    pictures.spare()
    return (clips,)


def frames_of(segment: Segment, step: Step) -> list[Frame]:
    """What `segment` of `step` shows, each for as many frames as it says."""
    return [step.end if index == END else step.frames[index] for index, _ in segment]


def only_shapes(frames: Iterable[Frame]) -> bool:
    """Whether `frames` show no pictures, which decides how they are encoded."""
    return all(isinstance(op, Draw) for frame in frames for op in frame.ops)


class _Pictures:
    """The pictures of a task that were drawn, as far as they are needed once more."""

    def __init__(self, task: Task, *, shapes: bool = False) -> None:
        self._wanted = task.backwards
        self._shapes = shapes
        self._quality = task.quality
        self._drawn: deque[tuple[Yuv, int]] = deque()

    def add(self, picture: Yuv, count: int) -> None:
        """Take a picture that was shown for `count` frames."""
        self._drawn.append((picture, count))
        if not self._wanted and len(self._drawn) > _LATEST:
            oldest, _ = self._drawn.popleft()
            if oldest is not self._drawn[0][0]:
                _spare_pictures(self._quality).append(oldest)

    def backwards(self) -> bytes:
        """Return all of them as an mp4 that runs backwards, if one is wanted."""
        if not self._wanted:
            return b""
        encoder = Encoder(self._quality, shapes=self._shapes)
        for picture, count in reversed(self._drawn):
            encoder.add(picture, count)
        return encoder.finish()

    def spare(self) -> None:
        """Let the memory of all be used again."""
        _spare_pictures(self._quality).extend(ById(self._drawn))
        self._drawn.clear()


# -- what a process keeps from one task to the next: memory, and the step it decoded last

_spare: dict[tuple[int, int], list[Yuv]] = {}

_kept: OrderedDict[str, tuple[Step, Painter]] = OrderedDict()
_MOST_KEPT = 2


def _spare_pictures(quality: Quality) -> list[Yuv]:
    size = quality.width, quality.height
    if size not in _spare:
        _spare.clear()
        _spare[size] = []
    return _spare[size]


def _opened(task: Task) -> tuple[Step, Painter]:
    known = _kept.get(task.digest)
    if known is None:
        known = open_task(task)
        while len(_kept) >= _MOST_KEPT:
            _kept.popitem(last=False)
    _kept[task.digest] = known
    _kept.move_to_end(task.digest)
    return known


def open_task(task: Task) -> tuple[Step, Painter]:
    """Decode the step of `task`, which is no film, and return it with what paints it."""
    blobs: Mapping[str, Blob] = {blob.digest: blob for blob in task.blobs}
    halves = {digest[: 2 * DIGEST_BYTES]: digest for digest in blobs}
    return decode_step(zlib.decompress(task.chunk), Step.blank(task.step), halves), Painter(blobs)


# -- filmed steps


def film_pictures(task: Task) -> Iterator[tuple[Yuv, int]]:
    """Decode the film of `task` into pictures, each with the number of frames it stays in the clip."""
    converter = Converter()
    for frame, count in zip(_decoded(task.film or b""), _resampled(task), strict=False):
        if count:
            yield _fitted(frame, task, converter), count


def _film(task: Task) -> Iterator[tuple[bytes, bytes]]:
    """Encode a film anew, fitted into the picture, in segments of bounded memory."""
    most = _most_pictures(task.quality)
    pictures, shown = _Pictures(task), 0
    forwards = Encoder(task.quality)
    for picture, count in film_pictures(task):
        if shown >= most:
            yield forwards.finish(), pictures.backwards()
            pictures.spare()
            forwards, shown = Encoder(task.quality), 0
        forwards.add(picture, count)
        pictures.add(picture, count)
        shown += 1
    yield forwards.finish(), pictures.backwards()


def _resampled(task: Task) -> Sequence[int]:
    """How many frames of the clip each frame of the film stays."""
    with av.open(io.BytesIO(task.film or b"")) as container:
        stream = container.streams.video[0]
        base = stream.time_base or Fraction(1, 1000)
        times = sorted(packet.pts * base for packet in container.demux(stream) if packet.pts is not None)  # type: ignore[union-attr]
    counts = []
    shown = 0
    for index in range(len(times)):
        following = times[index + 1] - times[0] if index + 1 < len(times) else None
        until = task.frames if following is None else min(task.frames, round(following * task.quality.fps))
        counts.append(max(0, until - shown))
        shown = max(shown, until)
    return counts


def _decoded(film: bytes) -> Iterator[av.VideoFrame]:
    with av.open(io.BytesIO(film)) as container:
        yield from container.decode(video=0)  # type: ignore[union-attr]


def _fitted(frame: av.VideoFrame, task: Task, converter: Converter) -> Yuv:
    width, height = task.quality.width, task.quality.height
    spare = _spare_pictures(task.quality)
    picture = spare.pop() if spare else np.empty((height * 3 // 2, width), np.uint8)
    if _is_picture(frame, width, height):
        for target, plane in zip(yuv_planes(picture, height), planes(frame), strict=True):
            target[...] = plane
        return picture
    scale = min(width / frame.width, height / frame.height)
    inner = min(width, round(frame.width * scale)), min(height, round(frame.height * scale))
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[...] = [task.background >> shift & 0xFF for shift in (8, 16, 24)] + [0xFF]
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    pixels[top : top + inner[1], left : left + inner[0], :3] = bgr_of(frame, *inner)
    converted = planes(converter.convert(pixels))
    for target, plane in zip(yuv_planes(picture, height), converted, strict=True):
        target[...] = plane
    return picture


def _is_picture(frame: av.VideoFrame, width: int, height: int) -> bool:
    """Whether `frame` is what is to be encoded, as our own films are at the size that they were made at."""
    kind = frame.format.name, frame.width, frame.height, frame.colorspace, frame.color_range
    return kind == ("yuv420p", width, height, Colorspace.ITU709, ColorRange.MPEG)
