import numpy as np
import pytest
from moving import HEIGHT, WIDTH, frame, moving, square

from astrai_slides.recording.format.model import GRID, Blob, Frame, Picture, View
from astrai_slides.recording.paint import images
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import encode_png, rasterise, rasterise_rgba, rgb, straight


def test_bgra_and_rgb_name_the_same_colours() -> None:
    shown = frame(square(0, 0))
    bgra = rasterise(shown, {}, WIDTH, HEIGHT)
    assert bgra.shape == (HEIGHT, WIDTH, 4)
    inside = HEIGHT // 2 - 8, WIDTH // 2 + 8
    assert bgra[inside].tolist() == [0x30, 0x40, 0xF0, 0xFF]
    assert rgb(bgra)[inside].tolist() == [0xF0, 0x40, 0x30]
    assert rasterise_rgba(shown, {}, WIDTH, HEIGHT)[inside].tolist() == [0xF0, 0x40, 0x30, 0xFF]


def test_straight_undoes_the_premultiplication() -> None:
    seen = rasterise_rgba(Frame((), frame().view, 0xFF800040), {}, 4, 4)
    assert np.abs(seen.astype(int) - (0xFF, 0x80, 0x00, 0x40)).max() <= 2
    assert not straight(np.zeros((2, 2, 4), np.uint8)).any()


def test_a_painter_may_serve_many_frames() -> None:
    recording = moving()
    painter = Painter(recording.blobs)
    for shown in recording.steps[0].frames:
        kept = rasterise(shown, recording.blobs, WIDTH, HEIGHT, painter)
        assert np.array_equal(kept, rasterise(shown, recording.blobs, WIDTH, HEIGHT))


def test_pictures_that_were_painted_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A film of pictures that change each frame has hundreds of them."""
    monkeypatch.setattr(images, "_MOST", 3 * 4 * 8 * 8)
    blobs = [Blob.of("image/png", encode_png(np.full((8, 8, 4), 40 * shade + 55, np.uint8))) for shade in range(5)]
    corners = (0, 2 * GRID, 2 * GRID, 2 * GRID, 0, 0)
    view = View(GRID, GRID, 2 * GRID, 2 * GRID)
    frames = [Frame((Picture(blob.digest, 8, 8, corners),), view, 0xFF) for blob in blobs]
    held = {blob.digest: blob for blob in blobs}
    painter = Painter(held)
    for shown in (*frames, frames[0]):
        assert np.array_equal(rasterise(shown, held, 8, 8, painter), rasterise(shown, held, 8, 8))
        assert len(images._kept) <= 3
