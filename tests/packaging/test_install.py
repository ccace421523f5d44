"""What is published: built, checked, installed into an empty environment, and used there on a deck of one's own.

Needs the package registry, so `make wide` runs it.
"""

import io
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from outside import Installed, run
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


@pytest.fixture(scope="module")
def python(installed: Installed, project_root: Path) -> Path:
    """The interpreter of an environment with the versions that were tested together."""
    return installed("-c", project_root / "constraints" / f"{sys.version_info.major}.{sys.version_info.minor}.txt")


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


def test_the_first_commands_of_the_readme_do_as_they_stand(project_root: Path, tmp_path: Path) -> None:
    """With the newest version of everything, as nothing holds pip back; manim is 0.22 then."""
    page = (project_root / "README.md").read_text("utf-8").partition("## With your own deck\n")[2]
    said = re.search(r"^```sh\n(pip install path/to/checkout\n.+?)^```$", page, re.M | re.S)
    assert said
    run([sys.executable, "-m", "venv", tmp_path / "env"], tmp_path)
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / "my_deck.py").write_text(DECK, "utf-8")
    script = said[1].replace("path/to/checkout", shlex.quote(str(project_root)))
    programs = shlex.quote(str(next((tmp_path / "env").glob("*/pip")).parent))
    run(["bash", "-ec", f"PATH={programs}:$PATH\n{script}"], folder)
    assert {each.name for each in folder.iterdir()} >= {"Mine.html", "Mine.pptx", "Mine.pdf"}
    assert "Say *this*." in (folder / "Mine.html").read_text("utf-8")
    (package,) = (tmp_path / "env").rglob("astrai_slides/__init__.py")
    assert package.is_relative_to(tmp_path)  # not of the checkout, which may be moved away


@pytest.mark.parametrize(("document", "name"), [("README.md", "Greeting"), ("docs/talk-file.md", "Tour")])
def test_decks_of_the_documents_are_built_with_and_without_a_talk_file(
    python: Path, project_root: Path, tmp_path: Path, document: str, name: str
) -> None:
    page = (project_root / document).read_text("utf-8")
    for folder in ("slides", "presentations"):
        (tmp_path / folder).mkdir()
    for block in re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S):
        module, deck = re.match(r"# (slides/\S+\.py)\n", block), f"class {name}(Deck)" in block
        if module or deck:
            (tmp_path / (module[1] if module else f"slides/{name.lower()}.py")).write_text(block, "utf-8")
    command, file = python.with_name("astrai-slides"), f"slides/{name.lower()}.py"
    run([command, "build", file, "--quality", "l", "--out", "alone"], tmp_path)
    written = {path.name for path in (tmp_path / "alone").iterdir()}
    assert written == {f"{name}.html", f"{name}.pptx", f"{name}.pdf"}
    assert f"<title>{name}" in (tmp_path / "alone" / f"{name}.html").read_text("utf-8")
    tables = [each for each in re.findall(r"^```toml\n(.*?)^```$", page, re.M | re.S) if f"{file}:{name}" in each]
    talk = tables[0] if tables else f'scene = "{file}:{name}"\n'
    (tmp_path / "presentations" / "mine.toml").write_text(
        talk if "title =" in talk else f'title = "On my own"\n{talk}', "utf-8"
    )
    run([command, "build", "mine", "--quality", "l", "--to", "html,notes", "--out", "told"], tmp_path)
    titled = re.search(r'^title = "(.+)"', (tmp_path / "presentations" / "mine.toml").read_text("utf-8"), re.M)
    assert titled
    assert f"<title>{titled[1]}" in (tmp_path / "told" / "mine.html").read_text("utf-8")
    sheet = (tmp_path / "told" / "mine.notes.md").read_text("utf-8")
    # what the deck reads of its talk file, without which it has one step
    assert [stop in sheet for stop in re.findall(r'^name = "(.+)"', talk, re.M)] == [True] * 2 * bool(tables)


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
