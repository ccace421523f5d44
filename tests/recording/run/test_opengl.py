"""A deck made for manim's OpenGL renderer; in processes of their own, as manim rebuilds its classes for it."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from astrai_slides.recording.format.container import load
from astrai_slides.recording.format.model import Picture, Recording
from astrai_slides.recording.paint.raster import rasterise, rgb

SIZE = (320, 180)
NEAR = 16
DECK = """
    from manim import *

    config.renderer = "opengl"

    from manim_slides import Slide


    class Deck(Slide):
        def construct(self):
            square = Square(side_length=3, fill_color="#40c080", fill_opacity=1, stroke_width=0).shift(3 * LEFT)
            self.add(square)
            self.wait(0.5)
            self.next_slide(loop=True, notes="It loops")
            self.play(square.animate.shift(6 * RIGHT), rate_func=linear, run_time=1)
"""
PLAIN = """
    from manim import *

    config.renderer = "opengl"


    class Deck(Scene):
        def construct(self):
            square = Square(side_length=3, fill_color="#40c080", fill_opacity=1, stroke_width=0).shift(3 * LEFT)
            self.add(square)
            self.wait(0.5)
            self.next_section("not/drawn", skip_animations=True)
            self.play(square.animate.shift(UP))
            self.next_section("and/or")
            self.play(square.animate.move_to(3 * RIGHT), rate_func=linear, run_time=1)
"""
RECORD = """
    import sys
    from pathlib import Path

    import moderngl

    from astrai_slides.errors import AstraiSlidesError
    from astrai_slides.recording.format.container import dump
    from astrai_slides.recording.run.record import record_scene

    if sys.argv[3] == "without OpenGL":
        def refuse(*_, **__):
            raise RuntimeError("cannot open a display")
        moderngl.create_context = refuse
    try:
        recording = record_scene(Path(sys.argv[1]), "Deck", fps=10, width=320, height=180)
    except AstraiSlidesError as error:
        sys.exit(f"AstraiSlidesError: {error}")
    Path(sys.argv[2]).write_bytes(dump(recording))
"""


def record(folder: Path, opengl: str = "with OpenGL", deck: str = DECK) -> subprocess.CompletedProcess[str]:
    """Record `deck` to `deck.astrai` in `folder`, on a virtual screen where there is one to start."""
    file = folder / "deck.py"
    file.write_text(textwrap.dedent(deck))
    xvfb = shutil.which("xvfb-run")
    prefix = [xvfb, "-a"] if xvfb else []
    command = [*prefix, sys.executable, "-c", textwrap.dedent(RECORD), str(file), str(folder / "deck.astrai"), opengl]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


def test_steps_are_filmed_and_the_build_says_so(tmp_path: Path) -> None:
    done = record(tmp_path)
    assert done.returncode == 0, done.stderr
    recording = load((tmp_path / "deck.astrai").read_bytes())
    steps = recording.steps
    assert [(step.length, step.loop, step.notes) for step in steps] == [(5, False, ""), (10, True, "It loops")]
    assert [line.text.partition(": filmed by")[0] for line in recording.warnings] == ["step '1'", "step '2'"]
    expect_a_square_that_crosses(recording)


def test_a_plain_scene_is_filmed_section_by_section(tmp_path: Path) -> None:
    done = record(tmp_path, deck=PLAIN)
    assert done.returncode == 0, done.stderr
    recording = load((tmp_path / "deck.astrai").read_bytes())
    assert [(step.name, step.length) for step in recording.steps] == [("1", 5), ("2", 10)]
    assert [line.text.partition(": filmed by")[0] for line in recording.warnings] == ["step '1'", "step '2'"]
    expect_a_square_that_crosses(recording)


@pytest.mark.wide
def test_a_plain_scene_that_plays_nothing_is_a_picture(tmp_path: Path) -> None:
    done = record(tmp_path, deck=PLAIN.partition("            self.wait")[0])
    assert done.returncode == 0, done.stderr
    (step,) = load((tmp_path / "deck.astrai").read_bytes()).steps
    assert (step.length, step.film) == (1, None)
    assert isinstance(step.end.ops[0], Picture)


def expect_a_square_that_crosses(recording: Recording) -> None:
    """The green square stands left at the end of the first of two films, and right at the end of the other."""
    greens = []
    for step in recording.steps:
        assert step.film is not None
        assert recording.blobs[step.film.digest].mime == "video/mp4"
        assert isinstance(step.end.ops[0], Picture)
        pixels = rgb(rasterise(step.end, recording.blobs, *SIZE))
        green = (abs(pixels.astype(int) - (0x40, 0xC0, 0x80)) < NEAR).all(axis=2)
        # three by three units of a frame that is 8 high
        assert green.mean() == pytest.approx(9 / (8 * 8 * SIZE[0] / SIZE[1]), rel=0.1)
        greens.append(np.flatnonzero(green.any(axis=0)).mean())
    middle, unit = SIZE[0] / 2, SIZE[1] / 8
    # manim's last frame stops a tenth short of the end
    assert greens == pytest.approx([middle - 3 * unit, middle + 2.4 * unit], abs=unit / 4)


def test_where_opengl_does_not_work_the_fault_names_the_remedy(tmp_path: Path) -> None:
    done = record(tmp_path, "without OpenGL")
    assert done.returncode == 1
    assert "Deck needs OpenGL, which does not work here (cannot open a display)" in done.stderr
    assert "xvfb-run" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.wide
def test_a_fault_of_the_scene_is_told_by_its_line(tmp_path: Path) -> None:
    done = record(tmp_path, deck=DECK.replace("self.wait(0.5)", "1 / 0"))
    assert done.returncode == 1
    assert "deck.py: Deck cannot be recorded: line 13: ZeroDivisionError" in done.stderr
