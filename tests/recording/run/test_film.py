"""Filmed steps: their stills show what the step shows, and the same file gives the same bytes."""

import io
import pickle
from dataclasses import replace
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any

import av
import numpy as np
import pytest
from moving import HEIGHT, WIDTH, square
from PIL import Image

from astrai_slides.base import shared_work
from astrai_slides.base.forks import FORKS
from astrai_slides.base.resolution import Resolution
from astrai_slides.recording.format.model import GRID, Blob, Draw, Frame, Paint, Path, Picture, Step, Style, View
from astrai_slides.recording.paint.plain_pixels import PLAIN, plain_blob
from astrai_slides.recording.paint.raster import Pixels, encode_png, rasterise, rasterise_rgba
from astrai_slides.recording.run import film
from astrai_slides.recording.run.film import Filmer
from astrai_slides.recording.run.photographs import MOST_PICTURES

VIEW = View(0, 0, 16 * GRID, 9 * GRID)
INSIDE = HEIGHT // 2 - 8, WIDTH // 2 + 8
BESIDE = 2, WIDTH - 2


def see_through() -> tuple[Step, dict[str, Blob]]:
    """A step with more pictures than are kept as such, and a half-transparent square over nothing."""
    blobs, pictures = {}, []
    for grey in range(MOST_PICTURES + 1):
        blob = Blob.of("image/png", encode_png(np.full((1, 1, 4), (grey, grey, grey, 0xFF), np.uint8)))
        blobs[blob.digest] = blob
        pictures.append(Picture(blob.digest, 1, 1, (-8 * GRID, GRID, -7 * GRID, GRID, -8 * GRID, 0)))
    shape = Draw(square(0, 0).path, Style(fill=Paint((0xFF804080,))), 0, 0)
    frames = tuple(Frame((picture, shape), VIEW, 0) for picture in pictures)
    return Step("", frames, tuple((place, 1) for place in range(len(frames))), frames[-1]), blobs


def test_stills_over_a_transparent_background_are_as_bright_as_the_step() -> None:
    step, blobs = see_through()
    filmed, kept = Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(step, blobs)
    assert filmed.film is not None
    for shown, wanted in ((filmed.frames[0], step.frames[0]), (filmed.end, step.end)):
        (op,) = shown.ops
        assert isinstance(op, Picture)
        with Image.open(io.BytesIO(kept[op.digest].data)) as still:
            pixels = np.asarray(still.convert("RGBA")).astype(int)
        assert np.abs(pixels[INSIDE] - (0xFF, 0x80, 0x40, 0x80)).max() <= 1
        assert pixels[BESIDE][3] == 0
        assert np.abs(pixels - rasterise_rgba(wanted, blobs, WIDTH, HEIGHT)).max() <= 1
        again = rasterise(shown, kept, WIDTH, HEIGHT).astype(int)
        assert np.abs(again - rasterise(wanted, blobs, WIDTH, HEIGHT)).max() <= 1


@pytest.mark.skipif(not FORKS, reason="this system does not fork")
def test_a_film_that_several_processes_paint_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    step, blobs = see_through()
    again = replace(step, runs=step.runs * 5)
    wanted = Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(again, blobs)
    forked: list[int] = []

    def parted() -> int:
        pid = shared_work_parted()
        forked.append(pid)
        return pid

    shared_work_parted = shared_work.parted
    monkeypatch.setattr(shared_work, "parted", parted)
    assert Filmer(Resolution(WIDTH, HEIGHT, 30), processes=3).film_if_needed(again, blobs) == wanted
    assert not forked, "few draws"
    monkeypatch.setattr(film, "_MANY_DRAWS", 0)
    for processes in (1, 2, 3):
        assert Filmer(Resolution(WIDTH, HEIGHT, 30), processes=processes).film_if_needed(again, blobs) == wanted
    assert len(forked) == 3


