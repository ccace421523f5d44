"""What a command takes: seconds, seconds of processors, and the memory of it and all it starts."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from astrai_slides.base.forks import proportional_memory

_PAUSE = 0.5
"""Seconds between looks at the memory, or more."""

_LOOKING = 0.01
"""Share of the time that looks at the memory may take: the system goes through all pages of all processes for one."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`wall` and `cpu` in seconds; `peak` is the most that all processes together held at a time, in bytes.

    Of pages that several share each has its part, where the system tells that (Linux); elsewhere they count once for
    each, which is an upper bound.
    """

    wall: float
    cpu: float
    peak: int

    def __add__(self, other: "Cost") -> "Cost":
        """One after the other."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run `command` in `folder` to its end. Raises RuntimeError with what it said if it fails."""
    log = folder / "command.log"
    begin = time.perf_counter()
    environ = {**os.environ, **(environment or {})}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=output, stderr=subprocess.STDOUT)
    peak, over = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        pause = _PAUSE
        while not over.wait(pause):
            began = time.thread_time()
            peak = max(peak, _memory(process.pid))
            pause = max(_PAUSE, (time.thread_time() - began) / _LOOKING)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    # of the process and of all its children that it waited for
    _, status, usage = os.wait4(process.pid, 0)
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{log.read_text(errors='replace')[-4000:]}")
    return Cost(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, peak)


def _memory(pid: int) -> int:
    """Bytes of the process and its descendants, of what they share each its part where that can be told."""
    total = 0
    try:
        root = psutil.Process(pid)
        for each in (root, *root.children(recursive=True)):
            try:
                total += proportional_memory(each.pid) or each.memory_info().rss
            except psutil.Error:
                continue  # it ended meanwhile
    except psutil.Error:
        return 0
    return total
