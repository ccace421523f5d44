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


def test_what_a_theme_puts_under_every_slide_stays_when_all_that_is_drawn_goes(tmp_path: Path) -> None:
    scene, talk = tmp_path / "small.py", tmp_path / "small.toml"
    lines = ['self.step("one")', "self.play(FadeIn(Dot()), run_time=0.2)", 'self.step("two")']
    lines += ["self.play(*map(FadeOut, self.drawn), run_time=0.2)"]
    head = HEAD.replace("import Dot", "import Dot, FadeIn, FadeOut")
    scene.write_text(head + "".join(f"        {line}\n" for line in lines))
    (tmp_path / "own.toml").write_text('footer = "Acme"\nslide_number = true\n')
    talk.write_text(f'scene = "{scene}:Small"\ntheme = "own.toml"\n')
    one, two = record_scene(scene, "Small", fps=10, attributes=deck_attributes(load_talk(talk))).steps
    assert [{run.text for run in step.texts} for step in (one, two)] == [{"Acme", "1"}, {"Acme", "2"}]
    assert len(one.end.ops) == len("Acme1") + 1
    assert len(two.end.ops) == len("Acme2")


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


STEPS = [
    'self.step("one")',
    "first = Dot()",
    "self.play(FadeIn(first), run_time=0.2)",
    'self.step("two/a")',
    "second = Square()",
    "self.play(FadeOut(first), FadeIn(second), run_time=0.2)",
    'self.step("two/b")',
    "self.wait(0.2)",
    'self.step("three")',
    "self.play(FadeOut(second), FadeIn(Circle()), run_time=0.2)",
]


def shown(folder: Path, *leave_out: str) -> Recording:
    scene = folder / "small.py"
    head = HEAD.replace("import Dot", "import Circle, Dot, FadeIn, FadeOut, Square")
    scene.write_text(head + "".join(f"        {line}\n" for line in STEPS))
    talk = folder / "small.toml"
    talk.write_text(f'scene = "{scene}:Small"\nleave_out = {list(leave_out)}\n')
    return record_scene(scene, "Small", fps=10, attributes=deck_attributes(load_talk(talk)))


def test_a_step_that_is_left_out_is_not_seen_and_what_follows_goes_on_from_it(tmp_path: Path) -> None:
    whole, shorter = shown(tmp_path), shown(tmp_path, "two")
    assert [step.name for step in whole.steps] == ["one", "two/a", "two/b", "three"]
    assert [step.name for step in shorter.steps] == ["one", "three"]
    assert shorter.steps[-1].end == whole.steps[-1].end
    most = [max(len(frame.ops) for frame in recording.steps[-1].frames) for recording in (whole, shorter)]
    assert most == [2, 1], "the square of the step that is left out is taken away unseen"
    assert [step.name for step in shown(tmp_path, "two/b").steps] == ["one", "two/a", "three"]


@pytest.mark.parametrize(
    ("leave_out", "told"),
    [
        (["thre"], "small.toml: leave_out: there is no step 'thre'; did you mean 'three'"),
        (["one", "two", "three"], "small.toml: leave_out: names every step; keep one at least"),
    ],
)
def test_names_of_steps_to_leave_out_are_checked(tmp_path: Path, leave_out: list[str], told: str) -> None:
    with pytest.raises(AstraiSlidesError, match=told):
        shown(tmp_path, *leave_out)


def test_a_deck_that_names_its_steps_is_checked_before_it_plays(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(globals(), "STEPS", ['raise ValueError("it was run")'])
    monkeypatch.setitem(globals(), "HEAD", HEAD.replace("    def", '    step_names = ("one", "two")\n\n    def'))
    with pytest.raises(AstraiSlidesError, match="there is no step 'tow'; did you mean 'two'"):
        shown(tmp_path, "tow")


def test_a_talk_in_four_to_three_has_a_frame_of_that_shape(tmp_path: Path) -> None:
    scene = tmp_path / "small.py"
    lines = (
        'self.step("one")',
        "box = self.layout.safe",
        "self.add(Dot(box.center).move_to((box.right, 0, 0)))",
        "self.wait(0.1)",
    )
    scene.write_text(HEAD + "".join(f"        {line}\n" for line in lines))
    talk = tmp_path / "small.toml"
    talk.write_text(f'scene = "{scene}:Small"\naspect = "4:3"\n')
    recording = record_scene(scene, "Small", fps=10, width=640, height=360, attributes=deck_attributes(load_talk(talk)))
    assert (recording.width, recording.height) == (480, 360)
    end = recording.steps[0].end
    assert abs(end.view.width * 3 - end.view.height * 4) < 4, "but for rounding to the grid"
    assert max(op.x for op in end.ops) < end.view.width / 2
