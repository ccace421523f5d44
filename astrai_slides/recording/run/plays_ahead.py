"""Plays whose frames a fork draws while the scene goes on: what they come to is known without their frames.

As with a play that is used again (`recording.reuse`), manim's animations are begun and finished without the frames in
between. Meanwhile a fork of the process plays them, and tells what it was left with: where that is not what the scene
went on from, the recording is made again in order.
"""

import hashlib
import io
import marshal
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from astrai_slides.base import inputs
from astrai_slides.base.forks import Fork, ForkDiedError
from astrai_slides.recording.format.model import Blob, Frame
from astrai_slides.recording.reuse.earlier import StartOverError
from astrai_slides.recording.run.frame_bytes import Interned, frames_from_bytes, frames_to_bytes, numbered


class LedElsewhereError(StartOverError):
    """A play led to another scene than finishing it at once did, or its process ended: it must be recorded in order."""


Ending = tuple[Any, ...]
"""What a play led to: plain values that can be compared."""


def random_state() -> bytes:
    """Tell the state of Python's and NumPy's random numbers from others."""
    _, keys, *rest = np.random.get_state()
    told = marshal.dumps((random.getstate(), [str(each) for each in rest]))
    return hashlib.sha256(told + np.asarray(keys).tobytes()).digest()


@dataclass(slots=True)
class DrawnPlay:
    """What a child drew of a play, and what the play led to there."""

    frames: list[tuple[Frame, int]]
    ending: Ending
    left: Sequence[int]
    """Numbers of the mobjects that are left, in an order that is the same wherever the same are left."""
    blobs: Iterable[Blob]


@contextmanager
def _kept_words() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Yield what the block prints, and what it says on the stream for errors."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        yield out, err


@contextmanager
def silent() -> Iterator[None]:
    """Print nothing of what the block prints: a fork, which does the same, tells it."""
    with _kept_words():
        yield


def drawing(play: Callable[[], DrawnPlay]) -> bytes:
    """Return what `play` draws as bytes, with the files that it read and what it printed; in the child."""
    with _kept_words() as (out, err), inputs.watching() as read:
        drawn = play()
    blobs = [(blob.digest, blob.mime, blob.data) for blob in drawn.blobs]
    files = [each for each in read.items() if not each[0].startswith((inputs.LINK, inputs.INSTALLED, inputs.FONTS))]
    told = out.getvalue(), err.getvalue()
    return marshal.dumps((drawn.ending, list(drawn.left), blobs, files, told, frames_to_bytes(drawn.frames)))


@dataclass(slots=True)
class PlayAhead:
    """A play of which a child draws the frames."""

    fork: Fork
    ending: Ending
    """What finishing it at once led to."""
    left: Sequence[int]
    """Numbers of the mobjects that it left, as in `DrawnPlay`."""
    base: int
    """The last number that was given to a mobject before the fork."""
    unique: int
    """How many plays of the recording were drawn ahead, with this one: no other has the same."""
    blobs: list[Blob] = field(default_factory=list)
    _frames: bytes = b""
    _before: dict[int, int] = field(default_factory=dict)
    _taken: bool = False

    def take(self) -> bool:
        """Take what the child found, if it is over; whether it is. Raises LedElsewhereError."""
        if self._taken or not self.fork.is_over:
            return self._taken
        try:
            ending, left, blobs, files, told, self._frames = marshal.loads(self.fork.found())
        except (ForkDiedError, EOFError, ValueError):
            raise LedElsewhereError from None
        if ending != self.ending or len(left) != len(self.left):
            raise LedElsewhereError
        self._before = {theirs: ours for theirs, ours in zip(left, self.left, strict=True) if theirs > self.base}
        self.blobs = [Blob(*each) for each in blobs]
        for path, known in files:
            sys.audit("open", path, "rb", 0)  # for whoever keeps account of what is read
            if known not in (inputs.PRESENT, inputs.digest(path)):
                inputs.tell_changed(path)  # as it was when the fork read it is not known here
        for stream, words in zip((sys.stdout, sys.stderr), told, strict=True):
            if words and stream is not None:
                stream.write(words)
        self._taken = True
        return True

    def frames(self, interned: Interned) -> Iterator[tuple[Frame, int]]:
        """Frames of the play and how long each stays, once they were taken."""
        return frames_from_bytes(self._frames, interned, numbered(self._before, self.unique, self.base))
