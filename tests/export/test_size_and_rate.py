"""The size and the frame rate that a deck sets itself: right seconds and round circles in every format."""

import base64
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import numpy.typing as npt
import pytest
from click.testing import CliRunner, Result
from deck_browser import opened
from PIL import Image, ImageSequence
from pypdf import PdfReader

from astrai_slides.base.progress import SilentProgress
from astrai_slides.build.make import BuildRequest, make
from astrai_slides.cli import main
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import FORMATS
from astrai_slides.recording.run.record import record_scene

pytestmark = pytest.mark.long

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDE, HIGH, FPS = 90, 160, 15
SECONDS = (0.8, 1.0)
"""Of the deck's two steps."""

DECK = f"""
from manim import config, Circle, FadeIn, RED
from manim_slides import Slide
{{head}}

class Tall(Slide):
    def construct(self):
        disc = Circle(config.frame_width * 0.3, color=RED, fill_opacity=1)
        self.play(FadeIn(disc), run_time={SECONDS[0]})
        self.next_slide(notes="Say this.")
        self.wait({SECONDS[1]})
"""
TALL = f"config.pixel_width, config.pixel_height, config.frame_rate = {WIDE}, {HIGH}, {FPS}\n" + (
    "config.frame_width, config.frame_height = 4.5, 8"
)
Pixels = npt.NDArray[np.uint8]


def write(head: str = "", name: str = "tall.py") -> Path:
    deck = Path(name)
    deck.write_text(DECK.format(head=head), encoding="utf-8")
    return deck


def roundness(pixels: Pixels) -> float:
    """Width by height of what is red."""
    red = (pixels[..., 0] > 0x80) & (pixels[..., 1] < 0x80)
    ys, xs = np.nonzero(red)
    assert len(xs), "nothing is red"
    return float(np.ptp(xs) + 1) / float(np.ptp(ys) + 1)


