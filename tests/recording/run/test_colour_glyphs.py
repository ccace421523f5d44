"""Emoji of a colour font are drawn: a picture in its place in the text, which moves, fades and turns with it."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from colour_font import BLUE, CHARACTER, FAMILY, INSTALLED, RED, write_colour_font
from PIL import Image

from astrai_slides.base.warning import Kind
from astrai_slides.recording.format.container import dump
from astrai_slides.recording.format.model import GRID, Draw, Frame, Picture, Recording
from astrai_slides.recording.paint.raster import rasterise_rgba
from astrai_slides.recording.run.photographs import MOST_PICTURES
from astrai_slides.recording.run.record import Order, record_file, record_scene

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Pango cannot be asked there")

DECK = f"""
from manim import *
from manim_slides import Slide

GLYPH = "{CHARACTER}"

class Colours(Slide):
    def construct(self):
        text = Text("ab" + GLYPH + "c", font="{FAMILY}", font_size=96)
        self.add(text)
        self.wait(0.1)
        self.next_slide()
        self.play(text.animate(rate_func=linear).shift(2 * UP), run_time=1)
        self.next_slide()
        self.play(Rotate(text, PI / 2), run_time=0.2)
        self.play(FadeOut(text), run_time=1)
        self.next_slide()
        self.play(Write(text), run_time=1)
        self.next_slide()
        self.play(Transform(text, Text("d" + GLYPH, font="{FAMILY}").to_edge(LEFT)), run_time=1)
        self.next_slide()
        self.play(Transform(text, Text("e", font="{FAMILY}")), run_time=1)
        self.next_slide()
        self.clear()
        letter = Text("g", font="{FAMILY}")
        for shape in (Text(GLYPH, font="{FAMILY}"), Circle(), Text(GLYPH, font="{FAMILY}")):
            self.play(Transform(letter, VGroup(shape) if isinstance(shape, Circle) else shape), run_time=0.3)
        small = Text(GLYPH, font="{FAMILY}", font_size=10)
        self.play(Transform(letter, small), run_time=0.3)
        self.next_slide()
        self.clear()
        self.add(MarkupText("<b>x</b>\\n" + GLYPH, font="{FAMILY}", fill_opacity=0.5))
        self.wait(0.1)
"""


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("colours")
    write_colour_font(folder / "colours.ttf")
    (folder / "deck.py").write_text(INSTALLED + DECK, "utf-8")
    return record_scene(folder / "deck.py", "Colours", fps=10, width=640, height=360)


def _glyphs(frame: Frame) -> list[Picture]:
    return [op for op in frame.ops if isinstance(op, Picture)]


def _box(op: Picture) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a picture that stands upright, in scene units."""
    left, top, right, _, _, bottom = (each / GRID for each in op.corners)
    return left, right, bottom, top


def test_the_picture_stands_in_its_place_in_the_text(colours: Recording) -> None:
    frame = colours.steps[0].end
    (glyph,) = _glyphs(frame)
    assert [type(op) for op in frame.ops] == [Draw, Draw, Picture, Draw]
    left, right, bottom, top = _box(glyph)
    letters = [op for op in frame.ops if isinstance(op, Draw)]
    assert letters[1].x / GRID < left < right < letters[2].x / GRID + 0.3
    assert 0.7 < (right - left) / (top - bottom) < 1.4
    assert right - left > 0.5
    pixels = rasterise_rgba(frame, colours.blobs, 640, 360)
    row = round((0.5 - (top + bottom) / 2 / 8) * 360)
    for share, colour in ((0.25, RED), (0.75, BLUE)):
        column = round((0.5 + (left + share * (right - left)) / (128 / 9)) * 640)
        assert tuple(pixels[row, column, :3]) == colour


def test_any_number_of_them_is_no_reason_to_film(tmp_path: Path) -> None:
    write_colour_font(tmp_path / "colours.ttf")
    sizes = ", ".join(f'Text(GLYPH, font="{FAMILY}", font_size={size})' for size in range(20, 90, 7))
    source = DECK.partition("        text =")[0] + f"        self.add({sizes})\n        self.wait(0.1)\n"
    (tmp_path / "deck.py").write_text(INSTALLED + source, "utf-8")
    (step,) = record_scene(tmp_path / "deck.py", "Colours", fps=10, width=160, height=90).steps
    assert len({op.digest for op in _glyphs(step.end)}) > MOST_PICTURES
    assert step.film is None


def test_it_moves_with_its_text(colours: Recording) -> None:
    moving = colours.steps[1]
    places = [_box(op)[2] for frame in moving.frames for op in _glyphs(frame)]
    assert len(places) == len(moving.frames) == 10
    assert np.allclose(np.diff(places), 0.2, atol=2 / GRID)
    assert len({op.digest for frame in moving.frames for op in _glyphs(frame)}) == 1
    assert moving.film is None


