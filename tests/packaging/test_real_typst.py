"""Formulas that Typst's own package sets, of 80 MB: they are drawn, and their text is in PDF and HTML."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from astrai_slides.recording.format.container import load
from astrai_slides.recording.format.model import Draw

DECK = """
from manim import UP, FadeIn, MathTypst, Typst
from manim_slides import Slide

class Formulas(Slide):
    def construct(self):
        self.play(FadeIn(MathTypst("{{ f(a^2) : lhs }} = c^2"), Typst("set by *Typst*").shift(2 * UP)), run_time=0.1)
"""


@pytest.mark.wide
def test_what_typst_sets_is_drawn_and_has_its_text(tmp_path: Path) -> None:
    package = tmp_path / "package"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", package, "typst"], check=True
    )
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    searched = os.pathsep.join(filter(None, (str(package), os.environ.get("PYTHONPATH"))))
    build = [
        sys.executable,
        "-m",
        "astrai_slides",
        "build",
        "deck.py",
        "Formulas",
        "--to",
        "html,pdf",
        "--quality",
        "l",
    ]
    cache = str(tmp_path / "cache")
    environment = {**os.environ, "PYTHONPATH": searched, "ASTRAI_SLIDES_CACHE": cache}
    subprocess.run(build, cwd=tmp_path, check=True, env=environment)
    told = subprocess.run(["pdftotext", "Formulas.pdf", "-"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "f(a^2) = c^2" in told.stdout
    assert "set by *Typst*" in told.stdout
    assert "f(a^2) = c^2" in (tmp_path / "Formulas.html").read_text("utf-8")
    (recording,) = Path(cache).rglob("*.astrai")
    (step,) = load(recording.read_bytes()).steps
    assert len([op for op in step.end.ops if isinstance(op, Draw)]) > len("fa2c2setbyTypst")
