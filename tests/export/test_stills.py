import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from moving import HEIGHT, WIDTH, moving
from PIL import Image
from skimage.metrics import structural_similarity

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.stills import write_still, write_stills
from astrai_slides.recording.paint.raster import rasterise, rgb


def test_a_png_is_the_end_state_to_the_pixel(tmp_path: Path) -> None:
    recording = moving()
    write_still(recording, 0, tmp_path / "one.png", WIDTH, HEIGHT)
    with Image.open(tmp_path / "one.png") as image:
        shown = np.asarray(image)
    assert np.array_equal(shown, rgb(rasterise(recording.steps[0].end, recording.blobs, WIDTH, HEIGHT)))


def test_an_svg_is_vectors_that_look_the_same(tmp_path: Path) -> None:
    recording = moving()
    target = tmp_path / "one.svg"
    write_still(recording, 0, target, WIDTH, HEIGHT)
    assert b"<path" in target.read_bytes()
    chromium = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command = [*chromium, f"--screenshot={tmp_path / 'svg.png'}", f"--window-size={WIDTH},{HEIGHT}", target.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with Image.open(tmp_path / "svg.png") as image:
        shown = np.asarray(image.convert("RGB"))[:HEIGHT, :WIDTH]
    wanted = rgb(rasterise(recording.steps[0].end, recording.blobs, WIDTH, HEIGHT))
    assert structural_similarity(shown, wanted, channel_axis=2) > 0.97


def test_stills_are_named_by_number_and_step(tmp_path: Path) -> None:
    recording = moving()
    odd = replace(
        recording, steps=(replace(recording.steps[0], name="2/3 of it"), replace(recording.steps[1], name="2"))
    )
    assert [path.name for path in write_stills(odd, tmp_path, ".png", 64, 36)] == ["1-2-3-of-it.png", "2.png"]
    assert all(path.stat().st_size for path in tmp_path.iterdir())


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r"one\.bmp: .*\.png or a \.svg"):
        write_still(moving(), 0, tmp_path / "one.bmp", 64, 36)
    assert list(tmp_path.iterdir()) == []
