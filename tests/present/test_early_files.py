"""Files that a preview writes after an edit before the deck is built: what a build writes, or none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from driven_runs import SMALL, Driven

from astrai_slides.base.forks import FORKS
from astrai_slides.base.progress import SilentProgress
from astrai_slides.build.make import BuildRequest, make
from astrai_slides.build.rebuild import rebuild, write
from astrai_slides.export.registry import formats_named

pytestmark = [
    pytest.mark.skipif(not FORKS, reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.long,
]

DECK = """
from manim import BLUE, Circle, FadeIn, RIGHT, Square, Text, UP
from manim_slides import Slide

class Talk(Slide):
    def construct(self):
        self.box = Square(color=BLUE)
        self.first()
        self.second()
        self.third()

    def first(self):
        self.play(FadeIn(self.box), run_time=0.5)
        self.next_slide(notes="one")

    def second(self):
        self.play(self.box.animate.shift(RIGHT), run_time=0.5)
        self.play(FadeIn(Text("words").shift(UP)), run_time=0.5)
        self.next_slide(notes="two")

    def third(self):
        self.play(FadeIn(Circle().shift(UP)), run_time=0.5)
"""
FORMATS = ("html", "pdf", "png", "pptx", "present")


class Project:
    """A deck in a folder, which is built as a preview builds it, and from nothing."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder, monkeypatch
        self.deck = folder / "deck.py"
        self.deck.write_text(SMALL + DECK, "utf-8")
        self._use("warm")

    def _use(self, cache: str) -> None:
        self._monkeypatch.setenv("ASTRAI_SLIDES_CACHE", str(self.folder / cache))

    def build(self) -> list[str]:
        """Build the deck, and return what is said of files that are written then."""
        said: list[str] = []
        assert rebuild("deck.py", [], self.folder / "page").fault is None
        write("deck.py", [], FORMATS, said.append)
        return said

    def edit(self, *pairs: str) -> None:
        """Save the deck with the second of each two of `pairs` in place of the first."""
        text = self.deck.read_text("utf-8")
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text
            text = text.replace(old, new, 1)
        self.deck.write_text(text, "utf-8")

    def files(self, folder: str = "") -> dict[str, bytes]:
        """What is written in a folder."""
        top = self.folder / folder
        written = [*top.glob("Talk*"), *(top / "slides").rglob("*")]
        found = [path for each in written for path in (each, *each.rglob("*")) if path.is_file()]
        return {str(path.relative_to(top)): path.read_bytes() for path in found}

    def files_from_nothing(self) -> dict[str, bytes]:
        """What a build writes that knows of nothing."""
        self._use("cold")
        request = BuildRequest(["deck.py"], formats_named(FORMATS), out=self.folder / "cold-files", force=True)
        for _ in make(request, SilentProgress()):
            pass
        self._use("warm")
        return self.files("cold-files")


@pytest.fixture
def project(tmp_path: Path, driven: object, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(tmp_path, monkeypatch)


def test_they_are_what_a_build_writes_from_nothing(project: Project, driven: Callable[..., Driven]) -> None:
    said = project.build()
    runs = driven(to=FORMATS)
    runs.run("deck.py")
    assert not runs.has_written()
    for pair in (
        ("FadeIn(Circle().shift(UP))", "FadeIn(Circle().shift(2 * UP))"),
        # its end and those of others are as before
        ("shift(RIGHT), run_time=0.5", "shift(RIGHT), run_time=0.9"),
    ):
        project.edit(*pair)
        before = project.files()
        runs.run("deck.py")
        assert runs.has_written()
        assert len(project.files()) >= 12
        assert project.files() != before
        assert project.files() == project.files_from_nothing()
        assert project.build() == []
    assert len(said) == len(FORMATS)


@pytest.mark.parametrize(
    "pairs",
    [
        # what comes later ends otherwise as well
        ("self.box.animate.shift(RIGHT)", "self.box.animate.shift(2 * RIGHT)"),
        # what is said of another is not seen
        pytest.param(
            ("shift(RIGHT), run_time=0.5", "shift(RIGHT), run_time=0.9", 'notes="two"', 'notes="2"'),
            marks=pytest.mark.wide,
        ),
        pytest.param(("FadeIn(Circle().shift(UP))", "FadeIn(Circle()), subcaption='words'"), marks=pytest.mark.wide),
        pytest.param(
            ("        self.third()\n", "        self.third()\n        raise ValueError\n"), marks=pytest.mark.wide
        ),
    ],
)
def test_nothing_is_written_where_more_than_one_step_is_another_or_that_is_not_known(
    project: Project, driven: Callable[..., Driven], pairs: tuple[str, ...]
) -> None:
    project.build()
    runs = driven(to=FORMATS)
    runs.run("deck.py")
    before = project.files()
    project.edit(*pairs)
    runs.run("deck.py")
    assert not runs.has_written()
    assert runs.writer.pid == 0
    assert project.files() == before
