"""Words as outlines that Pango shapes with the machine's fonts, where Inter as a font cannot serve."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as File
from typing import Any
from xml.sax.saxutils import escape

from manimpango import MarkupUtils
from svgelements import SVG, Close, CubicBezier, Line, Move, Path, Use

from astrai_slides.base.scratch import scratch_folder
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.fonts import Fonts, fonts_for, inter, register_font
from astrai_slides.look.line_breaks import is_wide
from astrai_slides.look.theme import DARK

_SIZE = 32
_PIXELS_PER_POINT = 96 / 72
_EM = _SIZE * _PIXELS_PER_POINT**2
"""Pixels of an em: Pango writes its SVG in dots of 96 an inch, and calls them points, of which SVG has 72."""

_ROOM = 20_000
_SIDE_BEARING = 0.05
_OF_OTHERS = ("HIRAGANA", "KATAKANA", "HANGUL")
"""Beginnings of names of characters that are wide and no Chinese."""
_Command = tuple[str, tuple[float, ...]]
"""One of PDF's path operators, and its coordinates."""

_BOX: tuple[_Command, ...] = (("m", (0.1, 0.0)), ("l", (0.1, 0.7)), ("l", (0.7, 0.7)), ("l", (0.7, 0.0)), ("h", ()))
_BOX_WIDTH = 0.8


@dataclass(frozen=True, slots=True)
class Drawn:
    """A word as paths in ems from its start on the baseline, y upwards, and its width in ems."""

    commands: tuple[_Command, ...]
    width: float

    def operators(self, x: float, y: float, size: float) -> str:
        """Return the PDF operators that fill it at (`x`, `y`)."""
        rows = []
        for kind, values in self.commands:
            numbers = [value * size + (x if place % 2 == 0 else y) for place, value in enumerate(values)]
            rows.append(" ".join([*(f"{number:.2f}" for number in numbers), kind]))
        return "\n".join([*rows, "f"])


@lru_cache(maxsize=4096)
def drawn(word: str, *, bold: bool, italic: bool) -> Drawn:
    """Return `word` as outlines. What has no outline (a colour emoji) is a box: its text is in the text layer."""
    fonts = _fonts_of(word)
    # Pango would take another font for Inter, and for every deck that this process records afterwards
    register_font(fonts)
    with scratch_folder() as folder:
        file = File(folder) / "word.svg"
        MarkupUtils.text2svg(
            escape(word),
            fonts.names,
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
        return _read(SVG.parse(file), word)


def _fonts_of(word: str) -> Fonts:
    """What `word` is set in, whether or not this process recorded the deck: Chinese in a font for it, if there is one.

    Without it Pango would take what it comes across, in the forms of another region.
    """
    names = [unicodedata.name(character, "") for character in word]
    if any(name.startswith(_OF_OTHERS) for name in names) or not any(map(is_wide, word)):
        return inter()
    try:
        return fonts_for(DARK, "zh")
    except AstraiSlidesError:
        return inter()


def _read(svg: SVG, word: str) -> Drawn:
    glyphs = [(use, list(use.select(lambda part: isinstance(part, Path)))) for use in svg.select(_is_use)]
    glyphs = [(use, paths) for use, paths in glyphs if paths]
    baseline = float(glyphs[0][0].values["y"]) * _PIXELS_PER_POINT if glyphs else 0.0
    commands = [
        (kind, tuple((point.x / _EM, (baseline - point.y) / _EM) for point in points))
        for _, paths in glyphs
        for path in paths
        for kind, points in _commands(path)
    ]
    xs = [x for _, points in commands for x, _ in points]
    if not xs:
        return Drawn(_BOX, _BOX_WIDTH)
    left, right = min(xs) - _SIDE_BEARING, max(xs) + _SIDE_BEARING
    # a full-width mark has its ink in a part of its square, and the rest is the space beside it
    first, last = (float(use.values["x"]) * _PIXELS_PER_POINT / _EM for use in (glyphs[0][0], glyphs[-1][0]))
    if is_wide(word[0]):
        left = min(left, first)
    if is_wide(word[-1]):
        right = max(right, last + 1.0)
    moved = tuple((kind, tuple(v for x, y in points for v in (x - left, y))) for kind, points in commands)
    return Drawn(moved, right - left)


def _is_use(element: Any) -> bool:
    return isinstance(element, Use)


def _commands(path: Path) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """PDF's operators for `path`, and their points."""
    for segment in path:
        if isinstance(segment, Move):
            yield "m", (segment.end,)
        elif isinstance(segment, Close):
            yield "h", ()
        elif isinstance(segment, CubicBezier):
            yield "c", (segment.control1, segment.control2, segment.end)
        elif isinstance(segment, Line):
            yield "l", (segment.end,)
        else:
            raise TypeError(f"Pango drew a {type(segment).__name__}, which is none of its lines and curves")
