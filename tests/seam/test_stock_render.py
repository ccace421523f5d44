"""A deck on `Deck` under manim-slides' own commands, with whichever manim is installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import av
import pptx
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

DECK = """
from manim import Circle, Create, FadeOut

from astrai_slides.deck.base import Deck
from astrai_slides.look.theme import DARK


class Small(Deck):
    theme = DARK

    def construct(self):
        circle = Circle()
        self.step("one", notes="first")
        self.play(Create(circle), run_time=0.4)
        self.step("two", loop=True)
        self.play(circle.animate.shift([1, 0, 0]), run_time=0.4)
        self.play(FadeOut(circle), run_time=0.4)
"""


def stock(folder: Path, *words: str) -> None:
    """Run a command of manim-slides in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "manim_slides", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    (folder / "small.py").write_text(DECK, encoding="utf-8")
    # fewer than there are plays: manim must not throw away what manim-slides joins
    (folder / "manim.cfg").write_text("[CLI]\nmax_files_cached = 1\nprogress_bar = none\n", encoding="utf-8")
    stock(folder, "render", "--fps", "5", "-r", "160,90", "small.py", "Small")
    return folder


def test_stock_renders_every_step(rendered: Path) -> None:
    slides = json.loads((rendered / "slides" / "Small.json").read_text(encoding="utf-8"))["slides"]
    assert [(slide["notes"], slide["loop"]) for slide in slides] == [("first", False), ("", True)]
    lengths = []
    for slide in slides:
        with av.open(str(rendered / slide["file"])) as film:
            lengths.append(sum(1 for _ in film.decode(video=0)))
    assert lengths[0] < lengths[1]


def test_stock_converts_it(rendered: Path) -> None:
    stock(rendered, "convert", "--to", "pptx", "Small", "small.pptx")
    assert len(pptx.Presentation(str(rendered / "small.pptx")).slides) == 2
