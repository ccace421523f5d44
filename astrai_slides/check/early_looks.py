"""Steps that forks of this process look through while the scene goes on being recorded.

Mostly that is the fork which makes a step, as it has all of its frames; a step that none makes is looked through by one
of its own.
"""

import pickle
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from astrai_slides.base.forks import Fork, ForkDiedError, Forks
from astrai_slides.base.resolution import Resolution
from astrai_slides.check import looking_ahead
from astrai_slides.check.alone import FoundAlone, look_alone, look_key
from astrai_slides.check.seen import DeckSeen
from astrai_slides.check.source import DeckSource
from astrai_slides.recording.format.container import step_identities
from astrai_slides.recording.format.model import Blob, Recording, Step


class EarlyLooks:
    """Has forks look through each step of a scene that is recorded."""

    def __init__(
        self, scene: str, source: Callable[[], DeckSource], kept: Mapping[str, Any] | None, workers: int
    ) -> None:
        """`kept` is what `check` kept of the scene the last time: steps that are known from there are left out.

        With one of `workers`, nothing is done; the looks are had later, then.
        """
        self._scene = scene
        self._source = source
        self._kept = kept or {}
        self._forks = Forks(1 if workers > 1 else 0)
        self._waiting: deque[tuple[str, Recording]] = deque()
        self._running: tuple[str, Fork] | None = None
        self._found: dict[str, FoundAlone] = {}
        self._count = 0
        """How many steps were added."""
        self._told: bytes = b""
        """What was found in the next."""
        self._before: tuple[Step, str] | None = None
        self._blobs: Mapping[str, Blob] = {}
        self._background = 0

    @property
    def is_at_work(self) -> bool:
        """Whether a step is looked through now, or waits for that."""
        return self._running is not None or bool(self._waiting)

    def end(self) -> None:
        """End the fork that is at work."""
        self._waiting.clear()
        self._forks.__exit__(None, None, None)

    def add(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> None:
        """Have `step` looked through, the next of the scene; `blobs` hold those it shows."""
        if not self._forks.count:
            return
        if self._before is None:
            self._background = step.end.background
        key, identity = self._key(step, blobs, resolution)
        told, self._told = self._told, b""
        if told:
            self._learn(key, told)
        elif self._is_worth_it(key, step):
            self._waiting.append((key, self._with_before(step, blobs, resolution)))
        # of the one before it counts how it ends
        self._before = replace(step, frames=(step.end,), runs=((0, 1),), rests=()), identity
        self._blobs = blobs
        self._count += 1
        self.go_on()

    def look_for(self, place: int) -> Callable[[Step, Mapping[str, Blob], Resolution], bytes] | None:
        """What looks through step number `place` where it is made; None where the one before it is not known yet."""
        return self._look_aside if self._forks.count and place == self._count else None

    def _look_aside(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> bytes:
        """In a fork: what is found in `step`, the next; nothing where that need not be known, or a rule fails.

        A rule that fails does so again in `check`, where it is told; here it would take the step with it.
        """
        if self._before is None:
            self._background = step.end.background
        key, _ = self._key(step, blobs, resolution)
        if not self._is_worth_it(key, step):
            return b""
        try:
            return self._looked(self._with_before(step, blobs, resolution))
        except Exception:
            return b""

    def take(self, place: int, found: bytes) -> None:
        """Take what was found in step number `place` where it was made, before that is added."""
        if place == self._count:  # else it was added before, and is made again as the recording started over
            self._told = found

    def _is_worth_it(self, key: str, step: Step) -> bool:
        """Whether `step` is to be looked through early."""
        return key not in self._kept and len(step.runs) + len(step.rests) >= looking_ahead.FEWEST_FRAMES

    def _key(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> tuple[str, str]:
        """The `look_key` of `step`, the next, and its identity."""
        alone = self._recording((step,), blobs, resolution)
        identity = step_identities(alone)[0]
        identities = (identity,) if self._before is None else (self._before[1], identity)
        return look_key(identities, alone, first=self._before is None), identity

    def _with_before(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> Recording:
        """A recording of `step`, the next, and what it follows."""
        if self._before is None:
            return self._recording((step,), blobs, resolution)
        return self._recording((self._before[0], step), {**self._blobs, **blobs}, resolution)

    def _recording(self, steps: tuple[Step, ...], blobs: Mapping[str, Blob], resolution: Resolution) -> Recording:
        size = resolution.width, resolution.height
        return Recording(self._scene, resolution.fps, *size, self._background, steps, dict(blobs))

    def go_on(self) -> None:
        """Have a fork look through the next step that waits, if none is at work."""
        if not self.is_at_work:
            return
        self._forks.look()
        self._take()
        if self._running is None and self._waiting:
            key, recording = self._waiting.popleft()
            try:
                self._running = key, self._forks.start(partial(self._looked, recording))
            except OSError:  # of a system that has no room for another process: then it is done later
                self._waiting.clear()

    def _looked(self, recording: Recording) -> bytes:
        deck = DeckSeen(recording, self._source())
        return pickle.dumps(look_alone(deck.steps[-1]))

    def _take(self) -> None:
        if self._running is None or not self._running[1].is_over:
            return
        (key, fork), self._running = self._running, None
        with suppress(ForkDiedError):
            self._learn(key, fork.found())

    def _learn(self, key: str, found: bytes) -> None:
        with suppress(EOFError, pickle.UnpicklingError):
            self._found[key] = pickle.loads(found)

    def found(self) -> Mapping[str, FoundAlone]:
        """What was found, by its `look_key`; waits for what is looked through now, but not for what has not begun."""
        self._waiting.clear()
        while self._running is not None:
            if not self._running[1].is_over:
                self._forks.wait()
            self._take()
        return self._found
