"""`astrai-slides build`, as typed."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from astrai_slides.base import inputs
from astrai_slides.cli import main
from astrai_slides.export.registry import FORMATS
from astrai_slides.export.video import executor

pytestmark = pytest.mark.long

DECK = """
from manim import Circle, Create
from manim_slides import Slide

class Plain(Slide):
    def construct(self):
        self.play(Create(Circle()), run_time=0.2)
        self.next_slide()
        self.wait(0.2)
"""
ENDLESS = """
from pathlib import Path
from manim_slides import Slide

class Endless(Slide):
    def construct(self):
        Path("started").touch()
        while True:
            self.wait(0.1)
"""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "deck.py"
    path.write_text(DECK, encoding="utf-8")
    return path


@pytest.mark.usefixtures("deck")
def test_a_deck_that_knows_nothing_of_us_is_built_in_every_format() -> None:
    result = CliRunner().invoke(main, ["build", "deck.py", "Plain", "--quality", "l", "--out", "out"])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["out/Plain.html", "out/Plain.pptx", "out/Plain.pdf"]
    assert "open it in a browser" in lines[0]
    starts = {"html": b"<!doctype html", "pptx": b"PK\x03\x04", "pdf": b"%PDF-"}
    for suffix, start in starts.items():
        assert Path("out", f"Plain.{suffix}").read_bytes().lower().startswith(start.lower()), suffix
    assert sorted(path.name for path in Path("out").iterdir()) == ["Plain.html", "Plain.pdf", "Plain.pptx"]


@pytest.mark.usefixtures("deck")
@pytest.mark.long
def test_every_other_format_is_built_under_a_name_of_its_own() -> None:
    kinds = "notes,notes-pdf,present,mp4,gif,webp"
    result = CliRunner().invoke(main, ["-q", "build", "deck.py", "Plain", "--quality", "l", "--to", kinds])
    assert result.exit_code == 0, result.output
    names = ["Plain.notes.md", "Plain.notes.pdf", "slides/Plain.json", "Plain.mp4", "Plain.gif", "Plain.webp"]
    assert result.stdout.splitlines() == names
    assert all(Path(name).stat().st_size for name in names)
    assert len(list(Path("slides/files/Plain").glob("*.mp4"))) == 4


@pytest.mark.usefixtures("deck")
def test_a_handout_is_another_file_content_than_the_slides_and_not_mistaken_for_it() -> None:
    command = ["-q", "build", "deck.py", "Plain", "--quality", "l", "--to", "pdf"]
    written = []
    for options in ([], ["--handout", "notes"], []):
        result = CliRunner().invoke(main, [*command, *options])
        assert result.exit_code == 0, result.output
        written.append(Path("Plain.pdf").read_bytes())
    assert written[0] == written[1] == written[2] != Path("Plain.handout-notes.pdf").read_bytes()


def test_what_is_built_for_manim_slides_says_how_it_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    present = FORMATS["present"]
    assert present.how_to_open(Path("slides/Plain.json")) == "show it: manim-slides present Plain"
    assert present.how_to_open(Path("my out/slides/Plain.json")).endswith(": cd 'my out' && manim-slides present Plain")
    names = {
        present.file_name("talk", "Deck"),
        *(FORMATS["pdf"].file_name("talk", handout=h) for h in (None, 2, "notes")),
    }
    assert names == {"slides/Deck.json", "talk.pdf", "talk.handout-2.pdf", "talk.handout-notes.pdf"}


@pytest.mark.usefixtures("deck")
def test_a_second_build_says_that_nothing_changed_and_force_does_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # modules that other tests left imported were written since this process began, which is told of each build anew
    monkeypatch.setattr(inputs, "_BEGAN", math.inf)
    command = ["build", "deck.py", "Plain", "--quality", "l", "--to", "html"]
    results = [CliRunner().invoke(main, [*command, *more]) for more in ([], [], ["--force"])]
    assert [result.stdout.count("unchanged") for result in results] == [0, 1, 0]
    assert results[1].stderr == ""
    assert all(result.stderr for result in (results[0], results[2]))
    anew = CliRunner().invoke(main, [*command, "--no-reuse"])
    assert "unchanged" in anew.stdout, "what comes out the same is left alone"
    assert "recording: " in anew.stderr
    assert CliRunner().invoke(main, ["clean"]).stdout.endswith("MB removed\n")
    assert CliRunner().invoke(main, ["clean"]).stdout.endswith("nothing to remove\n")
    assert "unchanged" not in CliRunner().invoke(main, command).stdout


@pytest.mark.usefixtures("deck")
def test_quiet_prints_paths_only() -> None:
    result = CliRunner().invoke(main, ["-q", "build", "deck.py", "--to", "html", "--quality", "l"])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Plain.html\n", "")


@pytest.mark.usefixtures("deck")
def test_without_a_terminal_progress_is_plain_lines() -> None:
    result = CliRunner().invoke(main, ["build", "deck.py", "--to", "html", "--quality", "l"])
    stages = [line.rpartition(":")[0] for line in result.stderr.splitlines()]
    assert stages == ["Plain: recording", "Plain: writing html"]


@pytest.mark.usefixtures("deck")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "html,docx", "deck.py"], "'docx' is not known; known here: html, pptx, pdf"),
        (["--to", "htlm", "deck.py"], "'htlm' is not known; did you mean 'html'?"),
        (["--workers", "2", "--cluster", "tcp://x:1", "deck.py"], "contradict each other"),
        (["--to", "html", "--max-media-size", "3", "deck.py"], "is for PPTX"),
        (["--to", "html", "--handout", "4", "deck.py"], "is for PDF"),
        (["--to", "html,pdf", "--cluster", "tcp://x:1", "deck.py"], "names none of pptx, present, mp4"),
        (["--quality", "8k", "deck.py"], "'8k' is not one of"),
        (["--out", "deck.py", "deck.py"], "is a file"),
        (["absent"], "there is no talk 'absent'"),
        (["deck"], "there is no talk 'deck' in presentations; did you mean deck.py?"),
    ],
)
def test_wrong_usage_is_told_and_writes_nothing(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(main, ["build", *arguments])
    assert result.exit_code == 2
    assert message in result.stderr
    assert [path.name for path in Path().iterdir()] == ["deck.py"]


@pytest.mark.usefixtures("deck")
def test_a_deck_that_fails_is_named_with_its_line_and_writes_nothing(deck: Path) -> None:
    deck.write_text(DECK + "        raise ValueError('no such thing')\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["build", "deck.py", "Plain", "--to", "html"])
    assert result.exit_code == 1
    assert result.stderr == ("astrai-slides: deck.py: Plain cannot be recorded: line 10: ValueError: no such thing\n")
    assert [path.name for path in Path().iterdir() if path.name != "__pycache__"] == ["deck.py"]


FILMED = """
from manim import PMobject, Rotate
from manim_slides import Slide

