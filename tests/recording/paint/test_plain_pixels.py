"""Plain pixels are painted as the PNG of them is."""

import numpy as np
import pytest

from astrai_slides.recording.format.model import GRID, Blob, Frame, Picture, View
from astrai_slides.recording.paint import images
from astrai_slides.recording.paint.plain_pixels import pixels_of, plain_blob
from astrai_slides.recording.paint.raster import Pixels, encode_png, rasterise

VIEW = View(0, 0, 16 * GRID, 9 * GRID)


def noise(*, opaque: bool) -> Pixels:
    pixels = np.random.default_rng(3).integers(0, 256, (31, 47, 4), dtype=np.uint8)
    if opaque:
        pixels[..., 3] = 0xFF
    return pixels


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("opaque", [False, True])
@pytest.mark.parametrize("width", [3, 12])
def test_they_look_as_their_png(width: int, opaque: bool, small: bool) -> None:
    pixels = noise(opaque=opaque)
    seen = []
    for blob in (plain_blob(pixels, small=small), Blob.of("image/png", encode_png(pixels))):
        picture = Picture(blob.digest, 47, 31, (-width * GRID, 4 * GRID, width * GRID, 3 * GRID, 0, -4 * GRID), 0xA0)
        seen.append(rasterise(Frame((picture,), VIEW, 0x305070FF), {blob.digest: blob}, 160, 90))
    assert np.array_equal(*seen)
    assert np.ptp(seen[0]) > 100


def test_they_are_given_back_and_named_by_what_they_show() -> None:
    pixels = noise(opaque=False)
    small, large = plain_blob(pixels, small=True), plain_blob(pixels)
    assert small.digest == large.digest != plain_blob(pixels.reshape(47, 31, 4)).digest
    assert np.array_equal(pixels_of(small), pixels)
    assert np.array_equal(pixels_of(large), pixels)


def test_they_are_let_go_of_and_others_are_not() -> None:
    kept = [Blob.of("image/png", encode_png(noise(opaque=True))), plain_blob(noise(opaque=True))]
    before = [images.image_of(each).surface for each in kept]
    images.forget_plain_images()
    after = [images.image_of(each).surface for each in kept]
    assert after[0] is before[0]
    assert after[1] is not before[1]
