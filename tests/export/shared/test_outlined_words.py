"""Words as outlines: a full-width mark takes its whole square, whatever its ink."""

import io

import pytest
from svgelements import SVG

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.shared import outlined_words
from astrai_slides.export.shared.outlined_words import Drawn
from astrai_slides.look.fonts import Fonts, inter

EM = 32 * 96 / 72
"""What Pango writes for an em, in its own points."""


def shaped(word: str, inks: list[tuple[float, float]]) -> Drawn:
    """`word` with a glyph an em for each of `inks`, left and right of it in ems, as Pango writes it."""
    glyphs = "".join(
        f'<g id="g{n}"><path d="M {a * EM} 0 L {b * EM} 0 L {b * EM} {-EM / 2} Z"/></g>'
        for n, (a, b) in enumerate(inks)
    )
    uses = "".join(f'<use xlink:href="#g{n}" x="{n * EM}" y="40"/>' for n in range(len(inks)))
    head = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = f'<svg {head} width="2000pt" height="96pt" viewBox="0 0 2000 96"><defs>{glyphs}</defs>{uses}</svg>'
    return outlined_words._read(SVG.parse(io.StringIO(svg)), word)


def test_a_full_width_mark_keeps_the_space_beside_its_ink() -> None:
    ideograph, comma, bracket = (0.05, 0.95), (0.1, 0.3), (0.7, 0.95)
    assert shaped("\u4e2d", [ideograph]).width == pytest.approx(1, abs=0.01)
    assert shaped("\u4e2d\uff0c", [ideograph, comma]).width == pytest.approx(2, abs=0.01)
    opened = shaped("\uff08\u4e2d", [bracket, ideograph])
    assert opened.width == pytest.approx(2, abs=0.01)
    assert min(x for _, values in opened.commands for x in values[::2]) == pytest.approx(0.7, abs=0.01)


def test_other_letters_are_as_wide_as_their_ink() -> None:
    assert shaped("\u0416.", [(0.05, 0.95), (0.1, 0.3)]).width == pytest.approx(1.35, abs=0.01)


def test_chinese_is_set_in_a_font_for_it_whoever_recorded_the_deck(monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = Fonts(("Inter", "Noto Sans CJK SC"))
    monkeypatch.setattr(outlined_words, "fonts_for", lambda theme, language: {"zh": chinese}[language])
    assert outlined_words._fonts_of("\u8bf7\u6c42\uff0c") is chinese
    for other in ("word", "\u0416", "\u8a71\u3059", "\uc694\uccad"):
        assert outlined_words._fonts_of(other) == inter()

    def none(*_: object) -> Fonts:
        raise AstraiSlidesError("there is no font for Chinese on this machine")

    monkeypatch.setattr(outlined_words, "fonts_for", none)
    assert outlined_words._fonts_of("\u8bf7") == inter()
