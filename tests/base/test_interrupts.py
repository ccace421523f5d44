"""Ctrl-C at odd places, where Python has its own mind about what becomes of the process."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from astrai_slides.base.interrupts import INTERRUPTED

PROGRAM = """
    import atexit, sys
    from signal import SIGINT, raise_signal, signal
    from astrai_slides.base import interrupts

    interrupts.leave_when_interrupted()
    atexit.register(print, "tidied")
    signal(SIGINT, interrupts.unwind)
    try:
        PLACE
    except KeyboardInterrupt:
        sys.exit(interrupts.INTERRUPTED)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="asks the process to end by a signal")
@pytest.mark.parametrize("place", ["raise_signal(SIGINT)", "exec('raise_signal(SIGINT)')"])
def test_an_interrupt_within_a_text_that_is_executed_ends_with_the_same_code(place: str, tmp_path: Path) -> None:
    (tmp_path / "command.py").write_text(textwrap.dedent(PROGRAM).replace("PLACE", place))
    done = subprocess.run([sys.executable, "-m", "command"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "tidied\n", "")


LOADING = """
    import signal, sys, time
    from astrai_slides.base import interrupts

    def press(frame, event, argument):
        if event == "call" and frame.f_code.co_name == "__call__" and "ObjectStreamMode" in frame.f_locals.values():
            sys.setprofile(None)
            signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, interrupts.unwind)
    sys.setprofile(press)
    try:
        import pikepdf
        signal.pause() if not interrupts.received else interrupts.check()
    except KeyboardInterrupt:
        print("pikepdf._core" in sys.modules, sys.getprofile())
        sys.exit(interrupts.INTERRUPTED)
"""


THREADLESS = """
    import threading
    def none(*_): raise RuntimeError("can't start new thread")
    threading._start_new_thread = none
"""


@pytest.mark.skipif(sys.platform == "win32", reason="waits for a signal")
@pytest.mark.parametrize("threads", [True, False])
def test_an_interrupt_while_a_module_in_c_is_loaded_comes_after_it(threads: bool) -> None:
    program = textwrap.dedent(LOADING if threads else THREADLESS + LOADING)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "True None\n", "")
