"""A text that comes out otherwise than written is said, and refused in a deck of ours."""

import sys
from pathlib import Path

import manimpango
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from astrai_slides.base.warning import Kind
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import record_scene
from astrai_slides.seam.fonts import search_fonts_again
from astrai_slides.seam.unknown_glyphs import undrawn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Pango cannot be asked there")

PLAIN = """
from manim import MarkupText, Paragraph, Text
from manim_slides import Slide

class Glyphs(Slide):
    def construct(self):
        self.add({texts})
        self.wait(0.1)
"""
OURS = """
from manim import Text
from astrai_slides.deck.base import Deck

class Glyphs(Deck):
    def construct(self):
        self.step("one")
        self.add(Text("x\U00012000"))
        self.wait(0.1)
"""


def recorded(folder: Path, source: str) -> Recording:
    deck = folder / "deck.py"
    deck.write_text(source, "utf-8")
    return record_scene(deck, "Glyphs", fps=10, width=426, height=240)


def warnings(folder: Path, texts: str) -> list[str]:
    said = recorded(folder, PLAIN.format(texts=texts)).warnings
    assert {warning.kind for warning in said} <= {Kind.GLYPH}
    return [warning.text for warning in said]


def test_a_character_without_a_font_is_named_with_text_and_font(tmp_path: Path) -> None:
    said = warnings(
        tmp_path, r'Text("Größe → x"), MarkupText("<b>\ue000</b>&amp;", font="DejaVu Sans"), Text("\ue000")'
    )
    assert [line.partition(", so boxes")[0] for line in said] == [
        r"text '\ue000&' in 'DejaVu Sans': no font here has '\ue000' (U+E000 without a name)",
        r"text '\ue000': no font here has '\ue000' (U+E000 without a name)",
    ]


def test_a_line_from_right_to_left_that_manim_loses_is_named(tmp_path: Path) -> None:
    said = warnings(
        tmp_path,
        r'Text("\u05d0\u05d1"), Paragraph("a", "\u05d0"), Text("\u200e\u05d0"), Text("a \u05d0"), MarkupText("\u05d0")',
    )
    assert [line.partition(":")[0] for line in said] == ["text 'אב'", r"text 'a\nא'"]
    assert all("U+200E" in line for line in said)


def test_a_deck_of_ours_is_refused_with_its_line_unless_it_asks(tmp_path: Path) -> None:
    with pytest.raises(
        AstraiSlidesError, match=r"deck.py: Glyphs cannot be recorded: line 8: .*no font here has .*U\+12000"
    ):
        recorded(tmp_path, OURS)
    asked = OURS.replace("    def construct", "    every_glyph = False\n\n    def construct")
    assert [warning.kind for warning in recorded(tmp_path, asked).warnings] == [Kind.GLYPH]


def test_a_character_that_only_a_colour_font_has_is_told_apart(tmp_path: Path) -> None:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 700))
    pen.lineTo((700, 700))
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", "own", "layer"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0xF0123: "own"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "own": square, "layer": square})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Colours", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.setupCOLR({"own": [("layer", 0)]})
    builder.setupCPAL([[(1, 0, 0, 1)]])
    builder.font.save(tmp_path / "colours.ttf")
    assert undrawn("a\U000f0123", "Colours") == ({"\U000f0123"}, set())
    assert manimpango.register_font(str(tmp_path / "colours.ttf"))
    search_fonts_again()
    try:
        assert undrawn("a\U000f0123\u2192", "Colours") == (set(), {"\U000f0123"})
    finally:
        manimpango.unregister_font(str(tmp_path / "colours.ttf"))
        search_fonts_again()
