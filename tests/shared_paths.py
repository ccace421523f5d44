"""Texts that are copied sooner, where what is tested is not how they are copied."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


@contextmanager
def paths_shared() -> Iterator[None]:
    """Let a glyph that is copied share the path that it was read from, which nothing is drawn by.

    Stock manim copies it, which is most of what a deck of texts takes; a recording does without anyway.
    """
    import svgelements

    with mock.patch.object(svgelements.Path, "__deepcopy__", lambda path, memo: path, create=True):
        yield
