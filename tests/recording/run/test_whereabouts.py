"""How far a deck's code has come."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from astrai_slides.recording.run.record import record_scene

HEAD = """from manim import Scene

def helper(scene):
    scene.wait(1)
    scene.wait(1)

class Deck(Scene):
"""
Shares = Callable[[str], list[float]]


@pytest.fixture
def shares(tmp_path: Path) -> Shares:
    """Record a deck whose class has the body given, and return what share of it was done at each play."""

    def recorded(body: str) -> list[float]:
        deck = tmp_path / "deck.py"
        deck.write_text(HEAD + textwrap.indent(textwrap.dedent(body), "    "), encoding="utf-8")
        told: list[float] = []
        record_scene(deck, "Deck", fps=4, width=160, height=90, progress=lambda _, share: told.append(share))
        return told

    return recorded


def test_statements_count_alike(shares: Shares) -> None:
    body = """
    def construct(self):
        self.wait(1)
        self.wait(1)
        number = 3
        self.wait(1)
    """
    assert shares(body) == [0, 0.25, 0.75]


def test_methods_and_functions_are_looked_into(shares: Shares) -> None:
    body = """
    def construct(self):
        self.one()
        helper(self)

    def one(self):
        self.wait(1)
        if self.camera:
            with open(__file__):
                self.wait(1)
                self.wait(1)
    """
    assert shares(body) == [0, 0.25, 0.375, 0.5, 0.75]


def test_a_loop_goes_on_as_nobody_knows_how_long(shares: Shares) -> None:
    body = """
    def construct(self):
        for number in range(30):
            self.wait(1)
            helper(self)
        self.wait(1)
    """
    *looping, last = shares(body)
    assert looping == sorted(set(looping))
    assert 0.4 < looping[-1] < 0.5
    assert last == 0.5


def test_what_a_code_without_a_source_does_is_not_told(shares: Shares) -> None:
    body = """
    exec("def construct(self):\\n    self.wait(1)\\n    self.wait(1)")
    """
    told = shares(body)
    assert len(told) == 2
    assert told == sorted(told)
    assert told[-1] < 1
