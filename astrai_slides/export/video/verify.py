"""Whether a video from elsewhere shows what was asked: decoded to its end, and compared with the recording."""

import io
import random
from collections.abc import Iterator, Mapping
from functools import cache

import av
import numpy as np
import numpy.typing as npt

from astrai_slides.export.video.answers import BadAnswerError
from astrai_slides.export.video.chunks import (
    END,
    EncodedChunk,
    Task,
    film_pictures,
    frames_of,
    only_shapes,
    open_task,
)
from astrai_slides.export.video.drawer import Drawer
from astrai_slides.export.video.encode import Encoder, Quality, Yuv, planes, yuv_planes
from astrai_slides.recording.format.model import Step
from astrai_slides.recording.paint.painter import Painter

BETWEEN = 2
"""Pictures besides the first and the last that are compared. Which ones cannot be known before."""

_BLOCK = 8
_MOST_OFF = 10
"""Levels of 255 that the pixels of a block of a plane may be off in the mean; what H.264 loses stays well below."""

_CODEC, _FORMAT = "h264", "yuv420p"
_CONTAINER = "mp4"
_PREFIX = 4
"""Bytes of the length in front of each part of a packet, in an mp4."""


class Verifier:
    """Compares answers with what their tasks asked for. For one thread at a time."""

    def __init__(self) -> None:
        self._choose = random.SystemRandom()
        self._known: tuple[str, Step, Painter] | None = None
        self._stopped = False

    def stop(self) -> None:
        """Let a check that another thread is at end soon: nobody wants to know any more."""
        self._stopped = True

    def check(self, task: Task, clips: EncodedChunk) -> None:
        """Decode all of `clips`. Raises BadAnswerError, saying in what they are not what `task` asked for."""
        frames = task.frames if task.film is None else sum(count for _, count in film_pictures(task))
        shapes = task.film is None and only_shapes(frames_of(task.segment, self._step(task)[0]))
        settings = _settings(task.quality, shapes)
        lengths = [_length(forwards, task.quality, settings) for forwards, _ in clips]
        if task.film is None and len(clips) != 1:
            raise BadAnswerError(f"the answer holds {len(clips)} segments in place of one")
        if sum(lengths) != frames:
            raise BadAnswerError(f"the video has {sum(lengths)} frames in place of {frames}")
        chosen = {0, frames - 1, *(self._choose.randrange(frames) for _ in range(BETWEEN))}
        wanted = self._pictures(task, chosen)
        start = 0
        for (forwards, backwards), length in zip(clips, lengths, strict=True):
            mine = {place - start: wanted[place] for place in chosen if start <= place < start + length}
            self._compare(forwards, length, mine, task, "forwards")
            start += length
            if not task.backwards:
                if backwards:
                    raise BadAnswerError("the answer holds a video backwards, which was not asked for")
                continue
            if _length(backwards, task.quality, settings) != length:
                raise BadAnswerError("the video has another length backwards than forwards")
            mirrored = {length - 1 - place: picture for place, picture in mine.items()}
            self._compare(backwards, length, mirrored, task, "backwards")

    def _pictures(self, task: Task, chosen: set[int]) -> Mapping[int, Yuv]:
        """What the clip of `task` is to show at the places `chosen`."""
        pictures: dict[int, Yuv] = {}
        shown = 0
        for picture, count in self._all(task, chosen):
            for place in range(shown, shown + count):
                if place in chosen and picture is not None:
                    pictures[place] = picture
            shown += count
        return pictures

    def _step(self, task: Task) -> tuple[Step, Painter]:
        if self._known is None or self._known[0] != task.digest:
            self._known = task.digest, *open_task(task)
        return self._known[1:]

    def _all(self, task: Task, chosen: set[int]) -> Iterator[tuple[Yuv | None, int]]:
        """Every picture with its number of frames; None for one that was not chosen."""
        if task.film is not None:
            yield from film_pictures(task)
            return
        step, painter = self._step(task)
        drawer = Drawer(painter, task.quality.width, task.quality.height)
        shown = 0
        for index, count in task.segment:
            if chosen.isdisjoint(range(shown, shown + count)):
                yield None, count
            else:
                yield drawer.draw(step.end if index == END else step.frames[index]), count
            shown += count

    def _compare(self, clip: bytes, length: int, wanted: Mapping[int, Yuv], task: Task, way: str) -> None:
        """Decode `clip` to its end, which is `length` pictures, and compare those at the places `wanted`."""
        size = task.quality.width, task.quality.height
        count = 0
        try:
            with av.open(io.BytesIO(clip), format=_CONTAINER) as container:
                for frame in container.decode(video=0):  # type: ignore[union-attr]
                    if self._stopped:
                        raise BadAnswerError("nobody waits for it any more")
                    if frame.format.name != _FORMAT or (frame.width, frame.height) != size:
                        raise BadAnswerError("the video changes its size")
                    if count in wanted and deviation(planes(frame), wanted[count]) > _MOST_OFF:
                        raise BadAnswerError(f"the video shows another picture than the recording ({way}, {count})")
                    count += 1
        except (av.FFmpegError, ValueError, EOFError) as error:
            raise BadAnswerError(f"the video cannot be decoded: {error}") from error
        if count != length:
            raise BadAnswerError(f"of the video's {length} frames only {count} can be decoded")


