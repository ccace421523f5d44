"""What a new recording of a scene uses again of an earlier one, so that only what was edited is played again.

Each play is kept under the digest of the scene and animations it started from (`state`). When a play starts from the
same again, manim's animations are begun and finished without the frames in between, which come from the earlier
recording. The scene is then compared with what it was after the play, so that a reused play which would lead elsewhere
is found out; the recording then starts over without reuse. Everything of the deck itself runs every time.
"""

import pickle
import random
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, overload

import numpy as np

from astrai_slides.base.identity import ById
from astrai_slides.recording.format.codec import (
    DIGEST_BYTES,
    Chunk,
    decode_first,
    decode_step,
    encoded,
    forget,
    remember,
)
from astrai_slides.recording.format.container import frame_digest
from astrai_slides.recording.format.model import Blob, Frame, Op, Rest, Step, TextRun

_MOST_PICTURES = 16 << 20
"""Bytes of pictures in a step above which its plays are not kept."""

_MOST_DECODED = 2 << 20
"""Bytes of the chunks of steps whose frames are kept decoded, which take some twenty times as much: whoever looks at a
step looks at all of it, and then at the next, but a short deck is looked at more than once."""

_BLANK = Step.blank()


class StartOverError(BaseException):
    """The recording must be made again, as something was taken for granted that is not so.

    No `Exception`, as it is no fault of the deck, whose clauses must not catch it.
    """


class ReuseFailedError(StartOverError):
    """A reused play led to another scene than playing did, so that the recording must do without."""

    def __init__(self, *, in_order: bool) -> None:
        """`in_order` is as `EarlierPlays` has it, which holds on."""
        super().__init__()
        self.in_order = in_order


