"""Pieces of work that this process and children of it take in turn, whoever is free; what comes of them stays in order.

As `forks`, for work that is one after the other where it is used: a film's pictures are painted by all processors, and
encoded by one. A child that dies costs time, and nothing else.
"""

import os
import signal
from collections.abc import Callable, Generator
from contextlib import suppress
from mmap import mmap
from types import TracebackType
from typing import Any

from astrai_slides.base.forks import FORKS, parted
from astrai_slides.base.phases import by_child, of_children, reaping

FEWEST_PIECES = 8
"""Fewer are done sooner than a process is forked for them."""

_HELD = 4
"""Pieces that wait here for their turn, at most, before this process waits for its children."""
_SLOTS = 2
"""Pieces of each child that wait to be taken."""
_NICENESS = 5
"""Children come after whoever waits for them, and after what else is recorded meanwhile."""

_NUMBER = 4
"""Bytes of a number of a piece, or of a slot."""

_exit = os._exit
# not on Windows, where there are no `FORKS`
_kill_now: Any = getattr(signal, "SIGKILL", None)
_be_nice: Any = getattr(os, "nice", None)
_set_blocking: Any = getattr(os, "set_blocking", None)


def in_order(
    count: int, work: Callable[[int], bytes], size: int, helpers: int, phase: str
) -> Generator[bytes, None, None]:
    """Yield what `work` makes of 0, 1, ... to below `count`, each of `size` bytes.

    Up to `helpers` children share the work. What they take is told as `phase`.
    """
    if not FORKS or helpers < 1 or count < FEWEST_PIECES:
        yield from map(work, range(count))
        return
    held: dict[int, bytes] = {}
    with _Helpers(count, work, size, helpers, phase) as others:
        for number in range(count):
            while number not in held:
                others.take(held, wait=False)
                if number in held:
                    break
                mine = others.claim() if len(held) < _HELD else None
                if mine is not None:
                    held[mine] = work(mine)
                elif not others.take(held, wait=True) and number not in held:
                    held[number] = work(number)  # as whoever claimed it died
            yield held.pop(number)


class _Helpers:
    """Children at work on pieces that they claim."""

    def __init__(self, count: int, work: Callable[[int], bytes], size: int, helpers: int, phase: str) -> None:
        self._count, self._work, self._size, self._phase = count, work, size, phase
        self._wanted = helpers
        self._pids: list[int] = []

    def __enter__(self) -> "_Helpers":
        create: Any = os.memfd_create  # type: ignore[attr-defined, unused-ignore]
        # all processes read from one place in it, so that each number is read once
        self._claims = create("claims")
        os.write(self._claims, b"".join(number.to_bytes(_NUMBER, "little") for number in range(self._count)))
        os.lseek(self._claims, 0, os.SEEK_SET)
        slots = self._wanted * _SLOTS
        self._memory = mmap(-1, slots * self._size)
        self._free, self._freed = os.pipe()
        self._done, self._told = os.pipe()
        for slot in range(slots):
            os.write(self._freed, slot.to_bytes(_NUMBER, "little"))
        with suppress(OSError):  # of a system that refuses: the work is done here
            for _ in range(self._wanted):
                self._fork()
        os.close(self._told)
        os.close(self._free)
        _set_blocking(self._done, False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid in self._pids:
            with suppress(ProcessLookupError):
                os.kill(pid, _kill_now)
            with reaping(), suppress(ChildProcessError):
                before = of_children()
                os.waitpid(pid, 0)
                by_child(self._phase, of_children() - before)
        for descriptor in (self._claims, self._freed, self._done):
            os.close(descriptor)
        self._memory.close()

    def claim(self) -> int | None:
        """The number of the next piece that nobody works on; None if there is none."""
        number = os.read(self._claims, _NUMBER)
        return int.from_bytes(number, "little") if number else None

    def take(self, held: dict[int, bytes], *, wait: bool) -> bool:
        """Add to `held` what children have done; whether any of them may do more."""
        _set_blocking(self._done, wait)
        try:
            while message := os.read(self._done, 2 * _NUMBER):
                number, slot = (int.from_bytes(part, "little") for part in (message[:_NUMBER], message[_NUMBER:]))
                held[number] = self._memory[slot * self._size : (slot + 1) * self._size]
                with suppress(BrokenPipeError):  # nobody is left to use it
                    os.write(self._freed, message[_NUMBER:])
                _set_blocking(self._done, False)
        except BlockingIOError:
            return True
        return False

    def _fork(self) -> None:
        pid = parted()
        if pid:
            self._pids.append(pid)
            return
        code = 1
        try:
            _be_nice(_NICENESS)
            # of which this process would keep itself alive
            os.close(self._freed)
            os.close(self._done)
            while slot := os.read(self._free, _NUMBER):
                number = self.claim()
                if number is None:
                    break
                at = int.from_bytes(slot, "little") * self._size
                self._memory[at : at + self._size] = self._work(number)
                os.write(self._told, number.to_bytes(_NUMBER, "little") + slot)
            code = 0
        finally:
            _exit(code)
