"""Pixels of picture files that were decoded while a scene was recorded, for writers of the same build."""

from collections import OrderedDict

import numpy as np
import numpy.typing as npt

MOST_BYTES = 64 << 20
"""Bytes of pixels that are kept: a photograph of 12 megapixels with its opacity, say."""

_kept: OrderedDict[str, npt.NDArray[np.uint8]] = OrderedDict()


def keep_pixels(digest: str, pixels: npt.NDArray[np.uint8]) -> None:
    """Keep what Pillow decodes the picture `digest` to: RGB or RGBA, shape (height, width, 3 or 4)."""
    _kept[digest] = pixels
    while sum(each.nbytes for each in _kept.values()) > MOST_BYTES:
        _kept.popitem(last=False)


def pixels_kept(digest: str) -> npt.NDArray[np.uint8] | None:
    """Return the pixels of the picture `digest`, where they were kept."""
    return _kept.get(digest)
