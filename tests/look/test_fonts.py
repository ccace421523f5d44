"""The font that every text is set in, whatever Pango drew before."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import fontpkg_inter
import manim
import manimpango
import pytest
from manimpango import MarkupUtils

from astrai_slides.look.fonts import FONT, register_font
from astrai_slides.seam.fonts import forget_fonts

INTER = sorted((Path(fontpkg_inter.__file__).parent / "files").glob("*.ttf"))


@pytest.fixture(autouse=True)
def new_process() -> Iterator[None]:
    forget_fonts()
    yield
    forget_fonts()


def drawn() -> str:
    """The outlines of a text in Inter, or in what Pango takes for it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text.svg"
        MarkupUtils.text2svg("slot five", FONT, "NORMAL", "NORMAL", 32, 0, True, str(file), 0, 0, 600, 400)
        # Cairo numbers its surfaces
        return re.sub(r"surface\d+", "", file.read_text(encoding="utf-8"))


def test_the_font_is_seen_after_pango_took_another_for_it() -> None:
    other = drawn()
    register_font()
    assert drawn() != other
    inter = drawn()
    forget_fonts()
    assert FONT not in manimpango.list_fonts()
    assert drawn() == other
    register_font()
    assert drawn() == inter


def test_the_font_comes_back_when_manim_made_pango_forget_it() -> None:
    register_font()
    inter = drawn()
    with manim.register_font(INTER[0]):
        pass
    assert FONT not in manimpango.list_fonts(), "manim no longer forgets fonts: register once again"
    register_font()
    assert drawn() == inter


@pytest.mark.parametrize("kind", [manim.Text, manim.MarkupText])
def test_manim_does_not_warn_of_a_font_that_was_registered_after_it_asked(kind: type, capsys) -> None:
    kind.font_list.cache_clear()
    assert FONT not in kind.font_list()
    register_font()
    kind("slot five", font=FONT)
    assert FONT not in capsys.readouterr().out
