"""What a build's stages are expected to take: what they took last time, or else what those of a common deck do."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from astrai_slides.base.progress import Advance, Progress

RECORDING = "recording"
DRAWING = "drawing and encoding"
VARIANTS = "variants"

_TYPICAL_MOTION = 60.0
"""Seconds of motion of a deck of which nothing is known."""

_SHARES = {RECORDING: 0.2, DRAWING: 0.6}
_OTHER_SHARE = 0.05
"""Seconds for a second of motion, as the flagship's stages take at 1080p on two processors. How evenly the bar of the
first build moves depends on them, nothing else."""


def writing(format_name: str) -> str:
    """Return the name of the stage that writes a file of that format."""
    return f"writing {format_name}"


@dataclass
class Pace:
    """How many seconds of motion a deck has, None if that is unknown, and how many seconds its stages took last."""

    motion: float | None = None
    stages: dict[str, float] = field(default_factory=dict)

    def expected(self, stage: str) -> float:
        """Return how many seconds `stage` may take."""
        usual = (self.motion or _TYPICAL_MOTION) * _SHARES.get(stage, _OTHER_SHARE)
        return self.stages.get(stage, usual)


class JobProgress:
    """One job's part of a progress view: its stages bear its name and are timed."""

    def __init__(self, progress: Progress, job: str, pace: Pace) -> None:
        self._progress = progress
        self._job = job
        self.pace = pace
        """As it was before, with what stages take that have ended well since."""

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """Open the job's stage `name`."""
        begin = time.perf_counter()
        with self._progress.stage(self._named(name), total) as advance:
            yield advance
        self.pace.stages[name] = time.perf_counter() - begin

    def expected(self, stages: Iterable[str]) -> Iterator[tuple[str, float]]:
        """Yield the names of the job's stages `stages` in the view, and how many seconds each may take."""
        for stage in stages:
            yield self._named(stage), self.pace.expected(stage)

    def expect(self, stages: Mapping[str, float]) -> None:
        """Say which of the job's stages are to come."""
        self._progress.expect({self._named(name): seconds for name, seconds in stages.items()})

    def leave_out(self, stages: Iterable[str]) -> None:
        """Say which of the job's stages are not to come."""
        self._progress.leave_out(map(self._named, stages))

    def say(self, line: str) -> None:
        """Say `line`."""
        self._progress.say(line)

    def _named(self, stage: str) -> str:
        return f"{self._job}: {stage}"
