"""The HTML deck's canvas in a real browser against stock manim's frames, at 3840 x 2160."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import assert_canvas_shows_stock, chromium
from playwright.sync_api import Page, Playwright
from scenes import UHD, Shot


@pytest.fixture(scope="module")
def page(playwright: Playwright) -> Iterator[Page]:
    with chromium(playwright, UHD) as page:
        yield page


def test_the_canvas_shows_stock_frames(large_shot: Shot, page: Page, tmp_path: Path) -> None:
    assert_canvas_shows_stock(page, large_shot, tmp_path)
