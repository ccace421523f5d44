"""Several scenes as one deck, files with scenes that fail or have no construct, and what is written beside a file."""

import json
import math
import re
import struct
import wave
import zipfile
from pathlib import Path

import av
import numpy as np
import pikepdf
import pytest

from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.build.make import BuildRequest, Built, make
from astrai_slides.build.plan import Wish, plan
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named
from astrai_slides.recording.format.container import load

COARSE = BuildSettings(Resolution(160, 90, 10))
DECK = """
from manim import Circle, Create, Scene, Square
from manim_slides import Slide

class House(Slide):
    def headline(self):
        self.play(Create(Circle()), run_time=0.2)

class Intro(House):
    def construct(self):
        self.headline()
        self.next_slide(notes="# Goal\\nsay it", direction="vertical")
        self.wait(0.2)
        self.next_slide()
        self.wait(0.2)

class Results(House):
    def construct(self):
        self.headline()
        self.next_slide()
        self.wait(0.3)

class Inherits(Results):
    pass

class Still(Scene):
    def construct(self):
        self.add(Square())
"""


NAMED = """
from astrai_slides.deck.base import Deck

class Named(Deck):
    def construct(self):
        self.step('goal', title='The goal')
        self.wait(0.1)
"""


class Told(SilentProgress):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASTRAI_SLIDES_CACHE", raising=False)
    Path("deck.py").write_text(DECK, encoding="utf-8")
    return tmp_path


def built(*targets: str, to: str = "html", wish: Wish | None = None) -> tuple[list[Built], list[str]]:
    progress = Told()
    request = BuildRequest(targets, formats_named(to.split(",")), COARSE, Path("out"), wish=wish or Wish())
    return list(make(request, progress)), progress.lines


def header(page: Path) -> list[dict[str, object]]:
    """What the HTML deck says of its steps."""
    (found,) = re.findall(r"<script[^>]*>(\{\"generator\".*?)</script>", page.read_text("utf-8"), re.DOTALL)
    steps: list[dict[str, object]] = json.loads(found)["steps"]
    return steps


def titles(items: list[pikepdf.OutlineItem]) -> list[object]:
    return [[each.title, titles(list(each.children))] if each.children else each.title for each in items]


def test_scenes_that_are_named_are_one_deck_called_after_the_file_or_as_asked() -> None:
    (job,) = plan(["deck.py", "Results", "Intro"])
    assert (job.name, job.scene_names, job.document.title) == ("deck", "Results Intro", "Deck")
    (job,) = plan(["deck.py", "Intro", "Results"], wish=Wish(name="my-talk"))
    assert (job.name, job.document.title) == ("my-talk", "My Talk")
    each = plan(["deck.py", "Intro", "Results"], wish=Wish(each=True))
    assert [(job.name, job.scene_names) for job in each] == [("Intro", "Intro"), ("Results", "Results")]
    with pytest.raises(AstraiSlidesError, match="Intro would be shown twice"):
        plan(["deck.py", "Intro", "Intro"])
    with pytest.raises(AstraiSlidesError, match="--name is for one deck, and there are 4"):
        plan(["deck.py"], wish=Wish(name="talk"))


@pytest.mark.long
def test_a_deck_of_several_scenes_has_sections_in_every_format() -> None:
    Path("presentations").mkdir()
    talk = 'scene = ["deck.py:Intro", "deck.py:Results"]\ntitle = "Both"\n[planned]\nIntro = 30\n"Results/1" = 5\n'
    Path("presentations/both.toml").write_text(talk)
    built("both", to="html,pdf,pptx,mp4,notes,present")
    names = ["Intro/1", "Intro/2", "Intro/3", "Results/1", "Results/2"]
    assert sorted(path.name for path in Path("out").glob("both.*")) == [
        f"both.{each}" for each in ("html", "mp4", "notes.md", "pdf", "pptx")
    ]
    steps = header(Path("out/both.html"))
    assert [step["name"] for step in steps] == names
    assert [step["section"] for step in steps] == ["Intro"] * 3 + ["Results"] * 2
    assert [step["title"] for step in steps] == ["Intro 1", "Goal", "Intro 3", "Results 1", "Results 2"]
    assert re.findall(r'<p class="part">(.*)</p>', Path("out/both.html").read_text("utf-8")) == ["Intro", "Results"]
    with pikepdf.open("out/both.pdf") as pdf, pdf.open_outline() as outline:
        assert titles(list(outline.root)) == [
            ["Intro", [["Intro 1", ["Goal"]], "Intro 3"]],
            ["Results", ["Results 1", "Results 2"]],
        ]
    presentation = zipfile.ZipFile("out/both.pptx").read("ppt/presentation.xml").decode()
    sections = re.findall(r'section name="(\w+)"(.*?)</p14:section>', presentation, re.DOTALL)
    assert [(name, members.count("sldId ")) for name, members in sections] == [("Intro", 3), ("Results", 2)]
    with av.open("out/both.mp4") as film:
        marks = [each["metadata"]["title"] for each in film.chapters()]
    assert marks == ["Intro 1", "Intro: Goal", "Intro 3", "Results 1", "Results 2"]
    assert "0:35" in Path("out/both.notes.md").read_text("utf-8"), "planned by section and by step"
    slides = json.loads(Path("out/slides/both.json").read_text("utf-8"))["slides"]
    assert len(slides) == len(names)
    assert all((Path("out") / slide["file"]).is_file() for slide in slides)


