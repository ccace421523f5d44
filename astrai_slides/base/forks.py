"""Children of this process that work on what it holds at that moment, while it goes on.

A fork costs some milliseconds and shares the memory, so that nothing has to be sent there; what it found comes back as
bytes. Only on Linux: other systems have no `fork`, or libraries that do not stand it.
"""

import gc
import os
import random
import select
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from astrai_slides.base.phases import from_fork, in_fork, reaping
from astrai_slides.base.scratch import sweep

_fork: Any = getattr(os, "fork", None)
_mask: Any = getattr(signal, "pthread_sigmask", None)
_memory_file: Any = getattr(os, "memfd_create", None)
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_ENDING = {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}

FORKS = sys.platform == "linux" and None not in (_fork, _mask, _memory_file)
"""Whether this system can."""

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_exit = os._exit


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def name_process(name: str) -> None:
    """Have the system call this process `name`, of which it shows 15 characters; only where there are `FORKS`."""
    _libc().prctl(_PR_SET_NAME, name.encode())


class ForkDiedError(Exception):
    """A child ended before it had said what it found."""


class Fork:
    """A child at work, or what it found."""

    def __init__(self, pid: int, ended: int, data: int) -> None:
        """`ended` is a pipe's end that is closed when the child has ended, `data` a file without a name."""
        self._pid = pid
        self._data = data
        self._found: bytes | None = None
        self.ended = ended
        self.is_over = False

    def found(self) -> bytes:
        """Return what the child found; raises ForkDiedError. Only once it is over."""
        assert self.is_over
        if self._found is None:
            raise ForkDiedError
        return self._found

    def end(self, *, kill: bool = False) -> None:
        """Take what the child found once it has ended, which is waited for."""
        if self.is_over:
            return
        self.is_over = True
        try:
            if kill:
                os.kill(self._pid, _KILL)
            with reaping():
                _, status = os.waitpid(self._pid, 0)
            if status == 0:
                with open(self._data, "rb", closefd=False) as file:
                    file.seek(0)
                    self._found = from_fork(file.read())
        except (ChildProcessError, ProcessLookupError):
            pass  # somebody else waited for all children: what it found is not known
        finally:
            os.close(self.ended)
            os.close(self._data)


def _libc() -> Any:
    # here, as `build` starts with this module and mostly records nothing
    import ctypes

    return ctypes.CDLL(None)


