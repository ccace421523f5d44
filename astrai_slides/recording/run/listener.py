"""What whoever orders a recording is told while it is made."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from astrai_slides.base.resolution import Resolution
from astrai_slides.recording.format.model import Blob, Step


class Listener(Protocol):
    """Told of a recording while it is made. What it does delays the recording."""

    def motion(self, seconds: float, step: str) -> None:
        """`seconds` of motion are recorded so far, and the step called `step` is under way; called often."""

    def step(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> None:
        """`step` is recorded, and `blobs` hold at least those it shows: work on it can start.

        `resolution` is that of all steps, which only the deck decides.
        """


Look: TypeAlias = Callable[[Step, Mapping[str, Blob], Resolution], bytes]
"""Looks through a step as it was made, with the blobs that it shows, and returns what it found."""


class StepLooks(Protocol):
    """Has steps looked through by the forks that make them, which have their frames at hand."""

    def look_for(self, place: int) -> Look | None:
        """What looks through step number `place`, from 0, when a fork has made it; None where nothing does."""

    def take(self, place: int, found: bytes) -> None:
        """Take what that found, before the listener is told of the step."""


class NoListener:
    """A listener for when nobody listens."""

    def motion(self, seconds: float, step: str) -> None:
        """Do nothing."""

    def step(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> None:
        """Do nothing."""


class EachStepOnce:
    """Passes everything on to `listener`, but each step once, though the recording may start over."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._given = self._place = 0

    def start_over(self) -> None:
        """Say that the first step comes again."""
        self._place = 0

    def motion(self, seconds: float, step: str) -> None:
        """Pass it on."""
        self._listener.motion(seconds, step)

    def step(self, step: Step, blobs: Mapping[str, Blob], resolution: Resolution) -> None:
        """Pass on a step that was not given before."""
        self._place += 1
        if self._place > self._given:
            self._given = self._place
            self._listener.step(step, blobs, resolution)
