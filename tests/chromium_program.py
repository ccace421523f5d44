"""Which Chromium the tests drive."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

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


_NO_PICTURE = "Unable to capture screenshot"
_TRIES = 5


@contextmanager
def screenshots_asked_again() -> Iterator[None]:
    """Have a screenshot taken again where the browser has no picture yet, as happens while other tests keep it busy."""
    from playwright.sync_api import Error, Page

    take = Page.screenshot

    def screenshot(page: Page, **settings: Any) -> bytes:
        for _ in range(_TRIES - 1):
            try:
                return take(page, **settings)
            except Error as error:
                if _NO_PICTURE not in str(error):
                    raise
        return take(page, **settings)

    with mock.patch.object(Page, "screenshot", screenshot):
        yield
