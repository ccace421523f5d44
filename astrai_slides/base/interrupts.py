"""Ctrl-C while a command is still being loaded, or is over, where an exception would end in a traceback.

Imports nothing that takes time, as it is the first that runs.
"""

import os
import signal
from types import FrameType

INTERRUPTED = 130
"""The exit code of what was interrupted: 128 and the number of the signal."""
SAID = "interrupted; nothing was left half-written"


def leave_when_interrupted() -> None:
    """From now on, have Ctrl-C end this process at once with a message, unless somebody else has a say in it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, leave)


def leave(number: int, frame: FrameType | None) -> None:
    """End this process, of which nothing is under way."""
    try:
        os.write(2, f"astrai-slides: {SAID}\n".encode())
    finally:
        os._exit(INTERRUPTED)
