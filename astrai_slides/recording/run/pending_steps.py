"""Steps that were cut, but whose frames may still be drawn by forks of the process; made in order."""

import pickle
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from astrai_slides.base.forks import Fork, ForkDiedError, Forks
from astrai_slides.base.identity import address
from astrai_slides.base.phases import ENCODING, FORKING, phase
from astrai_slides.recording.format.model import Blob, Frame, Step, TextRun
from astrai_slides.recording.reuse.earlier import EarlierPlays, EarlierStep, KeptStep, Play, as_kept, kept_step
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.frame_bytes import Interned
from astrai_slides.recording.run.made_at import Numbers
from astrai_slides.recording.run.plays_ahead import LedElsewhereError, PlayAhead
from astrai_slides.recording.run.rests import Standing, placed, told

_MANY_DRAWS = 20_000
"""Draws of a step above which a fork encodes it, although this process has all of its frames."""


@dataclass(slots=True)
class SlideOptions:
    """What a slide of manim-slides says of a step."""

    loop: bool
    auto_next: bool
    playback_rate: float
    reversed_playback_rate: float
    notes: str
    direction: str
    src: Path | None
    skipped: bool


class FrameRuns:
    """Frames of a step, equal neighbours joined."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.runs: list[tuple[int, int]] = []
        # holds each frame, so that the ids in its key stay its own
        self._known: dict[tuple[Any, ...], tuple[int, Frame]] = {}

    def add(self, frame: Frame, count: int) -> None:
        """Add a frame that stays for `count`."""
        if count <= 0:
            return
        key = (tuple(map(address, frame.ops)), frame.view, frame.background)
        known = self._known.get(key)
        if known is not None:
            index = known[0]
        elif self.runs and self.frames[self.runs[-1][0]] == frame:
            # by what is seen, so that bytes do not depend on which objects came from elsewhere
            index = self.runs[-1][0]
        else:
            index = len(self.frames)
            self.frames.append(frame)
        self._known.setdefault(key, (index, frame))
        if self.runs and self.runs[-1][0] == index:
            self.runs[-1] = (index, self.runs[-1][1] + count)
        else:
            self.runs.append((index, count))


@dataclass(slots=True)
class LaterFrames:
    """Frames that this process has, after some that a fork draws, and the pictures it had come across by then."""

    frames: list[tuple[Frame, int]] = field(default_factory=list)
    blobs: dict[str, Blob] = field(default_factory=dict)


LookAtOne: TypeAlias = Callable[[Step, Mapping[str, Blob]], bytes]
"""Looks through the step that was made, with its blobs, and returns what it found."""


@dataclass(slots=True)
class StepContent:
    """What a step is to be made of: `runs`, then `later`, or an earlier step as a whole."""

    runs: FrameRuns
    later: list[PlayAhead | LaterFrames]
    end: Frame
    texts: tuple[TextRun, ...]
    plays: Sequence[Play]
    blobs: Mapping[str, Blob]
    glyphs: Set[str]
    filmer: Filmer
    standing: Sequence[Standing]
    whole: EarlierStep | None = None

    def step(self) -> tuple[Step, dict[str, Blob]]:
        """Return the step, and the blobs that it shows. All frames must be there."""
        blobs = dict(self.blobs)
        if self.later:
            interned, blobs = Interned(), {}
            before, self.runs = self.runs, FrameRuns()
            for index, count in before.runs:
                self.runs.add(interned.again(before.frames[index]), count)
            for part in self.later:
                if isinstance(part, PlayAhead):
                    for frame, count in part.frames(interned):
                        self.runs.add(frame, count)
                    for blob in part.blobs:
                        blobs.setdefault(blob.digest, blob)
                else:
                    for frame, count in part.frames:
                        self.runs.add(interned.again(frame), count)
                    for digest, blob in part.blobs.items():
                        blobs.setdefault(digest, blob)
            self.end = interned.again(self.end)
        frames, runs = tuple(self.runs.frames), tuple(self.runs.runs)
        rests = placed(self.standing, frames, runs, self.end)
        step = Step("", frames, runs, self.end, texts=self.texts, rests=rests)
        return self.filmer.film_if_needed(step, blobs, self.glyphs)

    def made_elsewhere(self, look: LookAtOne | None = None) -> bytes:
        """Return the step as bytes, in a fork: as it is kept, or itself where it is filmed; and what `look` found."""
        with phase(ENCODING):
            step, blobs = self.step()
            kept = None if step.film else kept_step(step, self.plays, blobs, told(self.standing))
        found = look(step, blobs) if look is not None else b""
        return pickle.dumps((step if step.film else None, blobs, kept, found), pickle.HIGHEST_PROTOCOL)

    def is_much(self) -> bool:
        """Whether it is worth a fork."""
        if self.later:
            return True
        drawn = 0
        for frame in self.runs.frames:
            drawn += len(frame.ops)
        return drawn > _MANY_DRAWS


Content: TypeAlias = StepContent | tuple[Step, dict[str, Blob]]
"""What a step is made of, or the step with its blobs."""


@dataclass(frozen=True, slots=True)
class MadeStep:
    """A step as it was made, and at least the blobs that it shows."""

    step: Step
    blobs: Mapping[str, Blob]
    _kept: KeptStep | None = None
    """The same as bytes, where its frames are not kept so already."""
    found: bytes = b""
    """What was found in it where it was made."""

    def let_go(self) -> Step:
        """Return the step as it can be kept, its frames as bytes, once nobody works on it as it was made."""
        return self.step if self._kept is None else as_kept(self.step, self._kept)


@dataclass(slots=True)
class PendingStep:
    """A step that was cut, with what was known of it then."""

    content: Content
    settings: SlideOptions | None
    now: float
    """When it ended, in the scene's own time."""
    timeless: bool
    info: Any
    place: int
    """Its number, from 0."""
    lines: Numbers
    _fork: Fork | None = None
    _is_made_here: bool = False
    """Whether this process makes the step, as it can have no fork."""

    @property
    def is_ready(self) -> bool:
        """Whether `made` can be called."""
        if not isinstance(self.content, StepContent) or self.content.whole is not None:
            return True
        return self._fork.is_over if self._fork is not None else self._is_made_here or not self.content.later

    def go_on(self, forks: Forks, look: Callable[[], LookAtOne | None] = lambda: None) -> None:
        """Have a fork make the step once all of its frames are there, as soon as there is room for it.

        That also looks through it, if `look` has something that does. Where there can be no fork, as other work goes
        first or the system refuses, it is made here.
        """
        content = self.content
        if not isinstance(content, StepContent) or content.whole is not None or self._fork is not None:
            return
        there = True
        for part in content.later:
            there = (not isinstance(part, PlayAhead) or part.take()) and there
        if there and forks.has_room and content.is_much():
            with suppress(OSError), phase(FORKING):
                self._fork = forks.start(partial(content.made_elsewhere, look()))
        self._is_made_here = there and not forks.are_wanted and self._fork is None

    def made(self, earlier_plays: EarlierPlays) -> MadeStep:
        """Return the step; what a later recording can use goes to `earlier_plays`."""
        content = self.content
        if not isinstance(content, StepContent):
            return MadeStep(*content)
        if content.whole is not None:
            earlier_plays.keep_again(content.whole, content.texts)
            return MadeStep(content.whole.again(content.end, content.texts), content.whole.kept.blobs)
        if self._fork is None:
            step, blobs = content.step()
            if step.film:
                return MadeStep(step, blobs)
            kept = kept_step(step, content.plays, blobs, told(content.standing))
            earlier_plays.keep(kept)
            return MadeStep(step, blobs, kept)
        try:
            filmed, blobs, kept, found = pickle.loads(self._fork.found())
        except (ForkDiedError, EOFError, pickle.UnpicklingError):
            raise LedElsewhereError from None
        if filmed is not None:
            return MadeStep(filmed, blobs, found=found)
        assert isinstance(kept, KeptStep)
        earlier_plays.keep(kept)
        return MadeStep(EarlierStep(kept).again(content.end, content.texts), blobs, found=found)