def test_steps_that_are_below_others_are_a_level_of_their_own_in_a_plain_deck() -> None:
    built("deck.py", "Intro", to="pdf,pptx")
    with pikepdf.open("out/Intro.pdf") as pdf, pdf.open_outline() as outline:
        assert titles(list(outline.root)) == [["1", ["Goal"]], "3"]
    presentation = zipfile.ZipFile("out/Intro.pptx").read("ppt/presentation.xml").decode()
    assert re.findall(r'section name="(\w+)"', presentation) == ["1", "3"]


def test_an_edit_of_one_scene_s_file_is_seen_and_names_that_do_not_clash_stay() -> None:
    Path("other.py").write_text(NAMED)
    Path("both.toml").write_text('scene = ["deck.py:Results", "other.py:Named"]\n')
    built("both.toml")
    assert [step["name"] for step in header(Path("out/both.html"))] == ["Results/1", "Results/2", "goal"]
    (file,), _ = built("both.toml")
    assert not file.new
    Path("other.py").write_text(NAMED.replace("'goal'", "'end'"))
    built("both.toml")
    assert [step["name"] for step in header(Path("out/both.html"))] == ["Results/1", "Results/2", "end"]


def test_what_is_wrong_with_a_list_of_scenes_is_told() -> None:
    for scene, told in (
        ('["deck.py:Intro", "deck.py:Intro"]', "would be shown twice"),
        ('["deck.py:Intro", "deck.py"]', "'deck.py' names no scene"),
        ('["deck.py:Intro", "deck.py:Nope"]', "has no class Nope"),
        ("[]", "scene"),
    ):
        Path("talk.toml").write_text(f"scene = {scene}\n")
        with pytest.raises(AstraiSlidesError, match=rf"talk\.toml.*{told}"):
            plan(["talk.toml"])


# -- files with scenes that cannot be shown


def test_a_class_without_a_construct_is_left_out_with_a_word_and_a_still_scene_is_a_step() -> None:
    for new in (True, False):
        files, said = built("deck.py")
        assert [(each.path.name, each.new) for each in files] == [
            (f"{name}.html", new) for name in ("Intro", "Results", "Inherits", "Still")
        ]
        assert "deck.py: House is left out: it has no construct of its own" in said
    (still,) = header(Path("out/Still.html"))
    assert still["length"] == 1
    with pytest.raises(AstraiSlidesError, match=r"House has no construct.*has one: Intro, Results, Inherits, Still"):
        built("deck.py", "House")


def test_a_slide_that_plays_nothing_says_what_to_do() -> None:
    Path("deck.py").write_text(DECK.replace("Still(Scene)", "Still(Slide)"))
    with pytest.raises(AstraiSlidesError, match=r"Still plays nothing.*derive it from Scene"):
        built("deck.py", "Still")


def test_scenes_that_fail_are_named_at_the_end_and_the_others_are_built() -> None:
    Path("deck.py").write_text(DECK.replace("self.add(Square())", "1 / 0").replace("wait(0.3)", "nothing()"))
    with pytest.raises(AstraiSlidesError) as failed:
        built("deck.py")
    lines = str(failed.value).splitlines()
    assert lines[0] == "3 of 4 were not built:"
    assert [re.sub(r"line \d+", "line N", line) for line in lines[1:]] == [
        "  deck.py: Results cannot be recorded: line N: AttributeError: 'Results' object has no attribute 'nothing'",
        "  deck.py: Inherits cannot be recorded: line N: AttributeError: 'Inherits' object has no attribute 'nothing'",
        "  deck.py: Still cannot be recorded: line N: ZeroDivisionError: division by zero",
    ]
    assert [path.name for path in Path("out").iterdir()] == ["Intro.html"]


