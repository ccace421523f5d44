"""A domain of somebody else's: an installed package with a talk model, a part to draw and commands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FILES = {
    "pyproject.toml": """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "tides"
version = "1.0"

[project.entry-points."astrai_slides.commands"]
tide = "tides.cli:tide"
build = "tides.cli:tide"
sunk = "tides.sunk:sunk"
drowned = "tides.cli:HEIGHTS"
""",
    "tides/__init__.py": "",
    "tides/talk.py": """
from typing import Annotated

from pydantic import Field

from astrai_slides.talk.file import Talk
from astrai_slides.talk.tables import Items, Table


class Harbour(Table):
    name: str
    metres: Annotated[Items[Annotated[float, Field(ge=0, le=20)]], Field(min_length=2)]


class TidesTalk(Talk):
    harbour: Harbour
""",
    "tides/parts.py": """
from manim import Rectangle, VGroup

from tides.talk import Harbour


class TideBars(VGroup):
    def __init__(self, harbour: Harbour) -> None:
        bars = (Rectangle(width=0.3, height=0.1 + each / 4) for each in harbour.metres)
        super().__init__(*bars)
        self.arrange(aligned_edge=(0, -1, 0))
""",
    "tides/cli.py": """
import sys

import click

print("tides.cli is imported", file=sys.stderr)
HEIGHTS = (1, 4)


@click.command()
@click.option("--harbour", required=True, help="Where.")
def tide(harbour):
    \"\"\"Tell the tide.\"\"\"
    click.echo(f"{harbour}: {HEIGHTS[0]} to {HEIGHTS[1]} m")
""",
    "tides/sunk.py": 'raise RuntimeError("no water")\n',
}
DECK = """
from manim import FadeIn

from astrai_slides.deck.base import Deck
from tides.parts import TideBars
from tides.talk import TidesTalk


class HighWater(Deck):
    talk_model = "tides.talk:TidesTalk"

    def construct(self):
        assert isinstance(self.talk, TidesTalk)
        self.step("bars", title=self.talk.harbour.name, notes=self.talk.title)
        self.play(FadeIn(TideBars(self.talk.harbour)), run_time=0.2)
"""
TALK = """
scene = "slides/high_water.py:HighWater"

[harbour]
name = "Saint-Malo"
metres = [1.5, 12, 3]
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip installed the domain, from its source, as from PyPI."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    for name, text in FILES.items():
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", str(target)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, str(source)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("slides", "presentations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "slides" / "high_water.py").write_text(DECK, encoding="utf-8")
    (tmp_path / "presentations" / "high-water.toml").write_text(TALK, encoding="utf-8")
    return tmp_path


def run(
    project: Path, installed: Path, project_root: Path, *words: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": f"{installed}{os.pathsep}{project_root}"} | variables
    environment.pop("ASTRAI_SLIDES_TALK", None)
    environment["ASTRAI_SLIDES_CACHE"] = str(project / ".cache")
    return subprocess.run(
        [sys.executable, "-m", "astrai_slides", *words], cwd=project, env=environment, capture_output=True, text=True
    )


def test_its_deck_is_built_from_a_talk_file_with_its_tables(project: Path, installed: Path, project_root: Path) -> None:
    done = run(project, installed, project_root, "-q", "build", "--quality", "l", "--to", "notes")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "presentations/high-water.notes.md\n"
    sheet = (project / "presentations" / "high-water.notes.md").read_text("utf-8")
    assert "Saint-Malo" in sheet
    assert "High Water" in sheet, "called after its class, as the talk file gives no title"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("metres", "meters", "harbour.meters: unknown key; did you mean 'metres'?"),
        ("12", "21", "harbour.metres[2]: must be less than or equal to 20, not 21"),
        ('name = "Saint-Malo"', "", "harbour.name: missing; add it"),
        ("[harbour]", "[harbor]", "harbor: unknown key; did you mean 'harbour'?"),
    ],
)
def test_a_fault_in_its_tables_is_named(
    project: Path, installed: Path, project_root: Path, old: str, new: str, message: str
) -> None:
    (project / "presentations" / "high-water.toml").write_text(TALK.replace(old, new), encoding="utf-8")
    done = run(project, installed, project_root, "-q", "build")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"astrai-slides: presentations/high-water.toml: {message}\n"


def test_without_a_talk_file_its_deck_says_what_it_needs(project: Path, installed: Path, project_root: Path) -> None:
    (project / "presentations" / "high-water.toml").unlink()
    done = run(project, installed, project_root, "-q", "build", "slides/high_water.py")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(
        "slides/high_water.py: HighWater has no talk file and needs one: harbour: missing; add it; write it as "
        "presentations/high-water.toml\n"
    )


def test_its_command_runs(project: Path, installed: Path, project_root: Path) -> None:
    done = run(project, installed, project_root, "tide", "--harbour", "Brest")
    assert (done.returncode, done.stdout) == (0, "Brest: 1 to 4 m\n")
    assert run(project, installed, project_root, "tide").returncode == 2


def test_help_lists_its_commands_and_says_what_is_wrong_with_them(
    project: Path, installed: Path, project_root: Path
) -> None:
    done = run(project, installed, project_root, "--help")
    assert done.returncode == 0
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert ["tide", "Tell the tide."] in lines
    assert ["sunk", "(cannot be loaded: package tides)"] in lines
    said = " ".join(done.stdout.split())
    assert "The command 'build' of the package tides is left out: astrai-slides has one of that name." in said


@pytest.mark.parametrize(
    ("name", "why"),
    [("sunk", "RuntimeError: no water; mend tides.sunk"), ("drowned", "tides.cli:HEIGHTS is no click.Command; mend")],
)
@pytest.mark.parametrize("words", [(), ("--help",), ("--some", "thing")])
def test_a_command_that_cannot_be_loaded_names_its_package(
    project: Path, installed: Path, project_root: Path, name: str, why: str, words: tuple[str, ...]
) -> None:
    done = run(project, installed, project_root, name, *words)
    assert (done.returncode, done.stdout) == (1, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"astrai-slides: the command {name!r} of the package tides cannot be loaded: {why}")
    assert last.endswith("or uninstall tides")


def test_nobody_imports_it_for_another_command_or_to_complete_a_name(
    project: Path, installed: Path, project_root: Path
) -> None:
    imported = "tides.cli is imported\n"
    assert run(project, installed, project_root, "tide", "--help").stderr == imported
    for words in (("build", "--help"), ("list", "--help"), ("simulate", "--help")):
        done = run(project, installed, project_root, *words)
        assert (done.returncode, done.stderr) == (0, "")
    asked = {"_ASTRAI_SLIDES_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    program = "from astrai_slides.cli import main; main(prog_name='astrai-slides')"
    environment = os.environ | {"PYTHONPATH": f"{installed}{os.pathsep}{project_root}"} | asked
    for begun, offered in (("", {"build", "simulate", "tide", "sunk"}), ("ti", {"tide"})):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment | {"COMP_WORDS": f"astrai-slides {begun}"},
            capture_output=True,
            text=True,
        )
        assert offered <= {line.removeprefix("plain,") for line in done.stdout.split()}
        assert done.stderr == ""
