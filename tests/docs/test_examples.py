"""Every example of the documents: commands are carried out, decks built, tables read."""

import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from chromium_program import chromium_program
from warm_commands import warm_commands

pytestmark = pytest.mark.long

Run = Callable[[str, Path], str]
"""Takes a command and a folder, returns what was said."""

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "benchmarks/README.md", "benchmarks/gpu/README.md")
LANGUAGES = {"sh", "python", "toml", "text"}
"""What a block may be in; `text` is none of them: outlines and grammars."""

NOT_RUN = {
    r"make \w+": "installs packages of the system; the targets are looked up below, and CI runs `make test`",
    r"manim-slides present .*": "opens a window; tests/export/video/test_present.py presses its keys",
    r"pip install .*": "installs; tests/packaging/test_install.py does that in an empty environment",
    r"source \.venv/bin/activate": "changes the shell that types it; the commands below it are found without",
    r"python -m (build|twine)( .*)?": "needs a registry; tests/packaging/test_install.py does the same",
    r"python -m benchmarks\.gpu(?!.*numpy).*": "needs PyTorch and a GPU; tests/benchmarks runs the same code in NumPy",
    r"git .*": "writes to a repository",
    r"dask .*": "runs until it is stopped; tests/export/video/test_cluster.py starts both",
    r"astrai-slides preview .*": "runs until it is stopped; tests/present/test_preview_page.py does",
    r"astrai-slides present .*": "runs until it is stopped; tests/present/test_present_command.py does",
    r"astrai-slides rehearse .*": "runs until it is stopped; tests/present/test_rehearse_command.py does",
    r"astrai-slides .*--cluster .*": "needs the scheduler; tests/export/video/test_cluster.py has one",
}
"""Commands that are only parsed, as patterns of the whole command, and why."""

NAMED = re.compile(r"# (\S+\.py)\n")
"""What a module begins with that other examples import: its place in the project."""

DECK = """
from manim import RIGHT, Create, Square
from manim_slides import Slide


class {name}(Slide):
    def construct(self):
        square = Square()
        self.play(Create(square), run_time=0.05)
        self.next_slide(notes="Say *this*.")
        self.play(square.animate.shift(RIGHT), run_time=0.05)
"""


RUN = {
    **{"backend": "vllm", "date": "20261126-120000", "completed": 2, "failed": 0, "duration": 2.0},
    **{"total_input_tokens": 30, "total_output_tokens": 5, "request_throughput": 1.0, "output_throughput": 2.5},
    **{"input_lens": [10, 20], "output_lens": [2, 3], "ttfts": [0.2, 0.4], "itls": [[0.5], [0.5, 0.6]]},
    **{"start_times": [0.0, 0.5], "errors": ["", ""]},
}
"""A detailed result of `vllm bench serve`."""

TALK_DECK = """
from manim import RIGHT, Create, Square

from astrai_slides.deck.base import Deck


class ContinuousBatching(Deck):
    def construct(self):
        square = Square()
        self.step("title", title="Title", notes="Say *this*.")
        self.play(Create(square), run_time=0.05)
        self.step("move", title="Move")
        self.play(square.animate.shift(RIGHT), run_time=0.05)
"""


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, its text."""

    document: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


def documents() -> list[Path]:
    return [*(ROOT / name for name in DOCUMENTS), *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(language: str | None = None) -> list[Block]:
    found = []
    for path in documents():
        text = path.read_text("utf-8")
        for match in re.finditer(r"^( *)```([^\n]*)\n(.*?)^\1```$", text, re.M | re.S):
            line = text.count("\n", 0, match.start()) + 2
            found.append(Block(path.relative_to(ROOT).as_posix(), line, match[2], textwrap.dedent(match[3])))
    return [block for block in found if language in (None, block.language)]


def modules() -> list[Block]:
    """The Python blocks that decks import: their first line says which file they are."""
    return [block for block in blocks("python") if block.text.startswith("# slides/")]


def decks() -> list[Block]:
    """The Python blocks that are decks; those of docs/parts.md are built by test_parts_page.py, all in one."""
    return [block for block in blocks("python") if "def construct" in block.text]


def module_path(block: Block) -> str:
    """The file that a block says it is."""
    return block.text.partition("\n")[0].removeprefix("# ")


def commands(block: Block) -> list[str]:
    """Its commands, a line each, without remarks; a line that ends in a backslash goes on."""
    lines = block.text.replace("\\\n", " ").splitlines()
    stripped = (re.sub(r"\s+#.*$|^#.*$", "", line).strip() for line in lines)
    return [re.sub(r"\s+", " ", line) for line in stripped if line]


def not_run(command: str) -> bool:
    return any(re.fullmatch(pattern, command) for pattern in NOT_RUN)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """What carries a command out as bash does, with this environment's programs and this checkout."""
    with warm_commands(tmp_path_factory.mktemp("programs"), ROOT) as programs:
        yield lambda command, folder: carried_out(command, folder, programs)


