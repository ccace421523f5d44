"""How long work tells how far it is, whoever listens.

Whatever takes seconds accepts a `Progress` and opens a stage for each part of its work:

    with progress.stage("drawing", total=steps) as advance:
        for done, step in enumerate(deck, 1):
            ...
            advance(done)

`advance` takes how much is done so far, not how much was added, so a missed call does no harm; it may be told of
another total, and of what is being done, as well. Stages may overlap and may be advanced from other threads.

Who knows all stages beforehand says so with `expect`, and one bar above the others tells how far the whole is.
"""

import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

WHOLE = "in all"
"""What the bar of everything together is called."""

_MARGIN = 2
"""Lines that a terminal keeps for the bar to come and for the cursor."""


class Advance(Protocol):
    """Called with the amount done so far, and with the stage's total where more has become known of it."""

    def __call__(self, done: float, total: float | None = None, doing: str = "") -> None:
        """Show that `done` of `total` are done, and what is `doing`, where one stage has several parts."""


class Progress(Protocol):
    """Something that shows how far work is."""

    def stage(self, name: str, total: float | None = None) -> AbstractContextManager[Advance]:
        """Open the stage `name`, of `total` units of work, or of an unknown amount."""

    def expect(self, stages: Mapping[str, float]) -> None:
        """Say which stages are to come, and what each takes: seconds, or anything in proportion to them."""

    def leave_out(self, stages: Iterable[str]) -> None:
        """Say that these of the stages that were expected will not be opened, or not again."""

    def say(self, line: str) -> None:
        """Say something that the user should read, such as a warning, without disturbing the view."""


def ignore(done: float, total: float | None = None, doing: str = "") -> None:
    """Show nothing: an `Advance` for whom nobody watches."""


class SilentProgress:
    """Shows nothing: for the library used from Python, and for `--quiet`."""

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """Do nothing."""
        yield ignore

    def expect(self, stages: Mapping[str, float]) -> None:
        """Do nothing."""

    def leave_out(self, stages: Iterable[str]) -> None:
        """Do nothing."""

    def say(self, line: str) -> None:
        """Do nothing."""


class LineProgress:
    """A plain line when a stage ends, for logs and pipes."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """Write one line with the seconds taken when the stage ends well."""
        start = time.perf_counter()
        yield ignore
        self.say(f"{name}: {time.perf_counter() - start:.1f} s")

    def expect(self, stages: Mapping[str, float]) -> None:
        """Do nothing: a log tells what was done."""

    def leave_out(self, stages: Iterable[str]) -> None:
        """Do nothing."""

    def say(self, line: str) -> None:
        """Write `line`."""
        with self._lock:
            # looked up late, as tests and shells replace it
            print(line, file=self._stream or sys.stderr, flush=True)


class BarProgress:
    """Bars with the time left, for a terminal: one for all that is expected, and one for each stage beneath it."""

    def __init__(self, bars: "Bars") -> None:
        self._bars = bars
        self._lock = threading.Lock()
        self._expected: dict[str, float] = {}
        self._shares: dict[str, float] = {}
        """How much of each stage that was expected is done, from 0 to 1."""
        self._whole: TaskID | None = None

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """Show a bar that pulses while `total` is unknown."""
        self._make_room()
        task = self._bars.add_task(name, total=total)
        known = total

        def advance(done: float, total: float | None = None, doing: str = "") -> None:
            nonlocal known
            known = known if total is None else total
            # None leaves the total as it is
            self._bars.update(task, completed=done, total=total, description=f"{name} ({doing})" if doing else name)
            if known:
                self._tell({name: done / known})

        yield advance
        # full, also where the last call was missed or the total was not known
        whole = 1.0 if known is None else known
        self._bars.update(task, total=whole, completed=whole, description=name)
        self._bars.stop_task(task)
        self._tell({name: 1.0})

    def expect(self, stages: Mapping[str, float]) -> None:
        """Show a bar for all of `stages` together."""
        self._expected, self._shares = dict(stages), {}
        if self._whole is not None:
            self._bars.remove_task(self._whole)
            self._whole = None
        if len(stages) > 1:
            self._whole = self._bars.add_task(WHOLE, total=sum(stages.values()))

    def leave_out(self, stages: Iterable[str]) -> None:
        """Count `stages` as done."""
        self._tell(dict.fromkeys(stages, 1.0))

    def say(self, line: str) -> None:
        """Write `line` above the bars."""
        self._bars.console.print(line, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def _tell(self, shares: Mapping[str, float]) -> None:
        with self._lock:
            for name, share in shares.items():
                # never back, also where a stage turns out to be longer than was thought
                self._shares[name] = max(self._shares.get(name, 0.0), min(share, 1.0))
            done = sum(each * self._shares.get(name, 0.0) for name, each in self._expected.items())
            if self._whole is not None:
                self._bars.update(self._whole, completed=done)

    def _make_room(self) -> None:
        """Remove the oldest bars of stages that are over where a terminal would not show those under way."""
        over = [task.id for task in self._bars.tasks if task.finished and task.id != self._whole]
        for task in over[: max(0, len(self._bars.tasks) + _MARGIN - self._bars.console.height)]:
            self._bars.remove_task(task)


@contextmanager
def showing(stream: IO[str] | None = None) -> Iterator[Progress]:
    """Yield what suits `stream` (standard error by default): bars on a terminal, lines elsewhere."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield LineProgress(stream)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(file=stream, markup=False, emoji=False)) as bars:
        yield BarProgress(bars)
