"""Images whose pixels are held are, to the level, what manim makes of them, and whoever writes to one is seen."""

import copy
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
from manim import ImageMobject

from astrai_slides.seam import held_pixels
from astrai_slides.seam.held_pixels import HeldPixels, pixels_held, pixels_held_by, pixels_to_read, same_colours
from astrai_slides.seam.speedups import faster_manim

PIXELS = np.random.default_rng(4).integers(0, 256, (33, 47, 4), dtype=np.uint8)


def _fade(image: Any, alpha: float) -> None:
    image.interpolate_color(image.copy().set_opacity(0.2), image.copy().set_opacity(0.9), alpha)


def _move_what_faded(image: Any, alpha: float) -> None:
    image.set_opacity(0.43)
    image.interpolate_color(image.copy(), image.copy(), alpha)
    image.interpolate_color(image, image.copy().fade(1), alpha)


def _become(image: Any, alpha: float) -> None:
    image.become(ImageMobject(PIXELS[::-1]).set_opacity(alpha))


def _become_and_fade(image: Any, alpha: float) -> None:
    image.become(ImageMobject(PIXELS[::-1]))
    image.set_opacity(alpha)


def _mix_two(image: Any, alpha: float) -> None:
    image.interpolate_color(image.copy(), ImageMobject(PIXELS[::-1]), alpha)


def _write(image: Any, alpha: float) -> None:
    image.set_opacity(0.5)
    image.pixel_array[:9] = 7
    image.interpolate_color(image.copy(), image.copy().set_opacity(1), alpha)


def _write_opacity(image: Any, alpha: float) -> None:
    image.orig_alpha_pixel_array[:9] = 7
    image.set_opacity(alpha)


def _write_to_a_copy(image: Any, alpha: float) -> None:
    other = image.copy()
    other.pixel_array[...] = 0
    other.orig_alpha_pixel_array[...] = 0
    image.set_opacity(alpha)


def _write_to_an_end(image: Any, alpha: float) -> None:
    first, last = image.copy(), image.copy().set_opacity(0.3)
    image.interpolate_color(first, last, alpha)
    last.pixel_array[...] = 9
    image.interpolate_color(first, last, alpha)


def _colour(image: Any, alpha: float) -> None:
    image.set_color("#ff8000", alpha)
    image.set_opacity(alpha)


def _beyond(image: Any, alpha: float) -> None:
    image.interpolate_color(image.copy(), image.copy().set_opacity(0.5), float(-alpha))


@pytest.mark.parametrize("alpha", [0, 0.0, 0.1, 0.3, 1 / 3, 0.7, np.float64(0.9), 1.0, 1])
@pytest.mark.parametrize(
    "done",
    [
        *(_fade, _move_what_faded, _become, _mix_two, _write, _write_opacity, _write_to_a_copy, _write_to_an_end),
        *(_colour, _beyond, _become_and_fade),
    ],
)
def test_an_image_is_what_manim_makes_of_it(done: Callable[[Any, float], None], alpha: float) -> None:
    stock = ImageMobject(PIXELS)
    done(stock, alpha)
    with faster_manim():
        quick = ImageMobject(PIXELS)
        done(quick, alpha)
        read = pixels_to_read(quick)
        assert np.array_equal(read, stock.pixel_array)
    assert type(vars(quick)["pixel_array"]) is np.ndarray, "outside it has an array again"
    assert quick.pixel_array.dtype == stock.pixel_array.dtype
    assert np.array_equal(quick.pixel_array, stock.pixel_array)
    assert np.array_equal(quick.orig_alpha_pixel_array, stock.orig_alpha_pixel_array)
    assert (quick.fill_opacity, quick.stroke_opacity) == (stock.fill_opacity, stock.stroke_opacity)


def test_pixels_of_a_picture_that_moves_and_fades_are_not_worked_out() -> None:
    with faster_manim(), mock.patch.object(HeldPixels, "array", side_effect=AssertionError):
        image = ImageMobject(PIXELS)
        start, end = image.copy().set_opacity(0), copy.deepcopy(image)
        for alpha in (0.0, 0.3, 1.0):
            image.interpolate_color(start, end, alpha)
            image.shift([1, 0, 0])
        assert same_colours(image, end)
        assert pixels_held_by(image) == pixels_held_by(end)


@pytest.mark.parametrize("name", ["pixel_array", "orig_alpha_pixel_array"])
def test_an_image_that_was_asked_has_an_array_of_its_own_that_may_be_written_to(name: str) -> None:
    with pixels_held():
        image = ImageMobject(PIXELS)
        other = image.copy()
        array = getattr(image, name)
        assert getattr(image, name) is array
        array[...] = 0
        assert not getattr(image, name).any()
        assert pixels_held_by(image) is None
        assert getattr(other, name).any()


def test_an_image_that_has_a_way_of_its_own_to_be_asked_is_left_to_manim() -> None:
    class Asked(ImageMobject):
        def get_pixel_array(self) -> Any:
            return self.pixel_array // 2

    class Making(ImageMobject):
        def reset_points(self) -> Any:
            self.kept = self.pixel_array
            return super().reset_points()

    with pixels_held():
        assert pixels_held_by(Asked(PIXELS)) is None
        made = Making(PIXELS)
        assert pixels_held_by(made) is None
        assert made.kept is made.pixel_array


def test_images_of_other_shapes_are_refused_as_by_manim() -> None:
    with pixels_held():
        image = ImageMobject(PIXELS)
        with pytest.raises(AssertionError, match="incompatible"):
            image.interpolate_color(image.copy(), ImageMobject(PIXELS[1:]), 1)


def test_manim_has_its_own_attributes_back_afterwards() -> None:
    before = dict(vars(ImageMobject))
    with pixels_held():
        assert isinstance(vars(ImageMobject)["pixel_array"], held_pixels._AskedFor)
    assert dict(vars(ImageMobject)) == before
