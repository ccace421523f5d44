"""Subcaptions and sounds of a scene, by step; and what a deck reads of manim's writer of files."""

import math
import struct
import wave
from pathlib import Path

import manim
import manim_slides
import pytest
from manim import tempconfig

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.container import dump, load
from astrai_slides.recording.format.model import Caption, Recording, Sound
from astrai_slides.recording.run.record import Order, record

FPS = 10


def recorded(kind: type, media: Path) -> Recording:
    return record(kind, Order(FPS, 320, 180, media)).recording


def beep(path: Path, seconds: float = 0.25) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 44100, 0, "NONE", ""))
        samples = (int(9000 * math.sin(number / 16)) for number in range(int(44100 * seconds)))
        file.writeframes(b"".join(struct.pack("<h", each) for each in samples))
    return path


class Captioned(manim_slides.Slide):  # type: ignore[misc]
    def construct(self) -> None:
        self.add_subcaption("at once", duration=0.5)
        self.play(manim.Create(manim.Circle()), run_time=1)
        self.next_slide(skip_animations=True)
        self.add_subcaption("of what is skipped")
        self.wait(2)
        self.next_slide()
        self.wait(0.5)
        self.play(manim.FadeIn(manim.Square()), run_time=1, subcaption="in motion", subcaption_offset=0.2)
        self.add_subcaption("at the end", duration=3, offset=0.1)


def test_captions_belong_to_the_step_that_they_are_said_in(tmp_path: Path) -> None:
    first, second = recorded(Captioned, tmp_path).steps
    assert first.captions == (Caption("at once", 0.0, 0.5),)
    assert second.captions == (Caption("in motion", 0.7, 1.0), Caption("at the end", 1.6, 3.0))


def test_a_caption_that_begins_with_a_slide_is_that_slide_s(tmp_path: Path) -> None:
    class Begins(manim_slides.Slide):  # type: ignore[misc]
        def construct(self) -> None:
            for text in ("one", "two", "three"):
                self.add_subcaption(text)
                self.wait(0.7)
                self.next_slide()
            self.wait(0.1)

    steps = recorded(Begins, tmp_path).steps
    assert [[each.text for each in step.captions] for step in steps] == [["one"], ["two"], ["three"], []]
    assert {each.start for step in steps for each in step.captions} == {0.0}


def test_sounds_are_kept_as_files_with_their_moment_and_gain(tmp_path: Path) -> None:
    file = beep(tmp_path / "beep.wav")

    class Heard(manim.Scene):
        def construct(self) -> None:
            self.add_sound(str(file))
            self.wait(1)
            self.next_section()
            self.wait(0.5)
            self.add_sound(file, time_offset=0.25, gain=-6)
            self.wait(0.5)

    recording = recorded(Heard, tmp_path)
    (digest,) = (name for name, blob in recording.blobs.items() if blob.mime == "audio/wav")
    assert recording.blobs[digest].data == file.read_bytes()
    assert [step.sounds for step in recording.steps] == [(Sound(digest, 0.0),), (Sound(digest, 0.75, -6.0),)]
    assert load(dump(recording)) == recording
    assert dump(recording)[8] == 2
    silent = recording.silent()
    assert not silent.has_sound
    assert dump(silent)[8] == 1, "readers of version 1 can read what has neither sounds nor captions"
    assert load(dump(silent)).steps == silent.steps
    captioned = recorded(Captioned, tmp_path)
    assert load(dump(captioned)).steps == captioned.steps


@pytest.mark.parametrize(
    ("name", "reason"),
    [("none.wav", "there is no sound file 'none.wav'"), ("deck.txt", "not a sound file"), ("a.wav", "not a sound")],
)
def test_a_sound_that_cannot_be_had_names_file_and_line(
    name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for each in ("deck.txt", "a.wav"):
        (tmp_path / each).write_text("no sound at all")

    class Missing(manim.Scene):
        def construct(self) -> None:
            self.add_sound(name)
            self.wait(0.1)

    line = Missing.construct.__code__.co_firstlineno + 1
    with pytest.raises(AstraiSlidesError, match=rf"test_cues.py: .*line {line}: .*{reason}"):
        recorded(Missing, tmp_path)


def test_what_a_deck_writes_beside_the_movie_is_said_not_to_be_kept(tmp_path: Path) -> None:
    class Cues(manim_slides.Slide):  # type: ignore[misc]
        def construct(self) -> None:
            self.play(manim.Create(manim.Circle()), run_time=0.1)
            folder = Path(self.renderer.file_writer.movie_file_path).parent
            folder.joinpath("cues.json").write_text(str(self.renderer.time))

    assert [each for each in recorded(Cues, tmp_path).warnings if "cues.json" in each.text]
    assert not recorded(Captioned, tmp_path).warnings


TOLD_OF_OUTPUT = {"output_spec", "video_encoder"}
"""What the writer of manim 0.22 says of the movie that it makes: ours makes none, and says so."""


def test_everything_of_the_writer_has_the_kind_that_stock_s_has(tmp_path: Path) -> None:
    seen: dict[str, dict[str, object]] = {}

    class Reading(manim.Scene):
        def construct(self) -> None:
            self.wait(0.1)
            self.next_section("second")
            self.play(manim.Create(manim.Dot()), run_time=0.1, subcaption="said")
            writer = self.renderer.file_writer
            names = [name for name in dir(stock) if not name.startswith("_") and name != "renderer"]
            seen[type(writer).__name__] = {name: getattr(writer, name, "nothing") for name in names}

    settings = {
        "media_dir": str(tmp_path / "stock"), "pixel_width": 64, "pixel_height": 36, "frame_rate": FPS,
        "verbosity": "ERROR", "progress_bar": "none", "write_to_movie": True,
    }  # fmt: skip
    with tempconfig(settings):
        scene = Reading()
        stock = scene.renderer.file_writer
        scene.render()
        recorded(Reading, tmp_path)
    theirs, ours = seen["SceneFileWriter"], seen["NullWriter"]
    wrong = {
        name: (value, ours[name])
        for name, value in theirs.items()
        if value != "nothing"  # it has no place for a GIF unless it writes one
        and name not in TOLD_OF_OUTPUT
        and (not callable(ours[name]) if callable(value) else not isinstance(ours[name], type(value)))
    }
    assert not wrong
    if "output_spec" in theirs:
        told = {name for name in dir(theirs["output_spec"]) if isinstance(getattr(theirs["output_spec"], name), bool)}
        assert told <= set(dir(ours["output_spec"]))
    for name in ("sections", "subcaptions", "partial_movie_files"):
        assert len(ours[name]) == len(theirs[name]) > 0, name  # type: ignore[arg-type]
        assert {type(each) for each in ours[name]} == {type(each) for each in theirs[name]}, name  # type: ignore[attr-defined]
