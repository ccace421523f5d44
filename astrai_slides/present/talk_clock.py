"""How long a talk and each of its steps have taken."""

import time
from collections.abc import Callable


class TalkClock:
    """Counts the seconds of each of `count` steps, all visits together, from when the first of them is played.

    `now` gives seconds, from whenever.
    """

    def __init__(self, count: int, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._spent = [0.0] * count
        self._index = 0
        self._since: float | None = None

    @property
    def runs(self) -> bool:
        """Whether time passes."""
        return self._since is not None

    @property
    def total(self) -> float:
        """Seconds of all steps."""
        return sum(map(self.at, range(len(self._spent))))

    @property
    def has_begun(self) -> bool:
        """Whether anything was played yet."""
        return self.runs or any(self._spent)

    def at(self, index: int) -> float:
        """Seconds of a step."""
        here = self._since is not None and index == self._index
        return self._spent[index] + (self._now() - self._since if here and self._since is not None else 0.0)

    def go(self, index: int, *, at_start: bool) -> None:
        """From now on the time is that of the step `index`; before anything was played, which `at_start` says, none."""
        begins = self.has_begun or not at_start
        self.hold()
        self._index = index
        if begins:
            self._since = self._now()

    def hold(self) -> None:
        """Let no time pass until the next `go`."""
        if self._since is not None:
            self._spent[self._index] += self._now() - self._since
            self._since = None
