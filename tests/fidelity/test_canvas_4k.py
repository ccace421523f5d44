"""The HTML deck's canvas in a real browser against stock manim's frames, at 3840 x 2160."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import KNOWN_TO_DIFFER, LEAST_INK_SSIM, LEAST_PSNR, LEAST_SSIM, canvas, chromium, likeness, open_deck
from playwright.sync_api import Page
from scenes import UHD, Shot


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium(UHD) as page:
        yield page


def test_the_canvas_shows_stock_frames(large_shot: Shot, page: Page, tmp_path: Path) -> None:
    open_deck(page, large_shot, tmp_path)
    width, height = UHD
    pairs = large_shot.pairs()
    assert pairs
    for number, place, wanted in pairs:
        got = canvas(page, number, place)
        where = f"step {number}, frame {place}"
        assert got.shape == (height, width, 3), where
        whole, ink, signal = likeness(got, wanted)
        assert whole >= LEAST_SSIM, where
        if not (large_shot.recording.blobs or large_shot.name in KNOWN_TO_DIFFER):
            assert ink >= LEAST_INK_SSIM, where
            assert signal >= LEAST_PSNR, where
