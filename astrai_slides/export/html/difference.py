"""Chunks told by how they differ from another: variants of a step have most of their paths and edits in common.

A difference is the length of its copies as a varint, the copies, and the literal bytes. A copy is three varints: how
many literal bytes come before it, how many bytes of the base it takes, and from where, signed, counted from where the
copy before ended. The literal bytes that are left come last.
"""

from astrai_slides.recording.format.varint import signed, unsigned

_WINDOW = 8
"""Bytes that must agree for a copy to begin; a shorter one costs as much as it spares."""
_STRIDE = 512
"""Bytes that are compared at once."""


class ChunkBase:
    """Bytes that others are told by."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._places = {data[at : at + _WINDOW]: at for at in range(len(data) - _WINDOW, -1, -1)}

    def difference(self, data: bytes) -> bytes:
        """How `data` differs."""
        base, places = self.data, self._places
        copies, literal = bytearray(), bytearray()
        at = since = expected = 0
        while at < len(data):
            window = data[at : at + _WINDOW]
            # where the same byte would be if literal ones stood for as many
            start = expected + at - since
            if len(window) < _WINDOW or base[start : start + _WINDOW] != window:
                start = places.get(window, -1)
                if start < 0:
                    at += 1
                    continue
            length = _WINDOW + _common(data, at + _WINDOW, base, start + _WINDOW)
            unsigned(at - since, copies)
            unsigned(length, copies)
            signed(start - expected, copies)
            literal += data[since:at]
            at += length
            since, expected = at, start + length
        literal += data[since:]
        head = bytearray()
        unsigned(len(copies), head)
        return bytes(head + copies + literal)


def _common(one: bytes, at: int, other: bytes, start: int) -> int:
    """How many bytes are the same in `one` from `at` and in `other` from `start`."""
    count = 0
    while one[at + count : at + count + _STRIDE] == other[start + count : start + count + _STRIDE]:
        left = min(len(one) - at - count, len(other) - start - count)
        if left <= _STRIDE:
            return count + left
        count += _STRIDE
    most = min(len(one) - at, len(other) - start)
    while count < most and one[at + count] == other[start + count]:
        count += 1
    return count
