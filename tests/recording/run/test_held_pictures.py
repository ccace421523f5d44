"""Recordings of images whose pixels are held are those of images whose pixels are worked out."""

from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from astrai_slides.recording.run import held_pictures
from astrai_slides.recording.run.record import record_scene
from astrai_slides.seam import speedups
from astrai_slides.seam.held_pixels import BasePixels, HeldPixels

DECK = """
import numpy as np
from manim import *
from manim_slides import Slide

class Held(Slide):
    def construct(self):
        clear, opaque, photograph = (
            ImageMobject(name).set(height=2).shift(x * RIGHT)
            for name, x in (("clear.png", -3), ("opaque.png", 0), ("photograph.jpg", 3))
        )
        self.play(FadeIn(clear), FadeIn(opaque), FadeIn(photograph), run_time=0.6)
        self.next_slide()
        self.play(clear.animate.shift(UP).set_opacity(0.5), opaque.animate.scale(0.5), run_time=0.6)
        self.next_slide()
        self.play(clear.animate.set_opacity(0.9), opaque.animate.shift(UP), rate_func=lambda t: 0.4 * t, run_time=0.6)
        self.next_slide()
        clear.pixel_array[:9] = 9
        self.play(clear.animate.shift(DOWN), run_time=0.4)
        self.next_slide()
        photograph.add_updater(lambda each: each.pixel_array.__setitem__(slice(0, int(4 + 9 * self.time)), 77))
        self.play(opaque.animate.shift(UP), run_time=0.4)
        photograph.clear_updaters()
        self.next_slide()
        self.play(Transform(opaque, ImageMobject("clear.png").shift(UP)), run_time=0.4)
        self.next_slide()
        other = opaque.copy()
        other.orig_alpha_pixel_array[:9] = 10
        self.add(other.set_opacity(0.4))
        self.play(other.animate.shift(LEFT), FadeOut(Group(clear, photograph)), run_time=0.4)
"""


def test_a_recording_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (24, 32, 4), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "clear.png")
    Image.fromarray(pixels[..., :3]).save(tmp_path / "opaque.png")
    Image.fromarray(pixels[..., :3]).save(tmp_path / "photograph.jpg")
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    monkeypatch.chdir(tmp_path)
    split: list[HeldPixels] = []

    def noted(held: HeldPixels) -> tuple[HeldPixels, int]:
        split.append(held)
        return held_pictures.split_opacity_held(held)

    monkeypatch.setattr("astrai_slides.recording.run.collector.split_opacity_held", noted)
    quick = record_scene(tmp_path / "deck.py", "Held", fps=15, width=160, height=90)
    assert split
    monkeypatch.setattr(speedups, "pixels_held", nullcontext)
    split.clear()
    stock = record_scene(tmp_path / "deck.py", "Held", fps=15, width=160, height=90)
    assert not split
    assert [step.frames for step in quick.steps] == [step.frames for step in stock.steps]
    assert [step.end for step in quick.steps] == [step.end for step in stock.steps]
    assert quick.blobs == stock.blobs


@pytest.mark.parametrize("far", [0, 1, 2])
def test_images_that_differ_by_more_than_rounding_are_others(far: int) -> None:
    base = BasePixels(np.full((3, 3, 4), 100, np.uint8))
    levels = bytearray(range(256))
    levels[100] -= far
    levels[7] = 99  # a level that no pixel has
    one, other = HeldPixels(base), HeldPixels(base, bytes(levels))
    assert held_pictures.same_picture(one, other) is (far < 2)
    assert held_pictures.same_picture(one, HeldPixels(base, one.colours, bytes(levels))) is (far < 2)
    assert held_pictures.same_picture(one.array(), other) is (far < 2)