@contextmanager
def _answered_later() -> Iterator[None]:
    """Answer signals that end a process after the block.

    To block them is not enough: they come to another thread then, and Python answers them in this one all the same.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = {number: signal.getsignal(number) for number in _ENDING}
    replaced = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in replaced:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _flush() -> None:
    """Write what was printed, or a child might write it again."""
    for stream in (sys.stdout, sys.stderr):
        # None where it was closed; that nobody reads it any more is told to whoever prints next
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()


def _both() -> int:
    """Fork; signals that end a process must be held back."""
    with warnings.catch_warnings():
        # Python 3.12 warns of threads, of whose locks the child needs none
        warnings.simplefilter("ignore", DeprecationWarning)
        return int(_fork())


def _settle(parent: int, chance: Any, libc: Any) -> bool:
    """What a child of `parent` does first; whether that is still there."""
    libc.prctl(_PR_SET_PDEATHSIG, _KILL)
    if os.getppid() != parent:
        return False
    # the parent decides what becomes of it
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    _mask(signal.SIG_UNBLOCK, _ENDING)
    random.setstate(chance)  # from which Python takes every child away
    gc.freeze()  # looking for garbage would write to, and so copy, all that it shares
    return True


def parted() -> int:
    """Fork this process so that both go on from here: 0 in the new one, its number in the old one.

    The new one must leave by `os._exit`, and ends when the old one does. Raises OSError where the system refuses. Only
    where there are `FORKS`.
    """
    _flush()
    parent, chance, libc = os.getpid(), random.getstate(), _libc()
    with _answered_later():
        blocked = _mask(signal.SIG_BLOCK, _ENDING)
        try:
            pid = _both()
        finally:
            _mask(signal.SIG_SETMASK, blocked)
    if pid == 0 and not _settle(parent, chance, libc):
        _exit(1)
    return pid


class Forks:
    """At most `count` children at a time, which end with the block at the latest."""

    def __init__(self, count: int, room: Callable[[], int] | None = None) -> None:
        """`room` tells for how many there is room now, where other work goes first; for `count` without it."""
        self.count = count if FORKS else 0
        self._room = room
        self._process = os.getpid()
        self._running: list[Fork] = []
        self._libc = _libc() if self.count else None

    def __enter__(self) -> "Forks":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if os.getpid() != self._process:
            return  # a process that somebody else forked
        running, self._running = self._running, []
        for each in running:
            each.end(kill=True)
        if running:
            sweep()  # of the folders that they worked in

    @property
    def has_room(self) -> bool:
        """Whether another child can start at once."""
        return len(self._running) < self._most

    @property
    def are_at_work(self) -> bool:
        """Whether so many children are at work that one more would leave no processor to this process."""
        self.look()
        return len(self._running) >= max(self._most - 1, 1)

    @property
    def are_wanted(self) -> bool:
        """Whether children can start, at once or when others end."""
        return self._most > 0

    @property
    def _most(self) -> int:
        return self.count if self._room is None else min(self.count, self._room())

    def start(self, work: Callable[[], bytes]) -> Fork:
        """Have a child call `work`; first wait until there is room for it.

        Raises OSError where the system refuses, for want of memory or processes: then `count` is 0 from now on.
        """
        while self._running and not self.has_room:
            self.wait()
        _flush()
        opened: list[int] = []
        try:
            opened += os.pipe()
            opened.append(_memory_file("fork"))
            return self._forked(work, *opened)
        except OSError:
            self.count = 0
            for each in opened:
                os.close(each)
            raise

    def _forked(self, work: Callable[[], bytes], ours: int, theirs: int, data: int) -> Fork:
        chance = random.getstate()
        with _answered_later():
            # nothing that comes now may be raised in the child
            blocked = _mask(signal.SIG_BLOCK, _ENDING)
            try:
                pid = _both()
                if pid == 0:
                    self._be_child(work, data, chance)
                # before a signal may end the block, which ends what it knows of
                fork = Fork(pid, ours, data)
                self._running.append(fork)
                os.close(theirs)
            finally:
                _mask(signal.SIG_SETMASK, blocked)
        return fork

    def look(self, seconds: float | None = 0.0) -> None:
        """See which children have ended; wait for one, but no longer than `seconds` (None: as long as it takes)."""
        if not self._running:
            return
        poll = select.poll()
        for each in self._running:
            poll.register(each.ended, select.POLLIN)
        ended = {descriptor for descriptor, _ in poll.poll(None if seconds is None else seconds * 1000)}
        for each in self._running:
            if each.ended in ended:
                each.end()
        self._running = [each for each in self._running if not each.is_over]

    def wait(self) -> None:
        """Wait until a child has ended; return at once if none is at work."""
        self.look(None)

    def _be_child(self, work: Callable[[], bytes], data: int, chance: Any) -> None:
        """All that the child does; never returns."""
        code = 1
        try:
            assert self._libc is not None
            if _settle(self._process, chance, self._libc):
                self._running = []
                with open(data, "wb", closefd=False) as file:
                    file.write(in_fork(work))
                code = 0
        finally:
            _exit(code)


_PR_SET_CHILD_SUBREAPER = 36


def _prctl(option: int, value: int) -> None:
    _libc().prctl(option, value)


def end_with(parent: int) -> None:
    """End this process when `parent`, which forked it, ends; at once if it has ended already. Linux only."""
    _prctl(_PR_SET_PDEATHSIG, _KILL)
    if os.getppid() != parent:
        _exit(1)


def outlive_parent() -> None:
    """Go on when the process ends that forked this one. Linux only."""
    _prctl(_PR_SET_PDEATHSIG, 0)


def adopt_orphans() -> None:
    """Be the parent of processes whose own has ended, so that they can be waited for. Linux only."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def proportional_memory(pid: int) -> int:
    """Bytes of memory that process `pid` takes, of what it shares its part; 0 where that cannot be told."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        return sum(int(line.split()[1]) << 10 for line in told.splitlines() if line.startswith("Pss:"))
    except (OSError, ValueError):
        return 0
