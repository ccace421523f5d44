"""Files that are edited while a build runs: the next build shows them as they are then."""

from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from astrai_slides.base import inputs
from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.build import make as build
from astrai_slides.build.memory import Memory
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named
from astrai_slides.recording.run import load, record
from astrai_slides.talk import file

TALK = """
scene = "decks/deck.py:Talk"
title = "Title 1"
[html]
css = "style.css"
"""
DECK = """
from pathlib import Path
from astrai_slides.deck.base import Deck
from words import WORD

NOTE = "deck 1"

class Talk(Deck):
    def construct(self):
        self.step("one", title=self.talk.title)
        self.note = ", ".join((NOTE, WORD, Path("data.csv").read_text()))
        self.next_slide(notes=self.note)
        self.wait(0.2)
"""
FILES = {
    "talk.toml": TALK,
    "versions/1/deck.py": DECK,
    "versions/2/deck.py": DECK.replace("deck 1", "deck 2"),
    "versions/1/words.py": "WORD = 'word 1'\n",
    "versions/2/words.py": "WORD = 'word 1'\n",
    "data.csv": "data 1",
    "style.css": "body { --edition: 1 }",
}


def write(name: str, edition: int) -> None:
    """Write a file, or turn the link to a folder, in its first or second edition: of one size, within one second."""
    with mock.patch.object(inputs._busy, "yes", True, create=True):  # as another process does, which no hook sees
        if name == "decks":
            Path("turned").symlink_to(f"versions/{edition}")
            Path("turned").replace("decks")
        else:
            Path(name).write_text(FILES[name].replace("1", str(edition)), encoding="utf-8")


EDITED = ("talk.toml", "versions/1/deck.py", "versions/1/words.py", "data.csv", "style.css", "decks")
MOMENTS: dict[str, tuple[Any, str]] = {
    "the talk's loading": (file, "load_talk"),
    "planning": (build, "plan"),
    "looking for an earlier recording": (Memory, "known_recording"),
    "loading of the deck": (load, "_load"),
    "the recording": (record, "record_file"),
    "keeping of the recording": (Memory, "keep_recording"),
    "looking for an earlier file": (Memory, "written"),
    "writing": (build._Builder, "_write"),
    "keeping of the build": (Memory, "keep_build"),
}
CASES = list(product(MOMENTS, ("before", "after")))


@pytest.fixture
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    for name, text in FILES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    write("decks", 1)


def built(**options: bool) -> bytes:
    settings = BuildSettings(Resolution(160, 90, 5))
    request = build.BuildRequest(("talk.toml",), formats_named(["html"]), settings, Path("out"), **options)
    (made,) = build.make(request, SilentProgress())
    return made.path.read_bytes()


def at(monkeypatch: pytest.MonkeyPatch, moment: str, side: str, do: Callable[[], None]) -> list[Callable[[], None]]:
    """Have `do` done once, before or after the function that `moment` stands for; return what is left to do."""
    owner, name = MOMENTS[moment]
    whole = getattr(owner, name)
    left = [do]

    def called(*args: Any, **named: Any) -> Any:
        if side == "before" and left:
            left.pop()()
        try:
            return whole(*args, **named)
        finally:
            if side == "after" and left:
                left.pop()()

    monkeypatch.setattr(owner, name, called)
    return left


@pytest.mark.long
@pytest.mark.usefixtures("_project")
@pytest.mark.parametrize("name", EDITED)
@pytest.mark.parametrize("way", ["edited", "edited and put back"])
def test_the_next_build_shows_a_file_as_it_is_then(name: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = 1, 2
    built()
    write(name, second)
    wanted = {second: built(force=True)}
    write(name, first)
    wanted[first] = built(force=True)
    assert wanted[first] != wanted[second]
    now = first
    # of the talk all, of each other a third, all together
    place = EDITED.index(name)
    for moment, side in CASES[place % 3 :: 3] if place else CASES:
        with monkeypatch.context() as patch:
            if way == "edited and put back":
                now = 3 - now
                write(name, now)
            left = at(patch, moment, side, partial(write, name, 3 - now))
            built(force=way == "edited")
        for edit in left:  # there was nothing to be recorded
            edit()
        now = 3 - now
        assert built() == wanted[now], f"{way} {side} {moment}"
        assert built() == wanted[now], f"{way} {side} {moment}, once more"


@pytest.mark.usefixtures("_project")
def test_a_link_to_a_deck_that_is_turned_to_another_is_seen() -> None:
    for edition in (1, 2):
        text = f"from manim import Scene\nclass Plain(Scene):\n    next_section_name = 'edition {edition}'\n"
        text += f"    def construct(self):\n        self.wait({edition})\n"
        Path(f"versions/{edition}/plain.py").write_text(text, encoding="utf-8")
    settings = BuildSettings(Resolution(160, 90, 5))
    request = build.BuildRequest(("decks/plain.py", "Plain"), formats_named(["notes"]), settings, Path("out"))
    read = []
    for edition in (1, 2, 1, 1):
        if Path("decks").readlink() != Path(f"versions/{edition}"):
            write("decks", edition)
        (made,) = build.make(request, SilentProgress())
        read.append(made.path.read_bytes())
    first, second, third, fourth = read
    assert first == third == fourth != second
    assert not made.new
