"""Digests of pixels: those of a picture that stands still are taken once, and then only compared, which is sooner."""

import hashlib
from collections import OrderedDict
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_BYTES = 64 << 20
"""Bytes of copies that are kept to compare with: a photograph of 12 megapixels with its opacity, say."""

_LARGE = 1 << 16
"""Bytes of an array from which on it is compared with others."""

_LAST = 4
"""With how many, those that were asked for last."""

_WORD = 8

_known: OrderedDict[int, tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], bytes]] = OrderedDict()
"""Arrays with a copy of what they held and its digest, by identity; those asked for last stand last."""


def digest_of(array: npt.NDArray[Any]) -> bytes:
    """Return the SHA-256 of what `array` holds now."""
    known = _known.get(id(array))
    if known is not None:
        if holds_same(array, known[1]):
            _known.move_to_end(id(array))
            return known[2]
        del _known[id(array)]
    if array.nbytes >= _LARGE and array.dtype == np.uint8:
        # a picture that moves is another array in each frame
        for _, copy, digest in islice(reversed(_known.values()), _LAST):
            if holds_same(array, copy):
                return digest
    digest = hashlib.sha256(np.ascontiguousarray(array).data).digest()
    # of other numbers some are equal whose bytes are not
    if array.dtype == np.uint8 and array.nbytes <= MOST_BYTES:
        # with the array itself, so that its id stays its own
        _known[id(array)] = array, array.copy(), digest
        while sum(copy.nbytes for _, copy, _ in _known.values()) > MOST_BYTES:
            _known.popitem(last=False)
    return digest


def holds_same(array: npt.NDArray[Any], copy: npt.NDArray[np.uint8]) -> bool:
    """Whether `array` holds what `copy` does: eight bytes at a time, where they lie together."""
    if array.shape != copy.shape or not np.array_equal(array[:1], copy[:1]):
        return False
    one, other = array.reshape(-1) if array.flags.c_contiguous else array, copy.reshape(-1)
    if one.shape != other.shape or one.dtype != np.uint8 or array.shape != copy.shape:
        return np.array_equal(array, copy)
    whole = one.size - one.size % _WORD
    return np.array_equal(one[:whole].view(np.uint64), other[:whole].view(np.uint64)) and np.array_equal(
        one[whole:], other[whole:]
    )
