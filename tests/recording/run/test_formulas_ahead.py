"""Formulas are found in a deck's source before it runs, and set several at a time."""

import os
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from fake_latex import FakeLatex, fake_latex

from astrai_slides.base.cache import Store
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.run import formulas_ahead
from astrai_slides.recording.run import record as record_module
from astrai_slides.recording.run.load import load_scene
from astrai_slides.recording.run.plays_ahead import LedElsewhereError
from astrai_slides.recording.run.record import Order, as_if_alone, record_file

pytestmark = pytest.mark.long

DECK = r"""
from manim import FadeIn, MathTex, Tex, VGroup
from manim_slides import Slide

WORDS = ["one", "two"]

class Formulas(Slide):
    def construct(self):
        rows = VGroup(*(MathTex(rf"x_{{{n}}} = \frac{{{n}}}{{{n + 1}}}") for n in range(3)), MathTex("a", "+ b"))
        for place, word in enumerate(WORDS):
            for mark in "!?":
                rows.add(Tex(f"{word} {place}", mark))
        for number in map(abs, [open("touched", "w").write("x")]):
            rows.add(MathTex(str(number)))
        self.play(FadeIn(rows.arrange()), run_time=0.1)
"""
AHEAD = [rf"x_{{{n}}} = \frac{{{n}}}{{{n + 1}}}" for n in range(3)]
AHEAD += ["a+ b", "one 0!", "one 0?", "two 1!", "two 1?"]

ONCE = ["dvisvgm"] * 2 + ["latex"] * 2
"""What is known before together, and what is not."""


@pytest.fixture
def latex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeLatex:
    monkeypatch.chdir(tmp_path)
    Path("deck.py").write_text(DECK, "utf-8")
    return fake_latex(tmp_path / "bin", monkeypatch)


def record() -> bytes:
    return dump(record_file(Path("deck.py"), "Formulas", Order(10, 426, 240, formulas=Store(Path("store")))).recording)


@pytest.mark.usefixtures("latex")
def test_what_loops_over_plain_values_make_is_known_and_nothing_is_run_for_it() -> None:
    with as_if_alone(Path("deck.py")):
        found = formulas_ahead.formulas_ahead(load_scene(Path("deck.py"), "Formulas"))
    assert [formula.text.replace(" ", "") for formula in found] == [text.replace(" ", "") for text in AHEAD]
    assert not Path("touched").exists()


def test_each_is_set_once_and_the_deck_is_the_same_as_without(
    latex: FakeLatex, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = record()
    assert latex.runs() == ONCE
    assert record() == ahead
    assert latex.runs() == []
    for entry in Path("store").rglob("*.formula"):
        entry.unlink()
    monkeypatch.setattr(formulas_ahead, "_calls", lambda *_: ())
    assert record() == ahead


@pytest.mark.usefixtures("latex")
@pytest.mark.parametrize("processors", [1, 2, 16])
def test_a_fault_in_one_is_told_at_its_own_line_whatever_has_not_begun(
    processors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    Path("deck.py").write_text(DECK.replace('"+ b"', r'"\\undefined{b}"'), "utf-8")
    with pytest.raises(AstraiSlidesError, match=r"line 9: .*Undefined control sequence"):
        record()


def test_a_scene_that_is_recorded_again_sets_none_twice(latex: FakeLatex, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = 0
    record_paths = record_module._record_paths

    def led_elsewhere(*arguments: Any) -> Any:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise LedElsewhereError  # when all were begun
        return record_paths(*arguments)

    monkeypatch.setattr(record_module, "_record_paths", led_elsewhere)
    record()
    assert attempts == 2
    assert latex.runs() == ONCE
    assert not [each for each in threading.enumerate() if each.name.startswith("formulas")]


NUMBERS = """
from manim import DecimalNumber, FadeIn
from manim_slides import Slide

class Formulas(Slide):
    def construct(self):
        self.play(FadeIn(DecimalNumber(1)), run_time=0.1)
"""


def test_of_numbers_the_digits_are_known_and_kept_if_they_are_not_shown(latex: FakeLatex) -> None:
    Path("deck.py").write_text(NUMBERS, "utf-8")
    once = record()
    assert latex.runs() == ["dvisvgm", "latex"]
    assert record() == once
    assert latex.runs() == []


def test_digits_of_the_scene_before_are_not_those_of_this_one(
    latex: FakeLatex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Manim keeps the digits that it was given first, in whatever template that was."""
    Path("deck.py").write_text(NUMBERS, "utf-8")
    monkeypatch.setattr(formulas_ahead, "_NUMBERS", re.compile("nothing is guessed"))
    once = record()
    latex.runs()
    for entry in Path("store").rglob("*.formula"):
        entry.unlink()
    assert record() == once
    assert latex.runs() == ["dvisvgm"] * 3 + ["latex"] * 3, "1, the point and 0"
