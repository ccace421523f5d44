"""What of a deck's page has changed from one build to the next, so that only that travels to whoever shows it."""

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

_PART = re.compile(r'<script type="(application/[^"]*)" id="([^"]+)">(.*?)</script>\n?', re.DOTALL)
_SLIDES = re.compile(
    r'(?<=<div class="slides">\n).*?(?=</div>\n</div>\n<script type="application/json" id="sums">)', re.DOTALL
)
_TITLE = re.compile(r"(?<=<title>).*?(?=</title>)", re.DOTALL)
_FRAME = ("fps", "width", "height", "background", "generator")
"""Keys of the header that decide how every step is drawn."""


@dataclass(frozen=True, slots=True)
class Page:
    """A deck's page, taken apart: `rest` is all but parts, slides and title."""

    parts: dict[str, tuple[str, str]]
    """Type and text of each data script, by its id."""
    slides: str
    title: str
    rest: str

    @property
    def header(self) -> dict[str, Any]:
        """The recording's header."""
        header: dict[str, Any] = json.loads(self.parts["header"][1])
        return header

    @property
    def settings(self) -> dict[str, Any]:
        """How the page shows it."""
        settings: dict[str, Any] = json.loads(self.parts["settings"][1])
        return settings


def taken_apart(page: str) -> Page:
    """Take apart what `export.html` wrote."""
    parts = {name: (kind, text) for kind, name, text in _PART.findall(page)}
    slides, title = _SLIDES.search(page), _TITLE.search(page)
    assert slides, "a page of ours has slides"
    assert title, "a page of ours has a title"
    rest = _PART.sub("", _TITLE.sub("", _SLIDES.sub("", page, count=1), count=1))
    return Page(parts, slides[0], title[0], rest)


def changes(old: Page, new: Page) -> dict[str, Any] | None:
    """Say what `window.astrai.update` must be told to make a page that shows `old` show `new`; None if it cannot.

    Of parts, those that `old` has under whatever name are told by that name.
    """
    if old.rest != new.rest or any(old.header[key] != new.header[key] for key in _FRAME):
        return None
    if _page_settings(old) != _page_settings(new):
        return None
    known = {part: name for name, part in old.parts.items()}
    parts = {
        name: {"same": known[part]} if part in known else {"kind": part[0], "text": part[1]}
        for name, part in new.parts.items()
    }
    return {"title": unescape(new.title), "slides": new.slides, "parts": parts}


def _page_settings(page: Page) -> dict[str, Any]:
    """How the page shows itself; the plan of times is for the speaker view, which is loaded anew with each build."""
    settings: dict[str, Any] = json.loads(page.parts["settings"][1])
    return {key: value for key, value in settings.items() if key != "plan"}


def moved(old: Page, new: Page) -> dict[str, str]:
    """Where steps are now that were called otherwise: steps without a name are called by their number.

    Those before the first that changed are where they were; others stand as far from the end as they did. A step that
    is gone was about where the first is that changed.
    """
    before, after = old.header["steps"], new.header["steps"]
    shift = len(after) - len(before)
    if not shift or not all(map(_is_numbered, range(len(before)), before)):
        return {}
    first = next((place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
    if first is None:
        first = min(len(before), len(after))
    places = {place: max(place + shift, min(first, len(after) - 1)) for place in range(first, len(before))}
    return {before[place]["name"]: after[now]["name"] for place, now in places.items()}


def _is_numbered(place: int, step: dict[str, Any]) -> bool:
    return bool(step["name"] == str(place + 1))


def first_changed(old: Page, new: Page) -> str | None:
    """Name the first step of `new` that is not as it was in `old`, which steps are told from by their names."""
    before = {step["name"]: step for step in old.header["steps"]}
    return next((step["name"] for step in new.header["steps"] if before.get(step["name"]) != step), None)
