"""Pixels to H.264 of high-definition video's colours (BT.709) and back: the same bytes from the same pictures."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

_BT709 = 1
"""Colour primaries and transfer of high-definition video, as H.264 numbers them."""


class Writer:
    """A stream of yuv420p pictures in an open container, which the caller closes."""

    def __init__(
        self, container: OutputContainer, width: int, height: int, fps: Fraction, options: Mapping[str, str]
    ) -> None:
        """`width` and `height` are even; `options` are x264's."""
        stream: Any = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = 1 / fps
        stream.options = dict(options)
        context = stream.codec_context
        # with several, what comes out depends on how many there are
        context.thread_count = 1
        context.time_base = 1 / fps
        context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
        context.color_primaries = context.color_trc = _BT709
        self._container, self._stream = container, stream
        self._time_base = 1 / fps
        self._next = 0

    def add(self, frame: av.VideoFrame, count: int = 1) -> None:
        """Show `frame` for `count` frames."""
        frame.time_base = self._time_base
        for _ in range(count):
            frame.pts = self._next
            self._next += 1
            self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._container.mux(self._stream.encode(None))


def plane_bytes(frame: av.VideoFrame) -> bytes:
    """The numbers of a picture of yuv420p, without what stands beside its rows."""
    return frame.to_ndarray().tobytes()


def plane_size(width: int, height: int) -> int:
    """How many bytes `plane_bytes` gives."""
    return width * height * 3 // 2


def frame_of_planes(planes: bytes, width: int, height: int) -> av.VideoFrame:
    """The picture of which `plane_bytes` gave `planes`."""
    numbers = np.frombuffer(planes, np.uint8).reshape(height * 3 // 2, width)
    return av.VideoFrame.from_ndarray(numbers, format="yuv420p")


class Converter:
    """BGR0 pixels to yuv420p of BT.709, whole or in part."""

    _KEPT = 48

    def __init__(self) -> None:
        self._reformatters: dict[tuple[int, int], VideoReformatter] = {}

    def convert(self, pixels: npt.NDArray[np.uint8]) -> av.VideoFrame:
        """Convert `pixels`, shape (height, width, 4) with even sizes."""
        height, width = pixels.shape[:2]
        if len(self._reformatters) > self._KEPT:
            self._reformatters.clear()
        # a reformatter prepares itself anew whenever the size changes, which costs as much as converting
        reformatter = self._reformatters.setdefault((width, height), VideoReformatter())
        return reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(pixels, format="bgra"),
            format="yuv420p",
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
            # not FAST_BILINEAR: it smears rows a little, otherwise at each width
            interpolation="BILINEAR",
        )


def bgr_of(frame: av.VideoFrame, width: int, height: int) -> npt.NDArray[np.uint8]:
    """Return a decoded frame, scaled, as BGR of shape (height, width, 3): the same pixels every time."""
    # Four bytes a pixel are not: at widths that are no multiple of eight FFmpeg mixes in what memory holds beside it.
    # Nor are several threads: their slices meet in rows that come out otherwise.
    shown = VideoReformatter().reformat(frame, width, height, "bgr24", interpolation="BICUBIC", threads=1)
    return np.asarray(shown.to_ndarray(), np.uint8)
