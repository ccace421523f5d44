"""Which names of files some systems do not take, or take for the same, and which names Python does."""

import sys
import unicodedata
from pathlib import PurePath

_FORBIDDEN = frozenset('<>:"/\\|?*') | {chr(code) for code in range(32)}
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³")]
)


def refused_by_windows(name: str) -> bool:
    """Whether Windows has no file called `name`: a device's name with any suffix, or what no name may hold."""
    return (
        name.partition(".")[0].rstrip().upper() in _DEVICES
        or bool(_FORBIDDEN & set(name))
        or name != name.rstrip(". ")
        or not name
    )


def refused_here(name: str) -> bool:
    """Whether this system has no file called `name`."""
    return sys.platform == "win32" and refused_by_windows(name)


def place(path: PurePath) -> str:
    """Return what two paths share if they are one file here, as Windows and macOS tell no capitals from small ones."""
    return str(path).casefold() if sys.platform in ("win32", "darwin") else str(path)


def as_python_reads(name: str) -> str:
    """What Python calls a class that a file calls `name`: one letter and its accent, or a wide letter of an East Asian
    keyboard, make no other name."""
    return unicodedata.normalize("NFKC", name)


def is_dotted(name: str) -> bool:
    """Whether `name` is one that Python may have, or several with dots between."""
    # not by a pattern: `\w` has no vowels of Hindi or Thai
    return all(each.isidentifier() for each in name.split("."))
