"""What a build makes of targets, and what it leaves behind when something fails."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress

from astrai_slides.base.progress import WHOLE, Advance, BarProgress, SilentProgress
from astrai_slides.base.resolution import RESOLUTIONS, Resolution
from astrai_slides.build import make as build
from astrai_slides.build.listing import entry
from astrai_slides.build.memory import Memory
from astrai_slides.build.plan import UnknownTargetError, Wish, plan
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export import registry
from astrai_slides.export.production import BuildSettings, Production
from astrai_slides.export.registry import FORMATS, Format, formats_named
from astrai_slides.recording.run import record

DECK = """
from manim import Circle, Create, Scene
from manim_slides import Slide

class FirstScene(Slide):
    def construct(self):
        self.play(Create(Circle()), run_time=0.2)
        self.next_slide(notes="# Second\\nsay it")
        self.wait(0.2)

class Other(Scene):
    def construct(self):
        self.wait(0.2)
"""
TALK = """
scene = "slides/deck.py:FirstScene"
title = "A talk"
"""
COARSE = BuildSettings(Resolution(160, 90, 5))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "slides").mkdir()
    (tmp_path / "slides" / "deck.py").write_text(DECK, encoding="utf-8")
    (tmp_path / "presentations").mkdir()
    for name in ("one", "two"):
        (tmp_path / "presentations" / f"{name}.toml").write_text(TALK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(targets: list[str]) -> list[str]:
    return [job.name for job in plan(targets)]


def test_qualities_are_those_of_manim() -> None:
    from manim.constants import QUALITIES

    theirs = {each["flag"]: each for each in QUALITIES.values() if each["flag"]}
    assert set(theirs) == set(RESOLUTIONS)
    for letter, ours in RESOLUTIONS.items():
        pixels = theirs[letter]["pixel_width"], theirs[letter]["pixel_height"], theirs[letter]["frame_rate"]
        assert (ours.width, ours.height, ours.fps) == pixels


@pytest.mark.long
def test_a_time_planned_for_a_step_that_is_not_there_is_refused_in_every_format(project: Path) -> None:
    talk = project / "presentations" / "one.toml"
    talk.write_text(f"{TALK}[planned]\ntitel = 30\n", encoding="utf-8")
    with pytest.raises(
        AstraiSlidesError, match=r"one\.toml: planned time for 'titel': there is no such step; .*\[planned\]"
    ):
        list(build.build(plan(["one"]), formats_named(["html"]), COARSE, None, SilentProgress()))
    assert not list(project.rglob("*.html"))


@pytest.mark.usefixtures("project")
def test_without_targets_every_talk_is_planned() -> None:
    assert names([]) == ["one", "two"]


@pytest.mark.usefixtures("project")
def test_talks_by_name_and_by_file_and_decks_with_scenes() -> None:
    targets = ["two", "slides/deck.py", "Other", "FirstScene", "presentations/one.toml"]
    jobs = plan(targets, wish=Wish(each=True))
    assert [(job.name, job.scene_names, job.folder) for job in jobs] == [
        ("two", "FirstScene", Path("presentations")),
        ("Other", "Other", Path()),
        ("FirstScene", "FirstScene", Path()),
        ("one", "FirstScene", Path("presentations")),
    ]
    assert jobs[0].document.title == "A talk"
    assert jobs[2].document.title == "First Scene"
    assert jobs[2].talk_file is None


@pytest.mark.usefixtures("project")
def test_a_deck_without_scenes_means_all_of_them() -> None:
    assert names(["slides/deck.py"]) == ["FirstScene", "Other"]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("three", r"no talk 'three' in presentations; it has: one, two"),
        ("absent.toml", r"no talk file absent\.toml"),
        ("absent.py", r"no deck absent\.py"),
    ],
)
def test_an_unknown_target_is_named_with_what_there_is(target: str, message: str) -> None:
    with pytest.raises(UnknownTargetError, match=message):
        plan([target])


@pytest.mark.usefixtures("project")
def test_the_same_target_twice_is_refused() -> None:
    with pytest.raises(AstraiSlidesError, match="would be built twice"):
        plan(["one", "presentations/one.toml"])


def test_two_talks_of_one_name_do_not_overwrite_each_other(project: Path) -> None:
    (project / "elsewhere").mkdir()
    (project / "elsewhere" / "one.toml").write_text(TALK.replace("slides/", "../slides/"), encoding="utf-8")
    jobs = plan(["one", "elsewhere/one.toml"])
    with pytest.raises(AstraiSlidesError, match="two talks of that name"):
        list(build.build(jobs, formats_named(["html"]), COARSE, project / "out", SilentProgress()))
    assert not (project / "out").exists()


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(AstraiSlidesError, match=r"unknown format 'docx'; known are: html, pptx, pdf"):
        formats_named(["html", "docx"])
    with pytest.raises(AstraiSlidesError, match="no format"):
        formats_named([])


@pytest.mark.usefixtures("project")
def test_a_scene_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(AstraiSlidesError, match=r"no scene 'Nope'; known here: FirstScene, Other"):
        list(build.build(plan(["slides/deck.py", "Nope"]), formats_named(["html"]), COARSE, None, SilentProgress()))


def writer(write: Callable[[Path], None]) -> Format:
    def run(production: Production, target: Path, advance: Advance) -> None:
        assert [step.notes for step in production.recording.steps] == ["", "# Second\nsay it"]
        write(target)

    return Format("txt", "read it", run)


def test_a_recording_goes_to_every_format_under_the_name_of_the_talk(project: Path) -> None:
    text = writer(lambda target: target.write_text("built", encoding="utf-8"))
    built = list(build.build(plan([]), [text], COARSE, None, SilentProgress()))
    assert [each.path.as_posix() for each in built] == ["presentations/one.txt", "presentations/two.txt"]
    assert [each.size for each in built] == [5, 5]


def test_a_failure_stops_the_build_and_keeps_what_was_whole(project: Path) -> None:
    def write(target: Path) -> None:
        if target.stem == "two":
            raise PermissionError(13, "Permission denied")
        target.write_text("built", encoding="utf-8")

    building = build.build(plan([]), [writer(write)], COARSE, None, SilentProgress())
    assert next(building).path.read_text(encoding="utf-8") == "built"
    with pytest.raises(AstraiSlidesError, match=r"presentations/two\.txt: cannot be written: Permission denied"):
        next(building)
    assert sorted(path.name for path in (project / "presentations").iterdir()) == ["one.toml", "one.txt", "two.toml"]


def test_a_file_that_writing_needs_is_named_where_it_is_gone(project: Path) -> None:
    def write(target: Path) -> None:
        (project / "cache" / "clip.mp4").read_bytes()

    said = r"one\.txt: cannot be written: .*cache/clip\.mp4: No such file or directory; see that it is there"
    with pytest.raises(AstraiSlidesError, match=said):
        list(build.build(plan(["one"]), [writer(write)], COARSE, None, SilentProgress()))


class Watched(BarProgress):
    """Notes how much of the whole was done whenever a stage begins."""

    def __init__(self, bars: Progress) -> None:
        super().__init__(bars)
        self._seen = bars
        self.told: list[float] = []

    def look(self) -> None:
        self.told.append(self._seen.tasks[0].percentage)

    def stage(self, name: str, total: float | None = None) -> AbstractContextManager[Advance]:
        self.look()
        return super().stage(name, total)


def test_one_bar_shows_the_whole_build_from_its_begin_to_its_end(project: Path) -> None:
    formats = formats_named(["html", "pptx", "gif"])
    for run in ("all", "all but one", "nothing"):
        with Progress(console=Console(file=io.StringIO(), height=50)) as bars:
            progress = Watched(bars)
            for built in build.build(plan([]), formats, COARSE, None, progress):
                assert built.path.is_file()
                progress.look()
            told = progress.told
            assert bars.tasks[0].description == WHOLE
            assert [task.finished for task in bars.tasks] == [True] * len(bars.tasks)
        assert told == sorted(told)
        assert told[-1] == pytest.approx(100)
        stages = [task.description for task in bars.tasks[1:]]
        if run == "all":
            assert told[0] == 0
            assert len(set(told)) > 8
            assert {"one: recording", "one: drawing and encoding", "two: writing gif"} <= set(stages)
            (project / "presentations" / "two.gif").unlink()
        else:
            assert stages == ["two: writing gif"] * (run == "all but one")


@pytest.mark.parametrize(("format_", "workers"), [("mp4", 1), ("html", 0)])
def test_workers_load_while_the_scene_is_recorded(project: Path, format_: str, workers: int) -> None:
    """Only where there will be something to draw."""
    deck = DECK.replace(
        "        self.play",
        "        import multiprocessing, pathlib\n"
        "        pathlib.Path('workers.txt').write_text(str(len(multiprocessing.active_children())))\n"
        "        self.play",
        1,
    )
    (project / "slides" / "deck.py").write_text(deck, encoding="utf-8")
    settings = BuildSettings(COARSE.resolution, workers=1)
    list(build.build(plan(["one"]), formats_named([format_]), settings, None, SilentProgress()))
    assert (project / "workers.txt").read_text() == str(workers)


@pytest.mark.usefixtures("project")
def test_the_next_build_knows_how_long_this_one_took() -> None:
    (job,) = jobs = plan(["one"])
    list(build.build(jobs, formats_named(["html"]), COARSE, None, SilentProgress()))
    pace = Memory().pace(build._pace_key(job))
    assert pace.motion == pytest.approx(0.4)
    assert set(pace.stages) == {"recording", "writing html"}
    assert all(seconds > 0 for seconds in pace.stages.values())


@pytest.mark.usefixtures("project")
def test_entries_name_the_steps() -> None:
    named = entry(plan(["one"])[0])
    assert (named.title, named.scene) == ("A talk", "FirstScene")
    assert [(step.name, step.title) for step in named.steps] == [("1", "1"), ("2", "Second")]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("built", [False, True])
def test_entries_are_known_until_the_deck_changes(built: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    run = record.record_file

    def counted(scene_file: Path, name: str, order: record.Order, listener: Any) -> record.Recorded:
        runs.append(name)
        return run(scene_file, name, order, listener)

    monkeypatch.setattr(record, "record_file", counted)
    if built:
        list(build.build(plan(["one"]), formats_named(["html"]), BuildSettings(), None, SilentProgress()))
    else:
        entry(plan(["one"])[0])
    assert len(runs) == 1
    assert [step.title for step in entry(plan(["one"])[0]).steps] == ["1", "Second"]
    assert len(runs) == 1, "a step's name was asked of what is known"
    deck = plan(["one"])[0].scenes[0].file
    deck.write_text(deck.read_text("utf-8").replace("Second", "Other"), encoding="utf-8")
    assert [step.title for step in entry(plan(["one"])[0]).steps] == ["1", "Other"]
    assert len(runs) == 2


def test_default_formats_exist() -> None:
    assert set(registry.DEFAULT_FORMATS) <= set(FORMATS)
