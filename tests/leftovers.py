"""No test leaves anything behind that a later one could stumble over, as which come first differs from run to run.

A process might keep the whole run from ending, as its pipes stay open; a module that was imported from a folder for
temporary files counts among what later builds of this process read.
"""

from __future__ import annotations

import locale
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures.thread import _threads_queues
from pathlib import Path
from typing import Any

import psutil
import pytest

_CHECKOUT = Path(__file__).resolve().parent.parent

_SET_BY_LIBRARIES = {"PYTEST_CURRENT_TEST", "PYSIDE6_OPTION_PYTHON_ENUM"}
"""Environment variables that come with an import, for good."""
_PYTHONS_OWN = "multiprocessing."
"""Of what multiprocessing starts by itself (a tracker, a server of forks), which ends with its process."""


class Leftovers:
    """Ends and takes back what tests have left behind, and makes the run fail for it, by name.

    What stands in a process is compared when a file of tests is over, processes when the run is.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self._found: _State | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        if self._found is None:
            self._found = _State()
        result = yield
        if nextitem is None or nextitem.path != item.path:
            self.names += [f"{each}, by {item.path.name}" for each in self._found.taken_back()]
            self._found = None
        return result

    # after the fixtures of the session have ended, such as a browser
    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["leftovers"] = self.names + _end_children()
            return
        if session.config.getoption("dist", "no") == "no":  # or else the children are the workers
            self.names += _end_children()
        if self.names and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Take what a worker of xdist has told of itself."""
        self.names += getattr(node, "workeroutput", {}).get("leftovers", [])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name in self.names:
            terminalreporter.write_line(f"LEFT BEHIND by a test: {name}", red=True)


class _State:
    """What stands in this process and decides what its tests do.

    Modules, folders of modules, folder, environment, what answers signals, locale, levels of loggers; and threads,
    which nobody can end.
    """

    def __init__(self) -> None:
        self._answers = _answers()
        self._locale = locale.setlocale(locale.LC_ALL)
        self._levels = _levels()
        self._threads = set(threading.enumerate())
        self._modules = set(sys.modules)
        self._path = list(sys.path)
        self._folder = _folder()
        self._environment = _environment()

    def taken_back(self) -> list[str]:
        """Make all as it was, and return what was not: names."""
        names = []
        for name in sorted(filter(_is_scratch, set(sys.modules) - self._modules)):
            del sys.modules[name]
            names.append(f"module {name}")
        if sys.path != self._path:
            names.append(f"sys.path {[each for each in sys.path if each not in self._path]}")
            sys.path[:] = self._path
        if _folder() != self._folder:
            names.append(f"folder {_folder()}")
            os.chdir(self._folder)
        now = _environment()
        for name in sorted(
            name for name in now.keys() | self._environment if now.get(name) != self._environment.get(name)
        ):
            names.append(f"environment variable {name}")
            os.environ.pop(name, None)
            if name in self._environment:
                os.environ[name] = self._environment[name]
        for number, answer in _answers().items():
            if answer != self._answers.get(number, answer):
                names.append(f"answer to {signal.Signals(number).name}")
                signal.signal(number, self._answers[number])
        if locale.setlocale(locale.LC_ALL) != self._locale:
            names.append(f"locale {locale.setlocale(locale.LC_ALL)}")
            locale.setlocale(locale.LC_ALL, self._locale)
        for name, level in self._levels.items():  # without a word, as manim's own settings change them for good
            logging.getLogger(name).setLevel(level)
        names += [f"thread {each.name}" for each in threading.enumerate() if each not in self._threads and _lasts(each)]
        return names


def _is_scratch(name: str) -> bool:
    """Whether the module `name` was imported from the folder for temporary files.

    What is installed, and the checkout, may lie there too, as where a clone is tried.
    """
    file = getattr(sys.modules[name], "__file__", None)
    return (
        isinstance(file, str)
        and _is_in(file, tempfile.gettempdir())
        and not any(_is_in(file, folder) for folder in (_CHECKOUT, sys.prefix, sys.base_prefix))
    )


def _is_in(file: str, folder: str | Path) -> bool:
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder))


def _answers() -> dict[int, Any]:
    """What answers each signal, as far as Python knows."""
    answers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    return {int(number): answer for number, answer in answers.items() if answer is not None}


def _levels() -> dict[str, int]:
    """From which level on each logger tells."""
    known = logging.root.manager.loggerDict.items()
    return {name: logger.level for name, logger in known if isinstance(logger, logging.Logger)}


def _lasts(thread: threading.Thread) -> bool:
    """Whether Python would wait for `thread` in the end; one that is about to be over is waited for."""
    if thread.daemon or thread in _threads_queues:  # of a pool, whose threads end when nobody has it any more
        return False
    thread.join(timeout=5)
    return thread.is_alive()


def _folder() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return "that is gone"


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _SET_BY_LIBRARIES}


def _end_children() -> list[str]:
    """Kill all children of this process but Python's own; return their names."""
    killed = {}
    for process in psutil.Process().children(recursive=True):
        try:
            command = " ".join(process.cmdline())
            if _PYTHONS_OWN not in command and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()
                killed[process] = f"process {process.pid}: {command}"
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(killed, timeout=10)
    return list(killed.values())
