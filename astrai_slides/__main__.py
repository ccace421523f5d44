"""`python -m astrai_slides`, and what the command `astrai-slides` runs."""

from astrai_slides.base.interrupts import leave_when_interrupted


def run() -> None:
    """Run the command line, and end, whatever threads a deck left behind.

    Ctrl-C ends it without a traceback from here on, also while it is being loaded.
    """
    leave_when_interrupted()
    from astrai_slides.cli import main

    try:
        main(prog_name="astrai-slides")
    except SystemExit as ending:
        from astrai_slides.base.process_state import ended_at_once

        # not where `main` is called within another program, which has threads of its own
        ended_at_once(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
        raise


if __name__ == "__main__":
    run()
