"""The command line as a whole: its help, its faults and its exit codes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from astrai_slides import __version__
from astrai_slides.cli import COMMANDS, main
from astrai_slides.errors import AstraiSlidesError

FAULTS: dict[str, BaseException] = {
    "fails": AstraiSlidesError("talk.toml: key: mend it"),
    "is_interrupted": KeyboardInterrupt(),
    "goes_wrong": KeyError("html"),
}
UNREAD = """
import click
from astrai_slides.base.os_errors import telling_os_errors
from astrai_slides.base.progress import LineProgress
import astrai_slides.cli as cli

@click.command()
def works():
    with telling_os_errors():
        LineProgress().say("a line")
    raise BrokenPipeError(32, "Broken pipe")

if __name__ == "__main__":
    cli.main._lazy["works"] = "__main__"
    cli.main(prog_name="astrai-slides")
"""


@click.command()
def fails() -> None:
    """Raise what a user can mend."""
    raise FAULTS["fails"]


@click.command()
def is_interrupted() -> None:
    """Raise what Ctrl-C raises."""
    raise FAULTS["is_interrupted"]


@click.command()
def goes_wrong() -> None:
    """Raise what nobody foresaw."""
    raise FAULTS["goes_wrong"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "astrai_slides", *arguments], capture_output=True, text=True, check=False
    )


def test_version() -> None:
    assert run("--version").stdout == f"astrai-slides, version {__version__}\n"


def test_every_command_has_help_and_stands_in_the_readme(project_root: Path) -> None:
    readme = (project_root / "README.md").read_text(encoding="utf-8")
    context = click.Context(main)
    names = main.list_commands(context)
    assert names[: len(COMMANDS)] == list(COMMANDS), "our own come first"
    assert "simulate" in names
    for name in names:
        command = main.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(), name
        assert f"astrai-slides {name}" in readme, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (name, parameter.name)


def test_commands_import_neither_manim_nor_qt_to_show_help() -> None:
    source = (
        "import sys; from click.testing import CliRunner; from astrai_slides.cli import main; "
        "assert CliRunner().invoke(main, ['build', '--help']).exit_code == 0; "
        "print(sorted({'manim', 'manim_slides', 'PySide6', 'numpy', 'pptx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", source], capture_output=True, text=True).stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("fails", 1, "astrai-slides: talk.toml: key: mend it\n"),
        ("is_interrupted", 130, "astrai-slides: interrupted; nothing was left half-written\n"),
    ],
)
def test_a_fault_is_one_line_and_a_code(monkeypatch: pytest.MonkeyPatch, name: str, code: int, message: str) -> None:
    monkeypatch.setitem(main._lazy, name, __name__)  # type: ignore[attr-defined]
    result = CliRunner().invoke(main, [name])
    assert (result.exit_code, result.stderr, result.stdout) == (code, message, "")


@pytest.mark.skipif(os.name != "posix", reason="another system has no code for it")
@pytest.mark.parametrize(
    ("stream", "words"),
    [("stdout", ["--help"]), ("stdout", ["list", "--help"]), ("stderr", ["works"]), ("stderr", ["nonsense"])],
)
def test_a_reader_that_leaves_ends_the_command_without_a_word(stream: str, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: writing}
    with subprocess.Popen([sys.executable, "-c", UNREAD, *words], text=True, **streams) as started:
        os.close(writing)
        said = started.communicate()
    assert (started.returncode, "".join(filter(None, said))) == (128 + signal.SIGPIPE, "")


def test_a_pipe_that_breaks_elsewhere_is_told() -> None:
    done = subprocess.run([sys.executable, "-c", UNREAD, "works"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "a line\nastrai-slides: Broken pipe; -vv says where it arose\n")


CLOSED = """
import os, sys
import astrai_slides.__main__ as command
import astrai_slides.cli

def shows(**_):
    sys.stderr.write("said")
    sys.stderr.flush()
    with open("file", "w") as file:
        os.write(2, b"by a library")
    print(file.closed, os.path.getsize("file"))

