"""The HTML that shows a built deck in somebody's page."""

import re
from html import escape
from pathlib import Path

_SHAPE = re.compile(r"--shape: (\d+) / (\d+);")
_USUAL_SHAPE = "16 / 9"

EMBEDDED = "?embed"
"""What the address of a deck in a page ends with: it takes no keys unless it is clicked, and plays in view."""


def frame(address: str, title: str, shape: str = _USUAL_SHAPE) -> str:
    """A frame as wide as the page's text that shows the deck at `address`, which is loaded once it is near.

    `shape` is width and height, as `shape_of` gives them.
    """
    return _frame(f'src="{escape(address)}"', title, shape)


def frame_with(page: str, title: str) -> str:
    """A frame that holds the deck `page` itself, for documents that may be moved away from their files."""
    return _frame(f'srcdoc="{escape(page)}"', title, shape_in(page))


def shape_of(file: Path) -> str:
    """Width and height of the deck in `file`, as CSS writes an aspect ratio."""
    return shape_in(file.read_text("utf-8"))


def shape_in(page: str) -> str:
    """Width and height of the deck `page`, as CSS writes an aspect ratio."""
    found = _SHAPE.search(page)
    return f"{found[1]} / {found[2]}" if found else _USUAL_SHAPE


def _frame(source: str, title: str, shape: str) -> str:
    style = f"display: block; width: 100%; aspect-ratio: {shape}; border: 0; margin: 0 0 1em"
    return (
        f'<iframe class="astrai-slides" {source} title="{escape(title)}" style="{style}" loading="lazy" '
        'allow="autoplay" allowfullscreen></iframe>'
    )
