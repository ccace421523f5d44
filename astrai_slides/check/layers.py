"""Pictures that follow one another, mostly with the same ops below: these are painted once."""

from collections.abc import Mapping, Sequence

import cairo
import numpy as np
import numpy.typing as npt

from astrai_slides.recording.format.model import Blob, Frame, Op, View
from astrai_slides.recording.paint.painter import Painter

Bytes = npt.NDArray[np.uint8]


class Layers:
    """Paints pictures of `width` by `height` pixels one after the other."""

    def __init__(self, blobs: Mapping[str, Blob], width: int, height: int) -> None:
        """`blobs` are those of the recording whose ops are painted."""
        self._painter = Painter(blobs)
        self._below, self._whole = _Surface(width, height), _Surface(width, height)
        self._before: Sequence[Op] = ()
        self._ground: tuple[View, int] | None = None
        self._painted = 0
        """How many ops of the picture before lie on `_below`, the lowest first."""

    def opaque(self, ops: Sequence[Op], view: View, background: int) -> Bytes:
        """RGB, 0 to 255, shape (height, width, 3), of `ops` over an opaque `background`, 0xRRGGBBAA, seen in `view`."""
        if self._ground != (view, background):
            self._ground, self._before = (view, background), ()
            self._start()
        kept = 0
        for one, other in zip(self._before, ops, strict=False):
            if one is not other:
                break
            kept += 1
        if kept < self._painted:
            self._start()
        if kept > self._painted:
            self._paint(self._below, ops[self._painted : kept])
            self._painted = kept
        self._whole.pixels[:] = self._below.pixels
        self._whole.surface.mark_dirty()
        self._paint(self._whole, ops[kept:])
        self._before = ops
        return self._whole.pixels[..., 2::-1]

    def _start(self) -> None:
        self._painted = 0
        self._paint(self._below, (), background=True)

    def _paint(self, on: "_Surface", ops: Sequence[Op], *, background: bool = False) -> None:
        assert self._ground is not None
        if ops or background:
            view, colour = self._ground
            height, width = on.pixels.shape[:2]
            self._painter.paint(on.context, Frame(tuple(ops), view, colour), width, height, background=background)
            on.surface.flush()


class _Surface:
    def __init__(self, width: int, height: int) -> None:
        self.surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
        self.context: cairo.Context[cairo.Surface] = cairo.Context(self.surface)
        strides = (self.surface.get_stride(), 4, 1)
        self.pixels = np.ndarray((height, width, 4), np.uint8, self.surface.get_data(), strides=strides)
