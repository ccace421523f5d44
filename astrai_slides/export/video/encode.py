"""Pixels to H.264: one chunk at a time, the same bytes on whatever machine, and chunks to a file."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cairo
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Colorspace

from astrai_slides.base import atomic
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video.sound import Samples, Track
from astrai_slides.recording.paint.h264 import Writer

VERSION = 5
"""Raise it with every change to what is drawn or encoded: clips of other versions are not served from the cache."""

CRF = 27
"""x264's constant rate factor. Without its tree of macroblocks (see `_X264`) this is 53 dB of PSNR on a talk's frames,
more than `veryfast` at 20 gives, at 1.6 times the size and in 40 % of the time."""

_QUANTIZER_BELOW = 5
"""How far below the rate factor the quantizer of shapes lies: as good in the mean and 3 dB better in the worst frame,
in three quarters of the time, as x264 need not look at how complex a picture is. Photographs would take twice the
size."""

# stitchable: parts of both kinds are put into one file, which has one set of parameters
_X264 = "cabac=1:8x8dct=1:partitions=i8x8:bframes=0:threads=1:stitchable=1"
_PRESET = "ultrafast"
_LEVEL_5_1 = 983_040
"""Macroblocks a second that H.264 level 5.1 decodes, the highest that Windows plays: 4K at 30 frames a second."""

_MACROBLOCK = 16

Yuv = npt.NDArray[np.uint8]
"""A picture as planar yuv420p, shape (height * 3 / 2, width)."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What a clip is encoded at: pixels (even), frames a second, and x264's constant rate factor."""

    width: int
    height: int
    fps: Fraction
    crf: int = CRF

    @property
    def key(self) -> str:
        """Tell this quality, and the code and libraries that make it, from any other."""
        versions = f"{VERSION} av{av.__version__} cairo{cairo.cairo_version_string()}"
        return f"{self.width}x{self.height}@{self.fps} crf{self.crf} {versions}"


def quality(width: int, height: int, fps: float, crf: int = CRF) -> Quality:
    """Return the nearest quality that every player takes: even sizes, and level 5.1 at most.

    4K with more than 30 frames a second gets a whole fraction of them.
    """
    if width < 2 or height < 2 or fps <= 0:
        raise AstraiSlidesError(f"a video of {width}x{height} pixels at {fps} frames a second cannot be; give more")
    width, height = width - width % 2, height - height % 2
    rate = Fraction(fps).limit_denominator(1001)
    blocks = -(-width // _MACROBLOCK) * -(-height // _MACROBLOCK)
    divisor = 1
    while blocks * rate / divisor > _LEVEL_5_1 and rate / divisor > 1:
        divisor += 1
    return Quality(width, height, rate / divisor, crf)


class Encoder:
    """An mp4 in memory that takes yuv420p pictures."""

    def __init__(self, quality: Quality, *, shapes: bool = False) -> None:
        """`shapes` says that no picture is shown that was not drawn, such as a photograph."""
        self._buffer = io.BytesIO()
        self._container = av.open(self._buffer, "w", format="mp4")
        rate = {"qp": str(quality.crf - _QUANTIZER_BELOW)} if shapes else {"crf": str(quality.crf)}
        options = {"preset": _PRESET, "profile": "high", "x264-params": _X264, **rate}
        self._writer = Writer(self._container, quality.width, quality.height, quality.fps, options)
        self._width = quality.width

    def add(self, picture: Yuv, count: int = 1) -> None:
        """Show `picture` for `count` frames."""
        self._writer.add(frame_of(picture, self._width), count)

    def finish(self) -> bytes:
        """Return the file."""
        self._writer.finish()
        self._container.close()
        return self._buffer.getvalue()


def frame_of(picture: Yuv, width: int) -> av.VideoFrame:
    """Wrap `picture`, without a copy where its height is a multiple of four, as almost all are."""
    height = picture.shape[0] * 2 // 3
    if height % 4:
        # PyAV takes the height from the rows of all planes together, of which there are a whole number of six then
        frame = av.VideoFrame(width, height, "yuv420p")
        for target, plane in zip(planes(frame), yuv_planes(picture, height), strict=True):
            target[...] = plane
    else:
        frame = av.VideoFrame.from_numpy_buffer(picture, format="yuv420p", width=width)
    frame.color_range, frame.colorspace = ColorRange.MPEG, Colorspace.ITU709
    return frame


def planes(frame: av.VideoFrame) -> tuple[npt.NDArray[np.uint8], ...]:
    """Views of the Y, U and V of a yuv420p frame, without the padding of its rows."""
    views = []
    for plane in frame.planes:
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)  # type: ignore[call-overload]
        views.append(rows[:, : plane.width])
    return tuple(views)


def yuv_planes(picture: Yuv, height: int) -> tuple[npt.NDArray[np.uint8], ...]:
    """Views of the Y, U and V of a picture of `height` rows."""
    width = picture.shape[1]
    flat, luma = picture.reshape(-1), width * height
    chroma = luma // 4
    return (
        flat[:luma].reshape(height, width),
        flat[luma : luma + chroma].reshape(height // 2, width // 2),
        flat[luma + chroma :].reshape(height // 2, width // 2),
    )


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter mark: its title, and how many frames it is long."""

    title: str
    frames: int


UNDECODED: Any = {"skip_frame": "all"}
"""Otherwise FFmpeg decodes a picture as it opens a file, which takes longer than to copy all of it."""


def join(
    parts: Iterable[bytes | Path],
    target: Path,
    fps: Fraction,
    chapters: Sequence[Chapter] = (),
    title: str = "",
    sound: Samples | None = None,
) -> int:
    """Put mp4s of one quality one after the other into `target`, its index first. Returns the number of frames.

    No picture is decoded or encoded; `sound` is encoded as a track besides. `target` appears whole or not at all.
    """
    written = 0
    with (
        atomic.replacing(target) as draft,
        av.open(str(draft), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as output,
    ):
        if chapters:
            output.set_chapters(list(_marks(chapters, fps)))
        if title:
            output.metadata["title"] = title
        stream: Any = None
        track: Track | None = None
        for part in parts:
            known: Any = str(part) if isinstance(part, Path) else io.BytesIO(part)
            with av.open(known, format="mp4", stream_options=[UNDECODED]) as source:
                video = source.streams.video[0]
                if stream is None:
                    stream = output.add_stream_from_template(video)
                    stream.time_base = 1 / fps
                    track = Track(output, sound) if sound is not None else None
                for packet in source.demux(video):
                    if packet.size == 0:
                        continue
                    packet.stream = stream
                    packet.time_base = 1 / fps
                    # no B-frames: packets come in the order in which they are shown
                    packet.pts = packet.dts = written
                    packet.duration = 1
                    if track is not None:
                        track.write_until(float(written / fps))
                    written += 1
                    output.mux(packet)
        if stream is None:
            raise ValueError("nothing to join")
        if track is not None:
            track.write_until()
    return written


def _marks(chapters: Sequence[Chapter], fps: Fraction) -> Iterator[Any]:
    start = 0
    for number, chapter in enumerate(chapters):
        stop = start + chapter.frames
        yield {
            "id": number,
            "start": start,
            "end": stop,
            "time_base": 1 / fps,
            "metadata": {"title": chapter.title},
        }
        start = stop