def test_it_turns_and_fades_with_its_text(colours: Recording) -> None:
    frames = colours.steps[2].frames
    (turned,) = _glyphs(frames[2])
    x0, y0, x1, y1, x2, y2 = turned.corners
    assert abs(x1 - x0) <= 1 < y1 - y0  # its upper edge goes upwards
    assert abs(y2 - y0) <= 1 < x2 - x0
    alphas = [op.alpha for frame in frames[2:] for op in _glyphs(frame)]
    assert alphas[0] == 255
    assert alphas == sorted(alphas, reverse=True)
    assert 0 < alphas[-1] < 60


def test_it_is_written_after_its_outline_would_be(colours: Recording) -> None:
    counts = [(len(_glyphs(frame)), sum(op.alpha for op in _glyphs(frame))) for frame in colours.steps[3].frames]
    assert counts[0] == (0, 0)
    assert counts == sorted(counts)
    assert _glyphs(colours.steps[3].end)[0].alpha == 255
    letters = [sum(isinstance(op, Draw) for op in frame.ops) for frame in colours.steps[3].frames]
    assert max(letters) == 3  # no outline of the picture is drawn


def test_a_text_that_becomes_another_takes_its_glyphs(colours: Recording) -> None:
    (glyph,) = _glyphs(colours.steps[4].end)
    assert _box(glyph)[1] < -5.5
    assert _glyphs(colours.steps[5].end) == []
    assert any(op.style.fill for op in colours.steps[5].end.ops if isinstance(op, Draw))
    (glyph,) = colours.steps[6].end.ops
    assert isinstance(glyph, Picture)
    assert glyph.digest not in {op.digest for frame in colours.steps[6].frames for op in _glyphs(frame)}


def test_markup_has_it_too_with_the_opacity_of_the_text(colours: Recording) -> None:
    (glyph,) = _glyphs(colours.steps[7].end)
    assert glyph.alpha == 128
    assert _box(glyph)[3] < 0.1
    assert colours.warnings == ()


def test_it_keeps_its_colours_and_place_in_a_text_that_an_image_colours(tmp_path: Path) -> None:
    write_colour_font(tmp_path / "colours.ttf")
    Image.new("RGB", (4, 4), (0, 255, 0)).save(tmp_path / "green.png")
    lines = f"""\
        text = Text("ab" + GLYPH + "c", font="{FAMILY}", font_size=96)
        self.add(text.color_using_background_image(str(Path(__file__).with_name("green.png"))))
        self.wait(0.25)
"""
    (tmp_path / "deck.py").write_text(INSTALLED + DECK.partition("        text =")[0] + lines, "utf-8")
    recording = record_scene(tmp_path / "deck.py", "Colours", fps=4, width=320, height=180)
    (step,) = recording.steps
    left, glyph, right = (_box(op) for op in _glyphs(step.end))
    assert left[1] < glyph[0] + 0.2
    assert glyph[1] < right[0] + 0.2
    pixels = rasterise_rgba(step.end, recording.blobs, 320, 180)[..., :3]
    for colour in (RED, BLUE, (0, 255, 0)):
        assert np.all(np.abs(pixels.astype(int) - colour) < 30, axis=-1).sum() > 50
    assert recording.warnings == ()


def test_a_camera_that_paints_by_itself_leaves_it_out_and_that_is_said(tmp_path: Path) -> None:
    write_colour_font(tmp_path / "colours.ttf")
    source = f"""
from manim import *

class Own(Camera):
    def display_vectorized(self, vmobject, ctx):
        return super().display_vectorized(vmobject, ctx)

class Colours(Scene):
    def __init__(self, **kwargs):
        super().__init__(camera_class=Own, **kwargs)

    def construct(self):
        self.add(Text("a{CHARACTER}", font="{FAMILY}"))
"""
    (tmp_path / "deck.py").write_text(INSTALLED + source, "utf-8")
    (said,) = record_scene(tmp_path / "deck.py", "Colours", fps=4, width=160, height=90).warnings
    assert said.kind is Kind.GLYPH
    assert "only a colour font has" in said.text
    assert "left out" in said.text


def test_what_is_reused_of_an_earlier_recording_has_it(tmp_path: Path) -> None:
    write_colour_font(tmp_path / "colours.ttf")
    deck = tmp_path / "deck.py"
    order = Order(fps=4, width=160, height=90)
    deck.write_text(INSTALLED + DECK, "utf-8")
    plays = record_file(deck, "Colours", order).plays
    deck.write_text(INSTALLED + DECK.replace('"e"', '"f"'), "utf-8")
    again = record_file(deck, "Colours", replace(order, earlier=plays)).recording
    assert dump(again) == dump(record_file(deck, "Colours", order).recording)
