"""The player that comes with manim-slides, on a real (virtual) screen, stepped by real keys."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from moving import FPS, HEIGHT, WIDTH, moving
from PIL import Image
from skimage.metrics import structural_similarity

from astrai_slides.base.cache import Store
from astrai_slides.export.video.clips import encode_clips
from astrai_slides.export.video.encode import quality
from astrai_slides.export.video.executor import Workers
from astrai_slides.export.video.presentable import write_presentation
from astrai_slides.recording.paint.raster import rasterise, rgb

SPY = Path(__file__).parent.parent / "player_spy.py"
SECONDS = 90.0
"""After which a player that hangs is ended."""

LEAST_SSIM = 0.95
"""Of what Qt shows, which converts colours by itself."""


class Audience:
    """A player under way: presses keys and waits for what is shown."""

    def __init__(self, root: Path, scene: str, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.pictures = root
        with (root / "stderr.txt").open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, str(SPY), str(root), scene],
                cwd=root,
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._guard = threading.Timer(SECONDS, self.process.kill)
        self._guard.start()

    def wait_for(self, wanted: str) -> None:
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line.strip())
            if said[-1] == wanted:
                return
        raise AssertionError(f"{wanted!r} never came, but {said}; {(self.pictures / 'stderr.txt').read_text()}")

    def press(self, key: str, check: bool = True) -> None:
        window = ["search", "--onlyvisible", "--name", "Manim Slides"]
        subprocess.run(
            ["xdotool", *window, "windowfocus", "key", key], env=self._environment, check=check, capture_output=True
        )

    def leave(self) -> int:
        # the window goes while the key is still down, of which xdotool complains
        self.press("q", check=False)
        assert self.process.stdout is not None
        self.process.stdout.read()
        return self.process.wait()

    def close(self) -> None:
        self._guard.cancel()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def present(tmp_path: Path, display: str) -> Iterator[Callable[[str], Audience]]:
    started: list[Audience] = []

    def start(scene: str) -> Audience:
        started.append(Audience(tmp_path, scene, display))
        return started[-1]

    yield start
    for each in started:
        each.close()


def test_keys_walk_all_steps_and_leave(tmp_path: Path, present: Callable[[str], Audience]) -> None:
    recording, made = moving(), quality(WIDTH, HEIGHT, FPS)
    clips = encode_clips(recording, made, store=Store(tmp_path / "cache"), workers=Workers(ThreadPoolExecutor(1), 1))
    write_presentation(recording, clips, made, tmp_path / "slides")
    audience = present(recording.scene)
    audience.wait_for("end 0 forwards")
    audience.press("Right")
    audience.wait_for("frame 1 forwards")  # a loop: never ends by itself
    audience.press("Right")
    audience.wait_for("end 2 forwards")
    audience.press("Left")
    audience.wait_for("frame 1 forwards")
    audience.press("v")
    audience.wait_for("end 0 reversed")
    assert audience.leave() == 0
    wanted = {
        "0-forwards": recording.steps[0].end,
        "2-forwards": recording.steps[2].end,
        "0-reversed": recording.steps[0].frames[0],
    }
    for name, frame in wanted.items():
        with Image.open(tmp_path / f"{name}.png") as image:
            shown = np.asarray(image.convert("RGB"))
        drawn = rgb(rasterise(frame, recording.blobs, WIDTH, HEIGHT))
        assert structural_similarity(shown, drawn, channel_axis=2) >= LEAST_SSIM, name


@pytest.mark.wide
def test_a_stock_rendering_of_the_flagship_is_walked_to_its_end(
    stock_flagship: Path, tmp_path: Path, present: Callable[[str], Audience]
) -> None:
    (tmp_path / "slides").symlink_to(stock_flagship / "slides")
    steps = len(json.loads((stock_flagship / "slides" / "ContinuousBatching.json").read_text())["slides"])
    assert steps >= 6
    audience = present("ContinuousBatching")
    for step in range(steps):
        audience.wait_for(f"frame {step} forwards")
        audience.press("Right")
    assert audience.leave() == 0
