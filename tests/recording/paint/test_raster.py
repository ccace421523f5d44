import numpy as np
from moving import HEIGHT, WIDTH, frame, moving, square

from astrai_slides.recording.format.model import Frame
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import rasterise, rasterise_rgba, rgb, straight


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
