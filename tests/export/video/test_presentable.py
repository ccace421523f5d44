"""What manim-slides itself makes of the folder."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from moving import FPS, HEIGHT, WIDTH, moving

from astrai_slides.base.cache import Store
from astrai_slides.export.video.clips import encode_clips
from astrai_slides.export.video.encode import quality
from astrai_slides.export.video.executor import Workers
from astrai_slides.export.video.presentable import write_presentation
from astrai_slides.recording.format.model import Recording

QUALITY = quality(WIDTH, HEIGHT, FPS)


def write(recording: Recording, root: Path) -> Path:
    clips = encode_clips(recording, QUALITY, store=Store(root / "cache"), workers=Workers(ThreadPoolExecutor(1), 1))
    return write_presentation(recording, clips, QUALITY, root / "slides")


def test_manim_slides_reads_it(tmp_path: Path) -> None:
    from manim_slides.config import PresentationConfig

    recording = moving()
    read = PresentationConfig.from_file(write(recording, tmp_path))
    assert read.resolution == (WIDTH, HEIGHT)
    assert read.background_color.as_hex() == "#10141c"
    assert [slide.notes for slide in read.slides] == [step.notes for step in recording.steps]
    assert [slide.loop for slide in read.slides] == [False, True, False]
    assert [slide.auto_next for slide in read.slides] == [False, True, False]
    for slide in read.slides:
        assert slide.file != slide.rev_file
        assert slide.file.stem + "_reversed" == slide.rev_file.stem


@pytest.mark.parametrize("suffix", ["html", "pptx", "pdf"])
def test_manim_slides_converts_it(tmp_path: Path, suffix: str) -> None:
    write(moving(), tmp_path)
    command = [sys.executable, "-m", "manim_slides", "convert", "Moving", f"out.{suffix}", "--to", suffix]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / f"out.{suffix}").stat().st_size > 1000
    if suffix == "html":
        assert len(list((tmp_path / "out_assets").glob("*.mp4"))) >= 3


def test_clips_of_earlier_builds_go_and_others_stay(tmp_path: Path) -> None:
    recording = moving()
    target = write(recording, tmp_path)
    files = tmp_path / "slides" / "files" / "Moving"
    (files / "0123456789abcdef.mp4").write_bytes(b"made by a stock render")
    assert len(list(files.iterdir())) == 7
    write(replace(recording, steps=recording.steps[:1]), tmp_path)
    named = {
        Path(slide[key]).name for slide in json.loads(target.read_text())["slides"] for key in ("file", "rev_file")
    }
    assert {path.name for path in files.iterdir()} == {*named, "0123456789abcdef.mp4"}


def test_a_damaged_clip_is_replaced(tmp_path: Path) -> None:
    write(moving(), tmp_path)
    clip = next((tmp_path / "slides" / "files" / "Moving").iterdir())
    good = clip.read_bytes()
    clip.write_bytes(good[:50])
    write(moving(), tmp_path)
    assert clip.read_bytes() == good