def _length(clip: bytes, quality: Quality, settings: tuple[bytes, bytes]) -> int:
    """How many pictures `clip` announces. Raises BadAnswerError if it is no video of `quality` with our `settings`."""
    try:
        # its format by name: any other that FFmpeg knows might read files of this machine
        with av.open(io.BytesIO(clip), format=_CONTAINER) as container:
            if len(container.streams) != 1 or len(container.streams.video) != 1:
                raise BadAnswerError("the answer holds something else than one video")
            context = container.streams.video[0].codec_context
            kind = context.name, context.pix_fmt, context.width, context.height
            if kind != (_CODEC, _FORMAT, quality.width, quality.height):
                raise BadAnswerError(f"the video is {kind[0]}, {kind[1]}, {kind[2]}x{kind[3]}")
            packets = [bytes(each) for each in container.demux(video=0) if each.size]  # type: ignore[union-attr]
            if _encoded_with(context.extradata, packets) != settings:
                raise BadAnswerError("the video was encoded with other settings")
            return len(packets)
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise BadAnswerError(f"the answer holds no video: {error}") from error


@cache
def _settings(quality: Quality, shapes: bool) -> tuple[bytes, bytes]:
    """What each clip of `quality` begins with: clips are joined by what is in front of the first one's pictures."""
    encoder = Encoder(quality, shapes=shapes)
    encoder.add(np.zeros((quality.height * 3 // 2, quality.width), np.uint8))
    with av.open(io.BytesIO(encoder.finish()), format=_CONTAINER) as container:
        packets = [bytes(each) for each in container.demux(video=0) if each.size]  # type: ignore[union-attr]
        return _encoded_with(container.streams.video[0].codec_context.extradata, packets)


def _encoded_with(extradata: bytes | None, packets: list[bytes]) -> tuple[bytes, bytes]:
    """What is in front of all pictures, and x264's message before the first, which tells its options."""
    first = packets[0] if packets else b""
    length = int.from_bytes(first[:_PREFIX], "big")
    return extradata or b"", first[: _PREFIX + length]


def deviation(shown: tuple[npt.NDArray[np.uint8], ...], picture: Yuv) -> float:
    """By how many levels the pixels of the block that is farthest off differ in the mean."""
    height = picture.shape[0] * 2 // 3
    return max(_farthest(one, other) for one, other in zip(shown, yuv_planes(picture, height), strict=True))


def _farthest(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    off = np.maximum(one, other) - np.minimum(one, other)
    rows, columns = (range(0, size, _BLOCK) for size in off.shape)
    sums = np.add.reduceat(np.add.reduceat(off, rows, axis=0, dtype=np.uint32), columns, axis=1)
    sizes = np.outer(*(np.minimum(_BLOCK, size - np.arange(0, size, _BLOCK)) for size in off.shape))
    return float((sums / sizes).max())
