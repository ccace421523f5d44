"""A real Chromium, and what its canvas shows of a deck."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from chromium_program import chromium_program
from PIL import Image
from playwright.sync_api import Page, Playwright
from scenes import FPS, Shot
from similarity import BT601, ssim_map
from stock import REST, Pixels

from astrai_slides.export.html.page import write_html
from astrai_slides.talk.document import Document

LEAST_SSIM = 0.98

LEAST_INK_SSIM = 0.9
"""Over only those pixels about which stock drew something: an empty background flatters the mean of the whole."""

LEAST_PSNR = 30.0

KNOWN_TO_DIFFER = {"GrowingCaps"}
"""Scenes with a frame of which a canvas leaves out what Cairo paints, as their docstrings say."""

_MARGIN = 14
"""Pixels about what is drawn that are compared too: twice SSIM's window."""

_VISIBLE = 5
_REACH = 3
_SEEK = "([step, seconds]) => window.astrai.seek(step, seconds ?? Infinity)"
_READ = "() => document.getElementById('stage').toDataURL('image/png')"


@contextmanager
def chromium(playwright: Playwright, size: tuple[int, int]) -> Iterator[Page]:
    """A page of Debian's Chromium, or else of playwright's own, at `size` pixels."""
    browser = playwright.chromium.launch(executable_path=chromium_program())
    try:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, device_scale_factor=1)
        # Whatever the page complains about is a failure.
        page.on("pageerror", _fail)
        yield page
    finally:
        browser.close()


def _fail(error: Any) -> None:
    raise AssertionError(f"the page threw: {error}")


def open_deck(page: Page, shot: Shot, folder: Path) -> None:
    """Write the scene's HTML deck, open it from its file, and wait until it says that it is drawn."""
    target = folder / f"{shot.name}.html"
    write_html(shot.recording, target, Document(title=shot.name))
    page.goto(target.as_uri())
    page.wait_for_selector("html[data-state=ready]")


def canvas(page: Page, step: int, place: int) -> Pixels:
    """The canvas' pixels (height, width, 4) once it shows frame `place` of `step`."""
    page.evaluate(_SEEK, [step, None if place == REST else place / FPS])
    data = base64.b64decode(page.evaluate(_READ).partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def assert_canvas_shows_stock(page: Page, shot: Shot, folder: Path) -> None:
    """Compare every wanted frame of `shot` with what the canvas of its deck shows."""
    open_deck(page, shot, folder)
    width, height = shot.size
    pairs = shot.pairs()
    assert pairs
    for number, place, wanted in pairs:
        got = canvas(page, number, place)
        where = f"step {number}, frame {place}"
        assert got.shape == (height, width, 4), where
        whole, ink, signal = likeness(got, wanted)
        assert whole >= LEAST_SSIM, where
        if not (shot.recording.blobs or shot.name in KNOWN_TO_DIFFER):
            assert ink >= LEAST_INK_SSIM, where
            assert signal >= LEAST_PSNR, where


def likeness(got: Pixels, wanted: Pixels) -> tuple[float, float, float]:
    """SSIM of the whole frame, SSIM about what is drawn (1 where nothing is), and the PSNR of all channels in dB.

    Both are (height, width, 4), opaque.
    """
    box = _drawn_box(got, wanted)
    part_got, part_wanted = got[box][..., :3], wanted[box][..., :3]
    if part_wanted.size == 0:
        return 1.0, 1.0, float("inf")
    local = ssim_map(part_got, part_wanted, BT601)
    total, inside = got.shape[0] * got.shape[1], local.size
    # outside the box both show the same plain colour, where SSIM is 1
    whole = (float(local.sum(dtype=np.float64)) + total - inside) / total
    ink = _ink(part_wanted, wanted[0, 0, :3])
    error = sum(_squares(part_got[row], part_wanted[row]) for row in range(len(part_got))) / (3 * total)
    signal = float("inf") if error == 0 else 10 * float(np.log10(255**2 / error))
    return whole, float(local[ink].mean()) if ink.any() else 1.0, signal


def _drawn_box(got: Pixels, wanted: Pixels) -> tuple[slice, slice]:
    """The rows and columns outside of which both frames are all of one and the same colour."""
    # a pixel as one number, as anything along the short axis of channels takes ten times as long
    ours, theirs = (np.ascontiguousarray(frame).view("<u4")[..., 0] for frame in (got, wanted))
    plain = theirs[0, 0]
    drawn = (ours != plain) | (theirs != plain)
    slices = []
    for some in (drawn.any(axis=1), drawn.any(axis=0)):
        places = np.flatnonzero(some)
        low, high = (places[0] - _MARGIN, places[-1] + 1 + _MARGIN) if places.size else (0, 0)
        slices.append(slice(max(0, int(low)), int(high)))
    return slices[0], slices[1]


def _squares(one: Pixels, other: Pixels) -> float:
    apart = (one.astype(np.float32) - other).ravel()
    return float(np.dot(apart, apart))


def _ink(pixels: Pixels, plain: Pixels) -> Any:
    """Where something other than the background `plain` is drawn, and a little about it."""
    low, high = np.clip(plain.astype(np.int16) + np.array([[-_VISIBLE], [_VISIBLE]]), 0, 255).astype(np.uint8)
    differs = np.zeros(pixels.shape[:2], dtype=bool)
    for channel in range(pixels.shape[2]):
        differs |= (pixels[..., channel] < low[channel]) | (pixels[..., channel] > high[channel])
    near = differs.copy()
    for axis in (0, 1):
        for shift in (-_REACH, _REACH):
            near |= np.roll(differs, shift, axis=axis)
    return near
