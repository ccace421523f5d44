"""What Windows lacks or does otherwise, as far as that can be tried elsewhere; docs/platforms.md has the rest."""

import ast
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from as_windows import POSIX_MODULES, POSIX_NAMES

import astrai_slides
from astrai_slides.base import atomic, interrupts, names
from astrai_slides.build import make
from astrai_slides.build.plan import Wish
from astrai_slides.cli import editor
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.video import executor

PACKAGE = Path(astrai_slides.__file__).parent
HARNESS = Path(__file__).with_name("as_windows.py")

ONLY_WITH_FORKS = {
    "base/branches.py": ("_wait_for",),
    "base/forks.py": ("_forked", "_settle", "look", "parted"),
    "build/quick.py": ("_fork_snapshot", "_lead", "_wait"),
    "present/builder.py": ("_child_that", "_reap"),
    "present/file_writer.py": ("_begin",),
    "present/quick_runs.py": ("_from_begin", "_go_on", "receive"),
}
"""Functions that are called only where there are `FORKS`: without, nothing is forked in the commands tried below."""

BINARY = r"""['"][rwax+]*b[rwax+]*['"]|\b(av|Image|webbrowser)\.open"""
"""An `open` of bytes, or of something else than a text."""

DECK = """
from manim import RIGHT, Create, Square
from manim_slides import Slide


class 演示(Slide):
    def construct(self):
        square = Square()
        self.play(Create(square), run_time=0.2)
        self.next_slide(notes="# CON\\n→ × 演示")
        self.play(square.animate.shift(RIGHT), run_time=0.2)
        self.next_slide(notes="# a:b\\nA drive")
        self.play(square.animate.shift(RIGHT), run_time=0.2)
"""


