"""Words in scripts that Inter does not have, as outlines that Pango shapes with the machine's fonts."""

import re
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from manimpango import MarkupUtils

from astrai_slides.look.fonts import FONT, register_font

_SIZE = 32
_PIXELS_PER_POINT = 96 / 72
"""Pango writes its SVG at 96 dots an inch."""

_ROOM = 20_000
_SIDE_BEARING = 0.05
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_TOKEN = re.compile(r"[MLCZ]|-?\d+(?:\.\d+)?")
_COORDINATES = {"M": 2, "L": 2, "C": 6, "Z": 0}
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}

_BOX = (("M", (0.1, 0.0)), ("L", (0.1, 0.7)), ("L", (0.7, 0.7)), ("L", (0.7, 0.0)), ("Z", ()))
_BOX_WIDTH = 0.8


@dataclass(frozen=True, slots=True)
class Drawn:
    """A word as paths in ems from its start on the baseline, y upwards, and its width in ems."""

    segments: tuple[tuple[str, tuple[float, ...]], ...]
    width: float

    def operators(self, x: float, y: float, size: float) -> str:
        """Return the PDF operators that fill it at (`x`, `y`)."""
        rows = []
        for kind, values in self.segments:
            numbers = [value * size + (x if place % 2 == 0 else y) for place, value in enumerate(values)]
            rows.append(" ".join([*(f"{number:.2f}" for number in numbers), _OPERATORS[kind]]))
        return "\n".join([*rows, "f"])


@lru_cache(maxsize=4096)
def drawn(word: str, *, bold: bool, italic: bool) -> Drawn:
    """Return `word` as outlines. What has no outline (a colour emoji) is a box: its text is in the text layer."""
    # Pango would take another font for Inter, and for every deck that this process records afterwards
    register_font()
    with tempfile.TemporaryDirectory(prefix="astrai-slides-") as folder:
        file = Path(folder) / "word.svg"
        MarkupUtils.text2svg(
            escape(word),
            FONT,
            "ITALIC" if italic else "NORMAL",
            "BOLD" if bold else "NORMAL",
            _SIZE,
            1,
            False,
            str(file),
            0,
            0,
            _ROOM,
            _SIZE * 3,
        )
        root = ElementTree.fromstring(file.read_bytes())
    return _read(root)


def _read(root: ElementTree.Element) -> Drawn:
    glyphs = {
        element.get("id", ""): path.get("d", "")
        for element in root.iter()
        if element.get("id") and (path := element.find(f"{_SVG}path")) is not None
    }
    uses = [use for use in root.iter(f"{_SVG}use") if use.get(_HREF, "").removeprefix("#") in glyphs]
    em = _SIZE * _PIXELS_PER_POINT
    segments: list[tuple[str, tuple[float, ...]]] = []
    baseline = float(uses[0].get("y", "0")) if uses else 0.0
    for use in uses:
        x, y = float(use.get("x", "0")), float(use.get("y", "0")) - baseline
        for kind, values in _path(glyphs[use.get(_HREF, "").removeprefix("#")]):
            placed = tuple(
                (x + value) / em if place % 2 == 0 else -(y + value) / em for place, value in enumerate(values)
            )
            segments.append((kind, placed))
    xs = [value for _, values in segments for value in values[::2]]
    if not xs:
        return Drawn(_BOX, _BOX_WIDTH)
    left = min(xs)
    moved = tuple(
        (kind, tuple(v - left + _SIDE_BEARING if place % 2 == 0 else v for place, v in enumerate(values)))
        for kind, values in segments
    )
    return Drawn(moved, max(xs) - left + 2 * _SIDE_BEARING)


def _path(data: str) -> list[tuple[str, tuple[float, ...]]]:
    segments = []
    tokens = _TOKEN.findall(data)
    at = 0
    while at < len(tokens):
        kind = tokens[at]
        taken = _COORDINATES[kind]
        segments.append((kind, tuple(float(token) for token in tokens[at + 1 : at + 1 + taken])))
        at += 1 + taken
    return segments
