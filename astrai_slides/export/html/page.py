"""The HTML deck: one file that holds the recording, reveal.js and the player, and asks nothing of a network."""

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from astrai_slides.base import atomic
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.html.markdown import notes_html
from astrai_slides.recording.format.codec import DIGEST_BYTES
from astrai_slides.recording.format.container import pack
from astrai_slides.recording.format.model import Recording, Rgba
from astrai_slides.talk.document import Document

PLAYER = (
    "base.js",
    "inflate.js",
    "reader.js",
    "frames.js",
    "decode.js",
    "paint.js",
    "film.js",
    "store.js",
    "canvas.js",
    "stage.js",
    "address.js",
    "deck.js",
    "keys.js",
    "help.js",
    "jump.js",
    "overview.js",
    "svg.js",
    "print.js",
    "swipe.js",
    "wake.js",
    "speaker.js",
    "api.js",
    "main.js",
)
"""The player's scripts, in the order in which they are joined."""

PAGE_WIDTH = 1280
"""Width of a printed page in CSS pixels: 13.33 inches, that of a 16:9 slide of the office suites."""

_SCRIPT_END = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)
_INNER_SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
_STRING_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(\r\n|.))", re.DOTALL)
_SINGLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_OPAQUE_BLACK = 0x000000FF


def build_html(recording: Recording, document: Document) -> str:
    """Return the whole deck as one HTML page.

    Raises AstraiSlidesError if reveal.js is not in the installed package.
    """
    packed = pack(recording)
    notes_script = _reveal("notes.js")
    scripts = [_script(text) for text in (_player("support.js"), _reveal("reveal.js"), notes_script, _joined())]
    background = recording.background if recording.background & 0xFF else _OPAQUE_BLACK
    page = _template().render(
        document=document,
        generator=packed.header.generator,
        policy=_policy([*scripts, _speaker_script(notes_script)]),
        background=f"#{background >> 8:06x}",
        ink="#000" if _is_light(background) else "#fff",
        page_width=f"{PAGE_WIDTH}px",
        page_height=f"{round(PAGE_WIDTH * recording.height / recording.width)}px",
        shape=f"{recording.width} / {recording.height}",
        reveal_licence=_reveal("LICENSE"),
        reveal_css=Markup(_reveal("reveal.css")),
        css=Markup(_player("player.css")),
        steps=[
            {
                "title": step.title or step.name,
                "texts": [run.text for run in step.texts],
                "notes": Markup(notes_html(step.notes)),
            }
            for step in recording.steps
        ],
        header=Markup(_json(packed.header.model_dump())),
        chunks=[_base64(chunk) for chunk in packed.chunks],
        blobs=[(blob.digest[: 2 * DIGEST_BYTES], _base64(blob.data)) for blob in packed.blobs],
        scripts=[Markup(script) for script in scripts],
    )
    # a lone surrogate in a title has no bytes in UTF-8
    return page.encode("utf-8", "replace").decode("utf-8")


def write_html(recording: Recording, target: Path, document: Document) -> None:
    """Write the deck to `target` atomically. Raises AstraiSlidesError as `build_html` does."""
    atomic.write_bytes(target, build_html(recording, document).encode("utf-8"))


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_player("html.j2"))


@cache
def _player(name: str) -> str:
    return (files("astrai_slides.export") / "player" / name).read_text("utf-8")


@cache
def _reveal(name: str) -> str:
    source = files("astrai_slides.export") / "_reveal" / name
    if not source.is_file():
        raise AstraiSlidesError(
            f"reveal.js ({name}) is missing from the installed package; install astrai-slides again with pip, "
            "which brings it along"
        )
    return source.read_text("utf-8").replace("\r\n", "\n")


@cache
def _joined() -> str:
    """The player as one script: its files in one scope, without comment lines and indentation."""
    lines = [line.strip() for name in PLAYER for line in _player(name).splitlines()]
    kept = [line for line in lines if line and not line.startswith("//") and not _is_doc_comment(line)]
    return "\n".join(['(() => {"use strict";', *kept, "})();"])


def _is_doc_comment(line: str) -> bool:
    return line.startswith("/**") and line.endswith("*/")


def _script(text: str) -> str:
    """Return JavaScript so that nothing in it ends, or seems to begin, a script element."""
    return _SCRIPT_END.sub(r"\\x3c", text)


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _policy(scripts: list[str]) -> str:
    """Only the given scripts run. The speaker view inherits this, and shows this file in frames."""
    hashes = " ".join(f"'sha256-{_base64(hashlib.sha256(script.encode()).digest())}'" for script in scripts)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {hashes}",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "media-src blob:",
            "frame-src 'self' file:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _speaker_script(notes_script: str) -> str:
    """Return the script of the page that reveal.js' notes plugin writes into the speaker view's window."""
    start = notes_script.find("document.write(")
    literal = re.match(r"\s*([\"'`])((?:\\.|(?!\1).)*)\1", notes_script[start + len("document.write(") :], re.DOTALL)
    found = literal and _INNER_SCRIPT.findall(_unescaped(literal[2]))
    if start < 0 or not found or len(found) != 1:
        raise AstraiSlidesError(
            "the speaker view of the installed reveal.js is not the one this version knows (5.2.1); "
            "install astrai-slides again with pip"
        )
    return str(found[0])


def _unescaped(literal: str) -> str:
    """What a JavaScript string literal's inside stands for."""

    def replace(match: re.Match[str]) -> str:
        if match[1] or match[2]:
            return chr(int(match[1] or match[2], 16))
        return _SINGLE_ESCAPES.get(match[3], match[3])

    return _STRING_ESCAPE.sub(replace, literal)


def _is_light(colour: Rgba) -> bool:
    red, green, blue = (colour >> shift & 0xFF for shift in (24, 16, 8))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0x80
