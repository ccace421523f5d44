"""`python -m astrai_slides`, and what the command `astrai-slides` runs."""

import os
import sys

from astrai_slides.base.garbage_collection import search_no_more
from astrai_slides.base.interrupts import leave_when_interrupted


def run() -> None:
    """Run the command line, and end, whatever threads a deck left behind.

    Ctrl-C ends it without a traceback from here on, also while it is being loaded.
    """
    leave_when_interrupted()
    _open_closed_streams()
    from astrai_slides.cli import main

    try:
        main(prog_name="astrai-slides")
    except SystemExit as ending:
        # loaded where a deck was; not where `main` is called within another program, which has threads of its own
        state = sys.modules.get("astrai_slides.base.process_state")
        if state is not None:
            state.ended_at_once(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
        search_no_more()
        raise


def _open_closed_streams() -> None:
    """Have what was started with a standard stream closed read and write nothing by it.

    The next file that is opened would take its number, and libraries write what they warn of to number 2.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    # Python has none for what was closed when it started
    sys.stdout, sys.stderr = (
        stream or os.fdopen(number, "w", closefd=False) for number, stream in ((1, sys.stdout), (2, sys.stderr))
    )


if __name__ == "__main__":
    run()
