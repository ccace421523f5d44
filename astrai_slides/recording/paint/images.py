"""Pictures made ready for painting, once for all painters of a process: decoding one takes longer than painting it."""

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

import cairo
import numpy as np
from PIL import Image

from astrai_slides.recording.format.model import Blob
from astrai_slides.recording.paint.plain_pixels import PLAIN, pixels_of

_MOST = 128 << 20
"""Bytes of pixels kept of pictures; beyond, those that were painted longest ago are decoded again."""

_EMBEDDED = {"image/jpeg": cairo.MIME_TYPE_JPEG, "image/png": cairo.MIME_TYPE_PNG}

_FINEST = 3
"""How many pixels of a picture made smaller are left for each one that is painted, at least: from about there on a
mean of means is not to be told from a mean."""


@dataclass(frozen=True, slots=True)
class ReadyImage:
    """A picture ready to be painted, which is not to be drawn on."""

    surface: cairo.ImageSurface
    width: int
    height: int
    """In pixels of the picture itself."""
    smaller: int = 1
    """How many of those each pixel of `surface` is the mean of, across and down."""


_kept: OrderedDict[tuple[str, int], tuple[Blob, ReadyImage]] = OrderedDict()
_keeping = threading.Lock()


def image_of(blob: Blob, smaller: int = 1) -> ReadyImage:
    """Return the picture `blob`; `smaller`, which is a power of two, if it can be."""
    key = blob.digest, smaller
    with _keeping:
        known = _kept.get(key)
        if known is not None and (known[0] is blob or known[0] == blob):
            _kept.move_to_end(key)
            return known[1]
    image = _halved(image_of(blob, smaller // 2)) if smaller > 1 else _whole(blob)
    with _keeping:
        _kept[key] = blob, image
        while len(_kept) > 1 and sum(_size(each.surface) for _, each in _kept.values()) > _MOST:
            _kept.popitem(last=False)
    return image


def how_much_smaller(across: float, down: float) -> int:
    """How much smaller a picture may be before it is painted on pixels, of which each of its own takes `across` and
    `down`: Cairo goes through all pixels of a picture in every frame that shows it.
    """
    longer, smaller = max(across, down), 1
    while 0 < 2 * smaller * _FINEST * longer <= 1:
        smaller *= 2
    return smaller


def forget_plain_images() -> None:
    """Let go of pictures that are plain pixels: their step is filmed."""
    with _keeping:
        for key in [key for key, (blob, _) in _kept.items() if blob.mime == PLAIN]:
            del _kept[key]


def _halved(image: ReadyImage) -> ReadyImage:
    """Return `image` at half its width and height; the last pixels are the mean of those that are left there."""
    surface = image.surface
    kind, size = surface.get_format(), (surface.get_width(), surface.get_height())
    if kind not in (cairo.FORMAT_ARGB32, cairo.FORMAT_RGB24):
        return image
    # a mode whose four numbers are each for itself, as Cairo's colours are multiplied by their opacity already
    pixels = Image.frombuffer(
        "RGBa", size, np.asarray(surface.get_data()), "raw", "RGBa", surface.get_stride(), 1
    ).reduce(2)
    half = _surface_of(pixels.tobytes(), kind, *pixels.size)
    return replace(image, surface=half, smaller=2 * image.smaller)


def _whole(blob: Blob) -> ReadyImage:
    surface = _surface(blob)
    if blob.mime in _EMBEDDED:
        # PDF and SVG then hold the file as it is
        surface.set_mime_data(_EMBEDDED[blob.mime], blob.data)
    return ReadyImage(surface, surface.get_width(), surface.get_height())


def _surface_of(data: bytes, kind: cairo.Format, width: int, height: int) -> cairo.ImageSurface:
    """Return a surface of `data`, four bytes a pixel in Cairo's order."""
    return cairo.ImageSurface.create_for_data(memoryview(bytearray(data)), kind, width, height)


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
            whole = image.convert("RGBA")
        if whole.getextrema()[-1] == (0xFF, 0xFF):
            # as of a photograph: nothing to multiply
            return _surface_of(whole.tobytes("raw", "BGRA"), cairo.FORMAT_ARGB32, whole.width, whole.height)
        rgba = np.asarray(whole)
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
