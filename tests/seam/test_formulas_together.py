r"""Which formulas one run of LaTeX may set, and what is put right of what it makes."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fake_latex import fake_latex
from manim import MathTex, Tex, TexTemplate, config, tempconfig

from astrai_slides.seam.formulas_together import _as_alone, fits_others, set_together
from astrai_slides.seam.latex import Formula, asked_formulas


def asked(folder: Path, make: Any) -> Formula:
    with tempconfig({}):
        config.media_dir = str(folder)
        [formula] = asked_formulas(make)
    return formula


@pytest.mark.parametrize(
    "make",
    [
        partial(MathTex, r"\sum_{n=1}^{\infty} \frac{1}{n^2}", "=", r"\frac{\pi^2}{6}", substrings_to_isolate="n"),
        partial(Tex, r"\textbf{words} of $x^2$ \& more, 3\,\%"),
        partial(MathTex, r"\begin{pmatrix} 1 & 2 \\[2pt] 3 & 4 \end{pmatrix}"),
        partial(MathTex, "x", tex_environment="gather*"),
    ],
)
def test_what_leaves_nothing_behind_can_be_set_with_others(make: Any, tmp_path: Path) -> None:
    assert fits_others(asked(tmp_path, make))


@pytest.mark.parametrize(
    "make",
    [
        partial(MathTex, r"\gdef\x{1}x"),
        partial(MathTex, r"\global\setbox0 x"),
        partial(MathTex, r"^^5cgdef"),
        partial(MathTex, "x", tex_environment="align"),
        partial(MathTex, r"\begin{equation} x \end{equation}"),
        partial(MathTex, r"\begin {preview} x \end {preview}"),
        partial(MathTex, r"\csname begin\endcsname"),
        partial(MathTex, r"\text{é}"),
        partial(Tex, "x", tex_template=TexTemplate(preamble=r"\newcommand{\alpha}{\gdef\x{1}}")),
        partial(Tex, "x", tex_template=TexTemplate(tex_compiler="xelatex", output_format=".xdv")),
    ],
)
def test_what_may_leave_something_is_set_by_itself(make: Any, tmp_path: Path) -> None:
    assert not fits_others(asked(tmp_path, make))


def test_a_page_is_made_what_it_is_by_itself() -> None:
    page = (
        "<svg><defs><path id='g10-65' d='M0 0'/><path id='g9-66' d='M1 1'/></defs><g id='page12'>"
        "<use x='1' xlink:href='#g9-66'/><use x='2' xlink:href='#g10-65'/></g></svg>"
    )
    assert _as_alone(page) == (
        "<svg><defs><path id='g1-65' d='M0 0'/><path id='g0-66' d='M1 1'/></defs><g id='page1'>"
        "<use x='1' xlink:href='#g0-66'/><use x='2' xlink:href='#g1-65'/></g></svg>"
    )


def test_of_a_run_that_fails_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    latex = fake_latex(tmp_path / "bin", monkeypatch)
    good, bad = (asked(tmp_path, partial(MathTex, text)) for text in ("x", r"\undefined"))
    assert set_together([good, bad]) is None
    assert latex.runs() == ["latex"]
    assert not good.svg_file.exists()
    assert set_together([good, good]) == set()
    assert good.svg_file.exists()
    assert [path.name for path in good.svg_file.parent.iterdir() if path.is_dir()] == []
