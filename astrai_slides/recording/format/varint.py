"""Numbers of the recording format: LEB128 varints and zigzag, written in bulk and read with every bound checked."""

import numpy as np
import numpy.typing as npt

from astrai_slides.errors import AstraiSlidesError

_MAX_BYTES = 5


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
    unsigned(value << 1 if value >= 0 else ~(value << 1), out)


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
    """Reads a chunk from its start to its end; refuses whatever would pass the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        if count < 0 or count > self.left:
            raise DamagedRecordingError(f"the recording is damaged: {count} bytes wanted where {self.left} are left")
        self._at += count
        return self._data[self._at - count : self._at]

    def unsigned(self) -> int:
        """Read one unsigned number."""
        value = shift = 0
        data, at = self._data, self._at
        for _ in range(_MAX_BYTES):
            if at >= len(data):
                raise DamagedRecordingError("the recording is damaged: it ends inside a number")
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                self._at = at
                return value
            shift += 7
        raise DamagedRecordingError("the recording is damaged: a number is too long")

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
        if count > self.left:
            raise DamagedRecordingError(f"the recording is damaged: {count} numbers in {self.left} bytes")
        if count == 0:
            return np.zeros(0, dtype=np.int64)
        window = np.frombuffer(self._data, dtype=np.uint8, count=min(self.left, count * _MAX_BYTES), offset=self._at)
        ends = np.flatnonzero(window < 0x80)[:count]
        if ends.size < count:
            raise DamagedRecordingError("the recording is damaged: it ends inside a number")
        starts = np.concatenate(([0], ends[:-1] + 1))
        lengths = ends - starts + 1
        if int(lengths.max()) > _MAX_BYTES:
            raise DamagedRecordingError("the recording is damaged: a number is too long")
        values = np.zeros(count, dtype=np.int64)
        for digit in range(int(lengths.max())):
            has = lengths > digit
            values[has] |= (window[starts[has] + digit].astype(np.int64) & 0x7F) << (7 * digit)
        self._at += int(ends[-1]) + 1
        return values >> 1 ^ -(values & 1)
