"""Frames as pixels."""

import io
from collections.abc import Mapping

import cairo
import numpy as np
import numpy.typing as npt
from PIL import Image

from astrai_slides.recording.format.model import Blob, Frame
from astrai_slides.recording.paint.painter import Painter

Pixels = npt.NDArray[np.uint8]
"""Shape (height, width, channels)."""

_QUALITY = 85
"""Of pictures that are shown small, or before a drawing takes their place."""


def rasterise(
    frame: Frame, blobs: Mapping[str, Blob], width: int, height: int, painter: Painter | None = None
) -> Pixels:
    """Paint `frame` at `width` x `height` pixels: BGRA, premultiplied, shape (height, width, 4).

    A `painter` for the same `blobs` saves preparing paths again. Raises KeyError if a picture's blob is missing.
    """
    pixels = np.zeros((height, width, 4), np.uint8)
    surface = cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, width, height)
    (painter or Painter(blobs)).paint(cairo.Context(surface), frame, width, height)
    surface.finish()
    return pixels


def rasterise_rgba(frame: Frame, blobs: Mapping[str, Blob], width: int, height: int) -> Pixels:
    """Paint `frame` as RGBA, not premultiplied, shape (height, width, 4)."""
    return straight(rasterise(frame, blobs, width, height))


def straight(bgra: Pixels) -> Pixels:
    """Turn premultiplied BGRA into RGBA as image files want it."""
    alpha = bgra[..., 3:]
    rgba = np.empty_like(bgra)
    for target, source in enumerate((2, 1, 0, 3)):  # by slices, as taking them all by a list is far slower
        rgba[..., target] = bgra[..., source]
    if bool((alpha == 0xFF).all()):
        return rgba
    scaled = rgba[..., :3].astype(np.uint16) * 0xFF + alpha // 2
    rgba[..., :3] = np.minimum(scaled // np.maximum(alpha, 1), 0xFF).astype(np.uint8)
    return rgba


def rgb(bgra: Pixels) -> Pixels:
    """Return what an opaque screen shows: RGB, shape (height, width, 3), transparent parts over black."""
    return np.ascontiguousarray(bgra[..., 2::-1])


def png(frame: Frame, blobs: Mapping[str, Blob], width: int, height: int) -> bytes:
    """Paint `frame` as a PNG file, with transparency only where it has some."""
    return encode_png(rasterise_rgba(frame, blobs, width, height))


def encode_png(pixels: Pixels, level: int = 6) -> bytes:
    """Return RGB, or RGBA that is not premultiplied, as a PNG file, without alpha if all of it is opaque.

    `level` is that of the compression, from 0 to 9.
    """
    opaque = bool((pixels[..., 3:] == 0xFF).all())
    buffer = io.BytesIO()
    shown = np.ascontiguousarray(pixels[..., :3] if opaque else pixels)
    Image.fromarray(shown).save(buffer, "PNG", compress_level=level)
    return buffer.getvalue()


def encode_few_colours(shown: Pixels, colours: int) -> bytes:
    """Return RGB as a PNG file of at most so many colours, up to 256, which is small."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(shown)).quantize(colours).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def encode_webp(rgba: Pixels) -> bytes:
    """Return RGBA, not premultiplied, as a WebP file; what is drawn in few colours stays as sharp as it was."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgba)).save(buffer, "WEBP", quality=_QUALITY, method=4)
    return buffer.getvalue()


def encode_jpeg(shown: Pixels) -> bytes:
    """Return RGB as a JPEG file."""
    buffer = io.BytesIO()
    Image.fromarray(shown).save(buffer, "JPEG", quality=_QUALITY, optimize=True, subsampling=0)
    return buffer.getvalue()
