"""`astrai-slides rehearse` as a speaker starts it, in real Chromium, and what it leaves."""

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from presenting import NAMES, TALK, interrupted, shown, started, write_project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("rehearsed"))


@pytest.fixture
def talk(project: Path) -> Path:
    """The talk file as it was."""
    file = project / "presentations" / "talk.toml"
    file.write_text(TALK, "utf-8")
    return file


def kept(project: Path) -> Path:
    return project / "presentations" / "talk.rehearsals.json"


def rehearsed(browser: Browser, project: Path, *arguments: str) -> tuple[int, str, str]:
    """Rehearse the first two steps, back and forth, and end by Ctrl-C: exit code, and what was printed then."""
    process = started(project, "rehearse", *arguments)
    assert process.stdout is not None
    with shown(browser, process.stdout.readline().strip()) as deck:
        for key, step in (("PageDown", "title"), ("PageDown", "flow/static"), ("PageUp", "title")):
            with deck.page.expect_response("**/place"):
                deck.press(key)
            deck.rest(step)
        deck.press("PageDown")
        deck.rest("flow/static")
        rest, said = interrupted(process)
    return process.returncode, rest, said


def test_a_rehearsal_is_shown_kept_and_becomes_the_plan(chromium: Browser, project: Path, talk: Path) -> None:
    code, table, said = rehearsed(chromium, project, "--apply")
    assert code == 0, said
    (rehearsal,) = json.loads(kept(project).read_bytes())
    steps = {step["step"]: step for step in rehearsal["steps"]}
    assert list(steps) == NAMES
    assert [step["seconds"] > 0 for step in steps.values()] == [True, True, False]
    assert (steps["title"]["planned"], steps["title"]["estimated"]) == (7, False)
    assert steps["flow/static"]["estimated"]
    for name in NAMES:
        (row,) = [line for line in table.splitlines() if name in line]
        assert ("not seen" in row) == (name == "flow/continuous")
    assert re.search(r"in all\W+\d:\d\d\W+\d:\d\d\W+[+-]?\d:\d\d", table)
    times = {name: max(1, round(steps[name]["seconds"])) for name in NAMES[:2]}
    assert tomllib.loads(talk.read_text("utf-8"))["planned"] == times
    assert talk.read_text("utf-8").replace(f"title = {times['title']}  # be", "title = 7  # be").startswith(TALK)
    assert "[planned] says now: title" in said


@pytest.mark.long
def test_the_last_one_is_shown_and_applied_without_another(project: Path, talk: Path) -> None:
    step = {"step": "title", "seconds": 12.4, "planned": 7.0, "estimated": False}
    kept(project).write_text(json.dumps([{"date": "2026-11-26T10:00:00+01:00", "steps": [step]}]), "utf-8")
    process = started(project, "rehearse", "--last", "--apply")
    table, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert "2026-11-26 10:00" in table
    assert "+0:05" in table
    assert talk.read_text("utf-8") == TALK.replace("title = 7 ", "title = 12 ")
    kept(project).unlink()


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["deck.py", "Talk", "--apply"], 2, "--apply writes into a talk file, and Talk has none"),
        (["--last"], 1, "there is no rehearsal yet"),
        (["--host", "127.0.0.1"], 2, "--host is for --remote"),
        (["--remote", "--host", "my-computer"], 2, "'my-computer' is no machine's address"),
        (["--remote", "--host", "0.0.0.0"], 2, "'0.0.0.0' is no machine's address"),
    ],
)
def test_what_cannot_be_is_refused(project: Path, talk: Path, arguments: list[str], code: int, reason: str) -> None:
    kept(project).unlink(missing_ok=True)
    process = started(project, "rehearse", *arguments)
    _, said = process.communicate(timeout=120)
    assert (process.returncode, reason in said) == (code, True), said


@pytest.mark.long
def test_a_damaged_file_is_told_of_before_and_nothing_is_kept_of_nothing(project: Path, talk: Path) -> None:
    kept(project).write_text("{", "utf-8")
    process = started(project, "rehearse")
    _, said = process.communicate(timeout=120)
    assert (process.returncode, "move it away" in said) == (1, True), said
    kept(project).unlink()
    process = started(project, "rehearse")
    assert process.stdout is not None
    process.stdout.readline()
    _, said = interrupted(process)
    assert (process.returncode, "nothing was played" in said) == (1, True), said
    assert not kept(project).exists()
