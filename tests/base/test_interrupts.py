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


STUBBORN = """
import signal, sys, time
from astrai_slides.base import interrupts

interrupts._PATIENCE = float(sys.argv[1])
signal.signal(getattr(signal, sys.argv[2]), interrupts.unwind)
raised = 0
while raised < 3:
    try:
        signal.raise_signal(getattr(signal, sys.argv[2]))
    except BaseException:  # as a deck may
        raised += 1
print("went on")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="ends by signals")
@pytest.mark.parametrize(("number", "code"), [("SIGINT", INTERRUPTED), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_deck_that_catches_all_is_ended_by_the_next_signal_after_a_while(number: str, code: int) -> None:
    words = [sys.executable, "-c", STUBBORN]
    done = subprocess.run([*words, "0", number], capture_output=True, text=True)
    said = "astrai-slides: ended at once, as the deck did not let it end; what is half-written the next build removes\n"
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)
    done = subprocess.run([*words, "60", number], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")
