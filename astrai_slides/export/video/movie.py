"""The whole deck in one file: an mp4 with chapter marks, or a moving image for a README."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from astrai_slides.base import atomic
from astrai_slides.base.progress import Advance, ignore
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.shared.steps import chapter_of
from astrai_slides.export.video.chunks import END, Task, film_pictures, timeline
from astrai_slides.export.video.clips import Clip
from astrai_slides.export.video.encode import Chapter, Quality, Yuv, frame_of, join
from astrai_slides.export.video.sound import mixed
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import Pixels, rasterise, rgb

GIF_FPS = 20
"""Frames a second of moving images. GIF counts hundredths of a second, and players slow down below two of them."""

WIDTH = 960
"""Pixels on the longer side of moving images, twice what a README commonly shows."""

_MILLISECONDS = 1000
_HUNDREDTH = 10
"""Milliseconds: what GIF counts in. What one frame loses by rounding the next one gets."""

Prepare = Callable[[Image.Image], Image.Image]
_PALETTE = 256
_PALETTE_SAMPLES = 24
_FILM_SAMPLES = 4


def write_mp4(recording: Recording, clips: Sequence[Clip], quality: Quality, target: Path, title: str = "") -> None:
    """Write all `clips` of the recording's steps one after the other to `target`, each step a chapter.

    What the scene adds as sound is heard.
    """
    chapters = [Chapter(chapter_of(step), clip.frames) for step, clip in zip(recording.steps, clips, strict=True)]
    sound = mixed(recording, [clip.frames for clip in clips], quality.fps)
    join((clip.forwards for clip in clips), target, quality.fps, chapters, title or recording.scene, sound)


def image_size(recording: Recording, width: int = WIDTH) -> tuple[int, int]:
    """Width and height in pixels, both even, of an image of the recording whose longer side has `width` pixels."""
    scale = width / max(recording.width, recording.height)
    across, high = (max(2, round(side * scale / 2) * 2) for side in (recording.width, recording.height))
    return (width - width % 2, high) if across > high else (across, min(high, width - width % 2))


def write_gif(
    recording: Recording, target: Path, width: int = WIDTH, fps: int = GIF_FPS, advance: Advance = ignore
) -> None:
    """Write the deck as a GIF that repeats, in one palette; `width` as for `image_size`, `advance` hears of frames."""

    def indexer(quality: Quality) -> Prepare:
        palette = _palette(recording, quality)
        return lambda image: image.quantize(palette=palette, dither=Image.Dither.NONE)

    options = {"format": "GIF", "optimize": False, "disposal": 1}
    _write(recording, target, width, fps, advance, indexer, _HUNDREDTH, options)


def write_webp(
    recording: Recording, target: Path, width: int = WIDTH, fps: int = GIF_FPS, advance: Advance = ignore
) -> None:
    """Write the deck as an animated WebP that repeats; `width` as for `image_size`, `advance` hears of frames."""
    options = {"format": "WEBP", "quality": 80, "method": 3, "minimize_size": False}
    _write(recording, target, width, fps, advance, lambda _: lambda image: image, 1, options)


def _write(
    recording: Recording,
    target: Path,
    width: int,
    fps: int,
    advance: Advance,
    preparer: Callable[[Quality], Prepare],
    unit: int,
    options: dict[str, Any],
) -> None:
    if fps < 1 or width < 2:
        raise AstraiSlidesError(f"{target}: {width} pixels at {fps} frames a second cannot be; give more")
    size = image_size(recording, width)
    quality = Quality(*size, min(Fraction(fps), Fraction(recording.fps).limit_denominator(1001)))
    prepare = preparer(quality)
    counts = [count for step in recording.steps for _, count in _counts(step, recording, quality)]
    ends = [round(until / quality.fps * _MILLISECONDS / unit) * unit for until in accumulate(counts, initial=0)]
    durations = [end - start for start, end in pairwise(ends)]
    with atomic.replacing(target) as draft:

        def images() -> Iterator[Image.Image]:
            for done, pixels in enumerate(_pixels(recording, quality), 1):
                advance(float(done), float(len(durations)))
                yield prepare(Image.fromarray(pixels))

        frames = images()
        first = next(frames)
        first.save(draft, save_all=True, append_images=frames, duration=durations, loop=0, **options)


def _counts(step: Step, recording: Recording, quality: Quality) -> Sequence[tuple[int, int]]:
    if step.film is None:
        return timeline(step, recording.fps, quality.fps)
    return [(0, count) for count in _film_counts(_task(step, recording, quality))]


def _film_counts(task: Task) -> Iterable[int]:
    return [count for _, count in film_pictures(task)]


def _task(step: Step, recording: Recording, quality: Quality) -> Task:
    assert step.film is not None
    film = recording.blobs[step.film.digest].data
    segment = timeline(step, recording.fps, quality.fps)
    return Task(step.name, step.film.digest, b"", (), segment, 0, quality, film, step.end.background)


def _pixels(recording: Recording, quality: Quality) -> Iterator[Pixels]:
    """What is shown, one array of RGB for each of `_counts`."""
    painter = Painter(recording.blobs)
    for step in recording.steps:
        if step.film is not None:
            for picture, _ in film_pictures(_task(step, recording, quality)):
                yield _rgb_of(picture, quality)
            continue
        runs = [index for index, count in step.runs if count > 0]
        for index, _ in timeline(step, recording.fps, quality.fps):
            frame = step.end if index == END else step.frames[runs[index]]
            yield rgb(rasterise(frame, recording.blobs, quality.width, quality.height, painter))


def _palette(recording: Recording, quality: Quality) -> Image.Image:
    """The colours that the steps share: those of their end states, of their middles, and of their films."""
    stride = -(-len(recording.steps) // _PALETTE_SAMPLES)
    size = quality.width, quality.height
    samples: list[Pixels] = []
    for step in recording.steps[::stride]:
        if step.film is not None:
            pictures = [picture for picture, _ in film_pictures(_task(step, recording, quality))]
            shown = pictures[:: max(1, len(pictures) // _FILM_SAMPLES)]
            samples += [_rgb_of(picture, quality) for picture in shown]
        else:
            frames = (step.end, *step.frames[len(step.frames) // 2 :][:1])
            samples += [rgb(rasterise(frame, recording.blobs, *size)) for frame in frames]
    return Image.fromarray(np.vstack(samples)).quantize(_PALETTE, Image.Quantize.MEDIANCUT)


def _rgb_of(picture: Yuv, quality: Quality) -> Pixels:
    return np.asarray(frame_of(picture, quality.width).to_ndarray(format="rgb24", threads=1), np.uint8)
