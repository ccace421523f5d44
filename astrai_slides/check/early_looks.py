"""Steps that forks of this process look through while the scene goes on being recorded."""

import pickle
from collections import deque
from collections.abc import Callable, Mapping
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
    """Has a fork look through each step of a scene that is recorded, one after the other."""

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
        first = self._before is None
        if first:
            self._background = step.end.background
        alone = self._recording((step,), blobs, resolution)
        identity = step_identities(alone)[0]
        steps: tuple[Step, ...] = (step,)
        identities: tuple[str, ...] = (identity,)
        if self._before is not None:
            before, known = self._before
            steps, identities = (before, step), (known, identity)
        key = look_key(identities, alone, first=first)
        if key not in self._kept and len(step.runs) + len(step.rests) >= looking_ahead.FEWEST_FRAMES:
            self._waiting.append((key, self._recording(steps, {**self._blobs, **blobs}, resolution)))
        # of the one before it counts how it ends
        self._before = replace(step, frames=(step.end,), runs=((0, 1),), rests=()), identity
        self._blobs = blobs
        self.go_on()

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
        try:
            self._found[key] = pickle.loads(fork.found())
        except (ForkDiedError, EOFError, pickle.UnpicklingError):
            return

    def found(self) -> Mapping[str, FoundAlone]:
        """What was found, by its `look_key`; waits for what is looked through now, but not for what has not begun."""
        self._waiting.clear()
        while self._running is not None:
            if not self._running[1].is_over:
                self._forks.wait()
            self._take()
        return self._found
