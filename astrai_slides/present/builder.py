"""The process that builds for a preview: manim is imported once, and a child that ends with its build does each.

It reads orders from its standard input, a JSON object a line, and answers on its standard output:

| it is told | what it does |
|---|---|
| `{"order": N, "target", "scenes", "to", ...}` | ends the build that is under way, and begins another |
| the end of the input | ends everything |

Where it writes what stands in `order` besides: the folders `out` and `quick`, the files `answer` and `trail`. A build
writes each file that it reads into `trail` just before, a JSON list of path and digest a line: that is
known however it ends, or if it never does. When it is over, another child writes the formats of `to`, if any are named
(`present.file_writer`).

| it tells | when |
|---|---|
| `{"ready": INPUTS}` | orders are taken; INPUTS is what was read meanwhile, and is not read again |
| `{"began": N, "pid": P}` | a child has begun, the leader of a group of processes |
| `{"page": FILE, "order": N}` | that is how the deck will look, as far as it is known before it is built |
| `{"group": P}`, `{"group_ended": P}` | a quick run (`present.quick_runs`), or who writes, leads a group of processes |
| `{"ended": N, "code": C}` | it is over. 0: the outcome stands in the file `answer`; else there may be none |

Where there is no `fork`, it carries out its first order itself and ends, and whoever ordered has another one waiting.
"""

import contextlib
import gc
import json
import logging
import os
import selectors
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from astrai_slides.build.early_files import write_early
from astrai_slides.build.quick import FORKS, adopt_orphans, run_quickly
from astrai_slides.build.rebuild import load_all, rebuild, write
from astrai_slides.present.file_writer import FileWriter
from astrai_slides.present.quick_runs import QuickRuns

_PATIENCE = 3.0
"""Seconds after which a build begins though it is not known yet how the step ends that was edited."""
_PATIENCE_WITH_MOTION = 9.0
"""Seconds more for the motion of that step."""
_NO_PAGE = 1
"""The exit code of a child whose outcome is a fault."""
_FAILED = 70
"""The exit code of a child that could not even say what failed."""


def main() -> None:
    """Take orders until the input ends."""
    orders, answers = _own_streams()
    logging.basicConfig(format="%(message)s")  # as commands do, or manim would have all libraries tell what they do
    _tell(answers, ready=load_all())
    if hasattr(os, "fork") and "--no-fork" not in sys.argv:
        _Forking(orders, answers).serve()
    else:
        _serve_once(orders, answers)


def _own_streams() -> tuple[int, int]:
    """Take standard input and output away from decks: what they print goes to standard error, and they read nothing."""
    orders, answers = os.dup(0), os.dup(1)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    return orders, answers


def _tell(answers: int, **what: Any) -> None:
    line = memoryview(json.dumps(what).encode() + b"\n")
    with contextlib.suppress(BrokenPipeError):  # whoever ordered is gone, which the end of the input tells
        while line:
            line = line[os.write(answers, line) :]


def _carry_out(order: dict[str, Any]) -> bool:
    """Build, and write the outcome; whether it is a page."""
    # by one write a line, also of its forks, and nothing is left in a buffer when the deck ends the process
    trail = os.open(order["trail"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def told(path: str, digest: str) -> None:
        os.write(trail, json.dumps([path, digest]).encode() + b"\n")

    outcome = rebuild(order["target"], order["scenes"], Path(order["out"]), told)
    answer = Path(order["answer"])
    draft = answer.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(outcome), default=str), encoding="utf-8")
    draft.replace(answer)
    return outcome.file is not None


def _write(order: dict[str, Any]) -> None:
    """Write the deck that was built in the formats that are named besides."""
    write(order["target"], order["scenes"], order["to"], _say)


def _say(said: str) -> None:
    sys.stderr.write(f"{said}\n")


def _serve_once(orders: int, answers: int) -> None:
    with os.fdopen(orders, encoding="utf-8") as lines:
        for line in lines:
            order = json.loads(line)
            _tell(answers, began=order["order"], pid=os.getpid())
            shown = _carry_out(order)
            _tell(answers, ended=order["order"], code=0)
            if shown and order["to"]:
                _write(order)
            return


