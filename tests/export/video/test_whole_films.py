"""Films of steps in place of clips: where they show the same, and nowhere else."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from moving import FPS, HEIGHT, WIDTH, moving
from moving import filmed as filmed_elsewhere

from astrai_slides.base.cache import Store
from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.export.production import BuildSettings, Production
from astrai_slides.export.registry import FORMATS
from astrai_slides.export.video.clips import ClipBuilder, encode_clips
from astrai_slides.export.video.encode import quality
from astrai_slides.export.video.executor import Workers
from astrai_slides.export.video.whole_films import whole_film
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.recording.run import film
from astrai_slides.talk.document import Document

QUALITY = quality(WIDTH, HEIGHT, FPS)


@pytest.fixture
def filmed(monkeypatch: pytest.MonkeyPatch) -> Recording:
    """The first step of `moving`, filmed."""
    monkeypatch.setattr(film, "MOST_SECONDS_A_FRAME", 0.0)
    recording = moving()
    step, blobs = film.Filmer(Resolution(WIDTH, HEIGHT, FPS)).film_if_needed(recording.steps[0], {**recording.blobs})
    assert step.film is not None
    return replace(recording, steps=(step,), blobs=blobs)


def film_of(recording: Recording) -> bytes:
    (step,) = recording.steps
    assert step.film is not None
    return recording.blobs[step.film.digest].data


def _frames(video: bytes) -> list[np.ndarray]:
    with av.open(io.BytesIO(video)) as container:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]


def test_a_film_shows_what_the_step_shows_and_rests_on_its_end(filmed: Recording) -> None:
    step, blobs = moving().steps[0], moving().blobs
    shown = [step.frames[index] for index, count in step.runs for _ in range(count)]
    seen = _frames(film_of(filmed))
    assert len(seen) == step.length + 1
    for place, frame in ((0, shown[0]), (20, shown[20]), (-1, step.end)):
        wanted = rgb(rasterise(frame, blobs, WIDTH, HEIGHT)).astype(int)
        assert np.abs(seen[place] - wanted).mean() < 2.0


def test_a_film_stands_for_a_clip_only_of_the_same_size_and_pace(filmed: Recording) -> None:
    (step,), data = filmed.steps, film_of(filmed)
    assert whole_film(step, data, FPS, QUALITY) == data
    assert whole_film(replace(step, loop=True), data, FPS, QUALITY) is None
    assert whole_film(replace(step, runs=((0, step.length + 2),)), data, FPS, QUALITY) is None
    assert whole_film(step, data, FPS, quality(WIDTH // 2, HEIGHT // 2, FPS)) is None
    assert whole_film(step, data, FPS, quality(WIDTH, HEIGHT, FPS / 2)) is None
    assert whole_film(step, data, FPS * 2, QUALITY) is None
    assert whole_film(step, None, FPS, QUALITY) is None
    elsewhere = filmed_elsewhere()
    assert whole_film(elsewhere.steps[0], film_of(elsewhere), FPS, QUALITY) is None, "other pixels and colours"


def test_a_pptx_takes_the_film_whatever_else_is_written(filmed: Recording, tmp_path: Path) -> None:
    data, store = film_of(filmed), Store(tmp_path)
    workers = Workers(ThreadPoolExecutor(1), 1)
    builder = ClipBuilder(QUALITY, workers, store, backwards=False, whole_films=True)
    workers.executor.shutdown()  # nothing is left to be drawn
    builder.add(filmed.steps[0], filmed.blobs, FPS)
    (clip,) = builder.finish()
    assert clip.forwards.read_bytes() == data
    assert clip.frames == filmed.steps[0].length

    (encoded,) = encode_clips(filmed, QUALITY, store=store, workers=Workers(ThreadPoolExecutor(1), 1))
    assert encoded.forwards.read_bytes() != data, "what is joined must be encoded alike"
    production = Production(filmed, Document("Filmed"), BuildSettings(workers=1), SilentProgress(), store=store)
    assert production.videos == [data]
    assert [each.name for each in FORMATS.values() if each.whole_films] == ["pptx"]
