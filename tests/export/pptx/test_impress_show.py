"""LibreOffice's own slide show on a real (virtual) screen, stepped by real keys: a PPTX's motion plays and rests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from moving import FPS, HEIGHT, WIDTH, moving
from PIL import ImageGrab
from similarity import BT709, Pixels, ssim

from astrai_slides.base.cache import Store
from astrai_slides.export.pptx.presentation import write_pptx
from astrai_slides.export.video.clips import encode_clips
from astrai_slides.export.video.encode import quality
from astrai_slides.export.video.executor import Workers
from astrai_slides.recording.format.model import Frame, Recording
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.talk.document import Document

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is a screen for Linux")

SCREEN = (800, 600)
SLIDE = (800, 450)
TOP = (SCREEN[1] - SLIDE[1]) // 2
FRAMES = 90
SECONDS = 120.0
"""After which a slide show that hangs fails its test: LibreOffice takes some to start."""

RED = (0xF0, 0x40, 0x30)
NEAR = 40
"""How far video may be off the square's colour."""

LEAST_SSIM = 0.95


class Show:
    """A slide show under way."""

    def __init__(self, deck: Path, display: str) -> None:
        self._display = display
        self._environment = {**os.environ, "DISPLAY": display, "SAL_USE_VCLPLUGIN": "gtk3", "GDK_BACKEND": "x11"}
        profile = f"-env:UserInstallation={(deck.parent / 'profile').as_uri()}"
        self._process = subprocess.Popen(
            ["soffice", profile, "--norestore", "--nologo", "--nolockcheck", "--show", str(deck)],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def press(self, key: str) -> None:
        subprocess.run(["xdotool", "key", key], env=self._environment, check=True)

    def screen(self) -> Pixels:
        """The slide as it is shown, (height, width, 3)."""
        whole = np.asarray(ImageGrab.grab(xdisplay=self._display).convert("RGB"))
        return whole[TOP : TOP + SLIDE[1]]

    def places(self, end: tuple[int, int]) -> list[tuple[int, int]]:
        """Follow the square until it rests at `end`; return the places it was seen at on its way."""
        seen: list[tuple[int, int]] = []
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            place = square(self.screen())
            if place is not None and (not seen or place != seen[-1]):
                if place not in seen:  # it goes on, however slowly on a busy machine
                    until = time.monotonic() + SECONDS
                seen.append(place)
            if place is not None and near(place, end):
                return seen
        raise AssertionError(f"the square never came to {end}; it was seen at {seen}")

    def close(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def drawn(frame: Frame, recording: Recording) -> Pixels:
    return rgb(rasterise(frame, recording.blobs, *SLIDE))


def square(pixels: Pixels) -> tuple[int, int] | None:
    """Where the middle of the red square is, if it is there whole."""
    red = (np.abs(pixels.astype(np.int16) - np.array(RED, np.int16)) < NEAR).all(axis=2)
    rows, columns = np.nonzero(red)
    side = SLIDE[0] // 16
    if not 0.5 * side * side < len(rows) < side * side:
        return None
    return int(columns.mean()), int(rows.mean())


def near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 2


@pytest.fixture
def recording() -> Recording:
    return moving(FRAMES)


@pytest.fixture
def show(recording: Recording, tmp_path: Path, display: str) -> Iterator[Show]:
    made = quality(WIDTH, HEIGHT, FPS)
    workers = Workers(ThreadPoolExecutor(1), 1)
    clips = encode_clips(recording, made, store=Store(tmp_path / "cache"), workers=workers)
    deck = tmp_path / "talk.pptx"
    write_pptx(recording, deck, Document("Moving"), [clip.forwards.read_bytes() for clip in clips])
    show = Show(deck, display)
    yield show
    show.close()


@pytest.mark.wide
def test_motion_plays_by_itself_rests_and_goes_on_by_a_key(show: Show, recording: Recording) -> None:
    first, loop, camera = recording.steps
    begin, end = (square(drawn(frame, recording)) for frame in (first.frames[0], first.end))
    assert begin is not None
    assert end is not None
    seen = show.places(end)
    way = [x for x, _ in seen]
    assert way == sorted(way), "the square goes from left to right"
    assert sum(begin[0] + 5 < x < end[0] - 5 for x in way) >= 3, f"it was only seen at {seen}"
    wanted = drawn(first.end, recording)
    until = time.monotonic() + SECONDS
    while ssim(show.screen(), wanted, BT709) < LEAST_SSIM:
        assert time.monotonic() < until, "the end state never comes"
    assert all(ssim(show.screen(), wanted, BT709) >= LEAST_SSIM for _ in range(5)), "the end state rests"
    show.press("Right")
    turns = [square(drawn(frame, recording)) for frame in loop.frames[:3]]
    for turn in [*turns, *turns]:
        assert turn is not None
        show.places(turn)  # a loop comes by again and again
    show.press("Right")
    wanted = drawn(camera.end, recording)
    until = time.monotonic() + SECONDS
    while ssim(show.screen(), wanted, BT709) < LEAST_SSIM:
        assert time.monotonic() < until, "the last step never rests"