@pytest.mark.parametrize(
    "first", ["from manimlib import *", "import manimlib.scene", "from manim_imports_ext import *", "import helper"]
)
def test_a_deck_of_the_other_manim_is_told_what_to_do(first: str) -> None:
    Path("helper.py").write_text("import manimlib\n")
    Path("gl.py").write_text(f"'manimlib'\n{first}\nclass Deck(object):\n    pass\n")
    with pytest.raises(AstraiSlidesError, match=r"gl\.py: line 2.*made for ManimGL.*port it to Manim Community"):
        plan(["gl.py"])


@pytest.mark.long
def test_half_a_character_is_replaced_in_every_format() -> None:
    text = DECK.replace('"# Goal\\nsay it"', '"# Half \\ud83d\\nan emoji \\ud83d pasted, and \\ud83d\\ude00 whole"')
    Path("deck.py").write_text(text)
    files, _ = built("deck.py", "Intro", to="html,pptx,pdf,notes,notes-pdf,present,mp4,gif,webp")
    assert len(files) == 9
    notes = Path("out/Intro.notes.md").read_text("utf-8")
    assert "Half \ufffd" in notes
    assert "an emoji \ufffd pasted, and \U0001f600 whole" in notes
    kept = [load(path.read_bytes()) for path in Path(".cache").rglob("*.astrai")]
    assert [recording.steps[1].title for recording in kept] == ["Half \ufffd"]


# -- what is written beside a file

SOUNDS = """
from manim import Scene

class Sounding(Scene):
    def construct(self):
        self.wait(0.5)
        self.next_section()
        self.wait(0.2)
        self.add_sound("click.wav", gain=-6)
        self.add_subcaption("a <click> & more", duration=0.5)
        self.wait(1)
"""


def click() -> None:
    """A tone of a tenth of a second, half as loud as can be."""
    with wave.open("click.wav", "wb") as file:
        file.setparams((1, 2, 44100, 0, "NONE", ""))
        tones = (int(16384 * math.sin(number / 10)) for number in range(4410))
        file.writeframes(b"".join(struct.pack("<h", each) for each in tones))


def test_a_sound_is_heard_in_mp4_when_it_was_added_and_told_of_elsewhere() -> None:
    click()
    Path("deck.py").write_text(SOUNDS)
    _, said = built("deck.py", to="mp4,pdf,html")
    assert sorted(line for line in said if "silent" in line) == [
        f"Sounding: Sounding.{each} is silent: the deck's sounds are heard in mp4 only" for each in ("html", "pdf")
    ]
    with av.open("out/Sounding.mp4") as film:
        frames = list(film.decode(audio=0))
        rate = frames[0].sample_rate
        sound = np.concatenate([each.to_ndarray()[0] for each in frames])
        begin = float(frames[0].pts * frames[0].time_base)
        assert abs(float(film.streams.video[0].duration * film.streams.video[0].time_base) - 1.7) < 0.01
    loud = np.flatnonzero(np.abs(sound) > 0.05) / rate + begin
    assert abs(loud[0] - 0.7) < 0.02
    assert abs(loud[-1] - 0.8) < 0.02
    assert 0.2 < np.abs(sound).max() < 0.3, "half as loud as can be, and 6 dB less"
    first = Path("out/Sounding.mp4").read_bytes()
    Path("out/Sounding.mp4").unlink()
    built("deck.py", to="mp4")
    assert Path("out/Sounding.mp4").read_bytes() == first, "same source, same bytes"
    assert "audio/wav" not in Path("out/Sounding.html").read_text("utf-8"), "nobody would hear it"


def test_captions_lie_beside_and_are_looked_after() -> None:
    click()
    Path("deck.py").write_text(SOUNDS)
    built("deck.py")
    beside = Path("out/Sounding.vtt")
    told = "WEBVTT\n\n00:00:00.700 --> 00:00:01.200\na &lt;click&gt; &amp; more\n"
    assert beside.read_text("utf-8") == told
    for harm in (beside.unlink, lambda: beside.write_text("edited")):
        harm()
        (file,), _ = built("deck.py")
        assert (file.new, beside.read_text("utf-8")) == (True, told)
    (file,), _ = built("deck.py")
    assert not file.new
    Path("deck.py").write_text(re.sub(r"self.add_subcaption.*", "pass", SOUNDS))
    built("deck.py")
    assert not beside.exists(), "captions of a deck that has none any more"
    beside.write_text("of somebody else")
    built("deck.py", to="html,pdf")
    assert beside.read_text() == "of somebody else"
