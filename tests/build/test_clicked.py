"""Which line made what is seen at a point, as the recording of a deck with its lines tells."""

from collections.abc import Callable
from pathlib import Path

import pytest

from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.build.clicked import MadeLines
from astrai_slides.build.make import BuildRequest, make
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named

PARTS = """
from manim import Square

def made_by_a_module():
    return Square(fill_opacity=1)  # in a module
"""
DECK = """
import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Circle, Create, Dot, FadeIn, ImageMobject, Line, Square, Text, VGroup
from manim import always_redraw
from manim_slides import Slide
from parts import made_by_a_module

class Deck(Slide):
    def construct(self):
        box = Square(fill_opacity=1)  # the box
        below = box.copy().shift(3 * DOWN)  # a copy
        word = Text("IIIIII", font_size=96).move_to(3 * UP)  # the word
        line = Line(6.5 * LEFT + 3 * DOWN, 2 * LEFT + 3 * DOWN)  # the line
        self.add(box, below, line)
        self.play(FadeIn(word), run_time=0.8)
        self.next_slide()
        part = made_by_a_module().shift(4 * RIGHT)
        follower = always_redraw(lambda: Dot(box.get_center() + UP / 2, radius=0.3, color="#ff0000"))  # redrawn
        self.add(follower)
        self.play(Create(part), box.animate.shift(2 * LEFT), run_time=0.8)
        self.next_slide()
        self.add(ImageMobject(np.full((9, 9, 4), 255, np.uint8)).move_to(6 * LEFT + UP))  # the picture
        self.play(VGroup(box, part, follower).animate.shift(UP / 4), run_time=0.8)
"""
HEIGHT, WIDTH = 8.0, 8.0 * 16 / 9

Made = Callable[..., tuple[str, str] | None]


def lines_of(source: str, folder: Path, settings: BuildSettings) -> Made:
    """Build the deck, and return what tells file and last comment of the line that made what is at a point."""
    (folder / "parts.py").write_text(PARTS, encoding="utf-8")
    (folder / "deck.py").write_text(source, encoding="utf-8")
    lines = folder / "lines"
    lines.unlink(missing_ok=True)
    request = BuildRequest(["deck.py", "Deck"], formats_named(["html"]), settings, folder, lines=lines)
    list(make(request, SilentProgress()))
    known = MadeLines(lines.read_bytes())

    def made(step: int, frame: int | None, x: float, y: float, aspect: float | None = None) -> tuple[str, str] | None:
        place = known.place(step, frame, 0.5 + x / WIDTH, 0.5 - y / HEIGHT, aspect)
        if place is None:
            return None
        file = Path(place[0])
        return file.name, file.read_text("utf-8").splitlines()[place[1] - 1].rpartition("# ")[2].strip()

    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / ".cache"))
    return tmp_path


def check(made: Made) -> None:
    assert made(0, None, 0, 0) == ("deck.py", "the box")
    assert made(0, 3, 0.9, 0) == ("deck.py", "the box")
    assert made(0, None, 0, -3) == ("deck.py", "a copy")
    assert made(0, None, -4, -2.97) == made(0, None, -4, -3.05) == ("deck.py", "the line")
    assert made(0, None, 0, 3) == ("deck.py", "the word")
    assert made(0, None, 5, 2) is None
    assert made(1, None, 4, 0) == ("parts.py", "in a module")
    assert made(1, None, -2.6, -0.5) == ("deck.py", "the box")
    assert made(1, None, -2, 0.5) == ("deck.py", "redrawn")
    assert made(2, None, -6, 1) == made(2, 2, -6, 1) == ("deck.py", "the picture")
    assert made(2, None, 4, 0.25) == ("parts.py", "in a module")
    assert made(7, None, 0, 0) is made(-1, None, 0, 0) is None


@pytest.mark.parametrize("workers", [1, 2])
def test_every_way_of_making_something_is_told_also_after_an_edit_elsewhere(folder: Path, workers: int) -> None:
    settings = BuildSettings(Resolution(160, 90, 10), workers=workers)
    made = lines_of(DECK, folder, settings)
    check(made)
    page = (folder / "Deck.html").read_bytes()
    assert made(0, None, 0, 1.2 * HEIGHT / 2, aspect=16 / 9) is None, "beside the picture"
    assert made(0, None, 0, 0.5 * HEIGHT / 2, aspect=1) == made(0, None, 0, 0.5 * 16 / 9 * HEIGHT / 2)
    # every line is another, and most of it is taken from the recording before
    check(lines_of(f"\n\n\n{DECK.replace('run_time=0.8)', 'run_time=0.8)  # again', 1)}", folder, settings))
    assert (folder / "Deck.html").read_bytes() == page
    check(lines_of(f"\n{DECK.replace('UP / 4', 'UP / 4 + 0 * LEFT')}", folder, settings))
    plain = BuildRequest(["deck.py", "Deck"], formats_named(["html"]), settings, folder / "plain", force=True)
    list(make(plain, SilentProgress()))
    assert (folder / "plain" / "Deck.html").read_bytes() == page, "nothing of it is in the deck"


def test_a_deck_that_was_built_without_lines_has_them_when_they_are_asked_for(folder: Path) -> None:
    settings = BuildSettings(Resolution(160, 90, 10), workers=1)
    (folder / "parts.py").write_text(PARTS, encoding="utf-8")
    (folder / "deck.py").write_text(DECK, encoding="utf-8")
    request = BuildRequest(["deck.py", "Deck"], formats_named(["html"]), settings, folder)
    list(make(request, SilentProgress()))
    assert not (folder / "lines").exists()
    check(lines_of(DECK, folder, settings))
    check(lines_of(DECK, folder, settings))  # and when they were kept