astrai_slides.cli.main = shows
command.run()
"""


@pytest.mark.skipif(os.name != "posix", reason="closes what a program is started with")
@pytest.mark.parametrize("closed", [(0,), (2,), (0, 2)])
def test_streams_that_are_closed_take_nothing_into_files(closed: tuple[int, ...], tmp_path: Path) -> None:
    shell = " ".join([f'"{sys.executable}" -c "$0"', *(f"{each}>&-" for each in closed)])
    done = subprocess.run(["sh", "-c", shell, CLOSED], capture_output=True, text=True, cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("True 0\n", 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no full disk at hand")
@pytest.mark.parametrize("words", ["--help", "list --help"])
def test_help_that_finds_no_room_is_told(words: str) -> None:
    command = [sys.executable, "-m", "astrai_slides", *words.split()]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    said = "astrai-slides: No space left on device; make room, or name a folder on another disk\n"
    assert (done.stderr, done.returncode) == (said, 1)


@pytest.mark.skipif(os.name != "posix", reason="such a folder cannot be removed")
def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    # in a process of its own: Qt's bindings, which other tests import, then import nothing there
    go = "import os, sys; os.rmdir(os.getcwd()); from astrai_slides.__main__ import run; run()"
    words = [sys.executable, "-c", go, "build", "deck.py"]
    done = subprocess.run(words, cwd=tmp_path / "gone", capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        "astrai-slides: No such file or directory; the folder in which this runs is gone: go to one that is there\n",
    )


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "a\nb", "\x1b[31m"])
def test_a_name_that_is_no_files_is_wrong_usage(name: str) -> None:
    result = CliRunner().invoke(main, ["build", "deck.py", "--name", name])
    assert (result.exit_code, "--name is a printable name" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (MemoryError(), "out of memory; "),
        (
            SystemError("error return without exception set"),
            "Python itself failed (error return without exception set)",
        ),
        (ImportError("libblas.so: failed to map segment"), "a package cannot be loaded: libblas.so: failed to map "),
        (RuntimeError("Could not determine home directory."), "this user has no home folder (Could not determine "),
    ],
)
def test_what_the_machine_lacks_is_told(fault: Exception, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(main._lazy, "fails", __name__)  # type: ignore[attr-defined]
    monkeypatch.setitem(FAULTS, "fails", fault)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    result = CliRunner().invoke(main, ["fails"])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"astrai-slides: {said}")


@pytest.mark.parametrize("arguments", [["nonsense"], ["build", "--nonsense"], ["-v", "-q", "list"]])
def test_wrong_usage_is_code_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_being_terminated_unwinds() -> None:
    source = (
        "import os, signal, click; import astrai_slides.cli as cli\n"
        "@click.command()\n"
        "def ends():\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        signal.pause()\n"
        "    finally:\n"
        "        print('cleaned up')\n"
        "cli.main._lazy['ends'] = '__main__'\n"
        "cli.main(['ends'])\n"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("cleaned up\n", 128 + signal.SIGTERM)


INTERRUPTED = """
import os, runpy, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), 2)

sys.modules.pop("signal", None)
module = sys.argv[1]
sys.argv[:] = ["astrai-slides", "list"]
sys.meta_path.insert(0, Interrupt())
runpy.run_module("astrai_slides", run_name="__main__", alter_sys=False)
"""


@pytest.mark.parametrize("module", ["signal", "astrai_slides.cli", "click", "importlib.metadata"])
def test_ctrl_c_while_the_command_is_loaded_is_no_traceback(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, module], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, "astrai-slides: interrupted; nothing was left half-written\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_asks_the_command(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert f"_ASTRAI_SLIDES_COMPLETE={shell}_complete" in result.stdout.replace("env ", "")


def test_completion_completes_formats() -> None:
    words = "astrai-slides build --to html,p"
    environment = os.environ | {
        "_ASTRAI_SLIDES_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "3",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "from astrai_slides.cli import main; main(prog_name='astrai-slides')"],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert {"plain,html,pptx", "plain,html,pdf"} <= set(done.stdout.split())


def test_what_nobody_foresaw_is_one_line_and_a_code_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(main._lazy, "goes_wrong", __name__)  # type: ignore[attr-defined]
    result = CliRunner().invoke(main, ["goes_wrong"])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    said = "astrai-slides: something that was not foreseen: KeyError: 'html', in test_main.py, line "
    assert result.stderr.startswith(said)
    assert "-vv shows the way there" in result.stderr
