"""Addresses that are written out in texts: where they stand, and what a click on them opens."""

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from linkify_it import LinkifyIt

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_PORT = re.compile(r":\S")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class Linkifier(LinkifyIt):  # type: ignore[misc]
    """Finds what begins with http://, https://, mailto: or www.; a bare name such as `model.py` is none."""

    def __init__(self) -> None:
        super().__init__(options={"fuzzy_link": False, "fuzzy_email": False})
        for scheme in ("ftp:", "//"):
            self.add(scheme, None)
        host_and_path = f"^{self.re['src_host_port_strict']}{self.re['src_path']}"
        self.add("www.", {"validate": host_and_path, "normalize": self._with_scheme})

    def match(self, text: str) -> list[Any] | None:
        """Return the addresses in `text` that can be opened, as linkify-it does; None if there are none."""
        # RFC 3986 knows ASCII only: a Chinese full stop or word right behind an address is none of it
        plain = _NOT_ASCII.sub(" ", text)
        return [found for found in super().match(plain) or () if _is_whole(plain, found)] or None

    def match_at_start(self, text: str) -> Any:
        """Return the address that `text` begins with; None if there is none that can be opened."""
        plain = _NOT_ASCII.sub(" ", text)
        found = super().match_at_start(plain)
        return found if found and _is_whole(plain, found) else None

    def test(self, text: str) -> bool:
        """Whether there is an address in `text`."""
        return self.match(text) is not None

    pretest = test

    def _with_scheme(self, match: Any) -> None:
        match.url = f"https://{match.url}"


def _is_whole(text: str, found: Any) -> bool:
    """Whether it can be opened, and is no mere beginning of an address, as before the second colon of `http://a:b/`."""
    return can_open(found.url) and not _PORT.match(text, found.last_index)


@cache
def _linkifier() -> Linkifier:
    return Linkifier()


def links_in(text: str) -> list[tuple[int, int, str]]:
    """Addresses that are written out in `text`: where each begins and ends, and what a click on it opens."""
    return [(found.index, found.last_index, found.url) for found in _linkifier().match(text) or ()]


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
