"""What is published: built, checked, installed into an empty environment, and used there on a deck of one's own.

Needs the package registry, so `make wide` runs it.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from email.parser import Parser
from pathlib import Path

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.wide

DECK = """
from manim import RIGHT, Create, Square
from manim_slides import Slide


class Mine(Slide):
    def construct(self):
        square = Square()
        self.play(Create(square))
        self.next_slide(notes="Say *this*.")
        self.play(square.animate.shift(RIGHT))
"""


def run(words: Sequence[str | Path], folder: Path) -> str:
    """Run a program outside this checkout, with nothing of this environment."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment = {**kept, "ASTRAI_SLIDES_CACHE": str(folder / "cache"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run([str(word) for word in words], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source archive, and the wheel that was built from it alone."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--outdir", folder, project_root], folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def python(wheel: Path, project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that holds the wheel, what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    run([sys.executable, "-m", "venv", folder / "env"], folder)
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = folder / "env" / scripts / "python"
    pins = project_root / "constraints" / f"{sys.version_info.major}.{sys.version_info.minor}.txt"
    run([python, "-m", "pip", "install", "-q", "-c", pins, wheel], folder)
    return python


def test_both_archives_pass_the_registrys_check(built: Path) -> None:
    archives = sorted(path for path in built.iterdir() if path.suffix in (".whl", ".gz"))
    assert len(archives) == 2
    said = run([sys.executable, "-m", "twine", "check", "--strict", *archives], built)
    assert said.count("PASSED") == 2


def test_the_wheel_has_all_that_it_needs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name) for name in names if name.endswith(("LICENSE", "METADATA"))}
    package = {name for name in names if not name.partition("/")[0].endswith(".dist-info")}
    assert all(name.startswith("astrai_slides/") for name in package)
    assert "astrai_slides/py.typed" in package
    assert any("Apache License" in text.decode() for name, text in texts.items() if ".dist-info/" in name)
    # reveal.js goes with its licence, and the player with it
    carried = [text for name, text in texts.items() if name.startswith("astrai_slides/export")]
    assert any(b"Permission is hereby granted" in text for text in carried)
    # as one script; the modules that it was made of stay at home
    assert {"player.js", "support.js", "reveal.js", "reveal.css", "hashes.json"} <= {
        name.rpartition("/")[2] for name in package if name.startswith("astrai_slides/export/_built/")
    }
    assert not [name for name in package if name.startswith("astrai_slides/export/player/") and name.endswith(".js")]
    metadata = Parser().parsestr(next(text for name, text in texts.items() if name.endswith("METADATA")).decode())
    assert metadata["License-Expression"] == "Apache-2.0"
    assert "Typing :: Typed" in metadata.get_all("Classifier", [])
    assert metadata["Keywords"]


def test_the_source_archive_has_what_its_tests_and_licence_ask_for(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "LICENSE",
        "README.md",
        "pyproject.toml",
        "constraints/3.11.txt",
        "hatch_build.py",
        "tests/conftest.py",
    } <= names
    assert not [name for name in names if name.startswith((".venv", "presentations/continuous-batching.html"))]


@pytest.mark.parametrize("name", ["keys.js", "support.js"])
def test_no_wheel_is_built_without_a_file_of_the_player(built: Path, tmp_path: Path, name: str) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    (folder / "astrai_slides" / "export" / "player" / name).unlink()
    words = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path / "dist"), str(folder)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode
    assert re.search(rf"{re.escape(name)} is missing from \S*player", done.stdout + done.stderr)
    assert not list(tmp_path.glob("dist/*.whl"))


def test_a_deck_of_ones_own_is_built_from_an_empty_environment(python: Path, tmp_path: Path) -> None:
    (tmp_path / "my_deck.py").write_text(DECK, "utf-8")
    command = python.with_name("astrai-slides")
    run([command, "build", "my_deck.py", "--quality", "l"], tmp_path)
    page = (tmp_path / "Mine.html").read_text("utf-8")
    assert "<title>Mine" in page
    assert "Say *this*." in page
    assert "Reveal" in page
    assert not re.search(r"""<(?:script|link|img)[^>]+(?:src|href)=["']https?:""", page)
    assert len(PdfReader(io.BytesIO((tmp_path / "Mine.pdf").read_bytes())).pages) == 2
    with zipfile.ZipFile(tmp_path / "Mine.pptx") as archive:
        assert sum(name.startswith("ppt/slides/slide") for name in archive.namelist()) == 2
    listed = run([command, "list", "my_deck.py"], tmp_path)
    assert "Mine" in listed


def test_the_page_opens_in_a_browser(python: Path, tmp_path: Path, playwright) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "my_deck.py").write_text(DECK, "utf-8")
    run([python.with_name("astrai-slides"), "build", "my_deck.py", "--quality", "l", "--to", "html"], tmp_path)
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    try:
        page = browser.new_page()
        page.goto((tmp_path / "Mine.html").as_uri())
        page.wait_for_selector("html[data-state=ready]", state="attached")
        assert page.evaluate("() => astrai.steps.length") == 2
    finally:
        browser.close()


def test_simulate_is_there_though_no_deck_asks_for_it(python: Path, tmp_path: Path) -> None:
    said = run([python.with_name("astrai-slides"), "simulate", "--lengths", "geometric", "--slots", "4"], tmp_path)
    assert "static" in said
