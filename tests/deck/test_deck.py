"""The base class of decks: steps with names, and clear words for what manim-slides would silently drop."""

from pathlib import Path

import pytest

from astrai_slides.deck.base import Deck
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.document import TALK_VARIABLE
from astrai_slides.talk.file import Talk, deck_attributes, load_talk

HEAD = """
from manim import Dot
from astrai_slides.deck.base import Deck


class Small(Deck):
    def construct(self):
"""


def recorded(folder: Path, project_root: Path, *lines: str) -> Recording:
    scene = folder / "small.py"
    scene.write_text(HEAD + "".join(f"        {line}\n" for line in lines))
    talk = folder / "small.toml"
    talk.write_text(f'scene = "{scene}:Small"\ntitle = "Small"\n')
    return record_scene(scene, "Small", fps=10, attributes=deck_attributes(load_talk(talk)))


def test_steps_carry_what_was_said(tmp_path, project_root) -> None:
    recording = recorded(
        tmp_path,
        project_root,
        'self.step("one", title="The first", notes="Say *this*.")',
        "self.add(Dot())",
        "self.wait(0.5)",
        'self.step("two", loop=True, finish_loop=True)',
        "self.wait(0.5)",
        'self.step("three", auto_next=True)',
        "self.wait(0.5)",
    )
    one, two, three = recording.steps
    assert (one.name, one.title, one.notes.strip(), one.loop, one.auto_next) == (
        "one",
        "The first",
        "Say *this*.",
        False,
        False,
    )
    assert (two.name, two.title, two.loop, two.finish_loop) == ("two", "two", True, True)
    assert three.auto_next
    # 0.5 s, and a tenth of a second in which it rests.
    assert [step.length for step in recording.steps] == [6, 6, 6]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ('self.step("a")', "self.wait(0.2)", 'self.step("a")', "self.wait(0.2)"),
            r"line \d+: two steps are called 'a'",
        ),
        (("self.wait(0.2)", 'self.step("a")', "self.wait(0.2)"), r"line \d+: something plays before the first step"),
        (('self.step("a")', 'self.step("b")', "self.wait(0.2)"), r"line \d+: step 'a' plays nothing; add an animation"),
        (('self.step("a")', "self.wait(0.2)", 'self.step("b")'), "step 'b' plays nothing; add an animation"),
    ],
)
def test_steps_that_would_be_lost_are_refused(tmp_path, project_root, lines, message) -> None:
    with pytest.raises(AstraiSlidesError, match=rf"^\S+\.py: \w+ cannot be recorded: {message}"):
        recorded(tmp_path, project_root, *lines)


def test_moves_are_cut_to_whole_frames(tmp_path, project_root) -> None:
    recording = recorded(
        tmp_path,
        project_root,
        'self.step("a")',
        "dot = Dot()",
        "self.play(dot.animate.shift((1, 0, 0)), run_time=self.whole_frames(0.49))",
        'self.step("b")',
        "self.play(dot.animate.shift((1, 0, 0)), run_time=self.whole_frames(0.01))",
    )
    assert [step.length for step in recording.steps] == [5, 2]


def test_a_deck_without_a_talk_file_is_called_after_its_class(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv(TALK_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    scene = tmp_path / "small.py"
    line = 'self.step("one", title=self.talk.title, notes=repr(self.talk.deck))\n        self.wait(0.2)'
    scene.write_text(f"{HEAD}        {line}\n".replace("class Small", "class VerySmall"))
    (step,) = record_scene(scene, "VerySmall", fps=10).steps
    assert (step.title, step.notes.strip()) == ("Very Small", "{}")


def test_a_loaded_talk_comes_before_every_file(tmp_path, project_root, monkeypatch) -> None:
    deck = tmp_path / "small.py"
    deck.write_text("class Small: ...\n")
    file = tmp_path / "small.toml"
    file.write_text(f'scene = "{deck}:Small"\ntitle = "Loaded"\n')
    talk = Talk.load(file)
    monkeypatch.setenv(TALK_VARIABLE, str(tmp_path / "gone.toml"))

    class Given(Deck):
        loaded_talk = talk

    assert object.__new__(Given).talk is talk
    with pytest.raises(AstraiSlidesError, match="gone"):
        _ = object.__new__(Deck).talk
