"""manim 0.22, which pip takes where nobody holds it back, beside manim-slides 5.7 that was made for an older one."""

import json
import re
import shutil
from pathlib import Path

import av
import pytest
from outside import Installed, run

pytestmark = pytest.mark.wide

VERSION = "0.22.0"

SLIDE = """
import math
import struct
import wave

from manim import RIGHT, Create, Square
from manim_slides import Slide


class Mine(Slide):
    def construct(self):
        with wave.open("tone.wav", "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(at))) for at in range(4000)))
        square = Square()
        self.add_sound("tone.wav")
        self.play(Create(square))
        self.next_slide(notes="Say *this*.")
        self.play(square.animate.shift(RIGHT))
"""

DECK = """
from manim import Circle, Create, FadeOut

from astrai_slides.deck.base import Deck


class Small(Deck):
    def construct(self):
        circle = Circle()
        self.step("one", notes="first")
        self.play(Create(circle), run_time=0.4)
        self.step("two", loop=True)
        self.play(circle.animate.shift([1, 0, 0]), run_time=0.4)
        self.play(FadeOut(circle), run_time=0.4)
"""


@pytest.fixture(scope="module")
def python(installed: Installed) -> Path:
    """The interpreter of an environment that holds the wheel with that manim, as nothing holds it back."""
    return installed(f"manim=={VERSION}", "pytest")


def test_it_is_the_one_that_is_installed(python: Path, tmp_path: Path) -> None:
    said = run([python, "-c", "from importlib.metadata import version; print(version('manim'))"], tmp_path)
    assert said.strip() == VERSION


@pytest.mark.parametrize(("name", "source"), [("Mine", SLIDE), ("Small", DECK)], ids=["a slide", "a deck"])
def test_a_deck_is_built_in_every_format(python: Path, tmp_path: Path, name: str, source: str) -> None:
    (tmp_path / "deck.py").write_text(source, "utf-8")
    formats = "html,pptx,pdf,mp4,present"
    run([python.with_name("astrai-slides"), "build", "deck.py", "--quality", "l", "--to", formats], tmp_path)
    page = (tmp_path / f"{name}.html").read_text("utf-8")
    assert ("Say *this*." if name == "Mine" else "first") in page
    assert {f"{name}.{ending}" for ending in ("html", "pptx", "pdf", "mp4")} <= {
        each.name for each in tmp_path.iterdir()
    }
    with av.open(str(tmp_path / f"{name}.mp4")) as film:
        assert bool(film.streams.audio) is (name == "Mine")
    slides = json.loads((tmp_path / "slides" / f"{name}.json").read_text("utf-8"))["slides"]
    assert len(slides) == 2


def test_stock_renders_a_deck(python: Path, tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    stock = python.with_name("manim-slides")
    run([stock, "render", "--fps", "5", "-r", "160,90", "deck.py", "Small"], tmp_path)
    slides = json.loads((tmp_path / "slides" / "Small.json").read_text("utf-8"))["slides"]
    assert [(slide["notes"], slide["loop"]) for slide in slides] == [("first", False), ("", True)]
    run([stock, "convert", "--to", "pptx", "Small", "small.pptx"], tmp_path)
    assert (tmp_path / "small.pptx").stat().st_size


def test_it_has_what_we_need(python: Path, project_root: Path, tmp_path: Path) -> None:
    for name in ("test_what_we_need", "needing", "reaching"):
        shutil.copyfile(project_root / "tests" / "seam" / f"{name}.py", tmp_path / f"{name}.py")
    said = run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_what_we_need.py"], tmp_path)
    passed = re.search(r"^(\d+) passed", said, re.M)
    assert passed
    assert int(passed[1]) > 100
