"""Frames of the clips, decoded, against what stock manim draws."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import pytest
from scenes import FPS, Shot
from similarity import BT709, ssim
from stock import REST, Pixels

from astrai_slides.cache import Store
from astrai_slides.export.executor import Workers
from astrai_slides.export.video import Clip, encode_clips, quality

LEAST_SSIM = 0.98
"""Of luma, as video is measured: 4:2:0, which every player needs, blurs the colour of thin lines in any encoder."""


@pytest.fixture
def clips(filmed_shot: Shot, tmp_path: Path) -> list[Clip]:
    made = quality(*filmed_shot.size, FPS)
    return encode_clips(filmed_shot.recording, made, store=Store(tmp_path), workers=Workers(ThreadPoolExecutor(1), 1))


def decoded(path: Path, places: set[int]) -> dict[int, Pixels]:
    with av.open(str(path)) as container:
        return {
            place: frame.to_ndarray(format="rgb24")
            for place, frame in enumerate(container.decode(video=0))
            if place in places
        }


def test_clips_show_stock_frames(filmed_shot: Shot, clips: list[Clip]) -> None:
    compared = 0
    for number, step in enumerate(filmed_shot.recording.steps):
        if step.film:
            continue  # its frames are compared where it is filmed
        last = clips[number].frames - 1
        # a clip rests on the end state in place of its last frame; a loop never rests
        wanted = {
            last if place == REST else place: pixels
            for of, place, pixels in filmed_shot.pairs()
            if of == number and ((place == REST) != step.loop if place in (REST, last) else True)
        }
        seen = decoded(clips[number].forwards, set(wanted))
        assert seen.keys() == wanted.keys()
        for place, pixels in wanted.items():
            likeness = ssim(seen[place], pixels, BT709)
            assert likeness >= LEAST_SSIM, f"step {number}, frame {place}"
            compared += 1
    assert compared or all(step.film for step in filmed_shot.recording.steps)
