"""Pictures given as `src`: one that moves plays as browsers play it, one that stands still stays the file it is."""

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from astrai_slides.base.resolution import Resolution
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import GRID, Picture, Step, View
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.moving import read_moving
from astrai_slides.recording.run.record import record_scene

VIEW = View(0, 0, 16 * GRID, 9 * GRID)
GREY = 0x808080FF
FPS = 30
Save = Callable[..., Path]


def frames(count: int, mode: str = "RGB") -> list[Image.Image]:
    """A bar that goes from left to right."""
    made = []
    for place in range(count):
        image = Image.new(mode, (64, 36), (0, 0, 128) if mode == "RGB" else (0, 0, 0, 0))
        ImageDraw.Draw(image).rectangle((6 * place, 8, 6 * place + 5, 28), fill="orange")
        made.append(image)
    return made


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def save(name: str, images: list[Image.Image], **options: Any) -> Path:
        path = tmp_path / name
        kind = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
        images[0].save(path, **kind, **options)
        return path

    return save


def shown(path: Path) -> tuple[Step, dict[str, Any]]:
    return Filmer(Resolution(160, 90, FPS)).source(path, VIEW, GREY)


def film(step: Step, blobs: dict[str, Any]) -> tuple[list[np.ndarray], Fraction]:
    assert step.film is not None
    with av.open(io.BytesIO(blobs[step.film.digest].data)) as container:
        rate = container.streams.video[0].average_rate
        assert rate is not None
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)], rate


def bar(pixels: np.ndarray) -> float:
    """Where the middle of what is orange is."""
    found = (pixels[..., 0] > 0xC0) & (pixels[..., 2] < 0x60)
    return float(np.nonzero(found)[1].mean())


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.apng", "a.webp", "named-otherwise.jpg"])
def test_each_frame_stays_as_long_as_the_file_says(save: Save, name: str) -> None:
    kind = {"a.apng": {"format": "PNG"}, "named-otherwise.jpg": {"format": "GIF"}, "a.webp": {"lossless": True}}
    images = frames(5)
    step, blobs = shown(save(name, images, duration=[200, 400, 100, 300, 200], loop=0, **kind.get(name, {})))
    assert step.length / FPS == pytest.approx(1.2)
    assert step.loop
    pictures, rate = film(step, blobs)
    assert rate == 10
    places = [round((bar(picture) - 2.5) / 6) for picture in pictures]
    assert places == [0, 0, 1, 1, 1, 1, 2, 3, 3, 3, 4, 4]
    (op,) = step.end.ops
    assert isinstance(op, Picture)
    with Image.open(io.BytesIO(blobs[op.digest].data)) as still:
        assert round((bar(np.asarray(still.convert("RGB"))) - 2.5) / 6) == 4


@pytest.mark.parametrize(
    ("loop", "turns"),
    [({}, 1), ({"loop": 0}, 0), ({"loop": 2}, 3), ({"loop": 60000}, 0)],
    ids=["once", "for ever", "three times", "as good as for ever"],
)
def test_a_gif_plays_as_often_as_it_says(save: Save, loop: dict[str, int], turns: int) -> None:
    step, blobs = shown(save("a.gif", frames(4), duration=100, **loop))
    assert step.loop == (turns == 0)
    assert step.length / FPS == pytest.approx(0.4 * max(1, turns))
    assert len(film(step, blobs)[0]) == 4 * max(1, turns)


def test_what_says_no_time_is_played_as_browsers_do(save: Save) -> None:
    step, _ = shown(save("a.gif", frames(4), duration=0, loop=0))
    assert step.length / FPS == pytest.approx(0.4)


def test_times_that_no_film_can_have_are_the_nearest_and_do_not_drift(save: Save) -> None:
    moving = read_moving(save("a.webp", frames(8), duration=17, loop=0).read_bytes(), GREY)
    assert moving is not None
    counts = [count for _, count in moving.frames()]
    assert sum(counts) / float(moving.fps) == pytest.approx(8 * 0.017, abs=1 / 60)


def test_what_is_transparent_shows_the_background(save: Save) -> None:
    step, blobs = shown(save("a.png", frames(3, "RGBA"), duration=100, loop=0))
    corner = film(step, blobs)[0][0][2, 60]
    assert np.abs(corner.astype(int) - 0x80).max() < 6


def test_a_still_picture_stays_still(save: Save) -> None:
    for name in ("a.png", "a.gif", "a.webp"):
        step, _ = shown(save(name, frames(1)))
        assert step.film is None
        assert (step.length, step.loop) == (1, False)


def test_a_still_photograph_stays_the_file_it_is(save: Save) -> None:
    path = save("a.jpg", frames(1), quality=70)
    step, blobs = shown(path)
    (blob,) = blobs.values()
    assert (blob.mime, blob.data) == ("image/jpeg", path.read_bytes())
    assert step.film is None


def test_a_photograph_that_was_taken_upright_is_turned(save: Save) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    step, blobs = shown(save("a.jpg", frames(1), exif=exif))
    (op,) = step.end.ops
    assert isinstance(op, Picture)
    assert (op.width, op.height) == (36, 64)
    with Image.open(io.BytesIO(blobs[op.digest].data)) as image:
        assert image.size == (36, 64)
        assert not image.getexif()


def test_what_is_no_picture_and_no_film_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"no picture")
    with pytest.raises(AstraiSlidesError, match=r"a\.gif: cannot be shown as a slide"):
        shown(tmp_path / "a.gif")


def test_a_deck_with_a_gif_repeats_it_until_next(save: Save, tmp_path: Path) -> None:
    path = save("a.gif", frames(5), duration=200, loop=0)
    deck = tmp_path / "deck.py"
    deck.write_text(
        "from manim import Circle, Create\nfrom manim_slides import Slide\n\nclass Deck(Slide):\n"
        "    def construct(self):\n        self.play(Create(Circle()), run_time=0.2)\n"
        f"        self.next_slide(src={str(path)!r})\n        self.next_slide()\n        self.wait(0.2)\n",
        encoding="utf-8",
    )
    recording = record_scene(deck, "Deck", fps=10, width=160, height=90)
    assert [step.loop for step in recording.steps] == [False, True, False]
    assert recording.steps[1].length / recording.fps == pytest.approx(1)
    assert any("shows the moving picture a.gif" in warning.text for warning in recording.warnings)