class Filmed(Slide):
    def construct(self):
        points = PMobject().add_points([[0, 0, 0], [1, 1, 0]])
        self.play(Rotate(points, 1), run_time=0.5)
        self.next_slide()
        self.play(Rotate(points, 1), run_time=0.5)
"""


def test_warnings_are_told_by_kind_and_strict_fails_before_it_writes(deck: Path) -> None:
    deck.write_text(FILMED, encoding="utf-8")
    command = ["-q", "build", "deck.py", "--to", "html", "--quality", "l", "--json"]
    strict = CliRunner().invoke(main, [*command, "--strict"])
    assert strict.exit_code == 1
    assert strict.stderr.startswith(
        "astrai-slides: Filmed: not written, as --strict allows no warnings:\n  filmed: step"
    )
    assert not Path("Filmed.html").exists()
    loose = CliRunner().invoke(main, command)
    assert loose.exit_code == 0
    refused, told = json.loads(strict.stdout), json.loads(loose.stdout)
    size = Path("Filmed.html").stat().st_size
    assert told["files"] == [{"path": "Filmed.html", "format": "html", "size": size, "new": True}]
    assert [each["name"] for each in told["warnings"]["filmed"]] == ["Filmed"] * 2
    assert list(told["warnings"]) == ["filmed"]
    assert told["error"] is None
    assert refused["warnings"] == told["warnings"]
    assert refused["files"] == []
    assert refused["error"] in strict.stderr
    # where nothing changed, a build knows as much
    assert json.loads(CliRunner().invoke(main, command).stdout)["warnings"] == told["warnings"]
    again = CliRunner().invoke(main, [*command, "--strict"])
    assert (again.exit_code, json.loads(again.stdout)["warnings"]) == (1, told["warnings"])


@pytest.mark.usefixtures("deck")
@pytest.mark.long
def test_strict_fails_at_what_a_format_warns_of_and_keeps_what_is_there() -> None:
    Path("Plain.pptx").write_bytes(b"earlier")
    command = ["-q", "build", "deck.py", "Plain", "--to", "html,pptx", "--quality", "l", "--max-media-size", "0.001"]
    result = CliRunner().invoke(main, [*command, "--strict"])
    assert result.exit_code == 1
    assert "--strict allows no warnings:\n  size: the videos" in result.stderr
    assert Path("Plain.pptx").read_bytes() == b"earlier"
    assert CliRunner().invoke(main, command).exit_code == 0


@pytest.mark.usefixtures("deck")
def test_a_misspelt_scene_is_told_with_the_nearest_one_or_all() -> None:
    for name, remedy in (("Plane", "did you mean 'Plain'?"), ("Xyz", "known here: Plain")):
        result = CliRunner().invoke(main, ["build", "deck.py", name, "--to", "html"])
        assert result.exit_code == 1
        assert result.stderr.endswith(f"deck.py: there is no scene {name!r}; {remedy}\n")


def test_a_project_without_talks_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("build", "list"):
        result = CliRunner().invoke(main, [command])
        assert result.exit_code == 1
        assert result.stderr.startswith("astrai-slides: presentations: no talk file")
        assert "or name a deck, as in astrai-slides build my_deck.py" in result.stderr


@pytest.mark.long
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_build_that_is_stopped_leaves_nothing(deck: Path, number: signal.Signals, code: int) -> None:
    deck.write_text(ENDLESS, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "astrai_slides", "build", "deck.py", "--to", "html"],
        env=os.environ | {"TMPDIR": str(deck.parent / "scratch")},
        stderr=subprocess.PIPE,
        text=True,
    )
    (deck.parent / "scratch").mkdir()
    while not Path("started").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == code
    assert {path.name for path in Path().iterdir()} <= {"deck.py", "started", "scratch", "__pycache__"}
    assert list(Path("scratch").iterdir()) == []


LONG = """
from manim import PI, Rotating, Square
from manim_slides import Slide

class Long(Slide):
    def construct(self):
        self.play(Rotating(Square(), angle=PI), run_time=20)
"""


@pytest.mark.long
def test_ctrl_c_while_encoding_ends_every_process_and_leaves_no_file(deck: Path) -> None:
    deck.write_text(LONG, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "astrai_slides", "build", "deck.py", "Long", "--to", "pptx,mp4", "--quality", "m"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a group of its own, as a terminal gives each command
    )
    build = psutil.Process(process.pid)
    workers: list[psutil.Process] = []
    while not any(worker.name() == executor.NAME for worker in workers):
        assert process.poll() is None
        time.sleep(0.05)
        workers = build.children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert said.endswith("astrai-slides: interrupted; nothing was left half-written\n")
    assert psutil.wait_procs(workers, 30)[1] == []
    assert {path.name for path in Path().iterdir()} <= {"deck.py", ".cache", "__pycache__"}
    assert not list(Path(".cache").rglob(".*draft*"))
