"""How long work tells how far it is, whoever listens.

Whatever takes seconds accepts a `Progress` and opens a stage for each part of its work:

    with progress.stage("drawing", total=steps) as advance:
        for done, step in enumerate(deck, 1):
            ...
            advance(done)

`advance` takes how much is done so far, not how much was added, so a missed call does no harm; it may be told of
another total as well. Stages may overlap and may be advanced from other threads.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


class Advance(Protocol):
    """Called with the amount done so far, and with the stage's total where more has become known of it."""

    def __call__(self, done: float, total: float | None = None) -> None:
        """Show that `done` of `total` are done."""


class Progress(Protocol):
    """Something that shows how far work is."""

    def stage(self, name: str, total: float | None = None) -> AbstractContextManager[Advance]:
        """Open the stage `name`, of `total` units of work, or of an unknown amount."""

    def note(self, line: str) -> None:
        """Say something that the user should read, such as a warning, without disturbing the view."""


def _ignore(done: float, total: float | None = None) -> None:
    pass


class SilentProgress:
    """Shows nothing: for the library used from Python, and for `--quiet`."""

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """Do nothing."""
        yield _ignore

    def note(self, line: str) -> None:
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
        yield _ignore
        self.note(f"{name}: {time.perf_counter() - start:.1f} s")

    def note(self, line: str) -> None:
        """Write `line`."""
        with self._lock:
            # looked up late, as tests and shells replace it
            print(line, file=self._stream or sys.stderr, flush=True)


class BarProgress:
    """Bars with the time left, for a terminal."""

    def __init__(self, bars: "Bars") -> None:
        self._bars = bars

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Advance]:
        """Show a bar that pulses while `total` is unknown."""
        task = self._bars.add_task(name, total=total)

        def advance(done: float, total: float | None = None) -> None:
            # None leaves the total as it is
            self._bars.update(task, completed=done, total=total)

        yield advance
        # full, also where the last call was missed or the total was not known
        known = next(each.total for each in self._bars.tasks if each.id == task)
        whole = known if known is not None else 1.0
        self._bars.update(task, total=whole, completed=whole)
        self._bars.stop_task(task)

    def note(self, line: str) -> None:
        """Write `line` above the bars."""
        self._bars.console.print(line, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def showing(stream: IO[str] | None = None) -> Iterator[Progress]:
    """Yield what suits `stream` (standard error by default): bars on a terminal, lines elsewhere."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield LineProgress(stream)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(file=stream)) as bars:
        yield BarProgress(bars)