@dataclass(frozen=True, slots=True)
class Play:
    """A play as it was recorded: `key` and `after` tell the scene before and after, `counts` its frames as they came.

    A play that cannot be told apart from others has no key (""), but its place among the frames. `sources` are those
    of what was on the scene, in the order in which it was drawn.
    """

    key: str
    after: str
    counts: tuple[int, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeptStep:
    """A step as it was recorded: its chunk as `Chunk` has it, and its plays in order.

    `standing` tells what stood between them, from which `rests` were made. `end` is the `frame_digest` of its end, and
    `end_sources` are the sources of that, in their order.
    """

    packed: bytes
    sources: tuple[int, ...]
    pictures: tuple[str, ...]
    runs: tuple[tuple[int, int], ...]
    texts: tuple[TextRun, ...]
    rests: tuple[Rest, ...]
    standing: bytes
    plays: tuple[Play, ...]
    blobs: dict[str, Blob]
    end: str
    end_sources: tuple[int, ...]

    def is_worth_keeping(self) -> bool:
        """Whether its frames all came from its plays, and its pictures are no burden."""
        if sum(len(blob.data) for blob in self.blobs.values()) > _MOST_PICTURES:
            return False
        return sum(sum(play.counts) for play in self.plays) == sum(count for _, count in self.runs)


@dataclass(frozen=True, slots=True)
class EarlierPlay:
    """One play of an earlier step."""

    step: "EarlierStep"
    number: int

    @property
    def play(self) -> Play:
        """The play as it was recorded."""
        return self.step.kept.plays[self.number]

    def frames(self, sources: Sequence[int]) -> Iterator[tuple[Frame, int]]:
        """Frames and counts of the play; what was on the scene has `sources` now."""
        before = self.play.sources
        number = dict(zip(before, sources, strict=True)) if len(before) == len(sources) else {}
        moved: ById[Op, Op] = ById()
        for frame, count in self.step.cut(self.number):
            if before == tuple(sources):
                yield frame, count
                continue
            ops = []
            for op in frame.ops:
                if op not in moved:
                    moved[op] = replace(op, source=number.get(op.source, -op.source))
                ops.append(moved[op])
            yield replace(frame, ops=tuple(ops)), count


class EarlierStep:
    """A step of the earlier recording, read when it is needed."""

    def __init__(self, kept: KeptStep, chunk: Chunk | None = None) -> None:
        """`chunk` is the step's, if that is known."""
        self.kept = kept
        if chunk is not None:
            self.__dict__["chunk"] = chunk

    @cached_property
    def chunk(self) -> Chunk:
        """The step's chunk."""
        return Chunk.unpacked(self.kept.packed, self.kept.sources, self.kept.pictures)

    @property
    def decoded(self) -> Step:
        """The step's frames, runs and end state; anew where others were asked for meanwhile."""
        whole = _decoded.of(self)
        if whole.frames:
            self.__dict__.setdefault("first", whole.frames[0])
        return whole

    @cached_property
    def first(self) -> Frame:
        """The step's first frame, which is all that some formats want."""
        return decode_first(self.chunk.data, self.halves, self.kept.sources)

    @property
    def halves(self) -> dict[str, str]:
        """Whole digests of the pictures that the chunk names by half."""
        return {name[: 2 * DIGEST_BYTES]: name for name in self.kept.blobs}

    def cut(self, number: int) -> Iterator[tuple[Frame, int]]:
        """Frames and counts of play `number`."""
        start = sum(sum(play.counts) for play in self.kept.plays[:number])
        stop = start + sum(self.kept.plays[number].counts)
        at = 0
        for index, count in self.decoded.runs:
            shown = min(at + count, stop) - max(at, start)
            if shown > 0:
                yield self.decoded.frames[index], shown
            at += count

    def again(self, end: Frame, texts: tuple[TextRun, ...]) -> Step:
        """The whole step, at whose end `end` and `texts` rest."""
        step = replace(_BLANK, frames=_LaterFrames(self), runs=self.kept.runs, end=end, texts=texts)
        step = replace(step, rests=self.kept.rests)
        remember(step, self.chunk)
        return step


class _Decoded:
    """Steps that were decoded last, by what they are kept as; at least the last one."""

    def __init__(self) -> None:
        self._steps: OrderedDict[EarlierStep, Step] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, step: EarlierStep) -> Step:
        """Return `step` decoded."""
        with self._lock:
            known = self._steps.get(step)
            if known is not None:
                self._steps.move_to_end(step)
                return known
        made = decode_step(step.chunk.data, _BLANK, step.halves, step.kept.sources)
        with self._lock:
            self._steps[step] = made
            while len(self._steps) > 1 and sum(len(each.chunk.data) for each in self._steps) > _MOST_DECODED:
                self._steps.popitem(last=False)
        return made


_decoded = _Decoded()


class _LaterFrames(Sequence[Frame]):
    """Frames of a step that is kept as bytes, decoded when someone looks at them."""

    def __init__(self, step: EarlierStep, places: Sequence[int] | None = None) -> None:
        """`places` tell which frame of the chunk each is; all in order without them."""
        self._step = step
        self._places = range(len(step.kept.runs)) if places is None else places

    def __len__(self) -> int:
        return len(self._places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    @overload
    def __getitem__(self, index: int) -> Frame: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Frame]: ...

    def __getitem__(self, index: int | slice) -> Frame | Sequence[Frame]:
        if isinstance(index, slice):
            decoded = self._step.decoded.frames
            return tuple(decoded[place] for place in self._places[index])
        place = self._places[index]
        return self._step.first if place == 0 else self._step.decoded.frames[place]


def kept_step(step: Step, plays: Sequence[Play], blobs: dict[str, Blob], standing: bytes) -> KeptStep:
    """Return `step`, which is not filmed and whose frames came from `plays`, as it is kept."""
    chunk = encoded(step)
    # indices as a reader of the chunk counts: there, every run has a frame of its own
    runs = tuple(enumerate(count for _, count in step.runs if count > 0))
    end = frame_digest(step.end), tuple(op.source for op in step.end.ops)
    texts = step.texts, step.rests, standing
    return KeptStep(chunk.packed, chunk.sources, chunk.pictures, runs, *texts, tuple(plays), dict(blobs), *end)


