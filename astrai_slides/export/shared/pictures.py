"""Pictures no larger than a slide can show them: what a file holds besides is weight that nobody sees."""

import io
import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from PIL import Image

from astrai_slides.base.identity import ById
from astrai_slides.recording.format.container import step_blobs
from astrai_slides.recording.format.model import Blob, Frame, Op, Picture, Recording, Step
from astrai_slides.recording.paint.decoded_pixels import pixels_kept
from astrai_slides.recording.paint.raster import encode_png

LONGER_SIDE = 3840
"""Pixels on the longer side of the largest screen that a slide is made for, 4K."""

QUALITY = 90
"""Of a photograph that is made smaller."""

_WORTH = 0.8
"""A picture is made smaller if it is shown at less than this share of its width and height."""

_SMALL = 100_000
"""Bytes of a picture that is left alone."""

Keep = Callable[[str, Callable[[], bytes]], bytes]
"""Returns what was kept under a name before, or what is made now, and keeps that."""

_LEVEL = 5
"""zlib's; 6 makes a photograph 2 % smaller in more than twice the time, the highest 4 % in seven times."""

_VERSION = 4
"""Raise it with every change to how pictures are made smaller."""


def fitted(recording: Recording, keep: Keep = lambda _, make: make()) -> Recording:
    """Return `recording` with every picture that is never shown at its full size, in any frame, made smaller.

    A photograph (JPEG) stays one, everything else is packed without loss. Where nothing is to be done it is the same
    recording.
    """
    large = {
        digest for digest, blob in recording.blobs.items() if blob.mime.startswith("image/") and len(blob.data) > _SMALL
    }
    concerned = {place for place, step in enumerate(recording.steps) if large & set(step_blobs(step))}
    shares: dict[str, float] = {}
    for place in concerned:
        _measure(recording.steps[place], large, shares)
    smaller: dict[str, tuple[Blob, int, int]] = {}
    for digest, share in shares.items():
        if share < _WORTH:
            made = _smaller(recording.blobs[digest], share, keep)
            if made is not None:
                smaller[digest] = made
    if not smaller:
        return recording
    steps = tuple(_redrawn(step, smaller) if place in concerned else step for place, step in enumerate(recording.steps))
    blobs = {name: blob for name, blob in recording.blobs.items() if name not in smaller}
    blobs.update({blob.digest: blob for blob, _, _ in smaller.values()})
    return replace(recording, steps=steps, blobs=blobs)


def _frames(step: Step) -> Iterable[Frame]:
    return (*step.frames, step.end)


def _measure(step: Step, large: set[str], shares: dict[str, float]) -> None:
    """Note at which share of its sides each picture is shown at most."""
    for frame in _frames(step):
        scale = LONGER_SIDE / max(frame.view.width, frame.view.height)
        for op in frame.ops:
            if isinstance(op, Picture) and op.digest in large:
                x0, y0, x1, y1, x2, y2 = op.corners
                across = math.hypot(x1 - x0, y1 - y0) * scale / op.width
                down = math.hypot(x2 - x0, y2 - y0) * scale / op.height
                # hard pixels are the picture's own look
                share = max(across, down) if op.smooth else math.inf
                shares[op.digest] = max(share, shares.get(op.digest, 0.0))


def _smaller(blob: Blob, share: float, keep: Keep) -> tuple[Blob, int, int] | None:
    """Return `blob` at `share` of its sides, with its new width and height; None if that takes no less."""
    known = pixels_kept(blob.digest)
    with Image.open(io.BytesIO(blob.data)) if known is None else Image.fromarray(known) as image:
        size = max(1, math.ceil(image.width * share)), max(1, math.ceil(image.height * share))

        def make() -> bytes:
            if blob.mime != "image/jpeg":
                return encode_png(np.asarray(_without_loss(image, size)), _LEVEL)
            buffer = io.BytesIO()
            image.resize(size, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=QUALITY, exif=b"", comment=b"")
            return buffer.getvalue()

        data = keep(f"picture {blob.digest} {size} {_VERSION}", make)
    return (Blob.of(blob.mime, data), *size) if len(data) < len(blob.data) else None


def _without_loss(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if "A" not in image.mode and "transparency" not in image.info:
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    # what is transparent has a colour too, which must not bleed into what is beside it
    whole = image.convert("RGBA").convert("RGBa")
    return whole.resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def _redrawn(step: Step, smaller: dict[str, tuple[Blob, int, int]]) -> Step:
    known: ById[Op, Op] = ById()

    def redraw(op: Op) -> Op:
        if not isinstance(op, Picture) or op.digest not in smaller:
            return op
        if op not in known:
            blob, width, height = smaller[op.digest]
            known[op] = replace(op, digest=blob.digest, width=width, height=height)
        return known[op]

    def again(frame: Frame) -> Frame:
        return replace(frame, ops=tuple(map(redraw, frame.ops)))

    return replace(step, frames=tuple(map(again, step.frames)), end=again(step.end))
