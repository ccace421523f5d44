"""Recordings whose plays are drawn by forks: some are killed or interrupted, or the system refuses them."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time
from functools import partial

import psutil

from storms.case import DONE, end_seconds, hold
from storms.ends import after, builds
from storms.project import FORKED, Project

_RIGHTS = "+dac_override,+dac_read_search,+fowner,+chown"
_STRANGER = 54321
"""Number of a user without processes: of root's no system counts how many there are."""
_LIBRARY = "ended by a library"
_BY_LIBRARY = {-signal.SIGABRT: _LIBRARY, -signal.SIGTRAP: _LIBRARY}
"""What GLib does where it gets no memory; Python and we have no say in it."""
_INTERRUPTS = "blas_thread_init: pthread_create failed"
"""What OpenBLAS says before it sends Ctrl-C to its own process."""
_TOLD = {1: "told", 0: "built all the same"}


def _forks(process: "subprocess.Popen[str]", moment: float) -> list[psutil.Process]:
    """Wait for the first fork, then for `moment`; return the forks that are at work, none where the build is over."""
    parent = psutil.Process(process.pid)
    until = None
    while process.poll() is None:
        found = []
        try:
            words = parent.cmdline()
            # what was started otherwise runs another command
            found = [each for each in parent.children() if each.cmdline() == words]
        except psutil.Error:
            pass
        if found and until is None:
            until = time.monotonic() + moment
        if found and until is not None and time.monotonic() >= until:
            return found
        after(process, 0.002)
    return []


def _ended(project: Project, choose: random.Random) -> str:
    """Kill a fork, all forks, or the recording, or press Ctrl-C, while forks are at work."""
    way = choose.choice(["a fork killed", "forks killed", "killed", "Ctrl-C", "Ctrl-C in the group", "a fork stopped"])
    process = project.start()
    # most come early, as the last forks end before the build does
    forks = _forks(process, choose.random() ** 2 * project.seconds / 2)
    begun = time.monotonic()
    if not forks:
        return project.check(project.ended(process, begun), {0: DONE})
    if way == "killed":
        process.kill()
        codes, killed = {-signal.SIGKILL: "next is right"}, True
    elif way == "Ctrl-C in the group":
        os.killpg(process.pid, signal.SIGINT)
        codes, killed = {130: "interrupted"}, False
    elif way == "Ctrl-C":
        os.kill(process.pid, signal.SIGINT)
        codes, killed = {130: "interrupted"}, False
    else:
        chosen = [choose.choice(forks)] if way.startswith("a fork") else forks
        for each in chosen:
            try:
                each.send_signal(signal.SIGSTOP if way.endswith("stopped") else signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        if way.endswith("stopped"):  # until somebody ends the build
            after(process, choose.random())
            begun = time.monotonic()
            os.kill(process.pid, signal.SIGINT)
        codes, killed = {0: "right", 130: "interrupted"} if way.endswith("stopped") else {0: "right"}, False
    ended = project.ended(process, begun)
    if ended.code in (130, -signal.SIGKILL):
        hold(ended.seconds < end_seconds(), f"{way}: ended after {ended.seconds:.1f} s: {ended.said!r}")
    return f"{way}: {project.check(ended, codes, killed=killed)}"


def _refused(project: Project, choose: random.Random) -> str:
    """Let the build have few processes, or little memory."""
    if shutil.which("setpriv") and os.getuid() == 0 and choose.random() < 0.4:
        number = choose.randrange(1, 5)  # Python is one
        words = ["setpriv", f"--reuid={_STRANGER}", f"--regid={_STRANGER}", "--clear-groups"]
        words += [f"--inh-caps={_RIGHTS}", f"--ambient-caps={_RIGHTS}", "prlimit", f"--nproc={number}"]
        process = project.start(*words)
        way, codes = "processes", _TOLD
    else:
        size = round(2e8 * 10 ** choose.random())
        process = project.start(preexec_fn=partial(resource.setrlimit, resource.RLIMIT_AS, (size, size)))
        way, codes = "memory", _TOLD | _BY_LIBRARY
    ended = project.ended(process, time.monotonic())
    if _INTERRUPTS in ended.said:
        codes = {**codes, 130: _LIBRARY}
    return f"{way}: {project.check(ended, codes, killed=ended.code in _BY_LIBRARY)}"


STORMS = (
    builds("forks", "a forked recording killed, stopped or interrupted, or one of its forks", 60, _ended, FORKED),
    builds("forks-refused", "processes or memory that the system refuses to a forked recording", 30, _refused, FORKED),
)
