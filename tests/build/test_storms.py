"""The storms of `scripts/storm.py`: a few of each that no other test raises, and that faults would be found."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from astrai_slides.base.interrupts import SAID
from astrai_slides.cli.options import UNFORESEEN

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import storm
from forked_builds import Done
from storms import case, ends, project

BEFORE, RIGHT = {"Deck.html": b"first"}, {"Deck.html": b"second"}
CODES = {0: "built", 1: "told", -signal.SIGKILL: "killed"}
SHORT = ("kills", "ctrl-c", "early-ctrl-c", "worker-kills", "limits", "disks", "damaged-cache")
"""Damaged pages, mutated inputs, edits, decks and clusters are held by tests of their own, which the storms repeat."""
FORKED = ("forks", "forks-refused")
"""tests/base/test_forks.py holds what these repeat over builds."""


class Builds:
    """Stands for the next build, which is right unless told otherwise."""

    def __init__(self, code: int = 0, said: str = "", content: bytes = RIGHT["Deck.html"], *, sweeps: bool = True):
        self._code, self._said, self._content, self._sweeps = code, said, content, sweeps

    def run(self, *command: str, folder: Path, **options: Any) -> Done:
        (folder / "out" / "Deck.html").write_bytes(self._content)
        for path in (folder / "tmp").iterdir() if self._sweeps else ():
            path.rmdir()
        return Done(self._code, "", self._said)


@pytest.fixture
def made(tmp_path: Path) -> project.Project:
    """A project after a build that was disturbed."""
    made = project.Project.__new__(project.Project)
    made.folder, made.before, made.right, made.kind = tmp_path, BEFORE, RIGHT, project.ENCODED
    made.environment = dict.fromkeys(("ASTRAI_SLIDES_CACHE", "TMPDIR", project.MARK), str(tmp_path))
    made._forked = Builds()  # type: ignore[assignment]
    (tmp_path / "out").mkdir()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "out" / "Deck.html").write_bytes(b"first")
    return made


def ended(code: int = 0, said: str = "") -> project.Ended:
    return project.Ended(code, said, 0)


def test_what_is_as_it_should_be_is_held(made: project.Project) -> None:
    assert made.check(ended(), CODES) == "built"
    assert made.check(ended(1, "astrai-slides: deck.py: no"), CODES) == "told"
    (made.folder / "tmp" / "astrai-slides-build-12345678").mkdir()
    assert made.check(ended(-9), CODES, killed=True) == "killed"


def leave_folder(made: project.Project) -> None:
    (made.folder / "tmp" / "left").mkdir()


def leave_draft(made: project.Project) -> None:
    (made.folder / "out" / ".draft-1").touch()


def tear(made: project.Project) -> None:
    (made.folder / "out" / "Deck.html").write_bytes(b"fir")


def next_build(*arguments: Any, **named: Any) -> Callable[[project.Project], None]:
    def change(made: project.Project) -> None:
        made._forked = Builds(*arguments, **named)  # type: ignore[assignment]

    return change


@pytest.mark.parametrize(
    ("fault", "end", "said"),
    [
        (None, ended(1, "Traceback (most recent call last)"), "a traceback"),
        (None, ended(1, f"astrai-slides: {UNFORESEEN}: KeyError"), "nobody foresaw"),
        (None, ended(2, "astrai-slides: no"), "exit code 2"),
        (None, ended(1), "says ''"),
        (tear, ended(), "is torn"),
        (leave_folder, ended(), r"left behind: \['left'\]"),
        (leave_draft, ended(), r"left behind: \['.draft-1'\]"),
        (next_build(1, "no"), ended(), "the next build fails"),
        (next_build(0, "Traceback"), ended(), "the next build says"),
        (next_build(content=b"other"), ended(), "the next build differs"),
    ],
)
def test_faults_are_found(
    made: project.Project, fault: Callable[[project.Project], None] | None, end: project.Ended, said: str
) -> None:
    if fault:
        fault(made)
    with pytest.raises(case.NotHeldError, match=said):
        made.check(end, CODES)


def test_what_a_killed_build_leaves_must_be_swept_by_the_next(made: project.Project) -> None:
    leave_folder(made)
    made._forked = Builds(sweeps=False)  # type: ignore[assignment]
    with pytest.raises(case.NotHeldError, match="after the next build"):
        made.check(ended(-9), CODES, killed=True)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are known by their environment")
def test_a_process_that_stays_is_found_and_ended(made: project.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "end_seconds", lambda: 0.05)
    environment = {**os.environ, project.MARK: str(made.folder)}
    wait = "import sys; print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", wait], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as left:
        assert left.stdout is not None
        left.stdout.readline()
        with pytest.raises(case.NotHeldError, match="still running"):
            made.check(ended(), CODES)
        assert left.wait() == -signal.SIGKILL


def test_tracebacks_of_pythons_own_start_are_told_from_ours() -> None:
    start = 'File "<frozen site>", line 3, in main\nFile "/x/astrai_slides/__main__.py", line 3, in <module>\n'
    assert ends.in_pythons_start(start)
    assert not ends.in_pythons_start(f'{start}File "/x/astrai_slides/cli/main.py", line 1, in main\n')
    assert not ends.in_pythons_start(SAID)


def test_a_case_is_repeated_by_its_seed_and_one_that_hangs_or_fails_is_told(tmp_path: Path) -> None:
    def draws(choose: Any) -> str:
        return str(choose.random())

    def hangs(choose: Any) -> str:
        signal.pause()
        return "never"

    def fails(choose: Any) -> str:
        assert choose == {}, "of this"
        return "never"

    patient, impatient = (
        case.Storm("", "", 1, lambda folder, stack: None, limit)  # type: ignore[arg-type, return-value]
        for limit in (60, 0.05)
    )
    tally = storm.Tally()
    assert storm.try_one(patient, draws, 3, tally) == storm.try_one(patient, draws, 3, tally)
    assert "hangs" in storm.try_one(impatient, hangs, 4, tally)
    assert "of this" in storm.try_one(patient, fails, 5, tally)
    assert (tally.tried, [seed for seed, _ in tally.failures]) == (4, [4, 5])


def test_cases_that_come_too_late_do_not_count_and_bars_are_kept_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = iter([case.DONE, "held", case.DONE, "held", "held"])

    def cases(folder: Path, stack: Any) -> Any:
        return nullcontext(lambda choose: next(outcomes))

    monkeypatch.setattr(storm, "STORMS", {"one": case.Storm("one", "", 3, cases)})
    assert storm.run(["one"], 0, 0, None, tmp_path)["one"].cases == 0
    tally = storm.run(["one"], 0, 0, None, tmp_path, bars=True)["one"]
    assert (tally.tried, tally.counted) == (5, 3)


def test_a_storm_that_cannot_begin_is_told_and_the_others_are_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(folder: Path, stack: Any) -> Any:
        raise case.NotHeldError("the first build takes too long")

    storms = {
        "one": case.Storm("one", "", 3, none),
        "two": case.Storm("two", "", 3, lambda folder, stack: nullcontext(lambda choose: "held")),
    }
    monkeypatch.setattr(storm, "STORMS", storms)
    tallies = storm.run(["one", "two"], 7, 60, 2, tmp_path)
    assert tallies["one"].failures == [(7, "cannot begin: the first build takes too long")]
    assert (tallies["two"].tried, tallies["two"].failures) == (2, [])


@pytest.mark.skipif(sys.platform != "linux", reason="mounts disks in a namespace, and forks")
@pytest.mark.parametrize(
    "names", [pytest.param(SHORT, marks=pytest.mark.long), pytest.param(FORKED, marks=pytest.mark.wide)]
)
def test_a_case_of_each_storm_that_no_other_test_raises(names: Sequence[str], project_root: Path) -> None:
    only = [word for name in names for word in ("--only", name)]
    command = [sys.executable, str(project_root / "scripts" / "storm.py"), "--cases", "1", "--seed", "5"]
    environment = {**os.environ, "PYTHONPATH": str(project_root)}
    done = subprocess.run([*command, *only], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("| 1 | 1 |") == len(names)