def carried_out(command: str, folder: Path, programs: Path) -> str:
    """Carry a command out with the programs of a folder before others and a home of its own; return what it says."""
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        cwd=folder,
        env={
            **os.environ,
            "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "ASTRAI_SLIDES_CACHE": str(folder / "cache"),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the files that the documents name, each small: what is tried is the commands."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("slides", "presentations"):
        (folder / name).mkdir()
    (folder / "slides" / "continuous_batching.py").write_text(TALK_DECK, "utf-8")
    (folder / "presentations" / "continuous-batching.toml").write_text(
        'scene = "slides/continuous_batching.py:ContinuousBatching"\ntitle = "Continuous Batching"\n', "utf-8"
    )
    (folder / "my_deck.py").write_text(DECK.format(name="Intro") + DECK.format(name="Results"), "utf-8")
    (folder / "run.json").write_text(json.dumps(RUN), "utf-8")
    for block in modules():
        (folder / module_path(block)).write_text(block.text, "utf-8")
    for block in blocks("python"):
        if place := NAMED.match(block.text):
            (folder / place[1]).write_text(block.text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def stock(project: Path, run: Run) -> Path:
    """The same, with what `manim-slides render` leaves, which `manim-slides convert` and `present` read."""
    run("manim-slides render --quality l slides/continuous_batching.py ContinuousBatching", project)
    return project


def test_every_block_says_what_it_is() -> None:
    assert [f"{block}: {block.language!r}" for block in blocks() if block.language not in LANGUAGES] == []
    assert len(blocks("sh")) > 5


@pytest.mark.parametrize("block", blocks("sh"), ids=str)
def test_every_command_does_what_it_says(block: Block, stock: Path, run: Run) -> None:
    ran = [command for command in commands(block) if not not_run(command)]
    talks = set((stock / "presentations").glob("*.toml"))
    for command in ran:
        before = set(stock.rglob("*"))
        said = run(command, stock)
        made = set(stock.rglob("*")) - before
        if command.startswith(("astrai-slides list", "astrai-slides simulate", "astrai-slides doctor")):
            assert said.strip(), command
        for option in ("--out", "-o"):
            if f" {option} " in command:
                folder = command.split(f" {option} ")[1].split()[0]
                assert any((stock / folder).iterdir()), command
        assert made or said.strip() or ">>" in command or "build" in command, command
    for talk in set((stock / "presentations").glob("*.toml")) - talks:
        talk.unlink()  # or else every later `build` and `check` builds it as well


def test_what_is_not_run_is_still_named() -> None:
    """A pattern that no command of the documents needs would hide one that is written tomorrow."""
    everything = [command for block in blocks("sh") for command in commands(block)]
    assert [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, each) for each in everything)] == []


def test_every_make_target_is_one_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    for path in documents():
        text = path.read_text("utf-8")
        asked = set(re.findall(r"`make (?:[A-Z]+=\S+ )*([a-z-]+)[^`]*`|^make (?:[A-Z]+=\S+ )*([a-z-]+)", text, re.M))
        assert {one or other for one, other in asked} <= known, path


@pytest.mark.parametrize("block", [b for b in decks() if b.document != "docs/parts.md"], ids=str)
def test_every_deck_builds_as_it_stands_and_as_its_talk(block: Block, project: Path, run: Run) -> None:
    found = re.search(r"class (\w+)\(Deck\)", block.text)
    assert found
    name, file = found[1], f"slides/{found[1].lower()}.py"
    (project / file).write_text(block.text, "utf-8")
    # strict: nor is there an error that `check` would tell
    run(f"astrai-slides build {file} --quality l --to html --out alone --strict", project)
    assert f"<title>{name}" in (project / "alone" / f"{name}.html").read_text("utf-8")
    told = [each.text for each in blocks("toml") if f'scene = "{file}:{name}"' in each.text]
    talk = project / "presentations" / f"{name.lower()}.toml"
    talk.write_text(told[0] if told else f'scene = "{file}:{name}"\n', "utf-8")
    run(f"astrai-slides build {name.lower()} --quality l --to html,notes --out talks", project)
    talk.unlink()
    sheet = (project / "talks" / f"{name.lower()}.notes.md").read_text("utf-8")
    for table in tomllib.loads(told[0]).get("stops", []) if told else ():
        assert table["name"] in sheet
    for notes in re.findall(r'notes="([^"]+)"', block.text):
        assert notes in sheet or "{" in notes


@pytest.mark.parametrize("block", [b for b in blocks("python") if "page.goto" in b.text], ids=str)
def test_every_walk_through_a_page_is_walked(block: Block, project: Path, run: Run, walked_page: object) -> None:
    run("astrai-slides build continuous-batching --quality l --to html --out walk", project)
    page = (project / "walk" / "continuous-batching.html").as_uri()
    text, count = re.subn(r"file:///\S+\.html", page, block.text)
    assert count == 1
    exec(compile(text, str(block), "exec"), {"page": walked_page})


@pytest.fixture
def walked_page(playwright) -> Iterator[object]:  # type: ignore[no-untyped-def]
    browser = playwright.chromium.launch(executable_path=chromium_program(), args=["--no-sandbox"])
    yield browser.new_page()
    browser.close()


def test_every_python_block_is_tried() -> None:
    tried = [*decks(), *(block for block in blocks("python") if "page.goto" in block.text)]
    assert [str(block) for block in blocks("python") if block not in [*tried, *modules()]] == []


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_every_table_is_toml(block: Block) -> None:
    assert tomllib.loads(block.text)
