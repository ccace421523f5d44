"""A font whose one character has colours only, as those of emoji: its left half is red, its right half blue."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import manimpango
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from astrai_slides.seam.fonts import search_fonts_again

FAMILY, CHARACTER = "Colours", "\U000f0123"
RED, BLUE = (255, 0, 0), (0, 0, 255)
_SIDE = 800


def write_colour_font(target: Path) -> None:
    """Write the font to `target`, a TTF file."""
    names = [".notdef", "own", "left", "right"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(CHARACTER): "own"})
    spans = {"own": (0, _SIDE), "left": (0, _SIDE // 2), "right": (_SIDE // 2, _SIDE)}
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), **{name: _box(*span) for name, span in spans.items()}})
    builder.setupHorizontalMetrics({name: (_SIDE + 100, spans.get(name, (0, 0))[0]) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.setupCOLR({"own": [("left", 0), ("right", 1)]})
    builder.setupCPAL([[(*(part / 255 for part in colour), 1) for colour in (RED, BLUE)]])
    builder.font.save(target)


INSTALLED = """
import manimpango
from pathlib import Path
from astrai_slides.seam.fonts import search_fonts_again

assert manimpango.register_font(str(Path(__file__).with_name("colours.ttf")))
search_fonts_again()
"""
"""What a deck begins with for which the font, `colours.ttf` beside it, is installed."""


@contextmanager
def colour_font(folder: Path) -> Iterator[None]:
    """Inside the block, the font, written into `folder`, is installed."""
    path = folder / "colours.ttf"
    write_colour_font(path)
    assert manimpango.register_font(str(path))
    search_fonts_again()
    try:
        yield
    finally:
        manimpango.unregister_font(str(path))
        search_fonts_again()


def _box(left: int, right: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((left, 0))
    for corner in ((left, _SIDE), (right, _SIDE), (right, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
