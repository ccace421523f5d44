"""Photographs that stay the files they came as, and images that are packed once."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from astrai_slides.recording.format.model import Blob
from astrai_slides.recording.paint.raster import encode_png

Pixels = npt.NDArray[np.uint8]
"""RGBA, shape (height, width, 4)."""

_JPEG = b"\xff\xd8\xff"
_ORIENTATION = 0x0112
_UPRIGHT = 1
_QUALITY = 95
"""Of a photograph that has to be turned, and so to be packed again."""

_BLOCK = 1 << 16
"""Numbers in a block of rows, or those of one row."""


class PackedPixels:
    """The blobs of images by what they hold: one that is shown in several steps is packed once."""

    def __init__(self) -> None:
        self._blobs: dict[tuple[Any, ...], Blob] = {}

    def blob(self, pixels: Pixels, path: Any = None) -> Blob:
        """Return `pixels` as a PNG, or the JPEG file `path` itself where it shows just them."""
        data = np.ascontiguousarray(pixels)
        key = data.shape, hashlib.sha256(data.data).digest(), str(path or "")
        known = self._blobs.get(key)
        if known is None:
            photograph = _unaltered(Path(path), data) if path else None
            known = self._blobs[key] = photograph or Blob.of("image/png", encode_png(data))
        return known


def _unaltered(path: Path, pixels: Pixels) -> Blob | None:
    """The JPEG file `path` as it is, if it shows `pixels` wherever it is shown."""
    try:
        data = path.read_bytes()
    except OSError:
        return None  # gone since the image was made of it
    if not data.startswith(_JPEG):
        return None
    with Image.open(io.BytesIO(data)) as image:
        if not _looks_alike_everywhere(image) or _orientation(image) != _UPRIGHT:
            return None
        shown = np.asarray(image.convert("RGBA"))
    return Blob.of("image/jpeg", data) if same_image(shown, pixels) else None


def still_blob(data: bytes) -> tuple[Blob, int, int]:
    """Return the picture file `data` as browsers show it: a JPEG as it came, unless it has to be turned; else a PNG.

    Its width and height in pixels come with it.
    """
    with Image.open(io.BytesIO(data)) as image:
        turned = _orientation(image) != _UPRIGHT
        upright = ImageOps.exif_transpose(image) if turned else image
        if data.startswith(_JPEG) and _looks_alike_everywhere(image):
            if turned:
                buffer = io.BytesIO()
                upright.save(buffer, "JPEG", quality=_QUALITY, exif=b"")
                data = buffer.getvalue()
            return Blob.of("image/jpeg", data), upright.width, upright.height
        return Blob.of("image/png", encode_png(np.array(upright.convert("RGBA")))), upright.width, upright.height


def same_image(one: Pixels, other: Pixels) -> bool:
    """Whether two images differ by manim's rounding at most: animating an image truncates each colour."""
    if one.shape != other.shape:
        return False
    return bool(np.array_equal(one, other)) or all(
        int(np.abs(one[rows].astype(np.int16) - other[rows]).max(initial=0)) <= 1 for rows in row_blocks(one)
    )


def row_blocks(pixels: npt.NDArray[Any]) -> Iterator[slice]:
    """Some rows of `pixels` at a time: what is worked out of a whole photograph takes hundreds of megabytes."""
    rows = max(1, _BLOCK * len(pixels) // max(pixels.size, 1))
    return (slice(start, start + rows) for start in range(0, len(pixels), rows))


def _looks_alike_everywhere(image: Image.Image) -> bool:
    """Whether browsers, PDF readers and PowerPoint show the numbers that manim reads: with a profile they do not."""
    return image.mode in ("RGB", "L") and not image.info.get("icc_profile")


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(_ORIENTATION, _UPRIGHT))
