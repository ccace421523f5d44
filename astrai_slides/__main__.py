"""`python -m astrai_slides`, and what the command `astrai-slides` runs."""

from astrai_slides.base.interrupts import leave_when_interrupted


def run() -> None:
    """Run the command line. Ctrl-C ends it without a traceback from here on, also while it is being loaded."""
    leave_when_interrupted()
    from astrai_slides.cli import main

    main(prog_name="astrai-slides")


if __name__ == "__main__":
    run()
