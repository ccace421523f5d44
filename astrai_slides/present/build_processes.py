"""Having a deck built by another process, of which the newest order is carried out and every older one ended."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astrai_slides.build.rebuild import Fault, Outcome

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from astrai_slides.present.builder import main; main()"
)
_PATIENCE = 0.3
"""Seconds in which a process ends that is told to, before it is ended."""
CAN_FORK = hasattr(os, "fork")


@dataclass(frozen=True, slots=True)
class Ready:
    """A process has loaded what builds need; `read` is what it will not read again."""

    read: dict[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """An order was carried out, which is not the newest any more if it was given another meanwhile."""

    order: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Seen:
    """How the deck will look, as far as it is known before the order is carried out."""

    order: int
    page: bytes


class BuildProcesses:
    """Builds `target` again and again, into files of the folder `scratch`, in processes of its own.

    `news` has what there is to tell: `Ready`, and `Done` for the order that was the newest when it was carried out.
    """

    def __init__(
        self, target: str, scenes: list[str], scratch: Path, *, fork: bool = CAN_FORK, to: Sequence[str] = ()
    ) -> None:
        """`to` names formats that are written besides, where `build` writes them, after each build."""
        self.news: queue.Queue[Ready | Done | Seen] = queue.Queue()
        self._target = target
        self._scenes = scenes
        self._to = list(to)
        self._scratch = scratch
        self._fork = fork
        self._quick = scratch / "quick"
        self._quick.mkdir(exist_ok=True)
        self._order = 0
        self._traced = 0
        """So many bytes of the trail of the newest order are known."""
        self._process: _Process | None = None
        self._spare: _Process | None = None
        """Where there is no fork: one that has loaded everything for the next order."""
        self._closed = False

    @property
    def newest(self) -> int:
        """The number of the newest order."""
        return self._order

    def order(self) -> None:
        """Build what the files say now; what is being built is ended."""
        with contextlib.suppress(OSError):  # there is none, or Windows has it still open: it goes with the folder
            self._trail(self._order).unlink()
        self._order += 1
        self._traced = 0
        answer = self._scratch / f"answer-{self._order}.json"
        order = {
            "order": self._order,
            "target": self._target,
            "scenes": self._scenes,
            "to": self._to,
            "out": str(self._scratch / "out"),
            "answer": str(answer),
            "trail": str(self._trail(self._order)),
            "quick": str(self._quick),
        }
        if not self._fork:
            if self._process is not None:
                self._process.end()
            self._process, self._spare = self._spare or self._started(), None
        elif self._process is None or not self._process.alive:
            self._process = self._started()
        self._process.tell(order)
        if not self._fork:
            self._spare = self._started()

    def read_since(self) -> dict[str, str]:
        """What the build under way has read since this was asked last, by absolute path: digests."""
        read, self._traced = self._traces(self._order, self._traced)
        return read

    def renew(self) -> None:
        """Load everything anew before the next order."""
        for each in (self._process, self._spare):
            if each is not None:
                each.end()
        self._process = self._spare = None

    def close(self) -> None:
        """End every process, at once."""
        self._closed = True
        self.renew()

    def _started(self) -> "_Process":
        return _Process(self._received, fork=self._fork)

    def _received(self, process: "_Process", message: dict[str, Any]) -> None:
        """Take what a process tells; called by a thread of that process."""
        if self._closed or process is self._spare:
            return
        if "ready" in message:
            self.news.put(Ready(message["ready"]))
        elif "page" in message:
            page = Path(message["page"])
            with contextlib.suppress(OSError):  # of an order before this one
                self.news.put(Seen(message["order"], page.read_bytes()))
                page.unlink()
        elif message.get("ended") == self._order:
            self.news.put(Done(message["ended"], self._outcome(message["ended"], message["code"])))

    def _trail(self, order: int) -> Path:
        return self._scratch / f"trail-{order}"

    def _traces(self, order: int, start: int = 0) -> tuple[dict[str, str], int]:
        """What the trail of an order says from the byte `start` on, and where the next is to be asked for."""
        try:
            with self._trail(order).open("rb") as trail:
                trail.seek(start)
                told = trail.read()
        except OSError:  # nothing yet
            return {}, start
        whole = told[: told.rfind(b"\n") + 1]
        return dict(json.loads(line) for line in whole.splitlines()), start + len(whole)

    def _outcome(self, order: int, code: int) -> Outcome:
        answer = self._scratch / f"answer-{order}.json"
        try:
            told = json.loads(answer.read_bytes())
        except (OSError, ValueError):
            how = f"by signal {-code}" if code < 0 else f"with code {code}"
            said = f"{self._target}: Python ended {how} while the deck was recorded; see what it printed"
            return Outcome(None, {}, Fault(said))
        answer.unlink(missing_ok=True)
        fault = Fault(**told["fault"]) if told["fault"] else None
        return Outcome(Path(told["file"]) if told["file"] else None, told["read"], fault, told["warnings"])


class _Process:
    """A `present.builder`, and the build that it carries out."""

    def __init__(self, received: Any, *, fork: bool) -> None:
        # 0 where there is no such flag
        flags: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        arguments = [sys.executable, "-c", _START, json.dumps(sys.path), *([] if fork else ["--no-fork"])]
        # of a session of its own: Ctrl-C is for us, who ends it
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
        self._received = received
        self._build = 0
        self._groups: set[int] = set()
        """Leaders of groups of processes, besides itself and the build."""
        self._order = 0
        self._ended = False
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it takes orders."""
        return self._process.poll() is None

    def tell(self, order: dict[str, Any]) -> None:
        """Give it an order."""
        self._order = order["order"]
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it is gone, which `_listen` notices
            self._process.stdin.write(json.dumps(order).encode() + b"\n")

    def end(self) -> None:
        """End it and what it has begun."""
        self._ended = True
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if hasattr(os, "killpg"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                if self._order and self._build != self._process.pid:
                    self._process.wait(_PATIENCE)
            for leader in {self._build, self._process.pid, *self._groups} - {0}:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(leader, signal.SIGKILL)
        else:
            # Windows, where this ends what it has begun as well
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(self._process.pid)], capture_output=True)
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        over = 0
        for line in self._process.stdout:
            message = json.loads(line)
            self._build = message.get("pid", self._build)
            if "group" in message:
                self._groups.add(message["group"])
            if "group_ended" in message:
                self._groups.discard(message["group_ended"])
            if "ended" in message:
                over, self._build = message["ended"], 0
            self._received(self, message)
        code = self._process.wait()
        if not self._ended and over != self._order:
            self._received(self, {"ended": self._order, "code": code})
