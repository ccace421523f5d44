"""What is heard in a film: the sounds of all steps, mixed into one track."""

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Blob, Recording

RATE = 48_000
"""Samples a second."""

_FRAME = 1024
"""Samples in a frame of AAC."""
_BIT_RATE = 192_000

Samples = npt.NDArray[np.float32]
"""Left and right, shape (2, n), from -1 to 1."""


def mixed(recording: Recording, frames: Sequence[int], fps: Fraction) -> Samples | None:
    """Mix the sounds of all steps, of which each is shown for so many `frames`; None where there are none.

    A sound that goes on after the film is kept to its end.
    """
    if not recording.has_sound:
        return None
    known: dict[str, Samples] = {}
    placed: list[tuple[int, Samples]] = []
    begin = Fraction(0)
    for step, count in zip(recording.steps, frames, strict=True):
        for sound in step.sounds:
            if sound.digest not in known:
                known[sound.digest] = decoded(recording.blobs[sound.digest])
            loud = known[sound.digest] * np.float32(10 ** (sound.gain / 20))
            placed.append((round((float(begin) + sound.start) * RATE), loud))
        begin += count / fps
    track = np.zeros((2, max(round(begin * RATE), *(at + each.shape[1] for at, each in placed))), np.float32)
    for at, each in placed:
        track[:, at : at + each.shape[1]] += each
    return np.clip(track, -1, 1)


def decoded(blob: Blob) -> Samples:
    """The samples of an audio file. Raises AstraiSlidesError for one that cannot be decoded."""
    parts: list[Samples] = []
    try:
        with av.open(io.BytesIO(blob.data), "r") as container:
            # as loud in both ears; FFmpeg would take 3 dB off
            layout = "mono" if container.streams.audio[0].channels == 1 else "stereo"
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
            for frame in container.decode(audio=0):
                parts += [np.asarray(each.to_ndarray(), np.float32) for each in resampler.resample(frame)]
            parts += [np.asarray(each.to_ndarray(), np.float32) for each in resampler.resample(None)]
    except av.FFmpegError as error:
        raise AstraiSlidesError(f"a sound ({blob.mime}) cannot be decoded ({error}); convert it to WAV") from error
    samples = np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)
    return np.repeat(samples, 2, axis=0) if samples.shape[0] == 1 else samples


class Track:
    """An AAC track of a film that is being written: its packets go between those of the pictures."""

    def __init__(self, container: Any, samples: Samples) -> None:
        self._container = container
        stream = container.add_stream("aac", rate=RATE, layout="stereo", options={"flags": "+bitexact"})
        stream.bit_rate = _BIT_RATE
        self._packets = _packets(stream, samples)
        self._next = next(self._packets, None)

    def write_until(self, seconds: float | None = None) -> None:
        """Write what is heard up to `seconds`, all by default."""
        while self._next is not None and (seconds is None or float(self._next.pts * self._next.time_base) <= seconds):
            self._container.mux(self._next)
            self._next = next(self._packets, None)


def _packets(stream: Any, samples: Samples) -> Iterator[Any]:
    for start in range(0, samples.shape[1], _FRAME):
        part = np.ascontiguousarray(samples[:, start : start + _FRAME])
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield from stream.encode(frame)
    yield from stream.encode(None)
