"""Frames of the clips, decoded, against what stock manim draws."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
from scenes import FPS, Shot
from skimage.metrics import structural_similarity
from stock import REST, Pixels

from astrai_slides.cache import Store
from astrai_slides.export.executor import Workers
from astrai_slides.export.video import Clip, encode_clips, quality

LEAST_SSIM = 0.98
"""Of luma, as video is measured: 4:2:0, which every player needs, blurs the colour of thin lines in any encoder."""

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Weights of red, green and blue in BT.709."""


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
            likeness = structural_similarity(seen[place] @ LUMA, pixels @ LUMA, data_range=255)
            assert likeness >= LEAST_SSIM, f"step {number}, frame {place}"
            compared += 1
    assert compared or all(step.film for step in shot.recording.steps)
