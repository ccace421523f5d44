"""Pixels between two images are what manim's own interpolation gives."""

from unittest import mock

import manim
import numpy as np
import pytest
from manim.mobject.types import image_mobject
from manim.utils import bezier

from astrai_slides.seam import pixels_between
from astrai_slides.seam.speedups import faster_manim

ROUNDED_DOWN = 0.3
"""Between a level and itself comes one less, for some of them: their sum is a little less than a whole number."""


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.3, 0.7, 1 / 3, 1.0, np.float64(0.9)])
def test_images_between_two_are_the_same_to_the_level(alpha: float) -> None:
    # every pair of levels, in an array that is no whole number of blocks
    levels = np.arange(256, dtype=np.uint8)
    first, last = (np.resize(each, (67, 260, 4)) for each in (np.repeat(levels, 256), np.tile(levels, 256)))
    stock = manim.ImageMobject(first).interpolate_color(manim.ImageMobject(first), manim.ImageMobject(last), alpha)
    with faster_manim():
        quick = manim.ImageMobject(first).interpolate_color(manim.ImageMobject(first), manim.ImageMobject(last), alpha)
        with mock.patch.object(pixels_between, "_INTERPOLATE", side_effect=AssertionError):
            assert (pixels_between.pixels_between(first, last, alpha) == stock.pixel_array).all()
    assert quick.pixel_array.dtype == stock.pixel_array.dtype
    assert (quick.pixel_array == stock.pixel_array).all()


def test_only_pixels_between_two_ends_are_worked_out_apart() -> None:
    pixels = np.full((2, 2, 4), 200, np.uint8)
    with faster_manim():
        beyond = vars(image_mobject)["interpolate"](pixels, pixels // 2, -0.25)
        assert (beyond == bezier.interpolate(pixels, pixels // 2, -0.25)).all()
        assert vars(image_mobject)["interpolate"](1.0, 2.0, 0.5) == 1.5


@pytest.mark.parametrize("alpha", [0.0, ROUNDED_DOWN, 0.1, 1 / 3, 29 / 30, 1.0])
@pytest.mark.parametrize(
    "opacities",
    [(255, 255), (0, 255), (200, 17), "opaque in part", "fades in part"],
    ids=str,
)
def test_pictures_that_move_or_fade_are_the_same_to_the_level(alpha: float, opacities: object) -> None:
    random = np.random.default_rng(2)
    first = random.integers(0, 256, (150, 120, 4), dtype=np.uint8)
    last = first.copy()
    if isinstance(opacities, tuple):
        first[..., 3], last[..., 3] = opacities
    elif opacities == "fades in part":
        last[100:, :, 3] = 7
    wanted = bezier.interpolate(first, last, alpha).astype(np.uint8)
    assert (pixels_between.pixels_between(first, last, alpha) == wanted).all()


def test_a_picture_that_moves_is_not_worked_out_pixel_by_pixel() -> None:
    first = np.random.default_rng(2).integers(0, 256, (150, 120, 4), dtype=np.uint8)
    first[..., 3] = 255
    last = first.copy()
    last[..., 3] = 0
    pixels_between.pixels_between(first, last, 0.5)
    sizes: list[int] = []
    between = pixels_between._between

    def noted(one: pixels_between.Numbers, *others: object) -> None:
        sizes.append(one.size)
        between(one, *others)  # type: ignore[arg-type]

    with mock.patch.object(pixels_between, "_between", noted):
        for end in (first, last):
            pixels_between.pixels_between(first, end, 0.5)
    assert set(sizes) == {1}
