"""Formulas that Typst sets have a text, as those of LaTeX do."""

import sys
from pathlib import Path
from types import ModuleType

import manim
import pytest

from astrai_slides.recording.run.record import record_scene

DECK = """
from manim import FadeIn, MathTypst, Typst, Write
from manim_slides import Slide

class Formulas(Slide):
    def construct(self):
        self.play(FadeIn(MathTypst("{{ f(a^2) : lhs }} = c^2 + {{ (b) }}")), run_time=0.1)
        self.next_slide()
        self.clear()
        self.play(Write(Typst("*word*")), run_time=0.1)
"""


@pytest.mark.skipif(not hasattr(manim, "Typst"), reason="this manim has no Typst")
def test_typst_has_a_text_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # stands for the package of that name, of 80 MB, whose outlines do not matter here
    fake = ModuleType("typst")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0H9V9H0Z"/></svg>'
    vars(fake)["compile"] = lambda *_, **__: svg
    monkeypatch.setitem(sys.modules, "typst", fake)
    deck = tmp_path / "deck.py"
    deck.write_text(DECK, "utf-8")
    recording = record_scene(deck, "Formulas", fps=10, width=426, height=240)
    assert [[run.text for run in step.texts] for step in recording.steps] == [["f(a^2) = c^2 + (b)"], ["*word*"]]
