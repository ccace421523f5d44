"""Formulas by the real LaTeX, which `make wide` installs."""

from pathlib import Path

import pytest

from astrai_slides.base.cache import Store
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.run.record import Order, record_file

pytestmark = pytest.mark.wide

DECK = r"""
from manim import FadeIn, MathTex, Tex
from manim_slides import Slide

class Formulas(Slide):
    def construct(self):
        formula = MathTex(r"\frac{a}{b}", "+", "x^2", substrings_to_isolate="x")
        self.play(FadeIn(formula, Tex("a word").next_to(formula)), run_time=0.1)
"""


def record(folder: Path, source: str, store: Store) -> bytes:
    deck = folder / "deck.py"
    deck.write_text(source, "utf-8")
    return dump(record_file(deck, "Formulas", Order(10, 426, 240, formulas=store)).recording)


def test_a_formula_that_was_kept_looks_as_if_it_was_set_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "store")
    first = record(tmp_path, DECK, store)
    assert len(list((tmp_path / "store").rglob("*.formula"))) == 2
    monkeypatch.setattr("subprocess.run", None)
    assert record(tmp_path, DECK, store) == first


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (r"a + \\undefined{b}", r"latex: Undefined control sequence\. .*a \+ \\undefined <-- here {b}"),
        (r"a^b^c", r"latex: Double superscript\. .*; the formula is: a\^b\^c$"),
    ],
)
def test_its_own_reason_is_told(tmp_path: Path, wrong: str, reason: str) -> None:
    source = DECK.replace(r'r"\frac{a}{b}", "+", "x^2", substrings_to_isolate="x"', f'"{wrong}"')
    with pytest.raises(AstraiSlidesError, match=f"deck.py: .*line 7: .*{reason}"):
        record(tmp_path, source, Store(tmp_path / "store"))
