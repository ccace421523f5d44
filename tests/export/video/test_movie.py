import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from moving import FPS, HEIGHT, WIDTH, filmed, moving
from PIL import Image, ImageSequence
from skimage.metrics import structural_similarity

from astrai_slides.base.cache import Store
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video.clips import encode_clips
from astrai_slides.export.video.encode import quality
from astrai_slides.export.video.executor import Workers
from astrai_slides.export.video.movie import image_size, write_gif, write_mp4, write_webp
from astrai_slides.recording.paint.raster import rasterise, rgb


def test_the_deck_is_one_mp4_with_a_chapter_a_step(tmp_path: Path) -> None:
    recording, film = moving(), filmed()
    recording = replace(recording, steps=(*recording.steps, *film.steps), blobs={**recording.blobs, **film.blobs})
    made = quality(WIDTH, HEIGHT, FPS)
    clips = encode_clips(recording, made, store=Store(tmp_path / "cache"), workers=Workers(ThreadPoolExecutor(1), 1))
    target = tmp_path / "deck.mp4"
    write_mp4(recording, clips, made, target, "A talk")
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-show_chapters"]
    probed = json.loads(subprocess.run([*command, "-of", "json", target], capture_output=True, check=True).stdout)
    lengths = [step.length for step in recording.steps]
    video = next(stream for stream in probed["streams"] if stream["codec_type"] == "video")
    assert int(video["nb_read_frames"]) == sum(lengths)
    assert float(video["duration"]) == pytest.approx(sum(lengths) / FPS, abs=1 / FPS)
    assert probed["format"]["tags"]["title"] == "A talk"
    assert [mark["tags"]["title"] for mark in probed["chapters"]] == ["Step one", "Step loop", "Step camera", "film"]
    starts = [sum(lengths[:place]) / FPS for place in range(len(lengths))]
    assert [float(mark["start_time"]) for mark in probed["chapters"]] == pytest.approx(starts, abs=0.002)
    data = target.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    checked = subprocess.run(["ffmpeg", "-v", "warning", "-i", target, "-f", "null", "-"], capture_output=True)
    assert checked.stderr == b""


@pytest.mark.parametrize(("write", "name", "likeness"), [(write_gif, "a.gif", 0.95), (write_webp, "a.webp", 0.95)])
def test_a_moving_image_shows_the_deck_at_its_pace(tmp_path: Path, write: object, name: str, likeness: float) -> None:
    recording = moving()
    target = tmp_path / name
    write(recording, target, width=WIDTH, fps=10)  # type: ignore[operator]
    seconds = sum(step.length for step in recording.steps) / FPS
    with Image.open(target) as image:
        assert image.size == image_size(recording, WIDTH)
        assert image.info["loop"] == 0
        frames = [(frame.convert("RGB"), frame.info["duration"]) for frame in ImageSequence.Iterator(image)]
    assert sum(duration for _, duration in frames) / 1000 == pytest.approx(seconds, abs=0.2)
    assert len(frames) > 10
    first, last = (np.asarray(frames[place][0]) for place in (0, -1))
    for shown, frame in ((first, recording.steps[0].frames[0]), (last, recording.steps[-1].end)):
        wanted = rgb(rasterise(frame, recording.blobs, WIDTH, HEIGHT))
        assert structural_similarity(shown, wanted, channel_axis=2) > likeness


def test_a_film_moves_in_a_gif(tmp_path: Path) -> None:
    write_gif(filmed(20), tmp_path / "film.gif", width=WIDTH, fps=10)
    with Image.open(tmp_path / "film.gif") as image:
        grey = [int(np.asarray(frame.convert("L"))[HEIGHT // 2, WIDTH // 2]) for frame in ImageSequence.Iterator(image)]
    assert len(grey) > 3
    assert grey[-1] > grey[0] + 100


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match="0 frames a second"):
        write_gif(moving(), tmp_path / "a.gif", fps=0)
    assert list(tmp_path.iterdir()) == []