def as_kept(step: Step, kept: KeptStep) -> Step:
    """Return `step`, of which `kept` was made, with its frames as bytes until someone looks at them."""
    chunk = encoded(step)
    first: dict[int, int] = {}
    for number, (index, _) in enumerate(run for run in step.runs if run[1] > 0):
        first.setdefault(index, number)
    frames = _LaterFrames(EarlierStep(kept, chunk), [first[index] for index in range(len(step.frames))])
    forget(step)
    light = replace(step, frames=frames)
    remember(light, chunk)
    return light


def whole_step(
    reused: Sequence[tuple[EarlierPlay, tuple[int, ...]]], end: Frame, standing: bytes
) -> EarlierStep | None:
    """Return the step that plays make up from its first to its last, each with the sources of what is on the scene now.

    None also if other texts stand between them than `standing` tells, or if it does not rest at `end`: after a play the
    deck may have added, changed or removed something.
    """
    step = reused[0][0].step if reused else None
    if step is None or len(reused) != len(step.kept.plays) or step.kept.standing != standing:
        return None
    if any(each.step is not step or each.number != number for number, (each, _) in enumerate(reused)):
        return None
    now: dict[int, int] = {}
    for each, sources in reused:
        now |= zip(each.play.sources, sources, strict=False)
    known = set(now.values())
    before = [now.get(source) for source in step.kept.end_sources]
    same = before == [op.source if op.source in known else None for op in end.ops]
    return step if same and frame_digest(end) == step.kept.end else None


class EarlierPlays:
    """Plays of an earlier recording, and those of the one under way."""

    def __init__(self, earlier: bytes | None = None, resolution: str = "") -> None:
        """`earlier` is what `dump` gave, on this machine and with the same versions.

        What was recorded at another `resolution`, which a deck's file may change, is of no use.
        """
        self._resolution = resolution
        self.texts: dict[str, bytes] = {}
        self.in_order = False
        """Whether the scene must be recorded in order: a play of it led elsewhere when it was finished at once."""
        self._earlier: dict[str, EarlierPlay] = {}
        self._steps: list[KeptStep] = []
        if earlier is None:
            return
        # pickled, and as trusted as the compiled Python that lies in the same project
        made_at, texts, steps, self.in_order = pickle.loads(earlier)
        if made_at != resolution:
            return
        self.texts = texts
        for kept in steps:
            step = EarlierStep(kept)
            for number, play in enumerate(kept.plays):
                if play.key:
                    self._earlier.setdefault(play.key, EarlierPlay(step, number))

    def find(self, key: str | None) -> EarlierPlay | None:
        """Return the play that started from `key`."""
        return self._earlier.get(key or "")

    def keep(self, step: KeptStep | None) -> None:
        """Keep a step, unless that takes too much."""
        if step is not None and step.is_worth_keeping():
            self._steps.append(step)

    def keep_again(self, step: EarlierStep, texts: tuple[TextRun, ...]) -> None:
        """Keep a step that was reused as a whole."""
        self._steps.append(replace(step.kept, texts=texts))

    def dump(self, texts: dict[str, bytes]) -> bytes:
        """Return what a later recording needs, with the `texts` that were set."""
        return pickle.dumps((self._resolution, texts, self._steps, self.in_order), pickle.HIGHEST_PROTOCOL)


class RandomState:
    """Whether random numbers were drawn since this was made."""

    def __init__(self) -> None:
        self._python, self._numpy = random.getstate(), np.random.get_state()

    def was_drawn(self) -> bool:
        """Whether a play drew random numbers, so that it would be another each time."""
        now: Any = np.random.get_state()
        before: Any = self._numpy
        return random.getstate() != self._python or now[2] != before[2] or not np.array_equal(now[1], before[1])
