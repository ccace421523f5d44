"""Digests of pixels: those of a picture that stands still are taken once, and then only compared, which is sooner."""

import hashlib
from collections import OrderedDict
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_BYTES = 64 << 20
"""Bytes of copies that are kept to compare with: a photograph of 12 megapixels with its opacity, say."""

_known: OrderedDict[int, tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], bytes]] = OrderedDict()
"""Arrays with a copy of what they held and its digest, by identity; those asked for last stand last."""


def digest_of(array: npt.NDArray[Any]) -> bytes:
    """Return the SHA-256 of what `array` holds now."""
    known = _known.get(id(array))
    if known is not None:
        if np.array_equal(array, known[1]):
            _known.move_to_end(id(array))
            return known[2]
        del _known[id(array)]
    digest = hashlib.sha256(np.ascontiguousarray(array).data).digest()
    # of other numbers some are equal whose bytes are not
    if array.dtype == np.uint8 and array.nbytes <= MOST_BYTES:
        # with the array itself, so that its id stays its own
        _known[id(array)] = array, array.copy(), digest
        while sum(copy.nbytes for _, copy, _ in _known.values()) > MOST_BYTES:
            _known.popitem(last=False)
    return digest