class _Forking:
    """Has a child carry out each order, and ends it for the next."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders = orders
        self._answers = answers
        self._child = 0
        """Process id of the build under way, 0 for none."""
        self._order: dict[str, Any] = {}
        """What it carries out."""
        self._lifeline, self._held = os.pipe()
        """Its second end is open in this process only: the first tells a child that this one is gone."""
        self._woken, self._waking = socket.socketpair()
        self._writer = FileWriter(self._begin_writing, lambda **told: _tell(answers, **told))
        self._quick = (
            QuickRuns(self._begin_quickly, lambda **told: _tell(answers, **told), self._writer) if FORKS else None
        )
        self._waiting: dict[str, Any] | None = None
        """An order whose build has not begun: it does once what was edited is shown."""
        self._at_latest = 0.0
        """When it begins in any case, as `time.monotonic` has it."""

    def serve(self) -> None:
        """Take orders until there are no more."""
        self._woken.setblocking(False)
        self._waking.setblocking(False)
        if hasattr(signal, "SIGCHLD"):  # as there is wherever there is a fork
            signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waking.fileno(), warn_on_full_buffer=False)
        if FORKS:
            adopt_orphans()
        gc.collect()
        gc.freeze()  # what is there already is for every child, and is not gone through in any
        pending = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._orders, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            quick: set[int] = set()
            while True:
                quick = self._listen_to_runs(selector, quick)
                ready = {key.fd for key, _ in selector.select(self._patience())}
                if self._woken.fileno() in ready:
                    with contextlib.suppress(BlockingIOError):
                        self._woken.recv(4096)
                    self._reap()
                if self._orders in ready:
                    read = os.read(self._orders, 1 << 16)
                    if not read:
                        self._end_child()
                        self._writer.end()
                        if self._quick is not None:
                            self._quick.close()
                        return
                    *lines, pending = (pending + read).split(b"\n")
                    if lines:
                        self._end_child()
                        self._waiting = json.loads(lines[-1])
                        self._writer.expect(self._waiting)
                        self._at_latest = time.monotonic() + _PATIENCE
                        self._run_quickly(self._waiting)
                elif self._quick is not None:
                    for descriptor in ready & quick:
                        self._quick.receive(descriptor)
                if self._waiting is not None and self._patience() == 0:
                    order, self._waiting = self._waiting, None
                    self._writer.give_up()
                    self._begin(order)

    def _run_quickly(self, order: dict[str, Any] | None) -> None:
        """See what `order` comes to before it is built; that it cannot be seen is no reason not to build."""
        if self._quick is None or order is None:
            return
        try:
            self._quick.begin(order)
        except Exception:
            traceback.print_exc()
            self._quick.settled = True

    def _listen_to_runs(self, selector: selectors.BaseSelector, before: set[int]) -> set[int]:
        """Listen to the quick runs that there are now."""
        now = set(self._quick.heard) if self._quick is not None else set()
        for descriptor in before:  # another may have taken its number
            selector.unregister(descriptor)
        for descriptor in now:
            selector.register(descriptor, selectors.EVENT_READ)
        return now

    def _patience(self) -> float | None:
        """Seconds until the build that waits begins, 0 if it does; None if none waits."""
        if self._waiting is None:
            return None
        if self._writer.is_writing:  # which ends
            return None
        if self._quick is None or (self._quick.settled and not self._writer.is_drawing):
            return 0.0
        more = self._quick.is_recording or self._writer.is_drawing
        latest = self._at_latest + (_PATIENCE_WITH_MOTION if more else 0.0)
        return max(0.0, latest - time.monotonic())

    def _begin_quickly(self, order: dict[str, Any], channel: socket.socket, others: list[socket.socket]) -> None:
        """Fork a quick run."""
        parent = os.getpid()
        if not self._forked():
            self._close(others)
            run_quickly(order, channel, parent)

    def _forked(self) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid: int = os.fork() if hasattr(os, "fork") else 0
        if not pid:
            signal.set_wakeup_fd(-1)
            if hasattr(signal, "SIGCHLD"):
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        return pid

    def _close(self, others: list[socket.socket]) -> None:
        """Close what a child has no business with."""
        others = [*others, *self._writer.sockets]
        for each in (self._orders, self._answers, self._held, self._woken.detach(), self._waking.detach()):
            os.close(each)
        for channel in others:
            channel.close()

    def _begin(self, order: dict[str, Any]) -> None:
        self._order = order
        self._child = self._child_that(lambda: 0 if _carry_out(order) else _NO_PAGE)
        _tell(self._answers, began=order["order"], pid=self._child)

    def _begin_writing(self, order: dict[str, Any], channel: socket.socket, built: bool) -> int:
        """Fork who writes: what was built first, if it was, and then what the next edit comes to."""

        def work() -> int:
            if built:
                _write(order)
            if FORKS:
                write_early(order["target"], order["scenes"], order["to"], channel, _say)
            return 0

        return self._child_that(work)

    def _child_that(self, work: Callable[[], int]) -> int:
        """Fork a child that leads a group of processes, does `work`, and ends with its code whatever happens."""
        pid = self._forked()
        if pid:
            with contextlib.suppress(OSError):  # both do it, as nobody knows who comes first
                os.setpgid(pid, pid)
            return pid
        code = _FAILED
        try:
            with contextlib.suppress(OSError):
                os.setpgid(0, 0)
            self._close(self._quick.sockets if self._quick is not None else [])
            threading.Thread(target=_end_with, args=(self._lifeline,), daemon=True).start()
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        """Take children that have ended, and tell of the build."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if self._writer.has_ended(pid):
                continue
            if pid == self._child:
                self._child = 0
                _end_group(pid)  # what it left behind
                code = os.waitstatus_to_exitcode(status)
                _tell(self._answers, ended=self._order["order"], code=code)
                if code == 0 and self._order["to"]:
                    self._writer.write_built(self._order)

    def _end_child(self) -> None:
        if self._child:
            _end_group(self._child)
            os.waitpid(self._child, 0)
            self._child = 0


def _end_group(leader: int) -> None:
    if hasattr(os, "killpg"):  # as there is wherever there is the fork that made it
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def _end_with(lifeline: int) -> None:
    """End this process and its group when nobody holds the other end of `lifeline`."""
    os.read(lifeline, 1)
    _end_group(os.getpid())
