"""LaTeX sets a formula once, and says what is wrong with one."""

import shutil
from pathlib import Path

import pytest
from fake_latex import FakeLatex, fake_latex

from astrai_slides.base import inputs
from astrai_slides.base.cache import Store
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.run.record import Order, Recorded, record_file

pytestmark = pytest.mark.long

DECK = """
from manim import LEFT, RIGHT, FadeIn, MathTex, Tex, TexTemplate
from manim_slides import Slide

class Formulas(Slide):
    def construct(self):
        template = TexTemplate(preamble=r"\\input{macros.tex}")
        for formula in (MathTex("a + 1"), Tex("word"), MathTex("b", tex_template=template)):
            self.play(FadeIn(formula), run_time=0.1)
"""


@pytest.fixture
def latex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeLatex:
    (tmp_path / "project").mkdir()
    # what is written just before counts as written meanwhile: here the clocks agree
    monkeypatch.setattr(inputs, "_TICK", 0.0)
    monkeypatch.chdir(tmp_path / "project")
    Path("macros.tex").write_text("one", "utf-8")
    return fake_latex(tmp_path / "bin", monkeypatch)


ONCE = ["dvisvgm"] * 2 + ["latex"] * 2
"""The two formulas in manim's own template together, and the third by itself."""


def record(source: str, store: Store) -> Recorded:
    Path("deck.py").write_text(source, "utf-8")
    return record_file(Path("deck.py"), "Formulas", Order(10, 426, 240, formulas=store))


def test_formulas_are_set_once_also_for_another_deck_and_project(
    latex: FakeLatex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == ONCE
    again = record(DECK, Store(tmp_path / "store"))
    assert dump(again.recording) == dump(first.recording)
    other = tmp_path / "other"
    shutil.copytree(".", other)
    monkeypatch.chdir(other)
    record(DECK.replace("0.1", "0.2"), Store(tmp_path / "store"))
    assert latex.runs() == []
    record(DECK, Store(tmp_path / "store", forgetful=True))
    assert latex.runs() == ONCE, "what is to be made anew is"


def test_a_file_that_latex_read_makes_its_formulas_void(latex: FakeLatex, tmp_path: Path) -> None:
    first = record(DECK, Store(tmp_path / "store"))
    latex.runs()
    Path("macros.tex").write_text("another", "utf-8")
    second = record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == ["dvisvgm", "latex"]
    assert dump(second.recording) != dump(first.recording)


@pytest.mark.parametrize("variable", ["TEXMFHOME", "TEXINPUTS_latex"])
def test_other_settings_of_latex_find_other_packages(
    variable: str, latex: FakeLatex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(DECK, Store(tmp_path / "store"))
    latex.runs()
    monkeypatch.setenv(variable, str(tmp_path))
    record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == ONCE


def test_a_package_of_the_project_s_own_sets_them_anew(latex: FakeLatex, tmp_path: Path) -> None:
    """Which may have the name of one that is installed."""
    record(DECK, Store(tmp_path / "store"))
    latex.runs()
    Path("amsmath.sty").write_text("mine", "utf-8")
    with inputs.watching() as seen:
        record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == ["dvisvgm"] * 3 + ["latex"] * 3
    assert str(Path("amsmath.sty").absolute()) not in seen, "it is read by LaTeX, or not at all"
    # from Python 3.13 on nobody asks for it at all
    assert seen.get(str(Path.cwd()), inputs.PRESENT) == inputs.PRESENT, "what else is built there is no input"
    record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == []
    Path("amsmath.sty").write_text("mine, edited", "utf-8")
    record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == ["dvisvgm"] * 3 + ["latex"] * 3


def test_another_latex_sets_them_anew(latex: FakeLatex, tmp_path: Path) -> None:
    record(DECK, Store(tmp_path / "store"))
    program = tmp_path / "bin" / "latex"
    program.write_text(program.read_text("utf-8") + "# newer\n", "utf-8")
    latex.runs()
    record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == ONCE


def test_a_damaged_store_is_made_anew(latex: FakeLatex, tmp_path: Path) -> None:
    record(DECK, Store(tmp_path / "store"))
    entries = sorted((tmp_path / "store").rglob("*.formula"))
    assert len(entries) == 3
    entries[0].write_bytes(entries[0].read_bytes()[:-9])
    latex.runs()
    record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == ["dvisvgm", "latex"]


@pytest.mark.usefixtures("latex")
def test_an_error_names_file_line_and_reason_and_no_log(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError) as failure:
        record(DECK.replace("a + 1", r"a + \\undefined{b}"), Store(tmp_path / "store"))
    assert str(failure.value) == (
        "deck.py: Formulas cannot be recorded: line 8: LatexError: latex: Undefined control sequence. "
        r"a + \undefined <-- here {b}; the formula is: a + \undefined{b}"
    )


def test_without_latex_the_error_says_two_ways_out(
    latex: FakeLatex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        AstraiSlidesError, match=r"line 8: .*latex is not found.*texlive-latex-extra.*pip install typst"
    ):
        record(DECK, Store(tmp_path / "store"))
    assert latex.runs() == []
