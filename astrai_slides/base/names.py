"""Which names of files some systems do not take, or take for the same."""

import sys
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
