"""Who writes other formats than the page for a preview, as the process that builds holds it.

It is a child that first writes what a build came to. Then it reads that again, and waits: after the next edit it writes
the files as soon as it is known what the deck is (`build.early_files`), before that is built, and ends.
"""

import json
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from astrai_slides.build.early_files import WAITS

_MOST_BYTES = 1 << 16
_kill_group: Any = getattr(os, "killpg", None)
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class FileWriter:
    """The child that writes, or none."""

    def __init__(self, fork: Callable[[dict[str, Any], socket.socket, bool], int], tell: Callable[..., None]) -> None:
        """`fork` begins a child for an order, with its end of a channel, and whether it first writes what was built; it
        returns its process id. `tell` is told of the `group` of processes that it leads, and of its end."""
        self._fork = fork
        self._tell = tell
        self._channel: socket.socket | None = None
        self._waits = False
        self._order: dict[str, Any] = {}
        self.pid = 0
        """Of the child, 0 for none."""
        self.is_drawing = False
        """Whether it draws the step that was edited, and is to be told of the others."""
        self.is_writing = False
        """Whether it writes what the newest edit comes to."""

    @property
    def sockets(self) -> list[socket.socket]:
        """All that is open."""
        return [self._channel] if self._channel is not None else []

    def write_built(self, order: dict[str, Any]) -> None:
        """Write what `order` was built to, and wait for the next edit."""
        self.end()
        self._begin(order, built=True)

    def expect(self, order: dict[str, Any]) -> None:
        """See that `order` was given: what is being written for another is ended."""
        self._order = order
        if not self._is_waiting():
            self.end()

    def segments(self, file: str) -> None:
        """Take the file with what the edited step ends with, and have it drawn."""
        if not self._order["to"] or self.is_drawing or self.is_writing:
            return
        if not self.pid:
            self._begin(self._order, built=False)
        self._send(segments=file)

    def recorded(self, file: str) -> None:
        """Take the file with the edited step, which was recorded whole, and have it drawn."""
        if not self._order["to"] or self.is_drawing or self.is_writing:
            return
        kept = f"{file}-kept"  # as who shows it removes it
        with suppress(OSError):
            os.link(file, kept)
            if not self.pid:
                self._begin(self._order, built=False)
            self._send(whole=kept)
            self.is_drawing = True

    def steps(self, names: list[str | None]) -> None:
        """Write the deck of these steps, of which None is that which is being drawn."""
        if self.is_drawing:
            self._send(steps=names)
            self.is_drawing, self.is_writing = False, True

    def give_up(self) -> None:
        """Write nothing where it is not known by now which steps there are."""
        if self.is_drawing:
            self.end()

    def has_ended(self, pid: int) -> bool:
        """Whether it was this child that ended."""
        if pid != self.pid or not pid:
            return False
        self._over()
        return True

    def end(self) -> None:
        """End it."""
        if self.pid:
            pid = self.pid
            self._over()
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def _begin(self, order: dict[str, Any], *, built: bool) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with theirs:
            self.pid = self._fork(order, theirs, built)
        self._tell(group=self.pid)

    def _over(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            _kill_group(self.pid, _KILL)  # also what it left behind
        self._tell(group_ended=self.pid)
        for each in self.sockets:
            each.close()
        self._channel = None
        self.pid, self._waits, self.is_drawing, self.is_writing = 0, False, False, False

    def _send(self, **what: Any) -> None:
        if self._channel is not None:
            self._channel.send(json.dumps(what).encode())

    def _is_waiting(self) -> bool:
        """Whether it has written what was built, and has nothing to do."""
        if self._channel is None or self.is_drawing or self.is_writing:
            return False
        with suppress(OSError):  # it has said nothing yet
            self._waits = self._waits or self._channel.recv(_MOST_BYTES, socket.MSG_DONTWAIT) == WAITS
        return self._waits
