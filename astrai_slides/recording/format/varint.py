"""Numbers of the recording format: LEB128 varints and zigzag, written in bulk and read with every bound checked."""

import numpy as np
import numpy.typing as npt

from astrai_slides.errors import AstraiSlidesError

_MAX_BYTES = 5

_NOTHING: npt.NDArray[np.int64] = np.empty(0, np.int64)


class DamagedRecordingError(AstraiSlidesError):
    """A recording that cannot be what a recorder wrote."""


def unsigned(value: int, out: bytearray) -> None:
    """Append `value` (0 to 2^32 - 1) to `out`."""
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def signed(value: int, out: bytearray) -> None:
    """Append `value` (-2^31 to 2^31 - 1) to `out`."""
    mapped = value << 1 if value >= 0 else ~(value << 1)
    # as `unsigned` would, without the call: most of a recording is such numbers
    if mapped < 0x80:
        out.append(mapped)
    elif mapped < 0x4000:
        out.append(mapped & 0x7F | 0x80)
        out.append(mapped >> 7)
    else:
        unsigned(mapped, out)


def zigzag(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Map signed numbers to unsigned ones, small magnitudes to small numbers."""
    return np.where(values >= 0, values << 1, ~(values << 1))


def signed_sizes(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many bytes each row of `values`, shape (rows, n), takes."""
    return np.asarray(_lengths(zigzag(values)).sum(axis=1))


def signed_rows(values: npt.NDArray[np.int64]) -> list[bytes]:
    """Encode each row of `values`, shape (rows, n), by itself."""
    mapped = zigzag(values)
    lengths = _lengths(mapped)
    most = int(lengths.max(initial=1))
    digits = np.empty((*mapped.shape, most), np.uint8)
    for place in range(most):
        # the highest bit says that there is another byte
        digits[..., place] = (mapped >> 7 * place) & 0x7F | (lengths > place + 1) << 7
    data = digits[np.arange(most) < lengths[..., None]].tobytes()
    ends = np.cumsum(lengths.sum(axis=1)).tolist()
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _lengths(mapped: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many bytes each of `mapped` takes."""
    lengths = np.ones(mapped.shape, dtype=np.int64)
    for bits in (7, 14, 21, 28):
        more = mapped >> bits > 0
        if not more.any():
            break
        lengths += more
    return lengths


class Reader:
    """Reads a chunk from its start to its end; refuses whatever would pass the end.

    Numbers are read ahead, many at a time, where one follows the other.
    """

    _WINDOW = 1 << 16
    """Bytes that are read ahead."""

    _SINGLY = 8
    """Numbers after other bytes that are read one by one, as few follow there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._base = 0
        """Where the numbers start that were read ahead."""
        self._ahead = _NOTHING
        self._ends = _NOTHING
        """Where each of them ends, from `_base` on."""
        self._values: list[int] = []
        self._place = 0
        """Of the next one among them."""
        self._single = 0

    @property
    def _at(self) -> int:
        return self._base + (int(self._ends[self._place - 1]) if self._place else 0)

    def _go(self, at: int) -> None:
        """Go on at byte `at`, with nothing read ahead."""
        self._base, self._ahead, self._ends, self._values, self._place = at, _NOTHING, _NOTHING, [], 0

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        at = self._at
        if count < 0 or count > len(self._data) - at:
            raise DamagedRecordingError(f"the recording is damaged: {count} bytes wanted where {self.left} are left")
        self._go(at + count)
        self._single = 0
        return self._data[at : at + count]

    def unsigned(self) -> int:
        """Read one unsigned number."""
        place = self._place
        if place == len(self._values):
            if self._single < self._SINGLY:
                return self._one()
            self._look(1, 1)
            place = 0
        self._place = place + 1
        return self._values[place]

    def _one(self) -> int:
        value = shift = 0
        data, at = self._data, self._at
        for _ in range(_MAX_BYTES):
            if at >= len(data):
                raise DamagedRecordingError("the recording is damaged: it ends inside a number")
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                self._go(at)
                self._single += 1
                return value
            shift += 7
        raise DamagedRecordingError("the recording is damaged: a number is too long")

    def _look(self, least: int, wanted: int) -> None:
        """Read ahead from here, `wanted` numbers and more. Raises DamagedRecordingError if there are not `least`."""
        at = self._at
        size = min(len(self._data) - at, max(self._WINDOW, wanted * _MAX_BYTES))
        window = np.frombuffer(self._data, np.uint8, size, at)
        ends = np.flatnonzero(window < 0x80) + 1
        starts = np.concatenate(([0], ends[:-1]))
        lengths = ends - starts
        if int(lengths.max(initial=0)) > _MAX_BYTES:
            whole = int(np.argmax(lengths > _MAX_BYTES))
            ends, starts, lengths = ends[:whole], starts[:whole], lengths[:whole]
        if len(ends) < least:
            ended = int(ends[-1]) if len(ends) else 0
            too_long = size - ended >= _MAX_BYTES
            reason = "a number is too long" if too_long else "it ends inside a number"
            raise DamagedRecordingError(f"the recording is damaged: {reason}")
        values = np.zeros(len(ends), np.int64)
        for digit in range(int(lengths.max(initial=0))):
            has = lengths > digit
            values[has] |= (window[starts[has] + digit].astype(np.int64) & 0x7F) << (7 * digit)
        self._base, self._ahead, self._ends, self._values, self._place = at, values, ends, values.tolist(), 0

    def ahead(self, count: int) -> tuple[list[int], int]:
        """Return numbers read ahead and the place of the next: `count` at least, or all that are left, fewer then.

        Tell `went_to` where one is afterwards.
        """
        if len(self._values) - self._place < count:
            self._look(0, count)
        return self._values, self._place

    def went_to(self, place: int) -> None:
        """Go on at `place` of what `ahead` returned."""
        self._place = place

    def signed(self) -> int:
        """Read one signed number."""
        value = self.unsigned()
        return value >> 1 ^ -(value & 1)

    def count(self) -> int:
        """Read how many entries follow; each takes at least one byte, so no more than bytes are left."""
        value = self.unsigned()
        if value > self.left:
            raise DamagedRecordingError(f"the recording is damaged: {value} entries in {self.left} bytes")
        return value

    def signed_bulk(self, count: int) -> npt.NDArray[np.int64]:
        """Read `count` signed numbers, shape (count,)."""
        values = self.unsigned_bulk(count)
        return values >> 1 ^ -(values & 1)

    def unsigned_bulk(self, count: int) -> npt.NDArray[np.int64]:
        """Read `count` unsigned numbers, shape (count,)."""
        if len(self._values) - self._place < count:
            if count > self.left:
                raise DamagedRecordingError(f"the recording is damaged: {count} numbers in {self.left} bytes")
            self._look(count, count)
        place = self._place
        self._place = place + count
        return self._ahead[place : place + count]
