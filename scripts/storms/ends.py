"""Builds that are ended at any moment: killed, interrupted, asked to end, or bereft of a worker."""

import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path

import psutil

from astrai_slides.export.video.executor import NAME
from storms.case import DONE, Case, Storm, end_seconds, hold
from storms.project import ENCODED, Ended, Kind, Project, project

STARTING = "Python's own start"
EARLY_SECONDS = 0.2
_FRAME = re.compile(r'File "([^"]+)", line \d+, in (\S+)')
UNGUARDED = ("astrai_slides/__init__.py", "astrai_slides/__main__.py", "base/__init__.py", "base/interrupts.py")
"""What runs until Ctrl-C is heeded: the modules that are loaded for that."""


def after(process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Wait; return whether the process still runs."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def in_pythons_start(said: str) -> bool:
    """Whether a traceback is of Python's own start, before this package can have a say."""
    frames = _FRAME.findall(said)
    ours = [file for file, _ in frames if "/astrai_slides/" in file]
    return bool(frames) and all(file.endswith(UNGUARDED) for file in ours)


def _kill(project: Project, choose: random.Random) -> str:
    process = project.start()
    ran = after(process, choose.uniform(0, project.seconds))
    begun = time.monotonic()
    process.kill()
    ended = project.ended(process, begun)
    return project.check(ended, {-signal.SIGKILL: "killed", 0: DONE}, killed=ran)


def _tell(project: Project, choose: random.Random, number: int, until: float, codes: Mapping[int, str]) -> str:
    process = project.start()
    ran = after(process, choose.uniform(0, until))
    begun = time.monotonic()
    group = choose.random() < 0.5
    if ran:
        (os.killpg if group else os.kill)(process.pid, number)
    ended = project.ended(process, begun)
    hold(ended.seconds < end_seconds(), f"ended {ended.seconds:.1f} s after it was told to: {ended.said!r}")
    if ended.code == -number and not ended.said:
        project.check(ended, {-number: STARTING}, killed=True)
        return STARTING
    if "Traceback" in ended.said and in_pythons_start(ended.said):
        project.check(Ended(-number, "", 0), {-number: STARTING}, killed=True)
        return f"{STARTING}, traceback"
    return project.check(ended, codes)


def _interrupt(project: Project, choose: random.Random) -> str:
    return _tell(project, choose, signal.SIGINT, project.seconds, {130: "interrupted", 0: DONE})


def _interrupt_early(project: Project, choose: random.Random) -> str:
    return _tell(project, choose, signal.SIGINT, EARLY_SECONDS, {130: "interrupted", 0: DONE})


def _terminate(project: Project, choose: random.Random) -> str:
    return _tell(project, choose, signal.SIGTERM, project.seconds, {143: "ended", 0: DONE})


def _kill_worker(project: Project, choose: random.Random) -> str:
    """Kill one of the workers at a moment while there are any."""
    process = project.start()
    moment = choose.random() ** 2 * project.seconds
    parent = psutil.Process(process.pid)
    workers: list[psutil.Process] = []
    while not workers and process.poll() is None:
        after(process, 0.01)
        try:
            workers = [each for each in parent.children() if each.name() == NAME]
        except psutil.Error:
            break
    if not workers or not after(process, moment):
        return project.check(project.ended(process, time.monotonic()), {0: DONE})
    chosen = choose.choice(workers)
    try:
        chosen.kill()
    except psutil.NoSuchProcess:
        return project.check(project.ended(process, time.monotonic()), {0: DONE})
    begun = time.monotonic()
    ended = project.ended(process, begun)
    if ended.code == 1:
        hold("ended before its time" in ended.said, f"says {ended.said!r}")
        hold(ended.seconds < end_seconds(), f"heard of after {ended.seconds:.1f} s: {ended.said!r}")
    return project.check(ended, {1: "told", 0: "not needed any more"})


def builds(
    name: str, meaning: str, least: int, try_one: Callable[[Project, random.Random], str], kind: Kind = ENCODED
) -> Storm:
    """A storm over builds of one project, put back before each case."""

    def cases(folder: Path, stack: ExitStack) -> AbstractContextManager[Case]:
        made = project(folder, stack, kind)

        def case(choose: random.Random) -> str:
            made.reset()
            try:
                outcome = try_one(made, choose)
                if outcome == DONE:
                    made.seconds *= 0.9  # so that fewer come too late
                return outcome
            finally:
                for process in made.processes():
                    process.kill()

        return nullcontext(case)

    return Storm(name, meaning, least, cases)


STORMS = (
    builds("kills", "`kill -9` of a build at any moment", 100, _kill),
    builds("ctrl-c", "Ctrl-C at any moment, to the process or its group", 100, _interrupt),
    builds("early-ctrl-c", f"Ctrl-C in the first {EARLY_SECONDS} s", 100, _interrupt_early),
    builds("sigterm", "SIGTERM at any moment, to the process or its group", 25, _terminate),
    builds("worker-kills", "`kill -9` of a worker at any moment", 25, _kill_worker),
)
