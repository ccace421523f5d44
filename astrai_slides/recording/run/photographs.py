"""Photographs and pictures that stay the files they came as, and images that are packed once."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from astrai_slides.recording.format.model import Blob
from astrai_slides.recording.paint.decoded_pixels import keep_pixels
from astrai_slides.recording.paint.plain_pixels import plain_blob, plain_digest
from astrai_slides.recording.paint.raster import encode_png
from astrai_slides.recording.reuse.large_arrays import holds_same

Pixels = npt.NDArray[np.uint8]
"""RGBA, shape (height, width, 4)."""

_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"
_SHORTEST_PNG = 57
_CHUNK = 12
"""Bytes of a chunk of a PNG besides what it holds."""
_BITS = 8
_DECIDE_PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_PACKED = 0.7
"""A PNG that is no smaller than that share of its pixels as RGBA is packed again: it may be hardly packed at all."""

_ORIENTATION = 0x0112
_UPRIGHT = 1
_QUALITY = 95
"""Of a photograph that has to be turned, and so to be packed again."""

_MOST_PLAIN = 64 << 20
"""Bytes of a step's pictures that are kept as they are; more are kept small."""

MOST_PICTURES = 4
"""More different pictures than this in one step, and it is filmed."""

_WHOLE = ("RGB", "RGBA")
"""Modes of pictures whose pixels are all that there is to them."""

_BLOCK = 1 << 16
"""Numbers in a block of rows, or those of one row."""


class PackedPixels:
    """The blobs of images by what they hold: one that is shown in several steps is packed once."""

    def __init__(self) -> None:
        self._blobs: dict[tuple[Any, ...], Blob] = {}
        self._plain: dict[str, Blob] = {}
        self._plain_bytes = 0

    def blob(self, pixels: Pixels, path: Any = None) -> Blob:
        """Return `pixels` as a PNG, or the JPEG file `path` itself where it shows just them."""
        data = np.ascontiguousarray(pixels)
        key = _key(data, path)
        known = self._blobs.get(key)
        if known is None:
            photograph = _unaltered(Path(path), data) if path else None
            known = self._blobs[key] = photograph or Blob.of("image/png", encode_png(data))
        return known

    def plain(self, pixels: Pixels, path: Any = None) -> Blob:
        """Return `pixels` of a step that will be filmed: as they are, unless they were packed before."""
        data = np.ascontiguousarray(pixels)
        known = self._blobs.get(_key(data, path)) or self._plain.get(plain_digest(data))
        if known is None:
            known = plain_blob(data, small=self._plain_bytes > _MOST_PLAIN)
            self._plain[known.digest] = known
            self._plain_bytes += len(known.data)
        return known

    def forget_plain(self) -> None:
        """Let go of what is not packed."""
        self._plain.clear()
        self._plain_bytes = 0


def _key(pixels: Pixels, path: Any) -> tuple[Any, ...]:
    return pixels.shape, hashlib.sha256(pixels.data).digest(), str(path or "")


def _unaltered(path: Path, pixels: Pixels) -> Blob | None:
    """The JPEG or PNG file `path` as it is, if it shows `pixels` wherever it is shown.

    Of a PNG that is its pixels alone: notes in it are nobody's business, and browsers correct colours by a profile.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None  # gone since the image was made of it
    if data.startswith(_PNG):
        bare = _bare_png(data, pixels.size)
        if bare is None:
            return None
        with Image.open(io.BytesIO(bare)) as image:
            return _if_shown(Blob.of("image/png", bare), image, pixels)
    if not data.startswith(_JPEG):
        return None
    with Image.open(io.BytesIO(data)) as image:
        if not _looks_alike_everywhere(image) or _orientation(image) != _UPRIGHT:
            return None
        return _if_shown(Blob.of("image/jpeg", data), image, pixels)


def _if_shown(blob: Blob, image: Image.Image, pixels: Pixels) -> Blob | None:
    """Return `blob`, which `image` was opened from, if it shows `pixels`."""
    decoded = np.asarray(image)
    shown = decoded if image.mode == "RGBA" else np.asarray(image.convert("RGBA"))
    if not same_image(shown, pixels):
        return None
    if image.mode in _WHOLE and "transparency" not in image.info:
        keep_pixels(blob.digest, decoded)
    return blob


def _bare_png(data: bytes, raw: int) -> bytes | None:
    """The PNG file `data` without what does not decide its pixels; None if it is to be packed again.

    That is where it has more than 8 bits a colour, which viewers round each in its way, where it comes line by line,
    and where it takes about the `raw` bytes that it unpacks to.
    """
    if len(data) < _SHORTEST_PNG:
        return None
    kept, at, end = [_PNG], len(_PNG), b""
    while at < len(data) and end != b"IEND":
        size = int.from_bytes(data[at : at + 4], "big") + _CHUNK
        end = data[at + 4 : at + 8]
        if at == len(_PNG) and (end != b"IHDR" or data[at + 16] > _BITS or data[at + 20]):
            return None
        if end in _DECIDE_PIXELS:
            kept.append(data[at : at + size])
        at += size
    bare = b"".join(kept)
    return bare if end == b"IEND" and at <= len(data) and len(bare) < _PACKED * raw else None


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
    return holds_same(one, other) or all(
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
