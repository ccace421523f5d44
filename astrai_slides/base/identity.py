"""What tells an installation, and an object, from others."""

import functools
import hashlib
import importlib.metadata
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

PACKAGE = Path(__file__).resolve().parent.parent
"""The folder of this package, all files of which are part of `fingerprint`."""

DISTRIBUTION = "astrai-slides"

_NAME = re.compile(r"^Name: *(.+)$", re.MULTILINE)
_VERSION = re.compile(r"^Version: *(.+)$", re.MULTILINE)
_NEEDED = re.compile(r"^Requires-Dist: *([A-Za-z0-9._-]+)(.*)$", re.MULTILINE)

address: Callable[[object], int] = object.__hash__ if sys.implementation.name == "cpython" else id
"""Tells an object from all others that are there, as `id` does; each call of that one is told to whoever watches what
a build reads, which takes three times as long, and recording asks millions of times."""

Key = TypeVar("Key")
Value = TypeVar("Value")


@functools.cache
def fingerprint() -> str:
    """Identify what is installed: Python, the packages that this one needs, and every file of this one."""
    whole = hashlib.sha256(sys.version.encode())
    for name, version in sorted(needed(DISTRIBUTION).items()):
        whole.update(f"{name} {version}\0".encode())
    for folder, folders, names in os.walk(PACKAGE):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        # without objects of paths, which take longer than to read what are hundreds of small files
        below = os.path.relpath(folder, PACKAGE).replace(os.sep, "/")
        for name in sorted(names):
            with open(os.path.join(folder, name), "rb", buffering=0) as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            whole.update(f"{below}/{name}\0{digest}\0".encode())
    return whole.hexdigest()


def needed(distribution: str) -> dict[str, str]:
    """Versions of the packages that are installed and that `distribution` needs, or that one of those needs, by name.

    What is only needed for an extra is left out; what is only needed on other systems counts if it is installed. A
    distribution that is not installed, as of sources that were only copied, needs everything that is.
    """
    found: dict[str, str] = {}
    seen = set()
    todo = [distribution]
    while todo:
        name = normalized(todo.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            head = metadata_head(name)
        except importlib.metadata.PackageNotFoundError:
            if name == distribution:
                return {each.name: each.version for each in importlib.metadata.distributions()}
            continue
        found[name] = version_in(head)
        todo += [each for each, condition in _NEEDED.findall(head) if "extra ==" not in condition]
    return found


def normalized(distribution: str) -> str:
    """Return the one of a distribution's spellings that is compared."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def version_in(head: str) -> str:
    """Return the version that `metadata_head` has; empty without one."""
    version = _VERSION.search(head)
    return version[1] if version else ""


def name_in(head: str) -> str:
    """Return the name that `metadata_head` has; empty without one."""
    name = _NAME.search(head)
    return name[1].strip() if name else ""


def metadata_head(name: str) -> str:
    """Return the lines of a distribution's metadata before its description, which takes long to parse.

    Raises PackageNotFoundError if it is not installed.
    """
    return head_of(importlib.metadata.distribution(name))


def head_of(distribution: importlib.metadata.Distribution) -> str:
    """Return what `metadata_head` does, of a distribution that was found."""
    text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
    return text.partition("\n\n")[0]


class ById(Generic[Key, Value]):
    """Values by objects, which are told apart by identity, whether or not they can be compared or hashed.

    Objects are kept alive, so that no other can get the identity of one that is gone.
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: Iterable[tuple[Key, Value]] = ()) -> None:
        """`entries` are objects with their values; of an object that comes twice, the last counts."""
        self._entries: dict[int, tuple[Key, Value]] = {address(entry[0]): entry for entry in entries}

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return address(key) in self._entries

    def __getitem__(self, key: Key) -> Value:
        return self._entries[address(key)][1]

    def __setitem__(self, key: Key, value: Value) -> None:
        self._entries[address(key)] = (key, value)

    def __iter__(self) -> Iterator[Key]:
        return (key for key, _ in self._entries.values())

    def get(self, key: Key) -> Value | None:
        """Return the value of `key`, None without one."""
        entry = self._entries.get(address(key))
        return entry[1] if entry is not None else None

    def setdefault(self, key: Key, value: Value) -> Value:
        """Return the value of `key`, which is `value` if there was none."""
        return self._entries.setdefault(address(key), (key, value))[1]

    def values(self) -> Iterator[Value]:
        """The values, in the order in which their objects came."""
        return (value for _, value in self._entries.values())

    def clear(self) -> None:
        """Let go of everything."""
        self._entries.clear()
