"""With --json, standard output has the answer alone, whatever a deck prints."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

DECK = """\
import os
print("while it is loaded")
from manim import Circle
from astrai_slides.deck.base import Deck

class Loud(Deck):
    def construct(self):
        print("while it runs")
        os.system("echo by a program")
        self.step("one", title="One", notes="Say it.")
        self.add(Circle())
        self.wait(0.1)
"""


@pytest.mark.long
@pytest.mark.parametrize(
    "command",
    [("build", "--to", "notes", "--size", "64x36"), ("check",), pytest.param(("list",), marks=pytest.mark.wide)],
)
def test_what_a_deck_prints_goes_to_standard_error(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(DECK, "utf-8")
    (tmp_path / "cache").mkdir()
    words = [sys.executable, "-m", "astrai_slides", "-q", *command, "--json", "loud.py"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout), done.stderr
    for said in ("while it is loaded", "while it runs", "by a program"):
        assert said in done.stderr
