"""Forks of this process that go on from where it is, each to an end of its own: a run parts where a choice is made.

At most so many are at work at a time, this process among them. One for which there is no room goes on while the
process that it was forked from waits for it, so that nothing ever waits for what waits for it.
"""

import os
import select
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from astrai_slides.base import atomic
from astrai_slides.base.forks import FORKS, parted
from astrai_slides.base.phases import from_fork, in_branch, of_branch, reaping
from astrai_slides.base.process_state import go_on_in_place

_SIGNAL_KILL = 9
_LOOK = 0.5
"""Seconds after which whoever waits is told at the latest."""
_FOUND = ".found"
_exit = os._exit


class Branches:
    """The branches of a run, of this process and of others; the run itself must end in the block.

    `waiting` is called while this process, where the run began, waits for others, with how many have ended; what it
    raises ends them all.
    """

    def __init__(self, folder: Path, count: int, waiting: Callable[[int], object]) -> None:
        """`folder` is for what they find, and is there longer than this."""
        self.folder = folder
        self._found = folder / "found"
        self._found.mkdir()
        self._waiting = waiting
        self._place: tuple[int, ...] = ()
        self._born = 0
        self._children: dict[int, tuple[int, bool]] = {}
        """Those at work: the end of a pipe that is closed when they have ended, and whether each took room."""
        self._has_taken = False
        self._room = os.pipe() if FORKS else (-1, -1)
        if FORKS:
            os.set_blocking(self._room[0], False)
            os.write(self._room[1], b"." * max(0, count - 1))

    def __enter__(self) -> "Branches":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid, (ended, _) in self._children.items():
            with suppress(ProcessLookupError):
                os.kill(pid, _SIGNAL_KILL)
            self._reap(pid, ended)
        self._children.clear()
        for each in self._room:
            if each >= 0:
                os.close(each)

    @property
    def is_branch(self) -> bool:
        """Whether this process is one of them."""
        return bool(self._place)

    @property
    def name(self) -> str:
        """The name of this branch, which no other has."""
        return "-".join(map(str, self._place))

    def part(self) -> bool:
        """Fork; whether this is the new process. Raises OSError where the system refuses."""
        number, taken = self._born, self._take_room()
        self._born += 1
        ours, theirs = os.pipe()
        try:
            pid = parted()
        except OSError:
            os.close(ours)
            os.close(theirs)
            self._give_room(taken=taken)
            raise
        if pid == 0:
            os.close(ours)
            for ended, _ in self._children.values():
                os.close(ended)
            # held until this process ends: `theirs`
            self._place, self._born, self._children, self._has_taken = (*self._place, number), 0, {}, taken
            go_on_in_place()
            in_branch()
            return True
        os.close(theirs)
        self._children[pid] = ours, taken
        if not taken:
            self._wait_for(pid)
        return False

    def end(self, found: bytes) -> None:
        """End this branch, which found that; never returns."""
        try:
            atomic.write_bytes(self._found / f"{self.name}{_FOUND}", of_branch(found))
            self._give_room(taken=self._has_taken)
            self._has_taken = False
            self.join()
            _exit(0)
        finally:
            _exit(1)

    def leave(self) -> None:
        """End this process if it is a branch, which found nothing."""
        if self.is_branch:
            try:
                self._give_room(taken=self._has_taken)
                self.join()
            finally:
                _exit(1)

    def join(self) -> None:
        """Wait for the branches of this process."""
        while self._children:
            self._wait_for(next(iter(self._children)))

    def found(self) -> list[bytes]:
        """What the branches found that have ended."""
        return [from_fork(path.read_bytes()) for path in sorted(self._found.glob(f"*{_FOUND}"))]

    def _take_room(self) -> bool:
        try:
            return bool(os.read(self._room[0], 1))
        except BlockingIOError:
            return False

    def _give_room(self, *, taken: bool) -> None:
        if taken:
            os.write(self._room[1], b".")

    def _wait_for(self, pid: int) -> None:
        """Wait until the child `pid` has ended."""
        ended, taken = self._children[pid]
        poll: Any = select.poll()
        poll.register(ended, select.POLLIN)
        while not poll.poll(_LOOK * 1000):
            self._tell()
        del self._children[pid]
        killed = os.WIFSIGNALED(self._reap(pid, ended))
        self._give_room(taken=taken and killed)
        self._tell()

    def _tell(self) -> None:
        if not self.is_branch:
            self._waiting(sum(1 for _ in self._found.glob(f"*{_FOUND}")))

    @staticmethod
    def _reap(pid: int, ended: int) -> int:
        os.close(ended)
        with suppress(ChildProcessError), reaping():
            return os.waitpid(pid, 0)[1]
        return 0
