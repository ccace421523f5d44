"""Which files a block reads, as an audit hook sees them, and whether they are what they were."""

import importlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from astrai_slides.base import inputs
from astrai_slides.base.inputs import (
    ABSENT,
    CHANGED,
    PRESENT,
    agree,
    digest,
    fresh_modules,
    merged,
    unchanged,
    watching,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data.csv").write_text("1,2\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "one.txt").write_text("one")
    monkeypatch.chdir(tmp_path)
    return tmp_path


READS: dict[str, Callable[[], object]] = {
    "open": lambda: Path("data.csv").read_text(),
    "os.open": lambda: os.close(os.open("data.csv", os.O_RDONLY)),
    "a thread": lambda: _in_thread(lambda: Path("data.csv").read_text()),
    "an announcement": lambda: sys.audit("open", "data.csv", "rb", 0),
    "a path from above": lambda: Path("sub/../data.csv").read_text(),
}


def _in_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize("way", READS)
def test_a_file_that_is_read_is_an_input_however_that_is_done(folder: Path, way: str) -> None:
    with watching() as read:
        READS[way]()
    assert read == {str(folder / "data.csv"): digest(folder / "data.csv")}
    assert unchanged(read)
    (folder / "data.csv").write_text("1,3\n")
    assert not unchanged(read)


def test_a_folder_is_the_names_in_it(folder: Path) -> None:
    with watching() as read:
        list(Path("sub").iterdir())
    assert unchanged(read)
    (folder / "sub" / "one.txt").write_text("another")
    assert unchanged(read)
    (folder / "sub" / ".hidden").touch()
    assert unchanged(read)
    (folder / "sub" / "two.txt").touch()
    assert not unchanged(read)


def test_what_was_looked_for_counts_by_whether_it_is_there(folder: Path) -> None:
    with watching() as read:
        assert not Path("absent").exists()
        assert Path("data.csv").exists()
    assert read == {str(folder / "absent"): ABSENT, str(folder / "data.csv"): PRESENT}
    (folder / "data.csv").write_text("changed, and still there")
    assert unchanged(read)
    (folder / "absent").touch()
    assert not unchanged(read)


def test_a_file_that_was_seen_and_then_read_counts_by_what_it_holds(folder: Path) -> None:
    with watching() as read:
        assert Path("data.csv").exists()
        Path("data.csv").read_text()
    assert read == {str(folder / "data.csv"): digest("data.csv")}


def test_what_a_block_wrote_itself_is_none_of_its_inputs(folder: Path) -> None:
    with watching([folder / "sub"]) as read:
        Path("made.txt").write_text("made")
        Path("made.txt").read_text()
        Path("sub/one.txt").read_text()
    assert read == {}


def test_a_change_while_the_block_runs_counts_as_one(folder: Path) -> None:
    with watching() as read:
        Path("data.csv").read_text()
        (folder / "data.csv").write_text("3,4\n")
        Path("data.csv").read_text()
    assert not unchanged(read)


def test_what_was_edited_meanwhile_and_put_back_is_not_taken_for_what_was_read(folder: Path) -> None:
    editor = "import pathlib; pathlib.Path('data.csv').write_text('3,4'); pathlib.Path('data.csv').write_text('1,2\\n')"
    with watching() as read:
        Path("data.csv").read_text()
        Path("sub/one.txt").read_text()
        subprocess.run([sys.executable, "-c", editor], check=True)
    assert read == {
        str(folder / "data.csv"): CHANGED,
        str(folder / "sub" / "one.txt"): digest("sub/one.txt"),
    }
    assert not unchanged(read)


@pytest.mark.parametrize("way", ["in its place", "by a rename"])
def test_what_the_block_writes_as_it_was_is_no_edit(folder: Path, way: str) -> None:
    with watching() as read:
        content = Path("data.csv").read_text()
        if way == "in its place":
            Path("data.csv").write_text(content)
        else:
            Path("sub/draft").write_text(content)
            Path("sub/draft").replace("data.csv")
    assert read == {str(folder / "data.csv"): digest("data.csv")}


