"""What Python reads of the parts of a page that are packed as a stream is."""

import lzma


def unpacked(packed: bytes) -> bytes:
    """The bytes of a stream (`export/html/streams.py`)."""
    shape = {"dict_size": max(4096, int.from_bytes(packed[:4], "little")), "lc": 3, "lp": 0, "pb": 0}
    data = lzma.decompress(packed[4:], format=lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, **shape}])
    assert len(data) == int.from_bytes(packed[:4], "little")
    return data
