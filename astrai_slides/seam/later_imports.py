"""Packages that manim imports with itself and hardly ever uses, imported when something is asked of them.

SciPy, of which manim needs the matrix of a rotation alone (`rotations`), networkx and Beautiful Soup take almost half
of the time that importing manim takes. While manim is imported something stands in for each of them, which keeps what
was asked for by name; the real package is imported when it is called, looked into, or compared with. Plugins of manim
come last, and get the real ones. IPython, which manim asks whether it runs in it, is not imported at all: in a
notebook it is there already.
"""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_LATER = ("scipy.spatial.transform", "networkx", "bs4")
_NOTEBOOK = "IPython"
_PLUGINS = "manim.plugins"


class _Later(type):
    """Of a class that stands in for a package, or for what is found in it by `_path`."""

    _package: str
    _path: tuple[str, ...]

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):  # what the import system asks of a module
            raise AttributeError(name)
        path = (*cls._path, name)
        if isinstance(sys.modules.get(cls._package), _Later):
            return _stand_in(cls._package, path)
        return _found(cls._package, path)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _found(cls._package, cls._path))

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return _found(cls._package, cls._path)(*args, **kwargs)


def _stand_in(package: str, path: tuple[str, ...] = ()) -> _Later:
    return _Later(path[-1] if path else package, (), {"_package": package, "_path": path})


def _found(package: str, path: tuple[str, ...]) -> Any:
    found: Any = importlib.import_module(package)
    for name in path:
        found = getattr(found, name)
    return found


class _BeforePlugins:
    """A finder of modules that finds none: it sees when plugins are about to be imported."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        if name == _PLUGINS:
            _leave()


@contextmanager
def _standing_in() -> Iterator[None]:
    sys.modules.update({name: _stand_in(name) for name in _LATER})  # type: ignore[misc]
    sys.modules.setdefault(_NOTEBOOK, None)  # type: ignore[arg-type]
    sys.meta_path.insert(0, _BeforePlugins)
    try:
        yield
    finally:
        sys.meta_path.remove(_BeforePlugins)
        _leave()


def _leave() -> None:
    if sys.modules.get(_NOTEBOOK, _NOTEBOOK) is None:
        del sys.modules[_NOTEBOOK]
    for name in _LATER:
        if isinstance(sys.modules.get(name), _Later):
            del sys.modules[name]


def import_manim() -> None:
    """Import manim without what it hardly uses; nothing where it, or any of that, is imported already."""
    if not {"manim", *(name.partition(".")[0] for name in _LATER)} & sys.modules.keys():
        with _standing_in():
            import manim  # noqa: F401