def test_two_readings_of_two_things_count_as_an_edit() -> None:
    one = {"a": "1", "b": PRESENT, "c": ABSENT, "d": PRESENT, "e": "1"}
    other = {"a": "1", "b": "2", "c": "2", "d": ABSENT, "f": "3"}
    together = {"a": "1", "b": "2", "c": CHANGED, "d": CHANGED, "e": "1", "f": "3"}
    assert merged(one, other) == merged(other, one) == together
    assert agree(one, {"a": "1", "b": "2"})
    assert not agree(one, other)


@pytest.mark.skipif(not hasattr(os, "symlink") or sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("way", ["resolved", "a path from above"])
def test_a_link_that_was_followed_counts_by_what_it_names(folder: Path, way: str) -> None:
    for name in ("one", "two"):
        (folder / name / "below").mkdir(parents=True)
        (folder / name / "same.txt").write_text(name if way == "a path from above" else "same")
    Path("link").symlink_to("one/below" if way == "a path from above" else "one")
    with watching() as read:
        path = Path("link/../same.txt") if way == "a path from above" else Path("link/same.txt").resolve()
        path.read_text()
    assert unchanged(read)
    Path("link").unlink()
    Path("link").symlink_to("two/below" if way == "a path from above" else "two")
    assert not unchanged(read)


def test_nested_blocks_each_see_everything(folder: Path) -> None:
    with watching() as outer:
        with watching() as inner:
            Path("data.csv").read_text()
        Path("sub/one.txt").read_text()
    assert set(inner) == {str(folder / "data.csv")}
    assert set(outer) == {str(folder / "data.csv"), str(folder / "sub" / "one.txt")}
    Path("data.csv").read_text()
    assert len(outer) == 2, "a block that is over sees nothing more"


def test_what_is_installed_is_left_to_the_fingerprint(folder: Path) -> None:
    with watching() as read:
        Path(os.__file__).read_bytes()
        Path(inputs.__file__).read_bytes()
        Path(pytest.__file__).read_bytes()
    assert read == {}


LAYERED = """
import site, sys
site.addsitedir(sys.argv[1])
import brought, of_the_project
from astrai_slides.base.inputs import is_local, watching
with watching() as read:
    open(brought.__file__).close()
    open(of_the_project.__file__).close()
print(is_local(brought), is_local(of_the_project), *read)
"""


def test_packages_of_an_environment_that_is_layered_over_by_a_pth_file_are_installed(tmp_path: Path) -> None:
    below, above, project = tmp_path / "below" / "site-packages", tmp_path / "above", tmp_path / "project"
    for each in (below, above, project):
        each.mkdir(parents=True)
    (below / "brought.py").touch()
    (project / "of_the_project.py").touch()
    (above / "overlay.pth").write_text(f"import site; site.addsitedir({str(below)!r})\n{project}\n")
    command = [sys.executable, "-c", LAYERED, str(above)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert told.split() == ["False", "True", str(project / "of_the_project.py")]


def test_a_folder_of_modules_is_forgotten_with_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(folder)
    (folder / "sub" / "part.py").touch()
    with fresh_modules():
        importlib.import_module("sub.part")
    assert not {"sub", "sub.part"} & set(sys.modules)


def test_folders_of_modules_in_folders_of_modules_are_forgotten_whichever_goes_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(folder)
    names = ["outermost.b.c.d.e.f.g"[:length] for length in range(len("outermost"), 22, 2)]
    (folder / names[-1].replace(".", "/")).mkdir(parents=True)
    with fresh_modules() as forgotten:
        importlib.import_module(names[-1])
    assert sorted(forgotten) == names
    assert not set(names) & set(sys.modules)


def test_modules_beside_a_deck_are_imported_anew_and_those_given_are_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(folder)
    (folder / "words_beside.py").write_text("WORD = 'word'\n")
    with watching() as read, fresh_modules() as first:
        one = importlib.import_module("words_beside")
    assert first == {"words_beside": one}
    assert "words_beside" not in sys.modules
    assert read[str(folder / "words_beside.py")] == digest("words_beside.py")
    # the same size, in the same second
    (folder / "words_beside.py").write_text("WORD = 'mood'\n")
    with fresh_modules():
        assert importlib.import_module("words_beside").WORD == "mood"
    with fresh_modules(first):
        assert importlib.import_module("words_beside") is one
    assert "words_beside" not in sys.modules


def test_a_folder_that_is_ignored_may_be_listed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with inputs.watching([kept]) as read:
        assert list(kept.iterdir()) == []
    assert str(kept) not in read
