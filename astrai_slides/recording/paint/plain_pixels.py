"""Pictures as plain pixels, for steps that will be filmed: packing a picture takes longer than painting it.

Such blobs are never part of a recording.
"""

import hashlib
import zlib

import numpy as np
import numpy.typing as npt

from astrai_slides.recording.format.model import Blob

PLAIN = "image/x-rgba"

_SIZE = 4
"""Bytes of a width, or a height."""
_LEVEL = 1

Pixels = npt.NDArray[np.uint8]
"""RGBA, shape (height, width, 4)."""


def plain_digest(pixels: Pixels) -> str:
    """Name `pixels` by what they show."""
    return hashlib.sha256(_head(pixels) + hashlib.sha256(np.ascontiguousarray(pixels).data).digest()).hexdigest()


def plain_blob(pixels: Pixels, *, small: bool = False) -> Blob:
    """Return `pixels` as a blob; `small` for one that is kept for long, which takes longer to make."""
    data = np.ascontiguousarray(pixels).tobytes()
    return Blob(plain_digest(pixels), PLAIN, _head(pixels) + (zlib.compress(data, _LEVEL) if small else data))


def pixels_of(blob: Blob) -> Pixels:
    """Return the pixels of a blob that `plain_blob` made."""
    width, height = (int.from_bytes(blob.data[at : at + _SIZE], "little") for at in (0, _SIZE))
    data = blob.data[2 * _SIZE :]
    if len(data) != width * height * 4:
        data = zlib.decompress(data)
    return np.frombuffer(data, np.uint8).reshape(height, width, 4)


def _head(pixels: Pixels) -> bytes:
    height, width = map(int, pixels.shape[:2])
    return width.to_bytes(_SIZE, "little") + height.to_bytes(_SIZE, "little")
