"""Write the font without ink of PDFs, which never changes: `python scripts/no_ink_font.py`; a test compares both.

To make it takes fontTools a tenth of a second of every build.
"""

import argparse
import io
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from astrai_slides.export.pdf.no_ink import ADVANCE, EM, NAME

TARGET = Path(__file__).resolve().parent.parent / "astrai_slides" / "export" / "pdf" / "no_ink.ttf"


def font() -> bytes:
    """Return the file: one glyph that is blank, for the space."""
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({ord(" "): "blank"})
    empty = TTGlyphPen(None).glyph()
    builder.setupGlyf({".notdef": empty, "blank": empty})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "blank"), (ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=EM, descent=0)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    # the file must not change with the time of day
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    data = io.BytesIO()
    builder.font.save(data)
    return data.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, nargs="?", default=TARGET, help="the file to write")
    parser.parse_args().target.write_bytes(font())
