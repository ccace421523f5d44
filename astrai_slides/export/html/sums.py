"""Checksums of what a page holds, by which the player knows what was damaged on its way (`player/parts.js`).

Against damage, not against people: whoever changes a file can change its checksums, and the policy holds its scripts.
"""

import json
import re
import zlib
from html.parser import HTMLParser

_PART = re.compile(r'<script type="[^"]*" id="([^"]+)">(.*?)</script>|<style id="([^"]+)">(.*?)</style>', re.DOTALL)
_SUMS = re.compile(r'(<script type="application/json" id="sums">)[^<]*')
_SLIDES = re.compile(r'<div class="reveal">.*?(?=<script type="application/json" id="sums">)', re.DOTALL)
_LICENCE = "reveal-licence"
"""No part that the player reads."""


def with_sums(page: str) -> str:
    """Return `page` with the checksum of each of its parts, and of how its slides are nested, in its part `sums`."""
    sums = {"slides": _sum(_nesting(page))}
    for found in _PART.finditer(page):
        script, data, style, rules = found.groups()
        if script not in ("sums", _LICENCE):
            sums[script or style] = _sum(data if script else rules)
    text = json.dumps(sums, separators=(",", ":"))
    return _SUMS.sub(lambda found: found[1] + text, page, count=1)


def _sum(text: str) -> int:
    """The checksum of `text` as a browser reads it."""
    read = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return zlib.adler32(read.encode("utf-8"))


def _nesting(page: str) -> str:
    found = _SLIDES.search(page)
    assert found, "a page has slides"
    nesting = _Nesting()
    nesting.feed(found[0])
    nesting.close()
    return "".join(nesting.parts)


class _Nesting(HTMLParser):
    """Elements with their id and class, in the order of the page; none in the notes, which are anyone's."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._inside_notes = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._inside_notes:
            return
        known = dict(attrs)
        self.parts.append(f"<{tag} {known.get('id') or ''} {known.get('class') or ''}>")
        self._inside_notes = tag == "aside"

    def handle_endtag(self, tag: str) -> None:
        self._inside_notes = self._inside_notes and tag != "aside"
        if not self._inside_notes:
            self.parts.append("</>")
