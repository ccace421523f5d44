"""What an export says about the talk it holds."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_ADDRESS_CHARACTER = r"A-Za-z0-9\-_~/#@$&*+=%"
"""Those of RFC 3986 that may end an address in a text; marks and brackets belong to the sentence around it."""

_WRITTEN = re.compile(rf"\b(?:https?://|www\.)[{_ADDRESS_CHARACTER}.,;:!?]*[{_ADDRESS_CHARACTER}]", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Document:
    """Properties of the exported file. `language` is a BCP 47 tag; `date` is ISO 8601 or empty.

    `planned` has the seconds that the speaker means to spend, by the step's name or that of a part of the talk.
    """

    title: str
    speaker: str = ""
    event: str = ""
    date: str = ""
    language: str = "en"
    planned: tuple[tuple[str, float], ...] = ()


def links_in(text: str) -> list[tuple[int, int, str]]:
    """Addresses that are written out in `text`: where each begins and ends, and what a click on it opens."""
    found = []
    for match in _WRITTEN.finditer(text):
        address = match[0] if "://" in match[0] else f"https://{match[0]}"
        if can_open(address):
            found.append((match.start(), match.end(), address))
    return found


def can_open(address: str) -> bool:
    """Whether `address` is one of the web or of mail, as strictly as PowerPoint takes it: a wrong one breaks a file."""
    try:
        parts = urlsplit(address)
        port_is_number = parts.port is None or parts.port >= 0
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path and parts.path.isascii()
    return parts.scheme in ("http", "https") and port_is_number and bool(_HOST.fullmatch(parts.hostname or ""))


def link_boxes(
    text: str, box: tuple[float, float, float, float]
) -> list[tuple[tuple[float, float, float, float], str]]:
    """Where on a slide the addresses in a text of `box` (left, bottom, right, top; upwards) stand, and what they open.

    Lines are taken to be equally high and equally wide, and their characters too.
    """
    left, bottom, right, top = box
    lines = text.splitlines()
    tall = (top - bottom) / max(1, len(lines))
    found = []
    for place, line in enumerate(lines):
        for start, end, address in links_in(line):
            wide = (right - left) / len(line)
            below = top - (place + 1) * tall
            found.append(((left + start * wide, below, left + end * wide, below + tall), address))
    return found
