"""A second build: nothing is done twice, and nothing stale is ever kept."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from astrai_slides.base.cache import default_folder
from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.build import make as build
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named
from astrai_slides.recording.run.listener import Listener
from astrai_slides.recording.run.playing import PlayRunner
from astrai_slides.talk.document import TALK_VARIABLE

COARSE = BuildSettings(Resolution(160, 90, 5))
DECK = """
from pathlib import Path

import manimpango
from manim import Circle, Create, ImageMobject
from manim_slides import Slide

from words import WORD

class Deck(Slide):
    def construct(self):
        optional = Path("optional.txt")
        said = [WORD, Path("data.csv").read_text(), optional.read_text() if optional.exists() else "no option"]
        said += [path.name for path in sorted(Path("pictures").glob("*.png"))]
        manimpango.register_font("font.ttf")
        self.add(ImageMobject("pictures/one.png"))
        self.play(Create(Circle()), run_time=0.2)
        self.next_slide(notes=", ".join(said))
        self.wait(0.2)
        self.next_slide(src=Path("film.mkv"))
        self.next_slide()
        self.wait(0.2)
"""


def picture(path: Path, shade: int) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (8, 8), (shade, shade, shade)).save(path)


def film(path: Path, shade: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height = 32, 16
        for _ in range(2):
            frame = av.VideoFrame.from_ndarray(np.full((16, 32, 3), shade, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASTRAI_SLIDES_CACHE", raising=False)
    Path("deck.py").write_text(DECK, encoding="utf-8")
    Path("words.py").write_text("WORD = 'word'\n", encoding="utf-8")
    Path("data.csv").write_text("1,2\n", encoding="utf-8")
    Path("font.ttf").write_bytes(b"no font, which Pango does not mind")
    picture(Path("pictures/one.png"), 10)
    film(Path("film.mkv"), 10)
    return tmp_path


def made(*formats: str, targets: tuple[str, ...] = ("deck.py", "Deck"), **options: bool) -> list[build.Built]:
    request = build.BuildRequest(targets, formats_named(formats or ("html",)), COARSE, Path("out"), **options)
    return list(build.make(request, SilentProgress()))


def html() -> bytes:
    return Path("out/Deck.html").read_bytes()


def append(path: str, text: str) -> Callable[[], None]:
    def edit() -> None:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)

    return edit


EDITS: dict[str, Callable[[], object]] = {
    "the deck": lambda: Path("deck.py").write_text(DECK.replace("Circle())", "Circle(2))"), encoding="utf-8"),
    # the same size, within the same second: compiled code would pass for current
    "a module beside it": lambda: Path("words.py").write_text("WORD = 'mood'\n", encoding="utf-8"),
    "data": append("data.csv", "3,4\n"),
    "an image": lambda: picture(Path("pictures/one.png"), 200),
    "a folder that is listed": lambda: picture(Path("pictures/two.png"), 10),
    "a file that was looked for in vain": lambda: Path("optional.txt").write_text("an option", encoding="utf-8"),
    "that file, gone": lambda: Path("optional.txt").unlink(),
    "a film, which FFmpeg reads": lambda: film(Path("film.mkv"), 200),
}


@pytest.mark.usefixtures("project")
def test_an_edit_of_anything_that_was_read_is_seen_and_nothing_else_is_recorded() -> None:
    assert [each.new for each in made()] == [True]
    for what, edit in EDITS.items():
        before = html()
        edit()
        assert [each.new for each in made()] == [True], what
        assert html() != before, what
        assert [each.new for each in made()] == [False], what


@pytest.mark.usefixtures("project")
def test_what_changes_no_picture_is_recorded_but_not_written(recordings: list[str]) -> None:
    made()
    append("font.ttf", "changed")()
    assert [each.new for each in made()] == [False]
    append("deck.py", "# a remark\n")()
    assert [each.new for each in made()] == [False]
    assert recordings == ["Deck"] * 3
    made()
    assert recordings == ["Deck"] * 3


@pytest.fixture
def recordings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the scenes that were recorded."""
    from astrai_slides.recording.run import record

    names: list[str] = []
    real = record.record_file

    def recording(scene_file: Path, scene_name: str, order: record.Order, listener: Listener) -> record.Recorded:
        names.append(scene_name)
        return real(scene_file, scene_name, order, listener)

    monkeypatch.setattr(record, "record_file", recording)
    return names


@pytest.mark.usefixtures("project")
def test_another_format_needs_no_other_recording(recordings: list[str]) -> None:
    made("html")
    assert [(each.format.name, each.new) for each in made("html", "pdf")] == [("html", False), ("pdf", True)]
    assert recordings == ["Deck"]


