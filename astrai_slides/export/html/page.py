"""The HTML deck: one file that holds the recording, reveal.js and the player, and asks nothing of a network."""

import base64
import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from textwrap import shorten
from urllib.parse import urljoin

import numpy as np
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from astrai_slides.base import atomic
from astrai_slides.export.html.built import built
from astrai_slides.export.html.notes import notes_as_html
from astrai_slides.export.html.streams import compressed
from astrai_slides.export.html.sums import with_sums
from astrai_slides.export.html.variants import told_variants, with_variants
from astrai_slides.export.shared.durations import plan
from astrai_slides.export.shared.steps import is_below, title_of
from astrai_slides.export.shared.widths import wide
from astrai_slides.recording.explored import Explored
from astrai_slides.recording.format.codec import DIGEST_BYTES
from astrai_slides.recording.format.container import pack
from astrai_slides.recording.format.model import Recording, Rgba
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.talk.document import Document

PAGE_WIDTH = 1280
"""Width of a printed page in CSS pixels: 13.33 inches, that of a 16:9 slide of the office suites."""

_OPAQUE_BLACK = 0x000000FF

_PAUSE = """document.write(`<link rel="stylesheet" href="${URL.createObjectURL(new Blob([],{type:"text/css"}))}">`)"""
"""Before what the player does not wait for: a browser reads on once it has a sheet, and meanwhile shows the first
picture. Nothing is in that sheet, which is a blob, as one with its text in its address would be there at once.
"""

_LOOK_WIDTH = 320
"""Pixels across which the opening picture is looked at for whether it is empty."""
_BARELY_SEEN = 8
"""Steps of 255 by which the parts of a picture may differ that nobody takes for one."""

_LONGEST_DESCRIPTION = 200
"""Characters that a card of a link shows of it."""

_WIDE_COVER = 100
"""Characters of a title for which a cover has room in its usual size, whatever they are and wherever lines end."""
_TITLE_TAKES = 6
"""How many times as much room a character of the title takes as one below it."""


@dataclass(frozen=True, slots=True)
class SharedPicture:
    """A picture beside the deck's file, which stands for it where somebody shares its address."""

    name: str
    width: int
    height: int
    text: str
    """What a screen reader says in its place."""


def build_html(
    recording: Recording,
    document: Document,
    picture: SharedPicture | None = None,
    explored: Explored | None = None,
) -> str:
    """Return the whole deck as one HTML page, with its variants if they are `explored`; `picture` will lie beside it.

    Raises AstraiSlidesError if the player or reveal.js is not in the installed package.
    """
    parts = built()
    whole = with_variants(recording, explored).silent()
    packed = pack(whole)
    header = packed.header.written(for_page=True)
    streams, explore, others = [], "", b""
    if explored is not None:
        variants = told_variants(whole, len(recording.steps), explored, packed, document)
        explore, others, streams = (
            _json(variants.explore),
            compressed(_json(variants.steps).encode()),
            variants.streams,
        )
        header["steps"] = header["steps"][: len(recording.steps)]
    background = recording.background if recording.background & 0xFF else _OPAQUE_BLACK
    if document.page.background:
        background = int(document.page.background[1:], 16) << 8 | 0xFF
    settings = asdict(document.page)
    settings["plan"] = [
        {"seconds": round(duration.seconds), "estimated": duration.estimated}
        for duration in plan(recording, dict(document.planned))
    ]
    own_css = settings.pop("css")
    del settings["address"]
    blobs = [(blob.digest[: 2 * DIGEST_BYTES], _base64(blob.data)) for blob in packed.blobs]
    shown = {digest[: 2 * DIGEST_BYTES] for digest in recording.blobs}
    # what the player does not wait for: nobody sees a variant before a knob is turned
    later = [(f"blob-{digest}", data) for digest, data in blobs if digest not in shown]
    if explored is not None:
        later += [("variants", _base64(others))]
        later += [(f"stream-{number}", _base64(stream)) for number, stream in enumerate(streams)]
    page = _template().render(
        document=document,
        generator=packed.header.generator,
        policy=_policy([*parts.hashes, *[_sha256(_PAUSE)] * bool(later)], fonts=bool(own_css), pauses=bool(later)),
        background=f"#{background >> 8:06x}",
        ink="#000" if _is_light(background) else "#fff",
        page_width=f"{PAGE_WIDTH}px",
        page_height=f"{round(PAGE_WIDTH * recording.height / recording.width)}px",
        shape=f"{recording.width} / {recording.height}",
        reveal_licence=parts.reveal_licence,
        reveal_css=Markup(parts.reveal_css),
        css=Markup(_styles()),
        own_css=Markup(own_css),
        shared=_shared(recording, document, picture),
        settings=Markup(_json(settings)),
        cover=_cover(recording, document),
        steps=[
            {
                "part": "" if place and step.section == recording.steps[place - 1].section else step.section,
                "below": bool(place) and is_below(step),
                "title": title_of(step),
                "texts": [run.text for run in step.texts],
                "notes": Markup(notes_as_html(step.notes)),
            }
            for place, step in enumerate(recording.steps)
        ],
        header=Markup(_json(header)),
        explore=Markup(explore),
        chunks=[_base64(chunk) for chunk in packed.chunks[: len(recording.steps)]],
        blobs=[blob for blob in blobs if blob[0] in shown],
        scripts=[Markup(script) for script in parts.scripts],
        pause=Markup(_PAUSE),
        later=later,
    )
    # a lone surrogate in a title has no bytes in UTF-8
    return with_sums(page.encode("utf-8", "replace").decode("utf-8"))


