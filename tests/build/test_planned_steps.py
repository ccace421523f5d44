"""Times planned for steps that a deck has not are refused before it is recorded, where its steps are known by then."""

from pathlib import Path
from typing import Any

import pytest

from astrai_slides.base.progress import SilentProgress
from astrai_slides.base.resolution import Resolution
from astrai_slides.build import make as build
from astrai_slides.build.plan import plan
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.production import BuildSettings
from astrai_slides.export.registry import formats_named
from astrai_slides.recording.run import record

PLAIN = """
from manim import Scene
from manim_slides import Slide

class Plain(Slide):
    def construct(self):
        self.wait(0.2)
        self.next_slide()
        self.wait(0.2)

class Other(Scene):
    def construct(self):
        self.wait(0.2)
"""
NAMED = """
from astrai_slides.deck.base import Deck

class Named(Deck):
    def construct(self):
        self.step("title")
        self.wait(0.2)
        self.part("flow/first")

    def part(self, name):
        self.step(name)
        self.wait(0.2)
"""
OPEN = NAMED.replace("self.part", "self.step").replace("self.step(name)", "")
SAID = (
    r"talk\.toml: planned time for '{}': there is no such step; mend \[planned\] in the talk file\. The deck has: {}\Z"
)


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In a new folder with its own cache; the scenes that are recorded from now on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(tmp_path / "cache"))
    scenes: list[str] = []
    original = record.record_file

    def counted(file: Path, scene: str, *more: Any) -> Any:
        scenes.append(scene)
        return original(file, scene, *more)

    monkeypatch.setattr(record, "record_file", counted)
    return scenes


def built(deck: str, scenes: list[str], planned: str, title: str = "A talk") -> None:
    Path("deck.py").write_text(deck, encoding="utf-8")
    named = [f"deck.py:{each}" for each in scenes]
    text = f"scene = {named}\ntitle = '{title}'\n[planned]\n{planned} = 30\n"
    Path("talk.toml").write_text(text, encoding="utf-8")
    coarse = BuildSettings(Resolution(160, 90, 5))
    list(build.build(plan(["talk.toml"]), formats_named(["notes"]), coarse, None, SilentProgress()))


@pytest.mark.parametrize(
    ("deck", "scenes", "planned", "has"),
    [
        (PLAIN, ["Plain"], "titel", r"1, 2, \.\.\."),
        (OPEN, ["Named"], "titel", "title, flow/first"),
        (
            PLAIN,
            ["Plain", "Other"],
            "Oter",
            r"Plain/1, Plain/2, Plain/\.\.\., Other/1, Other/2, Other/\.\.\.",
        ),
    ],
)
def test_what_the_source_tells_is_refused_at_once(
    deck: str, scenes: list[str], planned: str, has: str, recorded: list[str]
) -> None:
    with pytest.raises(AstraiSlidesError, match=SAID.format(planned, has)):
        built(deck, scenes, planned)
    assert recorded == []
    assert not Path("talk.notes.md").exists()


@pytest.mark.long
@pytest.mark.parametrize(
    ("deck", "scenes", "right", "wrong", "has"),
    [
        (NAMED, ["Named"], "flow", "flaw", "title, flow/first"),
        (PLAIN, ["Plain"], "2", "3", "1, 2"),
        (PLAIN, ["Plain", "Other"], "Other", "'Plain/3'", "Plain/1, Plain/2, Other/1"),
    ],
)
def test_what_an_earlier_recording_tells_is_refused_at_once_and_else_after(
    deck: str, scenes: list[str], right: str, wrong: str, has: str, recorded: list[str]
) -> None:
    said = SAID.format(wrong.strip("'"), has)
    with pytest.raises(AstraiSlidesError, match=said):
        built(deck, scenes, wrong)
    built(deck, scenes, right)
    assert Path("talk.notes.md").exists()
    for code, title, times in ((deck, "A talk", 0), (deck, "Other", 1), (f"{deck}\n", "Other", 1)):
        recorded.clear()
        with pytest.raises(AstraiSlidesError, match=said):
            built(code, scenes, wrong, title)
        assert recorded == scenes * times, "what else the talk or the deck says may decide which steps there are"
