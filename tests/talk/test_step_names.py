"""Names of steps are told by the source where, and only where, nothing else can name any."""

from pathlib import Path

import pytest

from astrai_slides.talk.source import Source
from astrai_slides.talk.step_names import step_names

DECK = """
import math
from manim import *
from astrai_slides.deck.base import Deck
{more}
class A(Deck):
    def construct(self):
        self.step("a", title="first")
        self.part()
        {line}

    def part(self):
        self.step(name="b/c")
"""


def named(tmp_path: Path, line: str, more: str = "") -> list[str] | None:
    deck = tmp_path / "deck.py"
    deck.write_text(DECK.format(line=line, more=more), encoding="utf-8")
    return step_names(Source(deck))


@pytest.mark.parametrize("line", ["", "self.next_slide()", "for step in range(3): print(step)", 'self.step("a")'])
def test_literal_names_are_found(line: str, tmp_path: Path) -> None:
    assert named(tmp_path, line) == ["a", "b/c"]


@pytest.mark.parametrize(
    "line",
    [
        "self.step(f'{1}')",
        "self.step('')",
        "self.step(*names)",
        "self.step(**{})",
        "step = self.step",
        "getattr(self, 'st' + 'ep')('x')",
        "self.__dict__",
        "self.step_infos",
        "exec('')",
        "self.run('step')",
    ],
)
def test_what_may_name_others_is_not_judged(line: str, tmp_path: Path) -> None:
    assert named(tmp_path, line) is None


@pytest.mark.parametrize(
    "more", ["import helpers", "from .parts import run", "from astrai_slides.serving.parts import x", "def step(): 0"]
)
def test_nor_is_a_deck_that_others_may_lead(more: str, tmp_path: Path) -> None:
    assert named(tmp_path, "", more) is None
