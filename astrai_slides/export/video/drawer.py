"""Frames to pictures for an encoder, one after the other: only where a frame differs from the one before."""

import cairo
import numpy as np

from astrai_slides.base.identity import address
from astrai_slides.export.video.encode import Yuv, planes, yuv_planes
from astrai_slides.recording.format.model import Frame, Op
from astrai_slides.recording.paint.boxes import PixelBox, PixelBoxes, area, boxes, meeting, meets, union
from astrai_slides.recording.paint.h264 import Converter
from astrai_slides.recording.paint.painter import Painter


class Drawer:
    """Frames to yuv420p: paints and converts only where a frame differs from the one before."""

    _ALIGN = 64
    _MARGIN = 8
    _MOST_PARTS = 6
    _WORTH = 0.7
    """Share of the picture beyond which it is painted as a whole."""

    def __init__(self, painter: Painter, width: int, height: int, spare: list[Yuv] | None = None) -> None:
        """`spare` are pictures of the same size whose memory may be used."""
        self._painter = painter
        self._spare = [] if spare is None else spare
        self._size = width, height
        self._pixels = np.zeros((height, width, 4), np.uint8)
        surface = cairo.ImageSurface.create_for_data(self._pixels.data, cairo.FORMAT_RGB24, width, height)
        self._surface = surface
        self._ctx = cairo.Context(surface)
        self._converter = Converter()
        self._before: Frame | None = None
        self._addresses: list[int] = []
        self._boxes: PixelBoxes | None = None
        """What the ops of the frame before can touch; None if it is not known yet."""
        self._picture: Yuv | None = None

    def draw(self, frame: Frame) -> Yuv:
        """Return `frame` as a picture, which is never written to again."""
        if frame is self._before and self._picture is not None:
            return self._picture
        parts = self._changed(frame)
        self._before = frame
        if parts == [] and self._picture is not None:
            return self._picture
        width, height = self._size
        if parts is None or self._picture is None:
            self._painter.paint(self._ctx, frame, width, height)  # type: ignore[arg-type]
            self._surface.flush()
            picture = self._blank()
            converted = planes(self._converter.convert(self._pixels))
            for target, plane in zip(yuv_planes(picture, height), converted, strict=True):
                target[...] = plane
        else:
            picture = self._blank()
            picture[...] = self._picture
            assert self._boxes is not None
            for part in parts:
                ops = [frame.ops[place] for place in meeting(self._boxes, part)]
                self._painter.paint(self._ctx, frame, width, height, clip=part, ops=ops)  # type: ignore[arg-type]
            self._surface.flush()
            for part in parts:
                self._convert(part, picture)
        self._picture = picture
        return picture

    def _blank(self) -> Yuv:
        width, height = self._size
        # memory that was used before: fresh pages cost more than drawing
        return self._spare.pop() if self._spare else np.empty((height * 3 // 2, width), np.uint8)

    def _convert(self, part: PixelBox, picture: Yuv) -> None:
        """Convert `part` with a margin, since chroma is a mean of neighbours."""
        width, height = self._size
        left, top, right, bottom = part
        x0, y0 = max(0, left - self._MARGIN), max(0, top - self._MARGIN)
        x1, y1 = min(width, right + self._MARGIN), min(height, bottom + self._MARGIN)
        converted = planes(self._converter.convert(self._pixels[y0:y1, x0:x1]))
        for number, (target, plane) in enumerate(zip(yuv_planes(picture, height), converted, strict=True)):
            scale = 2 if number else 1
            target[top // scale : bottom // scale, left // scale : right // scale] = plane[
                (top - y0) // scale : (bottom - y0) // scale, (left - x0) // scale : (right - x0) // scale
            ]

    def _changed(self, frame: Frame) -> list[PixelBox] | None:
        """Where `frame` differs from the one before: boxes apart from each other; None for the whole picture.

        Ops are told apart by identity, which is sooner than by value; both frames keep theirs alive.
        """
        before, old, known = self._before, self._addresses, self._boxes
        new = self._addresses = list(map(address, frame.ops))
        self._boxes = None
        if before is None or before.view != frame.view or before.background != frame.background:
            return None
        first = _alike(old, new)
        last = _alike(old[: first - 1 : -1] if first else old[::-1], new[: first - 1 : -1] if first else new[::-1])
        gone, come = old[first : len(old) - last], new[first : len(new) - last]
        places = {each: place for place, each in enumerate(gone, first)}
        kept = [places[each] for each in come if each in places]
        if len(places) != len(gone) or len(set(come)) != len(come) or sorted(kept) != kept:
            return None  # the order changed, or one comes twice
        if known is None:
            known = self._reach(before.ops)
        drawn = [op for op, each in zip(frame.ops[first:], come, strict=False) if each not in places]
        fresh = self._reach(drawn)
        middle = np.empty((len(come), 4), np.int64)
        is_new = np.fromiter((each not in places for each in come), np.bool_, len(come))
        middle[is_new], middle[~is_new] = fresh, known[kept]
        self._boxes = np.concatenate([known[:first], middle, known[len(old) - last :]])
        is_gone = np.ones(len(gone), np.bool_)
        is_gone[np.array(kept, np.int64) - first] = False
        return self._parts(np.concatenate([known[first : len(old) - last][is_gone], fresh]))

    def _reach(self, ops: "tuple[Op, ...] | list[Op]") -> PixelBoxes:
        """What each of `ops` can touch of the picture, aligned, so that many share one."""
        assert self._before is not None
        width, height = self._size
        align = self._ALIGN
        found = boxes(ops, self._before.view, width, height)
        found[:, :2] = np.maximum(found[:, :2] // align * align, 0)
        found[:, 2:] = np.minimum(-(-found[:, 2:] // align) * align, (width, height))
        return found

    def _parts(self, changed: PixelBoxes) -> list[PixelBox] | None:
        seen = changed[(changed[:, 0] < changed[:, 2]) & (changed[:, 1] < changed[:, 3])]
        parts: list[PixelBox] = []
        for left, top, right, bottom in dict.fromkeys(map(tuple, seen.tolist())):
            _merge(parts, (left, top, right, bottom))
        while len(parts) > self._MOST_PARTS:
            _merge(parts, union(parts.pop(), parts.pop()))
        return None if sum(map(area, parts)) > self._WORTH * self._size[0] * self._size[1] else parts


def _alike(one: list[int], other: list[int]) -> int:
    """How many both have in common from the begin on."""
    place = 0
    for place, (mine, yours) in enumerate(zip(one, other, strict=False)):
        if mine != yours:
            return place
    return min(len(one), len(other))


def _merge(parts: list[PixelBox], part: PixelBox) -> None:
    """Add `part` to `parts`, united with whatever it meets."""
    again = True
    while again:
        again = False
        for other in parts:
            if meets(part, other):
                parts.remove(other)
                part, again = union(part, other), True
                break
    parts.append(part)
