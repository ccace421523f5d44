"""Every format: the same bytes at any time of day, and where there is no room, the old file as it was and no draft."""

import errno
import os
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
from astrai_slides.export.registry import FORMATS, Format
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")
@pytest.mark.parametrize("each", FORMATS.values(), ids=list(FORMATS))
def test_what_cannot_be_written_at_all_leaves_nothing(production: Production, tmp_path: Path, each: Format) -> None:
    target = tmp_path / each.file_name("talk", "Deck")
    with no_room(100), pytest.raises((OSError, AstraiSlidesError)):
        each.write(production, target, ignore)
    assert contents(tmp_path) == {}
