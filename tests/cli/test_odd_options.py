"""Odd values for every option and argument of every command, found by looking through the commands: a sentence, never a
traceback, and the right code."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from astrai_slides.cli import main
from astrai_slides.cli.options import UNFORESEEN

LONG = "n" * 300
NUMBERS = [
    "", " ", "0", "-1", "-0", "1e308", "-1e308", "1e-320", "nan", "inf", "-inf", "1" * 5_000, "1" + "0" * 23, "0x10",
    "1_000", "\N{ARABIC-INDIC DIGIT THREE}", "\N{SUPERSCRIPT TWO}", "1,2", "1:2", "1:2@3", "1.5", ",", "1,,2",
    "9" * 5_000 + ",1",
]  # fmt: skip
TEXTS = [
    ".", "..", "/", "a/b", "a\\b", "-", "--", "~", "*", "[red]x", "\ud800", "\udcff", "\x1b[31m", "e\u0301", "\n",
]  # fmt: skip
PATHS = [
    LONG, f"{LONG}.toml", f"{LONG}.py", f"{LONG}.csv", f"{LONG}.svg", f"{LONG}/{LONG}", "a/" * 3_000, "nul\x00",
    "nul\x00.toml", "nul\x00.py", "nul\x00.csv", "nul\x00.svg", "\udcff.toml", "\udcff.py", "\udcff.csv",
    "/proc/self/mem", "/dev/null", "/proc/1/root", "file.txt/x.svg", "file.txt", "folder", "folder.toml", "folder.csv",
]  # fmt: skip
KEYS = [
    "loop=" + "9" * 5_000, "loop=" + "[" * 500, "auto_slide=nan", "auto_slide=1e400", "=", "a=b", "css=\x00",
    f"css={LONG}",
]  # fmt: skip
VALUES = list(dict.fromkeys([*NUMBERS, *TEXTS, *PATHS, *KEYS]))
BASES = {
    "build": ["build", "missing"],
    "simulate": ["simulate", "--lengths", "constant", "--requests", "2"],
    "simulate trace": ["simulate", "--trace", "trace.csv"],
    "simulate time": ["simulate", "--request", "1:1", "--turn-ms", "1"],
}
"""What a command is given besides, so that it comes to look at the odd value."""


def options() -> Iterator[tuple[str, list[str]]]:
    """Each command with each of its options, as typed before the value, and each with an argument."""
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        bases = [words for key, words in BASES.items() if key.split()[0] == name] or [[name]]
        for base in bases:
            for parameter in command.params:
                if isinstance(parameter, click.Argument):
                    yield f"{' '.join(base)} {parameter.name}", base
                elif not getattr(parameter, "is_flag", False):
                    yield f"{' '.join(base)} {parameter.opts[0]}", [*base, parameter.opts[0]]


_OF_A_TRACE = {"--trace", "--every", "--first", "--window", "--format"}
_OF_TIME = {"--turn-ms", "--token-ms", "--prefill-ms", "--prompt-token-ms"}


def _lane(words: list[str]) -> pytest.MarkDecorator:
    """All of every option is `wide`; what each is for is `long`."""
    option = words[-1]
    apt = "--trace" in words[:-1] if option in _OF_A_TRACE else "--turn-ms" in words[:-1] if option in _OF_TIME else (
        words[0] != "simulate" or "--lengths" in words
    )  # fmt: skip
    return pytest.mark.long if apt else pytest.mark.wide


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a trace and things of odd kinds lie."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "trace.csv").write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,8,5\n", "utf-8")
    (folder / "file.txt").write_text("text", encoding="utf-8")
    for name in ("folder", "folder.toml", "folder.csv"):
        (folder / name).mkdir()
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="names that only POSIX has")
@pytest.mark.parametrize("words", [pytest.param(words, id=name, marks=_lane(words)) for name, words in options()])
def test_no_value_of_an_option_ends_in_a_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(folder)
    for value in VALUES:
        result = CliRunner().invoke(main, ["-q", *words, value])
        said = f"{[*words, value[:40]]}: {result.exit_code} {result.output[-300:]}"
        assert result.exception is None or isinstance(result.exception, SystemExit), f"{said} {result.exception!r}"
        assert result.exit_code in {0, 1, 2}, said
        assert UNFORESEEN not in result.output, said
        assert result.exit_code == 0 or result.output.strip(), said
        assert len(result.output) < 10_000 or result.exit_code == 0, said