def _shared(recording: Recording, document: Document, picture: SharedPicture | None) -> list[tuple[str, str]]:
    """Properties of Open Graph, by which those who show a link make a card of it.

    They take absolute addresses only, no `data:`, so there is a picture only where the deck's own address is known.
    """
    about = " · ".join(part for part in (document.speaker, document.event, document.date) if part)
    titles = dict.fromkeys(title_of(step) for step in recording.steps)
    address = document.page.address
    told = [
        ("og:type", "website"),
        ("og:title", document.title),
        ("og:description", about or shorten(" · ".join(titles), _LONGEST_DESCRIPTION, placeholder=" …")),
        ("og:url", address),
    ]
    if picture is not None and address:
        told += [
            ("og:image", urljoin(address, picture.name)),
            ("og:image:width", str(picture.width)),
            ("og:image:height", str(picture.height)),
            ("og:image:alt", shorten(picture.text, _LONGEST_DESCRIPTION, placeholder=" …")),
            ("twitter:card", "summary_large_image"),
        ]
    return [(key, value) for key, value in told if value]


def write_html(recording: Recording, target: Path, document: Document, explored: Explored | None = None) -> None:
    """Write the deck to `target` atomically. Raises AstraiSlidesError as `build_html` does."""
    atomic.write_bytes(target, build_html(recording, document, explored=explored).encode("utf-8"))


def _cover(recording: Recording, document: Document) -> dict[str, str] | None:
    """What stands before the first step, where its first picture is empty; None where it shows something."""
    first = recording.steps[0]
    opening = first.frames[first.runs[0][0]] if first.runs else first.end
    picture = rgb(rasterise(opening, recording.blobs, _LOOK_WIDTH, _LOOK_WIDTH * recording.height // recording.width))
    if int(np.ptp(picture.reshape(-1, 3), axis=0).max()) > _BARELY_SEEN:
        return None
    red, green, blue = (int(part) for part in picture[0, 0])
    title, by = document.title or title_of(first), document.speaker
    at = " · ".join(part for part in (document.event, document.date) if part)
    room = wide(title) + (wide(by) + wide(at)) / _TITLE_TAKES
    return {
        "title": title,
        "by": by,
        "at": at,
        "size": "" if room <= _WIDE_COVER else f"{math.sqrt(_WIDE_COVER / room):.3f}",
        "ink": "#000" if _is_light(red << 24 | green << 16 | blue << 8 | 0xFF) else "#fff",
    }


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_player("html.j2"))


@cache
def _player(name: str) -> str:
    return (files("astrai_slides.export") / "player" / name).read_text("utf-8")


@cache
def _styles() -> str:
    """The player's styles without what is there for people only."""
    lines = _player("player.css").splitlines()
    return "\n".join(line.strip() for line in lines if line and not line.startswith("/*"))


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _sha256(script: str) -> str:
    return _base64(hashlib.sha256(script.encode()).digest())


def _policy(hashes: Iterable[str], *, fonts: bool, pauses: bool) -> str:
    """Only scripts with these hashes run; `fonts` may come with a user's own styles, a sheet with what is read late."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src " + " ".join(f"'sha256-{each}'" for each in hashes),
            "style-src 'unsafe-inline'" + " blob:" * pauses,
            "img-src data: blob:",
            "media-src blob:",
            *["font-src data:"] * fonts,
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _is_light(colour: Rgba) -> bool:
    red, green, blue = (colour >> shift & 0xFF for shift in (24, 16, 8))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0x80
