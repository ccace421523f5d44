"""Where a deck's modules are looked for."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Inside the block, let modules be imported from `folder` first and then from the working directory.

    That is what `python -m manim` does. Afterwards `sys.path` is what it was, whatever was put there meanwhile.
    """
    importlib.invalidate_caches()  # a module may just have been written
    places = list(dict.fromkeys([str(folder.resolve()), str(Path.cwd())]))
    if sys.path[: len(places)] == places:  # a block around this one, to the end of which stays what a deck adds
        yield
        return
    before = sys.path[:]
    sys.path[:0] = places
    try:
        yield
    finally:
        sys.path[:] = before
