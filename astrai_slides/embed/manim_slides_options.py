"""Options of manim-slides' `convert`, which its magic and its directive take too, as options of `build`."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field

_AS_THEY_ARE = {"slide_number", "controls", "progress", "loop"}
_ALWAYS = {
    "one_file",
    "data_uri",
    "offline",
    "hash",
    "respond_to_hash_changes",
    "jump_to_slide",
    "keyboard",
    "touch",
    "overview",
    "pause",
    "help",
    "hide_inactive_cursor",
}
"""What a deck is and does, asked or not."""
_NO = {"false", "0", "no"}
_MILLISECONDS = 1000


@dataclass
class PageOptions:
    """What is asked about the page: `KEY=VALUE` as `build --html` takes them, a title, and what has no use here."""

    html: list[str] = field(default_factory=list)
    title: str = ""
    refused: list[str] = field(default_factory=list)
    """Sentences, each about an option."""

    @property
    def words(self) -> list[str]:
        """The options of `build`."""
        return [
            *(word for each in self.html for word in ("--html", each)),
            *(["--title", self.title] if self.title else []),
        ]


def words_in(text: str) -> list[str]:
    """The words of `text`, as a shell takes them apart; ValueError, with the remedy, for a quote without an end."""
    try:
        return shlex.split(text)
    except ValueError:
        raise ValueError(f"{text.strip():.80}: a quote has no end; write another, or \\' for an apostrophe") from None


def page_options(given: Iterable[str]) -> PageOptions:
    """Read `KEY=VALUE` as manim-slides' `convert -c` takes them; values are checked where the page is built."""
    options = PageOptions()
    for each in given:
        key, equals, value = each.partition("=")
        value = value.strip().strip("'\"")
        if not equals:
            options.refused.append(f"{each}: write KEY=VALUE, as in controls=true")
        elif key in _AS_THEY_ARE:
            options.html.append(f"{key}={value}")
        elif key == "background_color":
            options.html.append(f"background={value}")
        elif key == "auto_slide":
            options.html.append(f"auto_slide={_seconds(value)}")
        elif key == "title":
            options.title = value
        elif key not in _ALWAYS:
            options.refused.append(f"{key}: has no use here; docs/coming-from-manim-slides.md says what does the same")
        elif value.lower() in _NO:
            options.refused.append(f"{key}={value}: a deck cannot do without; leave it out")
    return options


def _seconds(value: str) -> str:
    """Thousandths of a second as seconds; what is no number as it is, for whoever checks it."""
    try:
        return "0" if value.lower() in _NO else f"{float(value) / _MILLISECONDS:g}"
    except ValueError:
        return value
