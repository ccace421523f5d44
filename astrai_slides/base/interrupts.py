"""Ctrl-C while a command is still being loaded, or is over, where an exception would end in a traceback.

It is the first that runs, and imports nothing that Python has not loaded by then: even `signal` takes longer.
"""

import atexit
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType

INTERRUPTED = 130
"""The exit code of what was interrupted: 128 and the number of the signal."""
SAID = "interrupted; nothing was left half-written"
SAID_AT_ONCE = "ended at once, as the deck did not let it end; what is half-written the next build removes"


def leave_when_interrupted() -> None:
    """From now on, have Ctrl-C end this process at once with a message, unless somebody else has a say in it."""
    sys.excepthook, before = _leave_by, sys.excepthook
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, leave)
    atexit.register(_end)  # before any other, so that it is called last
    sys.excepthook = before


def leave(number: int, frame: "FrameType | None") -> None:
    """End this process, of which nothing is under way."""
    try:
        os.write(2, f"astrai-slides: {SAID}\n".encode())
    finally:
        os._exit(INTERRUPTED)


_MOMENT = 0.05
"""Seconds."""
_LOADING = ("create_module", "exec_module")

_PATIENCE = 5.0
"""Seconds in which a command ends that was told to; told again afterwards, it ends at once."""

received: list[int] = []
"""Signals that this command was told to end by."""
_first: list[float] = []
"""When the first of them came, as `time.monotonic` has it."""


def unwind(number: int, frame: "FrameType | None") -> None:
    """End the command by an exception; a handler of signals.

    Not while a module in C is being loaded: what is made of C++ (nanobind, of `pikepdf`) aborts the process then, and
    nothing is cleaned up. It comes again in a moment. A deck may catch all that is raised in it, and go on: then the
    next signal ends the process.
    """
    if not _loads_extension(frame):
        _leave_if_late(number)
        received.append(number)
        check()
        return
    import threading  # loaded by now, as is the other
    from _thread import interrupt_main

    # elsewhere than on POSIX, to kill is to end at once
    again = threading.Timer(_MOMENT, *((os.kill, (os.getpid(), number)) if os.name == "posix" else (interrupt_main,)))
    again.daemon = True
    try:
        again.start()
    except RuntimeError:  # there can be no thread: it waits for `check`
        received.append(number)


def _leave_if_late(number: int) -> None:
    import time

    now = time.monotonic()
    if not received:
        _first[:] = [now]
    elif now - _first[0] > _PATIENCE:
        try:
            os.write(2, f"astrai-slides: {SAID_AT_ONCE}\n".encode())
        finally:
            os._exit(128 + number)


def _loads_extension(frame: "FrameType | None") -> bool:
    while frame is not None:
        if frame.f_code.co_name in _LOADING and type(frame.f_locals.get("self")).__name__ == "ExtensionFileLoader":
            return True
        frame = frame.f_back
    return False


def check() -> None:
    """Raise what ends the command if it was told to end.

    That was raised when the signal came, but there are places where Python, or a library, drops every exception.
    """
    if received:
        # SIGINT is 2 on every system
        raise KeyboardInterrupt if received[0] == 2 else SystemExit(128 + received[0])


def _end() -> None:
    """End with the code of what was interrupted.

    Run as `python -m`, Python kills itself by the signal instead where that came within an `exec` of a text, as those
    that make dataclasses, although the exception was answered.
    """
    if received and received[0] == 2:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                continue  # there is none, or nobody reads it
        os._exit(INTERRUPTED)


def _leave_by(kind: type[BaseException], error: BaseException, trace: "TracebackType | None") -> None:
    if issubclass(kind, KeyboardInterrupt):
        leave(0, None)
    sys.__excepthook__(kind, error, trace)
