"""No test leaves a process behind, which might keep the whole run from ending: its pipes stay open."""

from __future__ import annotations

import psutil
import pytest

_PYTHONS_OWN = "multiprocessing."
"""Of what multiprocessing starts by itself (a tracker, a server of forks), which ends with its process."""


class Leftovers:
    """Ends what a process of the tests has left behind when it ends, and makes the run fail for it, by name."""

    def __init__(self) -> None:
        self.names: list[str] = []

    # after the fixtures of the session have ended, such as a browser
    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["leftovers"] = _end_children()
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
            terminalreporter.write_line(f"LEFT BEHIND by a test, and ended: process {name}", red=True)


def _end_children() -> list[str]:
    """Kill all children of this process but Python's own; return their names."""
    killed = {}
    for process in psutil.Process().children(recursive=True):
        try:
            command = " ".join(process.cmdline())
            if _PYTHONS_OWN not in command and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()
                killed[process] = f"{process.pid}: {command}"
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(killed, timeout=10)
    return list(killed.values())