@pytest.mark.usefixtures("project")
def test_a_file_that_was_changed_damaged_or_removed_is_written_again(recordings: list[str]) -> None:
    made()
    whole = html()
    for harm in (lambda: Path("out/Deck.html").write_bytes(whole[:-9]), lambda: Path("out/Deck.html").unlink()):
        harm()
        assert [each.new for each in made()] == [True]
        assert html() == whole
    assert recordings == ["Deck"]


@pytest.mark.usefixtures("project")
def test_a_damaged_cache_costs_time_only(recordings: list[str]) -> None:
    made()
    whole = html()
    kept = [path for path in default_folder().rglob("*") if path.suffix in {".json", ".astrai"}]
    assert {path.suffix for path in kept} == {".json", ".astrai"}
    for path in kept:
        path.write_bytes(path.read_bytes()[:-3])
    assert [each.new for each in made()] == [True]
    assert html() == whole
    assert recordings == ["Deck", "Deck"]


@pytest.mark.usefixtures("project")
def test_force_makes_everything_anew_and_is_remembered(recordings: list[str]) -> None:
    made()
    assert [each.new for each in made(force=True)] == [True]
    assert [each.new for each in made()] == [False]
    assert recordings == ["Deck", "Deck"]


@pytest.mark.usefixtures("project")
def test_without_reuse_everything_is_played_and_what_comes_out_the_same_is_left(
    recordings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reused: list[object] = []
    use = PlayRunner._use
    monkeypatch.setattr(PlayRunner, "_use", lambda self, *others: (reused.append(others), use(self, *others))[1])
    made()
    append("deck.py", "# a remark\n")()
    made()
    assert reused, "the edited deck uses plays of the deck before"
    reused.clear()
    assert [each.new for each in made(reuse=False)] == [False]
    assert recordings == ["Deck"] * 3
    append("deck.py", "# another\n")()
    assert [each.new for each in made(reuse=False)] == [False]
    assert recordings == ["Deck"] * 4
    assert not reused
    assert [each.new for each in made()] == [False]
    assert recordings == ["Deck"] * 4, "what was recorded so is remembered"


@pytest.mark.usefixtures("project")
def test_a_presentable_folder_is_whole_or_made_again() -> None:
    made("present")
    clip = next(Path("out/slides/files/Deck").glob("*.mp4"))
    whole = clip.read_bytes()
    assert [each.new for each in made("present")] == [False]
    clip.write_bytes(whole[:-1])
    assert [each.new for each in made("present")] == [True]
    assert clip.read_bytes() == whole


TALK = """
scene = "deck.py:Talk"
title = "A title"
"""
TALK_DECK = """
from manim import Circle, Create
from astrai_slides.deck.base import Deck

class Talk(Deck):
    def construct(self):
        self.step("one", title=self.talk.title)
        self.play(Create(Circle()), run_time=0.2)
"""


def test_talks_are_built_again_when_they_change_and_when_there_are_more(project: Path, recordings: list[str]) -> None:
    (project / "deck.py").write_text(TALK_DECK, encoding="utf-8")
    (project / "presentations").mkdir()
    talk = project / "presentations" / "talk.toml"
    talk.write_text(TALK, encoding="utf-8")
    request = build.BuildRequest((), formats_named(["html"]), COARSE)

    def built() -> list[tuple[str, bool]]:
        return [(each.path.name, each.new) for each in build.make(request, SilentProgress())]

    assert built() == [("talk.html", True)]
    assert built() == [("talk.html", False)]
    talk.write_text(TALK.replace("A title", "Another"), encoding="utf-8")
    assert built() == [("talk.html", True)]
    assert b"<title>Another" in (project / "presentations" / "talk.html").read_bytes()
    (project / "presentations" / "more.toml").write_text(TALK, encoding="utf-8")
    assert built() == [("more.html", True), ("talk.html", False)]
    assert recordings == ["Talk"] * 3


def test_a_talk_is_loaded_once_and_what_it_was_loaded_from_decides_the_recording(
    project: Path, recordings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from astrai_slides.talk import file

    loaded: list[Path] = []
    load = file.load_talk
    monkeypatch.setattr(file, "load_talk", lambda path: (loaded.append(path), load(path))[1])
    monkeypatch.setenv(TALK_VARIABLE, "a talk that nobody has")
    (project / "deck.py").write_text(TALK_DECK, encoding="utf-8")
    talk = project / "talk.toml"
    talk.write_text(TALK, encoding="utf-8")
    assert [each.new for each in made(targets=("talk.toml",))] == [True]
    assert loaded == [Path("talk.toml")]
    talk.write_text(TALK + "# a remark\n", encoding="utf-8")
    assert [each.new for each in made(targets=("talk.toml",))] == [False]
    assert recordings == ["Talk"] * 2, "the deck could have read the remark"
    assert [each.new for each in made(targets=("talk.toml",))] == [False]
    assert len(loaded) == len(recordings) == 2


def test_a_build_with_nothing_to_do_loads_nothing_to_do_it_with(project: Path) -> None:
    made()
    program = """
        import sys
        from pathlib import Path
        from astrai_slides.build import make as build
        from astrai_slides.export.production import BuildSettings
        from astrai_slides.export.registry import formats_named
        from astrai_slides.base.progress import SilentProgress
        from astrai_slides.base.resolution import Resolution

        settings = BuildSettings(Resolution(160, 90, 5))
        request = build.BuildRequest(("deck.py", "Deck"), formats_named(["html"]), settings, Path("out"))
        assert [each.new for each in build.make(request, SilentProgress())] == [False]
        heavy = {"manim", "manim_slides", "numpy", "pydantic", "av", "cairo", "lxml"} & set(sys.modules)
        assert not heavy, heavy
    """
    result = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


FONT_DECK = """
from manim import Text
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        self.add(Text("\\U000f0123", warn_missing_font=False))
        self.wait(0.2)
"""


def write_font(path: Path, side: int) -> None:
    """Make a font whose only letter, one that nobody else has, is a rectangle."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (100 + side, 700), (100 + side, 0)):
        pen.lineTo(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "own"])
    builder.setupCharacterMap({0xF0123: "own"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "own": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "own": (900, 100)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Own", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.font.save(path)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="a folder of fontconfig")
def test_a_font_that_was_added_after_a_build_leaves_no_box_in_place(project: Path) -> None:
    (project / "deck.py").write_text(FONT_DECK, encoding="utf-8")
    environment = {**os.environ, "XDG_DATA_HOME": str(project / "data")}
    words = [sys.executable, "-m", "astrai_slides", "build", "deck.py", "Deck", "--quality", "l", "--to", "html"]

    def built() -> tuple[bool, bytes]:
        run = subprocess.run(words, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return "unchanged" not in run.stdout, Path("Deck.html").read_bytes()

    new, box = built()
    assert new
    assert built() == (False, box)
    write_font(project / "data" / "fonts" / "own.ttf", 300)
    new, narrow = built()
    assert new
    assert narrow != box, "the text is set anew"
    assert built() == (False, narrow)
    write_font(project / "data" / "fonts" / "own.ttf", 700)
    new, wide = built()
    assert new
    assert wide not in (box, narrow)


@pytest.mark.usefixtures("project")
def test_other_settings_folders_and_talk_variables_are_other_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    made()
    finer = build.BuildRequest(
        ("deck.py", "Deck"), formats_named(["html"]), BuildSettings(Resolution(160, 90, 6)), Path("out")
    )
    assert [each.new for each in build.make(finer, SilentProgress())] == [True]
    monkeypatch.setitem(os.environ, TALK_VARIABLE, "other.toml")
    made()
    assert [each.new for each in made()] == [False]


@pytest.mark.usefixtures("project")
def test_only_the_step_that_changed_is_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from astrai_slides.export.video import clips as video

    encoded: list[str] = []

    class Watched(video.ClipBuilder):
        def _write(self, job: video._Job) -> None:  # of a clip that is not kept
            encoded.append(job.step)
            super()._write(job)

    monkeypatch.setattr(video, "ClipBuilder", Watched)

    def encode(radius: int) -> list[str]:
        # cleared, so that no later step shows the circle
        deck = DECK.replace("Circle())", f"Circle({radius}))")
        deck = deck.replace("self.next_slide(notes", "self.clear()\n        self.next_slide(notes")
        Path("deck.py").write_text(deck, encoding="utf-8")
        encoded.clear()
        made("mp4")
        return list(encoded)

    assert encode(1) == ["1", "2", "3"]
    assert encode(2) == ["1"]


@pytest.mark.usefixtures("project")
def test_an_edited_deck_comes_out_as_if_it_had_never_been_another() -> None:
    """Plays, texts and segments of the build before are used, and leave no trace."""
    formats = ("html", "pptx", "pdf", "mp4")
    made(*formats)
    for old, new in (("Circle())", "Circle(2))"), ("next_slide(", "wait(0.5); self.next_slide(")):
        deck = Path("deck.py").read_text(encoding="utf-8")
        Path("deck.py").write_text(deck.replace(old, new, 1), encoding="utf-8")
        assert made(*formats)[0].new
        edited = {each.path: each.path.read_bytes() for each in made(*formats)}
        assert {each.path: each.path.read_bytes() for each in made(*formats, force=True)} == edited
