"""Python's search for garbage, less often where there is a lot that is none."""

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_WRITTEN = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)
"""Files that keep what was written to them for a while."""

_COLLECT_AFTER = (50_000, 20, 50)
"""Thresholds for a scene's mobjects and a recording's draws, which are many and live long."""


@contextmanager
def rare_while_loading() -> Iterator[None]:
    """Look for garbage less often inside the block, in which modules are loaded, of which none is garbage."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def search_no_more() -> None:
    """Never look for garbage in what there is now, in a program that ends: Python would once more, in all of it.

    What was written to files that nobody closed, as decks leave them, is on disk then, as it would be after a search.
    """
    gc.unfreeze()
    for each in gc.get_objects():
        if issubclass(type(each), _WRITTEN):
            # closed, or of no use any more
            with suppress(OSError, ValueError):
                each.flush()
    gc.freeze()


@contextmanager
def rare_garbage_collection() -> Iterator[None]:
    """Look for garbage less often inside the block, which takes a sixth of the time of a recording otherwise.

    Blocks may be nested, and what was kept from the search before stays so.
    """
    before, kept = gc.get_threshold(), gc.get_freeze_count() > 0
    if not kept:
        gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not kept:
            gc.unfreeze()
