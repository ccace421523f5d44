"""How far work is, on a terminal and in a log."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from astrai_slides.base.progress import WHOLE, BarProgress, LineProgress, SilentProgress, showing


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(terminal: Terminal) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal()


def test_a_terminal_shows_all_stages_in_one_view_with_the_time_left(terminal: Terminal) -> None:
    with showing(terminal) as progress:
        assert isinstance(progress, BarProgress)
        with progress.stage("recording") as recorded, progress.stage("encoding", 4) as encoded:
            recorded(1)
            encoded(2)
        progress.say("a [warning] of 3 things")
    text = shown(terminal)
    assert "a [warning] of 3 things" in text
    last = text.rstrip().splitlines()[-2:]
    assert [line.split()[0] for line in last] == ["recording", "encoding"]
    assert all("left" in line for line in last)


def test_stages_are_full_at_their_end_whatever_was_told(terminal: Terminal) -> None:
    from rich.progress import Progress

    with Progress(console=Console(file=terminal)) as bars:
        progress = BarProgress(bars)
        with progress.stage("unknown"):
            pass
        with progress.stage("missed", 10) as advance:
            advance(3)
        with progress.stage("more than thought", 10) as advance:
            advance(5, 20)
            assert bars.tasks[-1].percentage == 25
            advance(10)
            assert bars.tasks[-1].percentage == 50
        assert [(task.finished, task.percentage) for task in bars.tasks] == [(True, 100)] * 3


def test_a_stage_that_fails_is_not_shown_as_done(terminal: Terminal) -> None:
    from rich.progress import Progress

    def fail() -> None:
        raise ValueError("no")

    with Progress(console=Console(file=terminal)) as bars:
        stage = BarProgress(bars).stage("failing", 10)
        with pytest.raises(ValueError, match="no"), stage:
            fail()
        assert not bars.tasks[0].finished


def test_elsewhere_a_line_tells_of_each_stage_that_ended_well(tmp_path: Path) -> None:
    stream = io.StringIO()
    with showing(stream) as progress:
        assert isinstance(progress, LineProgress)
        with progress.stage("recording"):
            progress.say("careful")
        with pytest.raises(OSError, match="full"), progress.stage("writing"):
            raise OSError("full")
    first, second = stream.getvalue().splitlines()
    assert first == "careful"
    assert re.fullmatch(r"recording: \d+\.\d s", second)


def test_lines_of_threads_stay_whole() -> None:
    from concurrent.futures import ThreadPoolExecutor

    stream = io.StringIO()
    progress = LineProgress(stream)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: progress.say(f"line {number} " + "x" * 500), range(200)))
    lines = stream.getvalue().splitlines()
    assert len(lines) == 200
    assert {len(line.split(" ")[2]) for line in lines} == {500}


def test_silence_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    progress = SilentProgress()
    with progress.stage("quiet", 3) as advance:
        advance(1)
        progress.say("nothing")
    assert capfd.readouterr() == ("", "")


def test_one_bar_tells_how_far_all_is_that_was_expected(terminal: Terminal) -> None:
    from rich.progress import Progress

    with Progress(console=Console(file=terminal)) as bars:
        progress = BarProgress(bars)
        progress.expect({"recording": 10, "encoding": 30, "writing": 10})
        whole = bars.tasks[0]
        assert whole.description == WHOLE
        assert (whole.completed, whole.total) == (0, 50)
        with progress.stage("recording", 4) as recorded, progress.stage("encoding", 6) as encoded:
            recorded(2)
            assert whole.completed == 5
            encoded(2)
            assert whole.completed == 15
            # longer than was thought: what was shown is not taken back
            encoded(2, 12)
            assert whole.completed == 15
            encoded(6)
            assert whole.completed == 20
        with progress.stage("nobody expected this", 2) as advance:
            advance(1)
        assert whole.completed == 40
        assert not whole.finished
        progress.leave_out(["writing"])
        assert whole.finished


def test_one_stage_needs_no_bar_for_all(terminal: Terminal) -> None:
    from rich.progress import Progress

    with Progress(console=Console(file=terminal)) as bars:
        progress = BarProgress(bars)
        progress.expect({"recording": 10})
        with progress.stage("recording", 4) as advance:
            advance(2)
        assert [task.description for task in bars.tasks] == ["recording"]


def test_what_is_under_way_is_in_sight_however_much_is_done(terminal: Terminal) -> None:
    from rich.progress import Progress

    lines = 8
    with Progress(console=Console(file=terminal, height=lines)) as bars:
        progress = BarProgress(bars)
        names = [f"stage {number}" for number in range(3 * lines)]
        progress.expect(dict.fromkeys(names, 1.0))
        with progress.stage(names[0]):
            for name in names[1:]:
                with progress.stage(name):
                    shown = [task.description for task in bars.tasks]
                    assert len(shown) < lines
                    assert shown[:2] == [WHOLE, names[0]]
                    assert shown[-1] == name
        assert bars.tasks[0].finished
