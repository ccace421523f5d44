"""Photographs in files: as they came, or as small as a 4K slide shows them."""

import base64
import io
import re
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from astrai_slides.base.progress import SilentProgress
from astrai_slides.build.make import BuildRequest, make
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named
from astrai_slides.export.shared.pictures import LONGER_SIDE, fitted
from astrai_slides.recording.format.container import dump, load
from astrai_slides.recording.format.model import Picture, Recording
from astrai_slides.recording.paint import decoded_pixels
from astrai_slides.recording.run.record import record_scene

pytestmark = pytest.mark.long

WIDE, HIGH = 1600, 1200
Show = Callable[..., Recording]


def photograph(path: Path, mode: str = "RGB") -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (HIGH // 8, WIDE // 8, len(mode)), np.uint8)
    Image.fromarray(noise, mode).resize((WIDE, HIGH), Image.Resampling.BICUBIC).save(path, quality=80)
    return path.read_bytes()


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Record a deck that shows the image `name` in `construct`'s lines."""
    monkeypatch.chdir(tmp_path)

    def show(lines: str, name: str = "photo.jpg") -> Recording:
        body = "\n".join(f"        {line}" for line in (f"p = ImageMobject({name!r})", *lines.split("\n")))
        head = "from manim import *\nfrom manim_slides import Slide\n\nclass Photo(Slide):\n    def construct(self):\n"
        Path("deck.py").write_text(head + body + "\n", encoding="utf-8")
        return record_scene(Path("deck.py"), "Photo", fps=4, width=160, height=90)

    return show


def sides(recording: Recording) -> set[tuple[int, int]]:
    found = set()
    for step in recording.steps:
        for frame in (*step.frames, step.end):
            for op in frame.ops:
                assert isinstance(op, Picture)
                with Image.open(io.BytesIO(recording.blobs[op.digest].data)) as image:
                    assert image.size == (op.width, op.height)
                found.add((op.width, op.height))
    return found


def test_a_photograph_is_kept_as_it_came_however_it_moves_and_fades(show: Show, tmp_path: Path) -> None:
    data = photograph(tmp_path / "photo.jpg")
    fade = "self.play(FadeIn(p))\nself.next_slide()\nself.play(p.animate.scale(.5).shift(LEFT))\nself.next_slide()\n"
    recording = load(dump(show(fade + "self.play(FadeOut(p))")), "a")
    assert [(blob.mime, blob.data) for blob in recording.blobs.values()] == [("image/jpeg", data)]
    alphas = {op.alpha for frame in recording.steps[0].frames for op in frame.ops if isinstance(op, Picture)}
    assert len(alphas) > 2


@pytest.mark.parametrize("lines", ["p.pixel_array[:99, :99] = 0", "p.pixel_array[0, 0, 0] ^= 0x40"])
def test_a_photograph_that_was_painted_on_is_another_picture(show: Show, tmp_path: Path, lines: str) -> None:
    photograph(tmp_path / "photo.jpg")
    recording = show(f"self.add(p)\nself.wait(.25)\nself.next_slide()\n{lines}\nself.wait(.25)")
    assert [blob.mime for blob in recording.blobs.values()] == ["image/jpeg", "image/png"]


def test_an_inverted_photograph_is_another_picture(show: Show, tmp_path: Path) -> None:
    photograph(tmp_path / "photo.jpg")
    recording = show('p = ImageMobject("photo.jpg", invert=True)\nself.add(p)\nself.wait(.25)')
    assert [blob.mime for blob in recording.blobs.values()] == ["image/png"]


def test_one_that_its_camera_turned_shows_manims_pixels(show: Show, tmp_path: Path) -> None:
    photograph(tmp_path / "photo.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(tmp_path / "photo.jpg") as image:
        image.save(tmp_path / "photo.jpg", exif=exif)
    recording = show("self.add(p)\nself.wait(.25)")
    assert [blob.mime for blob in recording.blobs.values()] == ["image/png"]


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png"])
def test_a_picture_is_as_large_as_a_4k_slide_shows_it(show: Show, tmp_path: Path, name: str) -> None:
    photograph(tmp_path / name)
    recording = show("self.add(p.scale_to_fit_width(2))\nself.wait(.25)", name)
    smaller = fitted(recording)
    ((across, down),) = sides(smaller)
    assert across == pytest.approx(2 / 14.222 * LONGER_SIDE, abs=2)
    assert across / down == pytest.approx(WIDE / HIGH, rel=0.01)
    assert [blob.mime for blob in smaller.blobs.values()] == [blob.mime for blob in recording.blobs.values()]
    load(dump(smaller), "fitted")


@pytest.mark.parametrize(("name", "mode"), [("photo.jpg", "RGB"), ("photo.png", "RGBA"), ("photo.png", "RGB")])
def test_a_picture_comes_out_the_same_whether_its_pixels_were_kept_or_not(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mode: str
) -> None:
    photograph(tmp_path / name, mode)
    with Image.open(tmp_path / name) as image:
        image.save(tmp_path / name, comment="of a camera", dpi=(300, 300))
    kept: dict[str, np.ndarray] = {}
    monkeypatch.setattr(decoded_pixels, "_kept", OrderedDict())
    recording = show("self.add(p.scale_to_fit_width(2))\nself.wait(.25)", name)
    kept.update(decoded_pixels._kept)
    assert [pixels.shape for pixels in kept.values()] == [(HIGH, WIDE, len(mode))]
    first = fitted(recording)
    monkeypatch.setattr(decoded_pixels, "_kept", OrderedDict())
    assert first.blobs == fitted(recording).blobs != recording.blobs
    monkeypatch.setattr(decoded_pixels, "_kept", OrderedDict({digest: 255 - pixels for digest, pixels in kept.items()}))
    assert fitted(recording).blobs != first.blobs, "what is kept is used"


@pytest.mark.parametrize(
    "lines",
    [
        "self.add(p.scale_to_fit_width(2))\nself.play(p.animate.scale_to_fit_width(8))\nself.remove(p)",
        "self.add(p.scale_to_fit_width(6))\nself.wait(.25)",
        "self.add(p.scale_to_fit_width(2).set_resampling_algorithm(RESAMPLING_ALGORITHMS['nearest']))\nself.wait(.25)",
    ],
    ids=["shown larger in between", "nearly its size", "hard pixels"],
)
def test_a_picture_that_needs_its_size_keeps_it(show: Show, tmp_path: Path, lines: str) -> None:
    photograph(tmp_path / "photo.jpg")
    recording = show(lines)
    assert fitted(recording) is recording


def test_a_picture_that_a_camera_zooms_into_keeps_its_size(show: Show, tmp_path: Path) -> None:
    photograph(tmp_path / "photo.jpg")
    recording = show("self.add(p.scale_to_fit_width(2))\nself.wait(.25)")
    step = recording.steps[0]
    view = step.end.view
    near = replace(step.end, view=replace(view, width=view.width // 4, height=view.height // 4))
    zoomed = replace(recording, steps=(step, replace(step, frames=(near,), runs=((0, 1),))))
    assert fitted(zoomed) is zoomed


def test_what_is_transparent_stays_so_without_a_rim(show: Show, tmp_path: Path) -> None:
    pixels = np.zeros((HIGH, WIDE, 4), np.uint8)
    pixels[..., :3] = np.random.default_rng(1).integers(200, 255, (HIGH, WIDE, 3), np.uint8)
    pixels[:, : WIDE // 2] = 0
    pixels[:, WIDE // 2 :, 3] = 255
    Image.fromarray(pixels).save(tmp_path / "half.png")
    smaller = fitted(show("self.add(p.scale_to_fit_width(2))\nself.wait(.25)", "half.png"))
    (blob,) = smaller.blobs.values()
    with Image.open(io.BytesIO(blob.data)) as image:
        shrunk = np.asarray(image)
    assert shrunk[5, 5, 3] == 0
    rim = shrunk[(shrunk[..., 3] > 20) & (shrunk[..., 3] < 250)]
    assert len(rim)
    assert rim[:, :3].min() > 150


def test_every_file_holds_the_photograph(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = photograph(tmp_path / "photo.jpg")
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    show("self.add(p.scale_to_fit_width(8))\nself.wait(.25)")
    formats = formats_named(["html", "pptx", "pdf"])
    settings = BuildSettings(workers=1, only_fps=4, only_size=(160, 90))
    list(make(BuildRequest(["deck.py"], formats, settings, Path("out")), SilentProgress()))
    page = Path("out/Photo.html").read_text(encoding="utf-8")
    assert base64.b64encode(data).decode() in page
    with zipfile.ZipFile("out/Photo.pptx") as package:
        assert data in [package.read(name) for name in package.namelist() if name.endswith(".jpg")]
        assert re.search(rb'Extension="jpg"|picture-[^"]*\.jpg"', package.read("[Content_Types].xml"))
    with pikepdf.open("out/Photo.pdf") as pdf:
        images = [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"]
        assert [image.read_raw_bytes() for image in images] == [data]
