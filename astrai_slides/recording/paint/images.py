"""Pictures made ready for painting, once for all painters of a process: decoding one takes longer than painting it."""

import io
import threading
from collections import OrderedDict

import cairo
import numpy as np
from PIL import Image

from astrai_slides.recording.format.model import Blob
from astrai_slides.recording.paint.plain_pixels import PLAIN, pixels_of

_MOST = 128 << 20
"""Bytes of pixels kept of pictures; beyond, those that were painted longest ago are decoded again."""

_EMBEDDED = {"image/jpeg": cairo.MIME_TYPE_JPEG, "image/png": cairo.MIME_TYPE_PNG}

_kept: OrderedDict[str, tuple[Blob, cairo.ImageSurface]] = OrderedDict()
_keeping = threading.Lock()


def image_of(blob: Blob) -> cairo.ImageSurface:
    """Return the picture `blob` as a surface, which is not to be drawn on."""
    with _keeping:
        known = _kept.get(blob.digest)
        if known is not None and (known[0] is blob or known[0] == blob):
            _kept.move_to_end(blob.digest)
            return known[1]
    image = _surface(blob)
    if blob.mime in _EMBEDDED:
        # PDF and SVG then hold the file as it is
        image.set_mime_data(_EMBEDDED[blob.mime], blob.data)
    with _keeping:
        _kept[blob.digest] = blob, image
        while len(_kept) > 1 and sum(_size(each) for _, each in _kept.values()) > _MOST:
            _kept.popitem(last=False)
    return image


def forget_plain_images() -> None:
    """Let go of pictures that are plain pixels: their step is filmed."""
    with _keeping:
        for digest in [digest for digest, (blob, _) in _kept.items() if blob.mime == PLAIN]:
            del _kept[digest]


def _size(image: cairo.ImageSurface) -> int:
    return image.get_stride() * image.get_height()


def _surface(blob: Blob) -> cairo.ImageSurface:
    if blob.mime == "image/png":
        # libpng, where it can: Cairo also keeps 16 bits and palettes right
        return cairo.ImageSurface.create_from_png(io.BytesIO(blob.data))
    if blob.mime == PLAIN:
        rgba = pixels_of(blob)
        # as of a PNG, which has no alpha then: Cairo blends the two otherwise where it scales them
        kind = cairo.FORMAT_RGB24 if bool((rgba[..., 3] == 0xFF).all()) else cairo.FORMAT_ARGB32
    else:
        with Image.open(io.BytesIO(blob.data)) as image:
            rgba = np.asarray(image.convert("RGBA"))
        kind = cairo.FORMAT_ARGB32
    surface = cairo.ImageSurface(kind, rgba.shape[1], rgba.shape[0])
    pixels = np.ndarray(
        (rgba.shape[0], rgba.shape[1], 4), np.uint8, surface.get_data(), strides=(surface.get_stride(), 4, 1)
    )
    if kind == cairo.FORMAT_RGB24:
        for target, source in enumerate((2, 1, 0, 3)):  # by slices, as taking them all by a list is far slower
            pixels[..., target] = rgba[..., source]
    else:
        alpha = rgba[..., 3:].astype(np.uint16)
        pixels[..., :3] = (rgba[..., 2::-1] * alpha + 127) // 0xFF
        pixels[..., 3] = rgba[..., 3]
    surface.mark_dirty()
    return surface
