"""What a talk's file is called and how its page shows itself: as the talk file says, unless the command line does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from astrai_slides.errors import AstraiSlidesError

if TYPE_CHECKING:
    from astrai_slides.talk.document import Document
    from astrai_slides.talk.file import Talk


@dataclass(frozen=True, slots=True)
class PageWish:
    """What the command line says about files: a title, keys of `[html]` (as `given_settings` reads them), styles.

    `css` is a file, from the working directory.
    """

    title: str = ""
    html: Mapping[str, Any] = field(default_factory=dict)
    css: Path | None = None

    def deciding(self) -> tuple[object, ...]:
        """What of this may change a file, besides what the files say that it names."""
        return self.title, dict(self.html), self.css and self.css.absolute()


def page_wish(title: str, html_keys: Sequence[str], css: Path | None) -> PageWish:
    """Read what the command line says about files; `html_keys` are `KEY=VALUE`.

    Raises AstraiSlidesError for keys and values that cannot be.
    """
    if not html_keys:
        return PageWish(title, css=css)
    from astrai_slides.talk.page import given_settings

    return PageWish(title, given_settings(html_keys), css)


def as_wished(document: "Document", talk: "Talk | None", wish: PageWish) -> "Document":
    """Return `document` with the title and page that `talk` and `wish` ask for; a deck may stand without a talk.

    Reads the style sheet. Raises AstraiSlidesError for a fault of it, and for a title of a talk that has one.
    """
    from astrai_slides.export.html.styles import inlined
    from astrai_slides.talk.page import HtmlTable

    if wish.title and talk is not None:
        raise AstraiSlidesError(f"--title is for a deck without a talk file; set title in {talk.path}")
    table = (HtmlTable() if talk is None else talk.html).overridden(wish.html)
    css = ""
    if wish.css is not None:
        css = inlined(wish.css)
    elif "css" in wish.html and table.css:
        css = inlined(Path(table.css))
    elif table.css and talk is not None:
        with talk.blaming("html.css"):
            css = inlined(talk.find(table.css))
    return replace(document, title=wish.title or document.title, page=table.settings(css))
