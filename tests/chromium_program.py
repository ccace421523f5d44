"""Which Chromium the tests drive."""

import shutil

from lanes import LANES, lane


def chromium_program() -> str | None:
    """Return the path of the system's Chromium, or None where Playwright has its own.

    Chromium's headless shell draws, steps and scripts as Chromium does, for a third of the processor time: it is what
    Playwright brings as well. `make wide` drives the browser that people have.
    """
    names = ["chromium-headless-shell", "chromium"]
    if LANES[lane()] > 1:
        names.reverse()
    return next((found for found in map(shutil.which, names) if found), None)
