"""Pictures that are painted much smaller than they are: from a smaller one, which nobody can tell from them."""

import io

import cairo
import numpy as np
import pytest
from PIL import Image

from astrai_slides.recording.format.model import Blob, Frame, Picture, View
from astrai_slides.recording.paint import painter
from astrai_slides.recording.paint.images import how_much_smaller, image_of
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import encode_png

WIDTH, HEIGHT = 161, 90


def _photograph(opaque: bool) -> np.ndarray:
    """Soft colours under some noise, of a size that no power of two divides."""
    random = np.random.default_rng(6)
    # each by itself: a colour that is hardly opaque would not stay soft
    channels = [Image.fromarray(random.integers(30, 226, (5, 7), dtype=np.uint8)) for _ in range(4)]
    soft = np.dstack([each.resize((1333, 1001), Image.Resampling.BICUBIC) for each in channels]).astype(np.int16)
    noisy = np.clip(soft + random.integers(-8, 9, (*soft.shape[:2], 1)), 0, 255).astype(np.uint8)
    if opaque:
        noisy[..., 3] = 255
    return noisy


def _jpeg(pixels: np.ndarray) -> Blob:
    buffer = io.BytesIO()
    Image.fromarray(pixels[..., :3]).save(buffer, "JPEG", quality=95)
    return Blob.of("image/jpeg", buffer.getvalue())


def _painted(blob: Blob, corners: tuple[int, ...], alpha: int = 255, *, smooth: bool = True) -> np.ndarray:
    picture = Picture(blob.digest, 1333, 1001, corners, alpha, smooth)  # type: ignore[arg-type]
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    surface = cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_RGB24, WIDTH, HEIGHT)
    frame = Frame((picture,), View(0, 0, WIDTH * 100, HEIGHT * 100), 0x206090FF)
    Painter({blob.digest: blob}).paint(cairo.Context(surface), frame, WIDTH, HEIGHT)  # type: ignore[arg-type]
    surface.flush()
    return pixels[..., :3].astype(int)


@pytest.mark.parametrize(
    "corners",
    [(-5530, 3570, 5530, 3570, -5530, -3570), (-1530, 1120, 1530, 1120, -1530, -1120), (-4000, 0, 0, 4000, 500, -3500)],
    ids=["12 times", "44 times", "turned"],
)
@pytest.mark.parametrize("kind", ["jpeg", "png", "transparent"])
def test_a_picture_painted_from_a_smaller_one_looks_the_same(
    monkeypatch: pytest.MonkeyPatch, kind: str, corners: tuple[int, ...]
) -> None:
    pixels = _photograph(kind != "transparent")
    blob = _jpeg(pixels) if kind == "jpeg" else Blob.of("image/png", encode_png(pixels))
    asked: list[int] = []

    def noted(blob: Blob, smaller: int = 1) -> object:
        asked.append(smaller)
        return image_of(blob, smaller)

    monkeypatch.setattr(painter, "image_of", noted)
    for alpha in (255, 100):
        got = _painted(blob, corners, alpha)
        with monkeypatch.context() as patch:
            patch.setattr(painter, "how_much_smaller", lambda *_: 1)
            wanted = _painted(blob, corners, alpha)
        assert asked[0] > 1
        # Cairo itself goes no further than 16 pixels for one
        assert np.abs(got - wanted).max() <= (3 if corners[0] != -1530 else 12)
        assert np.abs(got - wanted).mean() < 1
    assert np.array_equal(got.any(axis=-1), wanted.any(axis=-1))


def test_hard_pixels_and_vectors_are_painted_from_the_picture_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    blob = _jpeg(_photograph(opaque=True))
    monkeypatch.setattr(painter, "how_much_smaller", lambda *_: 1 / 0)
    corners = (-5530, 3570, 5530, 3570, -5530, -3570)
    _painted(blob, corners, smooth=False)
    frame = Frame((Picture(blob.digest, 1333, 1001, corners),), View(0, 0, WIDTH * 100, HEIGHT * 100), 0xFF)
    surface = cairo.PDFSurface(io.BytesIO(), WIDTH, HEIGHT)
    Painter({blob.digest: blob}).paint(cairo.Context(surface), frame, WIDTH, HEIGHT)
    surface.finish()


@pytest.mark.parametrize(
    ("side", "smaller"),
    [(1.0, 1), (0.17, 1), (1 / 6, 2), (1 / 11, 2), (1 / 12, 4), (1 / 24, 8), (0.0, 1)],
)
def test_three_pixels_are_left_for_each_that_is_painted(side: float, smaller: int) -> None:
    assert how_much_smaller(side, side) == smaller
    assert how_much_smaller(side, 1.0) == how_much_smaller(1.0, side) == 1


def test_a_smaller_picture_is_the_mean_of_its_pixels() -> None:
    pixels = np.zeros((4, 6, 4), np.uint8)
    pixels[..., 3], pixels[:2, :2, 0] = 255, [[0, 40], [80, 120]]
    pixels[2:, 4:] = [(200, 100, 0, 0), (200, 100, 0, 255)]
    blob = Blob.of("image/png", encode_png(pixels))
    half = image_of(blob, 2)
    assert (half.width, half.height, half.smaller) == (6, 4, 2)
    numbers = np.ndarray((2, 3, 4), np.uint8, half.surface.get_data(), strides=(half.surface.get_stride(), 4, 1))
    assert numbers[0, 0].tolist() == [0, 0, 60, 255]
    assert numbers[1, 2].tolist() == [0, 50, 100, 128]


def test_a_photograph_is_read_as_any_picture_is() -> None:
    pixels = _photograph(opaque=True)
    blob = _jpeg(pixels)
    surface = image_of(blob).surface
    got = np.ndarray((1001, 1333, 4), np.uint8, surface.get_data(), strides=(surface.get_stride(), 4, 1))
    with Image.open(io.BytesIO(blob.data)) as image:
        assert np.array_equal(got[..., [2, 1, 0, 3]], np.asarray(image.convert("RGBA")))