def test_the_same_is_filmed_however_its_draws_are_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forks give back draws that are equal, but not the same objects."""
    monkeypatch.setattr(film, "MOST_BYTES", 4_000)
    monkeypatch.setattr(film, "MOST_BYTES_A_SECOND", 1_000)
    points = np.arange(120 * 26).reshape(120, 26) ** 3 % 1201

    def moved(at: int) -> Frame:
        paths = (Path(((4, True),), b"\0" * 8 + row[:24].astype("<i4").tobytes()) for row in (at + 1) * points)
        ops = tuple(
            Draw(path, Style(fill=Paint((0xFF8040FF,))), 9 * place, 0, place) for place, path in enumerate(paths)
        )
        return Frame(ops, VIEW, 0xFF)

    frames = tuple(moved(at) for at in range(12))
    step = Step("", frames, tuple((place, 1) for place in range(12)), frames[-1])
    wanted = Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(step, {})
    assert wanted[0].film is not None
    assert wanted[0].film.reason.endswith(": its paths take more than 0.00 MB, as those of 3D scenes do")
    monkeypatch.setattr(film, "_MANY_DRAWS", 0)
    for processes in (1, 2, 3):
        copied = pickle.loads(pickle.dumps(step))
        assert Filmer(Resolution(WIDTH, HEIGHT, 30), processes=processes).film_if_needed(copied, {}) == wanted


def test_no_frame_of_a_film_is_painted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[Frame] = []

    def watched(frame: Frame, *rest: Any) -> Pixels:
        painted.append(frame)
        return rasterise(frame, *rest)

    monkeypatch.setattr(film, "rasterise", watched)
    step, blobs = see_through()
    assert Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(step, blobs)[0].film is not None
    assert len(painted) == len(step.runs) + 1


def test_a_film_shows_what_is_transparent_over_black() -> None:
    step, blobs = see_through()
    filmed, kept = Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(step, blobs)
    assert filmed.film is not None
    with av.open(io.BytesIO(kept[filmed.film.digest].data)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert np.abs(first[INSIDE] - (0x80, 0x40, 0x20)).max() <= 6
    assert first[BESIDE].max() <= 3


def test_a_video_of_an_odd_width_is_of_one_colour_to_its_edge(tmp_path: FilePath) -> None:
    """FFmpeg's fast conversions to four bytes a pixel mix in whatever memory holds beside such a picture."""
    width, height = 322, 182
    source = tmp_path / "grey.webm"
    with av.open(str(source), "w") as container:
        stream = container.add_stream("libvpx", rate=Fraction(12))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        picture = np.full((height * 3 // 2, width), 90, np.uint8)
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_numpy_buffer(picture, format="yuv420p", width=width)))
        container.mux(stream.encode(None))
    step, blobs = Filmer(Resolution(WIDTH, HEIGHT, 12)).source(source, VIEW, 0xFF)
    (op,) = step.end.ops
    assert isinstance(op, Picture)
    with Image.open(io.BytesIO(blobs[op.digest].data)) as still:
        pixels = np.asarray(still)
    assert pixels.shape == (height, width, 3)
    assert (np.ptp(pixels.reshape(-1, 3).astype(int), axis=0) <= 2).all()


def plain_step(count: int) -> tuple[Step, dict[str, Blob]]:
    """A step of `count` pictures, of which the first is kept packed, and again plain."""
    pixels = [np.full((2, 2, 4), (grey, 0, 0, 0xFF), np.uint8) for grey in (0, *range(count))]
    blobs = [Blob.of("image/png", encode_png(pixels[0])), *map(plain_blob, pixels[1:])]
    corners = (0, GRID, GRID, GRID, 0, 0)
    frames = tuple(Frame((Picture(blob.digest, 2, 2, corners),), VIEW, 0xFF) for blob in blobs)
    runs = tuple((place, 1) for place in range(len(frames)))
    return Step("", frames, runs, frames[-1]), {blob.digest: blob for blob in blobs}


def test_pictures_are_counted_by_what_they_show() -> None:
    """However some of them are kept."""
    filmed, kept = Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(*plain_step(MOST_PICTURES + 1))
    assert filmed.film is not None
    assert f" {MOST_PICTURES + 1} different pixel images" in filmed.film.reason
    assert not [blob for blob in kept.values() if blob.mime == PLAIN]


def test_plain_pictures_of_a_step_that_is_not_filmed_are_packed() -> None:
    step, blobs = plain_step(MOST_PICTURES)
    shown, kept = Filmer(Resolution(WIDTH, HEIGHT, 30)).film_if_needed(step, blobs)
    assert shown.film is None
    assert {blob.mime for blob in kept.values()} == {"image/png"}
    assert len(kept) == MOST_PICTURES
    for before, after in zip((*step.frames, step.end), (*shown.frames, shown.end), strict=True):
        assert np.array_equal(rasterise(after, kept, 32, 18), rasterise(before, blobs, 32, 18))
