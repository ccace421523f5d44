"""Every format: the same bytes at any time of day, and where there is no room, the old file as it was and no draft."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from astrai_slides.base.cache import Store
from astrai_slides.base.progress import SilentProgress, ignore
from astrai_slides.base.resolution import Resolution
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings, Production
from astrai_slides.export.registry import FORMATS, HANDOUTS, Format
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.document import Document

pytestmark = pytest.mark.long

SETTINGS = BuildSettings(Resolution(160, 90, 5), workers=1)
DECK = """
from manim import Circle, Create, Text
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        self.add(Text("Words"))
        self.play(Create(Circle()), run_time=0.4)
        self.next_slide(notes="Say this.")
        self.wait(0.4)
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Production:
    """A recording whose clips are made already: what fails here is the writing."""
    folder = tmp_path_factory.mktemp("half")
    (folder / "deck.py").write_text(DECK, encoding="utf-8")
    recording = record_scene(folder / "deck.py", "Deck", fps=5, width=160, height=90, media=folder)
    document = Document("A talk", "A speaker")
    made = Production(recording, document, SETTINGS, SilentProgress(), store=Store(folder / "cache"))
    assert len(made.clips) == 2
    return made


@contextmanager
def no_room(size: int) -> Iterator[None]:
    """Let no file become larger than `size` bytes, whoever writes it: as on a disk that is full there is an OSError."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def not_synced(size: int) -> Iterator[None]:
    """Let a file turn out not to be on the disk only when all of it is written."""

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", full)
        yield


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")
@pytest.mark.parametrize("failing", [no_room, not_synced])
@pytest.mark.parametrize("each", FORMATS.values(), ids=list(FORMATS))
def test_what_cannot_be_written_leaves_the_old_file(
    production: Production, tmp_path: Path, each: Format, failing: Callable[[int], AbstractContextManager[None]]
) -> None:
    target = tmp_path / "out" / each.file_name("talk", "Deck")
    target.parent.mkdir(parents=True)
    each.write(production, target, ignore)
    whole = contents(tmp_path / "out")
    assert {str(tmp_path / "out" / name) for name in whole} == set(map(str, each.files(target)))
    target.write_bytes(b"old")  # so that the same content written again would be seen
    size = len(whole[target.relative_to(tmp_path / "out").as_posix()])
    with failing(size // 2), pytest.raises((OSError, AstraiSlidesError)):
        each.write(production, target, ignore)
    assert target.read_bytes() == b"old"
    assert set(contents(tmp_path / "out")) == set(whole), "no draft is left"
    each.write(production, target, ignore)
    assert contents(tmp_path / "out") == whole


@pytest.mark.parametrize("each", FORMATS.values(), ids=list(FORMATS))
def test_the_time_of_day_changes_nothing(
    production: Production, tmp_path: Path, each: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for now in (1_000_000_000, 2_000_000_000):
        monkeypatch.setattr(time, "time", lambda now=now: float(now))
        target = tmp_path / str(now) / each.file_name("talk", "Deck")
        target.parent.mkdir(parents=True)
        each.write(production, target, ignore)
        made.append(contents(tmp_path / str(now)))
    assert made[0] == made[1]


PARTS = """
from manim import *
from manim.mobject.text.tex_mobject import MathTexPart
from manim_slides import Slide

def formula(letters):
    whole = MathTexPart()
    whole.tex_string = letters
    for letter in letters:
        part = MathTexPart(fill_opacity=1)
        part.tex_string = letter
        whole.add(part.set_points(Dot(0.5).points).set_color(random_bright_color()))
    return whole.arrange(buff=-0.5)

class Deck(Slide):
    def construct(self):
        old, new = (VGroup(*(kind(color=BLUE) for kind in kinds)).arrange() for kinds in (
            (Circle, Square, Star, Line, Triangle), (Triangle, Star, Ellipse, Annulus, RegularPolygon)))
        self.play(TransformMatchingShapes(old, new, transform_mismatches=True), run_time=0.4)
        self.next_slide(notes="Say *this*.")
        self.play(TransformMatchingTex(formula("abcdef"), formula("fedxyz")), run_time=0.4)
        self.play(FadeIn(Text("Words").to_edge(DOWN)), run_time=0.4)
"""
AT_ANOTHER_TIME = """
import datetime, sys, time
from pathlib import Path

now = float(sys.argv[1])
to_local, to_utc = time.localtime, time.gmtime

class Then(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(now, tz)
    today = utcnow = now

time.time, time.time_ns = lambda: now, lambda: int(now * 1e9)
time.localtime = lambda seconds=None: to_local(now if seconds is None else seconds)
time.gmtime = lambda seconds=None: to_utc(now if seconds is None else seconds)
datetime.datetime = Then

from astrai_slides.base.progress import SilentProgress, ignore
from astrai_slides.base.resolution import Resolution
from astrai_slides.export.production import BuildSettings, Production
from astrai_slides.export.registry import FORMATS, HANDOUTS
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.document import Document

folder = Path(sys.argv[2])
recording = record_scene(Path("deck.py"), "Deck", fps=5, width=160, height=90, media=folder / "media")
for handout in (None, *HANDOUTS.values()):
    settings = BuildSettings(Resolution(160, 90, 5), workers=1, handout=handout)
    made = Production(recording, Document("A talk", "A speaker"), settings, SilentProgress())
    for name, each in FORMATS.items():
        if handout is None or name == "pdf":
            target = folder / "out" / str(handout) / each.file_name("talk", "Deck")
            target.parent.mkdir(parents=True, exist_ok=True)
            each.write(made, target, ignore)
"""


def test_another_process_at_another_time_writes_the_same(tmp_path: Path) -> None:
    """As text of Python is hashed otherwise in each, whatever goes through a set would tell them apart."""
    (tmp_path / "deck.py").write_text(PARTS, encoding="utf-8")
    made = []
    for seed, now, zone in (("1", "1000000000", "Asia/Tokyo"), ("2", "1600000000.5", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        environment.pop("SOURCE_DATE_EPOCH", None)
        command = [sys.executable, "-c", AT_ANOTHER_TIME, now, seed]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=300)
        made.append(contents(tmp_path / seed / "out"))
    assert len(made[0]) >= len(FORMATS) + len(HANDOUTS)
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")
@pytest.mark.parametrize("each", FORMATS.values(), ids=list(FORMATS))
def test_what_cannot_be_written_at_all_leaves_nothing(production: Production, tmp_path: Path, each: Format) -> None:
    target = tmp_path / each.file_name("talk", "Deck")
    with no_room(100), pytest.raises((OSError, AstraiSlidesError)):
        each.write(production, target, ignore)
    assert contents(tmp_path) == {}
