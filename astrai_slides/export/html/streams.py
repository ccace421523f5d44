"""Many chunks compressed as one: variants of a step have most of their paths and edits in common.

A stream is what they hold together: the number of bytes, four bytes of it, the lowest first, and LZMA (raw; literal
context 3, no position bits), which sees from any chunk what was in those before. `player/lzma.js` reads it, as far as
it needs to.
"""

from astrai_slides.errors import AstraiSlidesError


def compressed(data: bytes) -> bytes:
    """Return `data` as a stream. Raises AstraiSlidesError where Python came without LZMA."""
    try:
        import lzma
    except ImportError:
        raise AstraiSlidesError(
            "this Python was built without its module lzma, which a deck with knobs needs; build with --no-variants, "
            "or with a Python that has it"
        ) from None
    # what it looks back on: all of it, and at least what LZMA takes
    window = max(4096, len(data))
    shape = {"preset": 9 | lzma.PRESET_EXTREME, "dict_size": window, "lc": 3, "lp": 0, "pb": 0}
    packed = lzma.compress(data, format=lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, **shape}])
    return len(data).to_bytes(4, "little") + packed


class Stream:
    """A stream that is being filled."""

    def __init__(self) -> None:
        self._data = bytearray()

    def add(self, chunk: bytes) -> int:
        """Add a chunk; returns from which byte on it will be."""
        start = len(self._data)
        self._data += chunk
        return start

    def packed(self) -> bytes:
        """Return the stream. Raises AstraiSlidesError as `compressed` does."""
        return compressed(bytes(self._data))
