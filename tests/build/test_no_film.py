"""`--no-film`: a step that is filmed as a browser draws it slowly stays drawn, also where it was filmed before."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from astrai_slides.cli import main

DECK = """
from manim import RIGHT, Circle, Scene, VGroup

class Heavy(Scene):
    def construct(self):
        rings = VGroup(*(Circle(30).set_stroke(width=9).shift(RIGHT * at) for at in range(100)))
        self.play(rings.animate.shift(RIGHT), run_time=1)
"""


def test_a_slow_step_is_filmed_and_said_or_drawn_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    Path("heavy.py").write_text(DECK, "utf-8")

    def build(*options: str) -> tuple[list[str], bytes]:
        common = ["build", "heavy.py", "--to", "html", "--size", "32x18", "--fps", "5", "--workers", "1", "--json"]
        done = CliRunner().invoke(main, [*common, *options], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return list(json.loads(done.stdout)["warnings"]), Path("Heavy.html").read_bytes()

    filmed, drawn, again = build(), build("--no-film"), build()
    assert (filmed[0], drawn[0]) == (["filmed"], [])
    assert filmed[1] != drawn[1]
    assert again == filmed
