"""Pictures of a deck that stay the files they came as, as far as these decide what is seen."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from astrai_slides.recording.format.container import step_blobs
from astrai_slides.recording.paint.raster import Pixels, encode_png
from astrai_slides.recording.run import collector, photographs
from astrai_slides.recording.run.photographs import MOST_PICTURES, PackedPixels
from astrai_slides.recording.run.record import record_scene


def _picture(mode: str) -> Image.Image:
    """Soft colours under noise, half of them transparent where the mode can be."""
    random = np.random.default_rng(3)
    rgba = random.integers(0, 256, (40, 60, 4), dtype=np.uint8)
    rgba[:20] = 40, 90, 160, 255
    return Image.fromarray(rgba).convert(mode)


def _saved(path: Path, image: Image.Image, **options: object) -> bytes:
    image.save(path, "PNG", **options)
    return path.read_bytes()


def _shown(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_a_png_is_not_packed_again(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.png"
    data = _saved(path, _picture(mode))
    assert PackedPixels().blob(_shown(path), path).data == data


def test_what_a_png_tells_besides_its_pixels_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    bare = _saved(path, _picture("RGB"))
    notes = PngImagePlugin.PngInfo()
    notes.add_text("GPS", "52.5 N 13.4 E")
    noted = _saved(path, _picture("RGB"), pnginfo=notes, dpi=(300, 300), icc_profile=b"profile" * 9)
    assert b"52.5 N" in noted
    assert PackedPixels().blob(_shown(path), path).data == bare


@pytest.mark.parametrize("spoil", ["interlaced", "deep", "unpacked", "cut", "other pixels", "none"])
def test_another_png_is_packed(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "a.png"
    data = _saved(path, _picture("RGB"), compress_level=0 if spoil == "unpacked" else 2)
    pixels = _shown(path).copy()
    if spoil == "interlaced":
        path.write_bytes(data[:28] + b"\1" + data[29:])
    elif spoil == "deep":
        data = _saved(path, Image.fromarray(np.arange(2400, dtype=np.uint16).reshape(40, 60) * 16))
        pixels = _shown(path)
    elif spoil == "cut":
        path.write_bytes(data[:-12])
    elif spoil == "other pixels":
        pixels[0, 0, 0] ^= 0x80
    elif spoil == "none":
        path.write_bytes(data[:8])
    blob = PackedPixels().blob(pixels, path)
    assert blob.data != data
    with Image.open(io.BytesIO(blob.data)) as image:
        assert np.array_equal(np.asarray(image.convert("RGBA")), pixels)


def test_pictures_of_a_step_that_will_be_filmed_are_packed_small_only_when_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photographs, "_MOST_PLAIN", 1000)
    packed, pixels = PackedPixels(), [np.full((16, 16, 4), shade, np.uint8) for shade in range(3)]
    first = packed.blob(pixels[0])
    assert packed.plain(pixels[0]) is first, "what is packed already is used"
    large, small = packed.plain(pixels[1]), packed.plain(pixels[2])
    assert len(large.data) > 16 * 16 * 4 > len(small.data)
    assert packed.plain(pixels[1]) is large
    packed.forget_plain()
    assert packed.plain(pixels[1]) is not large


CHANGING = """
import numpy as np
from manim import ImageMobject, ValueTracker, always_redraw
from manim_slides import Slide

class Changing(Slide):
    def construct(self):
        shade = ValueTracker(0)
        self.add(always_redraw(lambda: ImageMobject(np.full((9, 16), round(shade.get_value()), np.uint8))))
        self.play(shade.animate.set_value(200))
"""


def test_of_a_film_s_pictures_no_more_are_packed_than_tell_that_it_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[int] = []

    def counted(pixels: Pixels) -> bytes:
        packed.append(len(pixels))
        return encode_png(pixels)

    monkeypatch.setattr(photographs, "encode_png", counted)
    (tmp_path / "deck.py").write_text(CHANGING, "utf-8")
    [step] = record_scene(tmp_path / "deck.py", "Changing", fps=15, width=160, height=90).steps
    assert step.film is not None
    assert len(packed) == MOST_PICTURES + 1


STILL = """
import numpy as np
from manim import FadeIn, ImageMobject, Square
from manim_slides import Slide

class Still(Slide):
    def construct(self):
        self.add(ImageMobject(np.arange(96, dtype=np.uint8).reshape(8, 12)))
        for side in (1, 2, 3):
            self.play(FadeIn(Square(side)), run_time=0.1)
            self.next_slide()
        self.remove(self.mobjects[0])
        self.add(ImageMobject(np.arange(96, dtype=np.uint8)[::-1].reshape(8, 12)))
        self.play(FadeIn(Square(4)), run_time=0.1)
"""


def test_a_picture_that_stands_still_is_looked_at_once_for_all_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    split = collector._split_opacity

    def counted(mobject: Any, pixels: Pixels) -> tuple[Pixels, int]:
        looked_at.append(pixels.shape[0])
        return split(mobject, pixels)

    monkeypatch.setattr(collector, "_split_opacity", counted)
    (tmp_path / "deck.py").write_text(STILL, "utf-8")
    recording = record_scene(tmp_path / "deck.py", "Still", fps=15, width=160, height=90)
    assert len(looked_at) == 2
    assert [len(step_blobs(step)) for step in recording.steps] == [1, 1, 1, 1]
    assert len(recording.blobs) == 2
