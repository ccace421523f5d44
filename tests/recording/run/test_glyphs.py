"""A text that comes out otherwise than written is said, and refused in a deck of ours."""

import sys
from pathlib import Path

import pytest
from colour_font import CHARACTER, FAMILY, INSTALLED, colour_font

from astrai_slides.base.warning import Kind
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import record_scene
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
        tmp_path, r'Text("Größe → x"), MarkupText("<b>\U0010fffd</b>&amp;", font="DejaVu Sans"), Text("\U0010fffd")'
    )
    assert [line.partition(", so boxes")[0] for line in said] == [
        r"text '\U0010fffd&' in 'DejaVu Sans': no font here has '\U0010fffd' (U+10FFFD without a name)",
        r"text '\U0010fffd': no font here has '\U0010fffd' (U+10FFFD without a name)",
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


def test_a_character_that_only_a_colour_font_has_is_told_apart_and_drawn(tmp_path: Path) -> None:
    assert undrawn(f"a{CHARACTER}", FAMILY) == ({CHARACTER}, set())
    with colour_font(tmp_path):
        assert undrawn(f"a{CHARACTER}\u2192", FAMILY) == (set(), {CHARACTER})
    source = INSTALLED + PLAIN.format(texts=f'Text("a{CHARACTER}", font="{FAMILY}")')
    assert recorded(tmp_path, source).warnings == ()


def test_for_emoji_without_a_font_the_package_is_named(tmp_path: Path) -> None:
    (said,) = warnings(tmp_path, r'Text("\U0001fae8\u2192", font="DejaVu Sans")')
    assert "U+1FAE8 SHAKING FACE" in said or "U+1FAE8" in said
    assert "Noto Color Emoji (fonts-noto-color-emoji of apt" in said
