"""A folder that puts a deck into somebody's page: the deck, pictures, a script, and a page that shows how."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from astrai_slides.base import atomic
from astrai_slides.base.progress import Advance
from astrai_slides.export.html.page import SharedPicture, build_html
from astrai_slides.export.shared.steps import description, title_of
from astrai_slides.export.stills.folder import pictures_of, stills_of, write_webps
from astrai_slides.recording.explored import Explored
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.paint.raster import encode_jpeg, rasterise, rgb
from astrai_slides.talk.document import Document

PAGE = "index.html"
"""The page that shows how, which is the folder's index."""

DECK, POSTER, SCRIPT, STEPS = "deck.html", "poster.jpg", "astrai-deck.js", "steps/index.json"
_BESIDE = (DECK, POSTER, SCRIPT, STEPS)

_SPACE = re.compile(r" (?=[^\w$\"])|(?<=[^\w$\"]) |(?<=[{;(,])\n|\n(?=})")
"""Between two pieces of that script of which one is a mark; its texts have no such spaces."""

_WIDTH = 1280
"""Pixels across of every picture: what cards of social networks are shown at on a dense screen."""


def write_embed(
    recording: Recording,
    numbers: Sequence[int],
    target: Path,
    document: Document,
    advance: Advance,
    explored: Explored | None = None,
) -> None:
    """Write the folder whose page is `target`; the page last, so that what it names is there.

    `numbers` are those of the steps in the whole deck, `explored` its variants. Each file is written atomically, and
    left alone if it would come out the same. Raises AstraiSlidesError as `build_html` does.
    """
    folder = target.parent
    height = max(1, round(_WIDTH * recording.height / recording.width))
    first = recording.steps[0]
    shown = next((step for step in recording.steps if step.texts), first)
    picture = SharedPicture(POSTER, _WIDTH, height, description(shown))
    deck = build_html(recording, document, picture, explored)
    poster = encode_jpeg(rgb(rasterise(shown.end, recording.blobs, _WIDTH, height)))
    (folder / STEPS).parent.mkdir(parents=True, exist_ok=True)
    write_webps(recording, numbers, folder / STEPS, advance, _WIDTH)
    page = _template().render(
        document=document,
        width=_WIDTH,
        height=height,
        poster_text=description(shown),
        steps=[
            {"name": step.name, "title": title_of(step), "text": description(step), "picture": f"steps/{still.name}"}
            for step, still in zip(recording.steps, stills_of(folder / STEPS), strict=True)
        ],
    )
    for name, data in (
        (DECK, deck.encode()),
        (POSTER, poster),
        (SCRIPT, script().encode()),
        # a lone surrogate in a title has no bytes in UTF-8
        (PAGE, page.encode("utf-8", "replace")),
    ):
        path = folder / name
        if not (path.is_file() and path.read_bytes() == data):
            atomic.write_bytes(path, data)


def files_of(target: Path) -> list[Path]:
    """All files of the folder whose page is `target`, itself first."""
    folder = target.parent
    return [target, *(folder / name for name in _BESIDE), *pictures_of(folder / STEPS)]


@cache
def script() -> str:
    """Return the script that makes `<astrai-deck>` known, as small as it goes without another one's help."""
    lines = [line.strip() for line in _text(SCRIPT).splitlines()]
    code = "\n".join(line for line in lines if line and not line.startswith("//"))
    return _SPACE.sub("", code)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text("page.j2"))


def _text(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")
