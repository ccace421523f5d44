"""TOML that somebody wrote by hand, read within limits: what is far beyond them would take all memory to read."""

import re
import tomllib
from typing import Any

DEEPEST = 16
"""Parts of a key, and tables and lists within each other: tomllib's work grows with the square of either."""
MOST_DIGITS = 100
"""Of a whole number; Python takes the square of their count to read and to write it, and none of over 4,300."""
TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
    r"|'''(?:[^']|'(?!''))*+(?:''')?"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+"
    r"|[A-Za-z0-9_+-]++"
    r"|[ \t]++"
    r"|.|\n",
    re.DOTALL,
)
"""Any part of a text, each character in one: texts, comments, bare words, spaces, single characters."""


def parsed(text: str) -> dict[str, Any]:
    """The tables of `text`. Raises ValueError, with what is wrong and where, for what is no TOML within the limits."""
    _refuse_deep(text)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise ValueError("nested too deeply; flatten it") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise ValueError(f"a whole number has more than {MOST_DIGITS} digits; write a shorter one") from None
    _refuse_large(tables)
    return tables


def _refuse_deep(text: str) -> None:
    parts, dotted, open_brackets, line = 0, False, 0, 1
    for match in TOKEN.finditer(text):
        token = match.group()
        first = token[0]
        if first == ".":
            dotted = True
        elif first in " \t":
            continue
        elif first in "[{":
            open_brackets += 1
            parts, dotted = 0, False
        elif first in "]}":
            open_brackets = max(open_brackets - 1, 0)
            parts, dotted = 0, False
        elif first.isalnum() or first in "\"'_+-":
            parts = parts + 1 if dotted else 1
            dotted = False
        else:
            parts, dotted = 0, False
        if parts > DEEPEST:
            raise ValueError(f"a key has more than {DEEPEST} parts (at line {line}); flatten it")
        if open_brackets > DEEPEST:
            raise ValueError(f"lists or tables lie more than {DEEPEST} deep (at line {line}); flatten it")
        line += token.count("\n")


def _refuse_large(tables: dict[str, Any]) -> None:
    """Raise ValueError for a whole number that other programs cannot read, nor Python always write."""
    rest: list[Any] = [tables]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            rest += value.values()
        elif isinstance(value, list):
            rest += value
        elif isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
            raise ValueError(f"a whole number has more than {MOST_DIGITS} digits; write a shorter one")
