"""Formulas by the real LaTeX, which `make wide` installs."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from manim import MathTex, Tex, TexTemplate, config, tempconfig

from astrai_slides.base.cache import Store
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.run.record import Order, record_file
from astrai_slides.seam.formulas_together import _WORDS, fits_others, set_together
from astrai_slides.seam.latex import Formula, asked_formulas

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


SEVERAL = [
    partial(MathTex, "x", "+ 1"),
    partial(MathTex, r"\mathbb{R}^n \to \mathcal{F}"),
    partial(MathTex, r"\mathbf{A}x = \text{some text}", substrings_to_isolate="A"),
    partial(Tex, r"Hello \textbf{world} $x^{2^{3}}$, and more words than there is room for in one line, as we see"),
    partial(MathTex, r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \sqrt{x}"),
    partial(Tex, r"\bfseries bold \Large large", tex_environment=None),
    partial(MathTex, r"a &= b \\ c &= \mathfrak{g} \iint \left( \frac{x}{y} \right)"),
    partial(MathTex, r"\mathbf{A}\mathbb{R}", "x"),
]


@pytest.mark.parametrize("backwards", [False, True])
def test_formulas_that_are_set_together_come_out_as_by_themselves(backwards: bool, tmp_path: Path) -> None:
    formulas = []
    with tempconfig({}):
        config.media_dir = str(tmp_path)
        for make in reversed(SEVERAL) if backwards else SEVERAL:
            formulas += asked_formulas(make)
    assert all(map(fits_others, formulas))
    assert set_together(formulas)
    together = [_drawn(formula) for formula in formulas]
    for formula in formulas:
        formula.typeset()
    assert [_drawn(formula) for formula in formulas] == together


def _drawn(formula: Formula) -> list[str]:
    """Lines of the outlines; dvisvgm writes those of glyphs in an order of its own."""
    return sorted(formula.svg_file.read_text("utf-8").splitlines())


SIZES = ["tiny", "scriptsize", "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge"]
IN_TEXT = [*SIZES, "bfseries", "itshape", "centering", "LaTeX", "TeX"]
BIG = ["big", "Big", "bigg", "Bigg"]
ARGUMENTS = {
    **dict.fromkeys(["left", "right", "middle"], r"\left( x \middle/ y \right)"),
    **dict.fromkeys(["hskip", "kern"], r"\%s 1pt x"),
    **dict.fromkeys(["mkern", "mskip"], r"\%s 1mu x"),
    **{"mspace": r"\mspace{1mu} x", "hspace": r"\hspace{1pt} x"},
    **dict.fromkeys(["limits", "nolimits"], r"\sum\%s_x"),
    **dict.fromkeys(IN_TEXT, r"\text{\%s x}"),
    **dict.fromkeys([*BIG, *(f"{size}{side}" for size in BIG for side in "lmr")], r"\%s( x"),
}
"""How words are used that are not followed by arguments in braces."""


def test_no_word_that_may_be_used_leaves_anything_behind(tmp_path: Path) -> None:
    r"""Among them all, what comes last looks as what comes first. Only a word that is unknown would fail the run."""
    template = TexTemplate()
    with tempconfig({}):
        config.media_dir = str(tmp_path)
        [probe], [again] = (
            asked_formulas(partial(MathTex, rf"\mathbf{{A}}x + \frac{{1}}{{2}} {end}")) for end in (" ", "{}")
        )
        words = []
        for word in sorted(_WORDS):
            use = ARGUMENTS.get(word, r"\%s{x}{y}")
            source = template.get_texcode_for_expression_in_env(use % word if "%s" in use else use, "align*")
            words.append(replace(probe, source=source, tex_file=tmp_path / f"{word}-word.tex"))
    assert set_together([probe, *words, again])
    assert _drawn(again) == _drawn(probe)
