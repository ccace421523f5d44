"""Paths that manim's glyphs were read from, found when somebody asks for them, which hardly anybody does."""

from collections.abc import Callable
from typing import Any

import svgelements


class PathLater(svgelements.Path):  # type: ignore[misc]
    """A path that is found when it is looked at."""

    def __init__(self, find: Callable[[], svgelements.Path]) -> None:
        self.__dict__["_find"] = find

    def __getattr__(self, name: str) -> Any:
        find = self.__dict__.pop("_find", None)
        if find is None:
            raise AttributeError(name)
        found = find()
        if isinstance(found, PathLater) and "_find" in vars(found):
            _ = found.transform
        self.__dict__.update(vars(found))
        return getattr(self, name)
