"""The process that builds for a preview: manim is imported once, and a child that ends with its build does each.

It reads orders from its standard input, a JSON object a line, and answers on its standard output:

| it is told | what it does |
|---|---|
| `{"order": N, "target", "scenes", "out", "answer", "trail"}` | ends the build that is under way, and begins another |
| the end of the input | ends everything |

A build writes each file that it reads into the file `trail` just before, a JSON list of path and digest a line: that is
known however it ends, or if it never does.

| it tells | when |
|---|---|
| `{"ready": INPUTS}` | orders are taken; INPUTS is what was read meanwhile, and is not read again |
| `{"began": N, "pid": P}` | a child has begun, the leader of a group of processes |
| `{"ended": N, "code": C}` | it is over. 0: the outcome stands in the file `answer`; else there may be none |

Where there is no `fork`, it carries out its first order itself and ends, and whoever ordered has another one waiting.
"""

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import threading
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from astrai_slides.build.rebuild import load_all, rebuild

_FAILED = 70
"""The exit code of a child that could not even say what failed."""


def main() -> None:
    """Take orders until the input ends."""
    orders, answers = _own_streams()
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


def _carry_out(order: dict[str, Any]) -> None:
    """Build, and write the outcome."""
    # by one write a line, also of its forks, and nothing is left in a buffer when the deck ends the process
    trail = os.open(order["trail"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def told(path: str, digest: str) -> None:
        os.write(trail, json.dumps([path, digest]).encode() + b"\n")

    outcome = rebuild(order["target"], order["scenes"], Path(order["out"]), told)
    answer = Path(order["answer"])
    draft = answer.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(outcome), default=str), encoding="utf-8")
    draft.replace(answer)


def _serve_once(orders: int, answers: int) -> None:
    with os.fdopen(orders, encoding="utf-8") as lines:
        for line in lines:
            order = json.loads(line)
            _tell(answers, began=order["order"], pid=os.getpid())
            _carry_out(order)
            _tell(answers, ended=order["order"], code=0)
            return


class _Forking:
    """Has a child carry out each order, and ends it for the next."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders = orders
        self._answers = answers
        self._child = 0
        """Process id of the build under way, 0 for none."""
        self._order = 0
        self._lifeline, self._held = os.pipe()
        """Its second end is open in this process only: the first tells a child that this one is gone."""
        self._woken, self._waking = socket.socketpair()

    def serve(self) -> None:
        """Take orders until there are no more."""
        self._woken.setblocking(False)
        self._waking.setblocking(False)
        if hasattr(signal, "SIGCHLD"):  # as there is wherever there is a fork
            signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waking.fileno(), warn_on_full_buffer=False)
        gc.collect()
        gc.freeze()  # what is there already is for every child, and is not gone through in any
        pending = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._orders, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select()}
                if self._woken.fileno() in ready:
                    with contextlib.suppress(BlockingIOError):
                        self._woken.recv(4096)
                    self._reap()
                if self._orders in ready:
                    read = os.read(self._orders, 1 << 16)
                    if not read:
                        self._end_child()
                        return
                    *lines, pending = (pending + read).split(b"\n")
                    if lines:
                        self._end_child()
                        self._begin(json.loads(lines[-1]))

    def _begin(self, order: dict[str, Any]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self._order = order["order"]
        self._child = os.fork() if hasattr(os, "fork") else 0
        if not self._child:
            self._be_child(order)
        with contextlib.suppress(OSError):  # both do it, as nobody knows who comes first
            os.setpgid(self._child, self._child)
        _tell(self._answers, began=self._order, pid=self._child)

    def _be_child(self, order: dict[str, Any]) -> None:
        """Carry out `order`, and end this process whatever happens."""
        code = _FAILED
        try:
            with contextlib.suppress(OSError):
                os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            if hasattr(signal, "SIGCHLD"):
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for each in (self._orders, self._answers, self._held, self._woken.detach(), self._waking.detach()):
                os.close(each)
            threading.Thread(target=_end_with, args=(self._lifeline,), daemon=True).start()
            _carry_out(order)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        """Tell of a child that has ended."""
        if not self._child:
            return
        pid, status = os.waitpid(self._child, os.WNOHANG)
        if pid:
            self._child = 0
            _end_group(pid)  # what it left behind
            _tell(self._answers, ended=self._order, code=os.waitstatus_to_exitcode(status))

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
