"""At 1280 x 720: recordings, our painter's frames, the HTML deck's canvas in a real browser and decoded clips against
stock manim.

All in one module, so that every scene is recorded and drawn by manim once.
"""

import io
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
from browser import assert_canvas_shows_stock, chromium
from playwright.sync_api import Page, Playwright
from scenes import FPS, HD, SEEN_IN_A_BROWSER, SEEN_IN_CLIPS, Shot, frame_at, scenes_with
from similarity import BT709, ssim
from stock import REST, Pixels

from astrai_slides.base.cache import Store
from astrai_slides.export.video.clips import Clip, encode_clips, quality
from astrai_slides.export.video.executor import Workers
from astrai_slides.recording.format.model import View
from astrai_slides.recording.paint.raster import rasterise, rgb

COVERAGE_LEVEL = 16
"""What a pixel changes by (of 255) when an edge passes one of the samples from which Cairo tells its coverage."""

EDGES = 2
"""A thin line has two edges in the same pixel."""

GRID_STEPS = 1.5
"""A point may be off by half a grid step each for its path's origin, for its place in the path, and for the view."""

VISIBLE = 8
MOST_VISIBLE = 0.01
"""Share of pixels that may differ by more than `VISIBLE`."""

LEAST_PICTURE_PSNR = 28.0
"""For frames with pixel images: manim samples images by itself, Cairo and browsers in other ways."""

LEAST_FILM_PSNR = 38.0


LEAST_CLIP_SSIM = 0.98
"""Of luma, as video is measured: 4:2:0, which every player needs, blurs the colour of thin lines in any encoder."""


def difference(got: Pixels, wanted: Pixels) -> Pixels:
    """How far apart each channel of each pixel is."""
    return np.abs(got.astype(np.int16) - wanted).astype(np.uint8)


def most_difference(view: View, width: int) -> float:
    """How far a pixel may be off: an edge that is off by part of a pixel shows as that part of black to white."""
    return EDGES * COVERAGE_LEVEL + 255 * GRID_STEPS * width / view.width


def psnr(got: Pixels, wanted: Pixels) -> float:
    """Peak signal-to-noise ratio in dB; infinite for equal pictures."""
    error = float(np.mean(np.square(got.astype(np.float32) - wanted)))
    return float("inf") if error == 0 else 10 * float(np.log10(255**2 / error))


@pytest.fixture(scope="module")
def page(playwright: Playwright) -> Iterator[Page]:
    with chromium(playwright, HD) as page:
        yield page


def test_steps_are_those_of_manim_slides(shot: Shot) -> None:
    recorded, stock = shot.recording.steps, shot.stock
    assert len(recorded) == len(stock)
    for ours, theirs in zip(recorded, stock, strict=True):
        assert (ours.loop, ours.auto_next, ours.notes) == (theirs.loop, theirs.auto_next, theirs.notes)
        if theirs.src is None:
            assert ours.length == theirs.length


def test_painted_frames_are_stock_frames(shot: Shot) -> None:
    width, height = shot.size
    compared = 0
    for number, place, pixels in shot.pairs():
        wanted = pixels[..., :3]
        step = shot.recording.steps[number]
        if step.film and place not in (0, REST):
            continue
        frame = frame_at(step, place)
        got = rgb(rasterise(frame, shot.recording.blobs, width, height))
        where = f"step {number}, frame {place}"
        compared += 1
        if shot.recording.blobs:
            assert psnr(got, wanted) >= LEAST_PICTURE_PSNR, where
            continue
        apart = difference(got, wanted)
        assert apart.max() <= most_difference(frame.view, width), where
        assert (apart > VISIBLE).mean() <= MOST_VISIBLE, where
    assert compared >= 2


def test_films_are_stock_frames(shot: Shot) -> None:
    filmed = [number for number, step in enumerate(shot.recording.steps) if step.film and not shot.stock[number].src]
    if not filmed:
        return
    for number in filmed:
        step = shot.recording.steps[number]
        assert step.film is not None
        film = shot.recording.blobs[step.film.digest]
        with av.open(io.BytesIO(film.data)) as container:
            stream = container.streams.video[0]
            assert (stream.width, stream.height) == shot.size
            assert float(stream.average_rate) == pytest.approx(shot.recording.fps)
            frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        # one more frame than the motion, so that it ends on the rest state
        assert len(frames) == step.length + 1
        for place, wanted in shot.stock[number].frames.items():
            assert psnr(frames[place], wanted[..., :3]) >= LEAST_FILM_PSNR, f"step {number}, frame {place}"
        assert any(step.name in warning.text for warning in shot.recording.warnings)


def test_frames_differ_where_stock_frames_differ(shot: Shot) -> None:
    """A harness that compared blank pictures would pass above: what moves in stock must move in the recording."""
    for number, step in enumerate(shot.recording.steps):
        if step.film or number not in shot.compared or shot.stock[number].src is not None:
            continue
        places = shot.compared[number]
        for before, after in itertools.pairwise(places):
            frames = shot.stock[number].frames
            one, other = frame_at(step, before), frame_at(step, after)
            if difference(frames[before], frames[after]).max() > most_difference(one.view, shot.size[0]):
                assert one != other, f"step {number}, frames {before} and {after}"


@pytest.mark.parametrize("shot", scenes_with(SEEN_IN_A_BROWSER), indirect=True)
def test_the_canvas_shows_stock_frames(shot: Shot, page: Page, tmp_path: Path) -> None:
    assert_canvas_shows_stock(page, shot, tmp_path)


@pytest.fixture
def clips(shot: Shot, tmp_path: Path) -> list[Clip]:
    made = quality(*shot.size, FPS)
    return encode_clips(shot.recording, made, store=Store(tmp_path), workers=Workers(ThreadPoolExecutor(1), 1))


def decoded(path: Path, places: set[int]) -> dict[int, Pixels]:
    with av.open(str(path)) as container:
        return {
            place: frame.to_ndarray(format="rgb24")
            for place, frame in enumerate(container.decode(video=0))
            if place in places
        }


@pytest.mark.parametrize("shot", scenes_with(SEEN_IN_CLIPS), indirect=True)
def test_clips_show_stock_frames(shot: Shot, clips: list[Clip]) -> None:
    compared = 0
    for number, step in enumerate(shot.recording.steps):
        if step.film:
            continue  # its frames are compared where it is filmed
        last = clips[number].frames - 1
        # a clip rests on the end state in place of its last frame; a loop never rests
        wanted = {
            last if place == REST else place: pixels
            for of, place, pixels in shot.pairs()
            if of == number and ((place == REST) != step.loop if place in (REST, last) else True)
        }
        seen = decoded(clips[number].forwards, set(wanted))
        assert seen.keys() == wanted.keys()
        for place, pixels in wanted.items():
            likeness = ssim(seen[place], pixels, BT709)
            assert likeness >= LEAST_CLIP_SSIM, f"step {number}, frame {place}"
            compared += 1
    assert compared or all(step.film for step in shot.recording.steps)