def last_picture(video: bytes) -> tuple[Pixels, float]:
    """The last frame of `video`, and how many seconds it lasts."""
    with av.open(io.BytesIO(video)) as container:
        frames = list(container.decode(video=0))
        rate = container.streams.video[0].average_rate
        assert rate is not None
        return frames[-1].to_ndarray(format="rgb24"), float(len(frames) / rate)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A portrait deck in every format, built as if nothing was said of size and frame rate."""
    folder = tmp_path_factory.mktemp("portrait")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("ASTRAI_SLIDES_CACHE", str(folder / "cache"))
        request = BuildRequest([str(write(TALL))], tuple(FORMATS.values()), BuildSettings(workers=1), Path("out"))
        assert len(list(make(request, SilentProgress()))) == len(FORMATS)
    return folder / "out"


def test_videos_are_as_long_and_as_round_as_the_deck_says(built: Path) -> None:
    pixels, seconds = last_picture((built / "Tall.mp4").read_bytes())
    assert pixels.shape == (HIGH, WIDE, 3)
    assert seconds == pytest.approx(sum(SECONDS))
    assert roundness(pixels) == pytest.approx(1, abs=0.03)


def test_clips_to_present_are_as_long_and_as_round_as_the_deck_says(built: Path) -> None:
    about = json.loads((built / "slides" / "Tall.json").read_bytes())
    assert about["resolution"] == [WIDE, HIGH]
    for slide, expected in zip(about["slides"], SECONDS, strict=True):
        pixels, seconds = last_picture((built / slide["file"]).read_bytes())
        assert pixels.shape == (HIGH, WIDE, 3)
        assert seconds == pytest.approx(expected)
        assert roundness(pixels) == pytest.approx(1, abs=0.03)


def test_a_slide_of_pptx_and_its_videos_have_the_frames_shape(built: Path) -> None:
    with zipfile.ZipFile(built / "Tall.pptx") as package:
        size = re.search(rb'sldSz cx="(\d+)" cy="(\d+)"', package.read("ppt/presentation.xml"))
        assert size is not None
        assert int(size[1]) / int(size[2]) == pytest.approx(WIDE / HIGH, rel=0.005)
        videos = [name for name in package.namelist() if name.endswith(".mp4")]
        lengths = []
        for name in videos:
            pixels, seconds = last_picture(package.read(name))
            lengths.append(seconds)
            assert roundness(pixels) == pytest.approx(1, abs=0.03)
        assert sorted(lengths) == pytest.approx(sorted(SECONDS)[-len(lengths) :])
        posters = [package.read(name) for name in package.namelist() if name.endswith(".png")]
        for poster in posters:
            with Image.open(io.BytesIO(poster)) as image:
                assert image.size == (WIDE, HIGH)


@pytest.mark.parametrize(("kind", "longest"), [("gif", 960), ("webp", 960)])
def test_moving_images_are_as_long_and_as_round_as_the_deck_says(built: Path, kind: str, longest: int) -> None:
    with Image.open(built / f"Tall.{kind}") as image:
        assert image.size == (longest * WIDE // HIGH, longest)
        lengths = []
        for frame in ImageSequence.Iterator(image):
            pixels = np.asarray(frame.convert("RGB"))
            lengths.append(frame.info["duration"])
    assert sum(lengths) / 1000 == pytest.approx(sum(SECONDS), abs=0.01)
    assert roundness(pixels) == pytest.approx(1, abs=0.01)


def test_a_page_of_pdf_has_the_frames_shape(built: Path) -> None:
    pages = PdfReader(built / "Tall.pdf").pages
    assert len(pages) == len(SECONDS)
    for page in pages:
        assert float(page.mediabox.width) / float(page.mediabox.height) == pytest.approx(WIDE / HIGH, rel=0.005)


@pytest.mark.parametrize("name", ["Tall.notes.md"])
def test_pictures_of_notes_are_round(built: Path, name: str) -> None:
    text = (built / name).read_text(encoding="utf-8")
    pictures = re.findall(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=]+)", text)
    assert len(pictures) == len(SECONDS)
    for picture in pictures:
        with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
            assert roundness(np.asarray(image.convert("RGB"))) == pytest.approx(1, abs=0.03)


def test_html_plays_as_long_and_prints_in_the_frames_shape(built: Path, chromium: "Browser") -> None:
    with opened(chromium, built / "Tall.html", viewport={"width": 360, "height": 640}) as deck:
        assert deck.page.evaluate("window.astrai.steps.map((step) => step.seconds)") == pytest.approx(SECONDS)
        pdf = PdfReader(io.BytesIO(deck.page.pdf(prefer_css_page_size=True, print_background=True)))
        assert len(pdf.pages) == len(SECONDS)
        for page in pdf.pages:
            assert float(page.mediabox.width) / float(page.mediabox.height) == pytest.approx(WIDE / HIGH, rel=0.01)
        deck.press("ArrowRight", "ArrowRight")
        deck.rest("2")
        assert roundness(deck.screen()) == pytest.approx(1, abs=0.02)


# -- who goes before whom


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`build` in a folder of its own, and its output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["build", "--to", "html", *arguments])

    return run


def header(page: Path) -> tuple[int, int, float]:
    text = page.read_text(encoding="utf-8")
    found = re.search(r'"fps":([\d.]+),"width":(\d+),"height":(\d+)', text)
    assert found is not None
    return int(found[2]), int(found[3]), float(found[1])


@pytest.mark.parametrize(
    ("head", "options", "expected"),
    [
        ("", [], (1920, 1080, 60)),
        ("", ["--quality", "l"], (854, 480, 15)),
        ("config.frame_rate = 10", [], (1920, 1080, 10)),
        ("config.quality = 'medium_quality'", [], (1280, 720, 30)),
        (TALL, ["--quality", "l"], (WIDE, HIGH, FPS)),
        (TALL, ["--fps", "5"], (WIDE, HIGH, 5)),
        (TALL, ["--size", "180x320", "--fps", "7.5"], (180, 320, 7.5)),
        ("", ["--size", "200x200", "--quality", "l"], (200, 200, 15)),
    ],
)
def test_options_size_and_fps_go_before_the_deck_and_the_deck_before_quality(
    run: Callable[..., Result], head: str, options: list[str], expected: tuple[int, int, float]
) -> None:
    result = run(str(write(head)), *options)
    assert result.exit_code == 0, result.output
    assert header(Path("Tall.html")) == expected
    told = "goes before --quality" in result.output
    assert told == (head == TALL and "--quality" in options)


def test_a_deck_that_sets_another_rate_is_recorded_anew_and_lends_no_play(run: Callable[..., Result]) -> None:
    for rate in (10, 20, 10):
        assert run(str(write(f"config.frame_rate = {rate}"))).exit_code == 0
        assert header(Path("Tall.html")) == (1920, 1080, rate)
        edited = Path("Tall.html").read_bytes()
        assert run(str(write(f"config.frame_rate = {rate}")), "--force").exit_code == 0
        assert Path("Tall.html").read_bytes() == edited


def test_one_deck_says_nothing_of_the_next(run: Callable[..., Result]) -> None:
    write(TALL)
    write("", "plain.py")
    Path("plain.py").write_text(Path("plain.py").read_text(encoding="utf-8").replace("Tall", "Plain"), "utf-8")
    assert run("tall.py", "plain.py").exit_code == 0
    assert header(Path("Plain.html")) == (1920, 1080, 60)


@pytest.mark.long
def test_manim_cfg_decides_where_nobody_else_does(tmp_path: Path) -> None:
    """It is read when manim is imported, so by another process."""
    (tmp_path / "manim.cfg").write_text("[CLI]\npixel_width = 120\npixel_height = 90\nframe_rate = 6\n", "utf-8")
    (tmp_path / "tall.py").write_text(DECK.format(head=""), encoding="utf-8")
    command = "from astrai_slides.cli import main\n" + "".join(
        f"main(['-q', 'build', 'tall.py', '--to', 'html', '--out', {out!r}, *{options!r}], standalone_mode=False)\n"
        for out, options in (("cfg", []), ("l", ["--quality", "l", "--fps", "5"]))
    )
    subprocess.run([sys.executable, "-c", command], cwd=tmp_path, check=True)
    assert header(tmp_path / "cfg" / "Tall.html") == (120, 90, 6)
    assert header(tmp_path / "l" / "Tall.html") == (854, 480, 5)


def test_a_frame_rate_that_is_set_while_the_scene_runs_changes_no_length(tmp_path: Path) -> None:
    deck = tmp_path / "late.py"
    late = "def construct(self):\n        config.frame_rate = 7"
    deck.write_text(DECK.format(head="").replace("def construct(self):", late), encoding="utf-8")
    recording = record_scene(deck, "Tall", fps=FPS, width=160, height=90)
    assert [step.length / recording.fps for step in recording.steps] == pytest.approx(SECONDS)
    (warning,) = recording.warnings
    assert "config.frame_rate = 7 is set while the scene runs" in warning.text


@pytest.mark.parametrize("value", ["abc", "100", "100x", "1x100", "100x99999", "-5x100", "100x100x100"])
def test_what_is_no_size_is_refused(run: Callable[..., Result], value: str) -> None:
    result = run(str(write()), "--size", value)
    assert result.exit_code == 2
    assert "--size" in result.output


def test_a_deck_that_sets_what_cannot_be_shown_is_refused(run: Callable[..., Result]) -> None:
    result = run(str(write("config.frame_rate = 0")))
    assert result.exit_code == 1
    assert "config.frame_rate to a number above 0" in result.output


def test_a_size_that_cuts_off_a_talk_of_another_aspect_is_refused(run: Callable[..., Result]) -> None:
    Path("mine.py").write_text(
        "from manim import Circle\nfrom astrai_slides.deck.base import Deck\n\nclass Mine(Deck):\n"
        "    def construct(self):\n        self.step('one', notes='Say it.')\n        self.add(Circle())\n"
        "        self.wait(0.2)\n",
        "utf-8",
    )
    Path("mine.toml").write_text('scene = "mine.py:Mine"\ntitle = "Mine"\naspect = "4:3"\n', "utf-8")
    cut = run("mine.toml", "--size", "320x180")
    assert cut.exit_code == 1
    assert "320x180 pixels cut off the upper and lower edge of Mine" in cut.output
    assert "--size 240x180" in cut.output
    # what it says to take is taken, and so is what leaves room
    assert run("mine.toml", "--size", "240x180").exit_code == 0
    assert run("mine.toml", "--size", "240x320").exit_code == 0
    assert not list(Path().glob("*.pptx"))