def as_windows(folder: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    environment = {
        **os.environ,
        "PYTHONPATH": str(PACKAGE.parent),
        "ASTRAI_SLIDES_CACHE": str(folder / "cache"),
        # what a western Windows gives to a program whose output goes into a file
        "PYTHONIOENCODING": "cp1252",
        "PYTHONUTF8": "0",
        # an `open` that leaves the encoding to the system is told
        "PYTHONWARNDEFAULTENCODING": "1",
        "PYTHONWARNINGS": "always::EncodingWarning",
    }
    return subprocess.run([sys.executable, HARNESS, *words], cwd=folder, env=environment, capture_output=True)


@pytest.mark.long
def test_every_format_is_built_without_what_only_posix_has(tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    formats = "html,pptx,pdf,notes,notes-pdf,present,mp4,gif,webp"
    done = as_windows(tmp_path, "build", "deck.py", "--quality", "l", "--to", formats, "--out", "out")
    said = done.stderr.decode("cp1252", "replace")
    assert done.returncode == 0, said
    assert "OPEN " not in said
    ours = [line for line in said.splitlines() if "EncodingWarning" in line and str(PACKAGE) in line]
    assert ours == []
    made = [path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*")]
    assert len(made) > 9
    bad = [path for path in made if any(names.refused_by_windows(part) for part in path.parts)]
    assert bad == []
    with zipfile.ZipFile(tmp_path / "out" / "演示.pptx") as archive:
        inside = [part for name in archive.namelist() for part in name.split("/")]
    assert [name for name in inside if names.refused_by_windows(name)] == []
    # no line ends in a carriage return, whatever the system writes by itself
    assert b"\r" not in (tmp_path / "out" / "演示.notes.md").read_bytes()
    # a second build finds it all as it was, the cache too
    again = as_windows(tmp_path, "build", "deck.py", "--quality", "l", "--to", formats, "--out", "out")
    assert again.returncode == 0, again.stderr.decode("cp1252", "replace")


@pytest.mark.long
def test_other_commands_do_without_what_only_posix_has(tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    checked = as_windows(tmp_path, "check", "deck.py")
    said = checked.stderr.decode("cp1252", "replace")
    assert checked.returncode in (0, 1), said
    assert "Traceback" not in said
    made = as_windows(tmp_path, "new", "My talk", "--from", "steps")
    said = made.stderr.decode("cp1252", "replace")
    assert made.returncode == 0, said
    assert "OPEN " not in said
    assert [path.name for path in tmp_path.rglob("my_talk.py")] == ["my_talk.py"]


@pytest.mark.long
def test_a_console_that_cannot_show_a_name_shows_question_marks(tmp_path: Path) -> None:
    (tmp_path / "deck.py").write_text(DECK, "utf-8")
    done = as_windows(tmp_path, "list", "deck.py")
    assert done.returncode == 0, done.stderr.decode("cp1252", "replace")
    assert done.stdout.startswith(b"??: ??  (deck.py:??)")


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def lacking(tree: ast.AST) -> Iterator[ast.AST]:
    """Names that Windows does not have, and for which nobody asks before."""
    names = {f"{each.__name__}.{name}" for each, some in POSIX_NAMES.items() for name in some}
    last = {name.rpartition(".")[2] for name in names}
    excused = set(_excused(tree))
    for node in ast.walk(tree):
        # a name is put together only where it may be one of them
        if isinstance(node, ast.Attribute) and node.attr in last and ast.unparse(node) in names and node not in excused:
            yield node


def _excused(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that are reached only where the name was found, or in a try that goes on without the module."""
    looked_up = {
        node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_getattr(node.value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp) and _asks(node.test, looked_up):
            yield from ast.walk(node)
        for body in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            for place, each in enumerate(body if isinstance(body, list) else ()):
                if isinstance(each, ast.If) and _asks(each.test, looked_up) and isinstance(each.body[-1], ast.Return):
                    for after in body[place + 1 :]:
                        yield from ast.walk(after)
        if isinstance(node, ast.Try) and any(
            "ImportError" in ast.unparse(each.type) for each in node.handlers if each.type
        ):
            yield from ast.walk(node)


def _is_getattr(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr" and len(node.args) == 3


def _asks(test: ast.expr, looked_up: set[str]) -> bool:
    words = ast.unparse(test)
    return "hasattr" in words or words in {"FORKS", "not FORKS", *looked_up}


def functions_around(tree: ast.AST, wanted: ast.AST) -> set[str]:
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and wanted in set(ast.walk(node))}


def test_what_only_posix_has_is_asked_for_with_a_way_out() -> None:
    assert [fault for module in modules() for fault in _only_posix(module)] == []


def _only_posix(module: Path) -> Iterator[str]:
    tree = ast.parse(module.read_text("utf-8"))
    allowed = set(ONLY_WITH_FORKS.get(module.relative_to(PACKAGE).as_posix(), ()))
    needed: set[str] = set()
    for node in lacking(tree):
        around = functions_around(tree, node) & allowed
        needed |= around
        where = f"{module.name}:{node.lineno}"  # type: ignore[attr-defined]
        if not around:
            yield f"{where}: {ast.unparse(node)} is not on Windows; ask with hasattr"
    if needed != allowed:
        yield f"{module.name}: nothing of {allowed - needed} needs forks"
    excused = set(_excused(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in excused:
            asked = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            if set(asked) & set(POSIX_MODULES):
                yield f"{module.name}:{node.lineno}: import within try, as Windows has no {asked}"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("os.fork()", 1),
        ("if hasattr(os, 'fork'):\n    os.fork()", 0),
        ("def run():\n    if not hasattr(os, 'waitid'):\n        return\n    os.waitid(os.P_PID)", 0),
        ("def run():\n    if not hasattr(os, 'waitid'):\n        print()\n    os.waitid(os.P_PID)", 2),
        ("mask = getattr(signal, 'pthread_sigmask', None)\nmask(signal.SIG_BLOCK) if mask else 5", 0),
        ("mask = getattr(signal, 'pthread_sigmask')\nmask(signal.SIG_BLOCK) if mask else 5", 1),
        ("if FORKS:\n    os.set_blocking(0, False)", 0),
        ("socket.socketpair(socket.AF_UNIX)", 1),
        ("select.poll().register(0, select.POLLIN)", 2),
    ],
)
def test_names_without_a_way_out_are_found(source: str, count: int) -> None:
    assert len(list(lacking(ast.parse(source)))) == count


def test_texts_are_read_and_written_as_utf8_and_dates_without_posix_flags() -> None:
    calls = ((module, node) for module in modules() for node in ast.walk(ast.parse(module.read_text("utf-8"))))
    tried = 0
    for module, node in calls:
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in ("read_text", "write_text", "open", "strftime"):
            continue
        tried += 1
        words = ast.unparse(node)
        where = f"{module.name}:{node.lineno}: {words}"
        # others than a path have these too: they take the name of a part, or belong to click's formatter
        if (name == "read_text" and not node.args) or (name == "write_text" and not words.startswith("formatter.")):
            assert re.search(r"utf-?8", words), where
        if name == "open" and not re.search(
            r"['\"][rwax+]*b[rwax+]*['\"]|\b(os|av|Image|zipfile|webbrowser)\.open", words
        ):
            assert re.search(r"utf-?8", words) or not node.args + node.keywords, where
        if name == "strftime":
            assert "%-" not in words, f"{where}: Windows has no %-d"
    assert tried > 50


@pytest.mark.parametrize(
    "name", ["CON", "con.html", "Aux", "nul.pdf", "COM1", "lpt9.toml", "a:b", "a?", "end.", "end ", ""]
)
def test_names_that_windows_refuses_are_known(name: str) -> None:
    assert names.refused_by_windows(name)


@pytest.mark.parametrize("name", ["Console", "continuous-batching", "Intro.html", "演示", "com10", "a b", ".draft"])
def test_other_names_are_not(name: str) -> None:
    assert not names.refused_by_windows(name)


@pytest.fixture
def two_scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    deck = tmp_path / "deck.py"
    scenes = "\n".join(f"class {name}(Slide):\n    def construct(self): pass" for name in ("Intro", "INTRO", "Aux"))
    deck.write_text(f"from manim_slides import Slide\n{scenes}\n", "utf-8")
    return deck


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_scenes_whose_files_would_be_one_are_refused(
    two_scenes: Path, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = Wish(each=True)
    assert len(make.plan([str(two_scenes), "Intro", "INTRO"], wish=each)) == 2
    monkeypatch.setattr(names.sys, "platform", platform)
    with pytest.raises(AstraiSlidesError, match="INTRO would be built twice"):
        make.plan([str(two_scenes), "Intro", "INTRO"], wish=each)


def test_a_scene_named_as_a_device_is_refused_on_windows_only(
    two_scenes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(make.plan([str(two_scenes), "Aux"])) == 1
    monkeypatch.setattr(names.sys, "platform", "win32")
    with pytest.raises(AstraiSlidesError, match="no files called 'Aux'; rename"):
        make.plan([str(two_scenes), "Aux"])


def test_paths_of_either_flavour_are_compared_by_case_only_where_the_system_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(names.sys, "platform", "win32")
    assert names.place(PureWindowsPath(r"C:\Talks\Intro")) == names.place(PureWindowsPath(r"c:\talks/INTRO"))
    monkeypatch.setattr(names.sys, "platform", "linux")
    assert names.place(PurePosixPath("/talks/Intro")) != names.place(PurePosixPath("/talks/INTRO"))


def test_a_file_that_is_shown_and_cannot_be_replaced_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "talk.pptx"
    target.write_bytes(b"old")

    def refuse(self: Path, other: Path) -> Path:
        raise PermissionError(13, "in use", str(other))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(AstraiSlidesError, match=r"talk\.pptx: cannot be replaced \(in use\); close what shows it"):
        atomic.write_bytes(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["talk.pptx"]
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (r"C:\Tools\code.exe", [r"C:\Tools\code.exe", "-g", r"C:\Talks\deck.py:7"]),
        (r'"C:\Program Files\Sublime Text\subl.exe" -n', [
            r"C:\Program Files\Sublime Text\subl.exe", "-n", r"C:\Talks\deck.py:7",
        ]),
        ('notepad "{file}"', ["notepad", r"C:\Talks\deck.py"]),
    ],
)  # fmt: skip
def test_an_editor_is_started_with_backslashes_and_blanks_in_its_path(
    command: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "Path", PureWindowsPath)
    monkeypatch.setattr(os, "name", "nt")
    assert editor.Editor(command, {}).command(r"C:\Talks\deck.py", 7) == words


@pytest.mark.parametrize(("system", "again"), [("posix", "kill"), ("nt", "interrupt_main")])
def test_an_interrupt_comes_again_by_what_the_system_does_not_end_the_process_with(
    system: str, again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, tuple[object, ...]]] = []

    class Timer:
        daemon = False

        def __init__(self, _: float, function: Callable[..., None], args: tuple[object, ...] = ()) -> None:
            self._what = function.__name__, args

        def start(self) -> None:
            started.append(self._what)

    monkeypatch.setattr(threading, "Timer", Timer)
    monkeypatch.setattr(interrupts, "_loads_extension", lambda _: True)
    monkeypatch.setattr(os, "name", system)
    interrupts.unwind(signal.SIGINT, None)
    monkeypatch.undo()
    assert started == [(again, (os.getpid(), signal.SIGINT) if system == "posix" else ())]
    assert signal.SIGINT not in interrupts.received


@pytest.mark.parametrize(
    ("system", "forks", "begun"), [("posix", False, [True]), ("posix", True, []), ("nt", False, [])]
)
def test_what_tracks_shared_memory_is_begun_before_signals_are_held_back(
    system: str, forks: bool, begun: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bool] = []
    monkeypatch.setattr(executor.resource_tracker, "ensure_running", lambda: said.append(True))
    monkeypatch.setattr(executor, "FORKS", forks)
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(os, "name", system)
    with executor._signals_deferred():
        pass
    monkeypatch.undo()
    assert said == begun
    assert signal.getsignal(signal.SIGINT) is before


def test_names_of_files_can_be_checked_out_there(project_root: Path) -> None:
    """A command that was mistyped may leave a file with half a line of code for its name."""
    folders = ("astrai_slides", "benchmarks", "constraints", "docs", "presentations", "scripts", "slides", "tests")
    files = [*project_root.iterdir(), *(path for name in folders for path in (project_root / name).rglob("*"))]
    assert len(files) > 700
    assert [path for path in files if not re.fullmatch(r"[\w.-]+", path.name, re.ASCII)] == []
