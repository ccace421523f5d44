"""Record the examples of manim's and manim-slides' documentation, and compare them with what stock draws.

They are read where they stand and kept nowhere: the `.. manim::` and `.. manim-slides::` blocks of the installed
packages' docstrings, and, of each folder that is named (the two projects' repositories), those blocks, the scenes in
blocks of Python and those of example files. Each runs in a process of its own. Prints a table; `--write` puts its
figures into docs/wide.md.

    python scripts/census_docs.py --count 80
    python scripts/census_docs.py --folders ../manim ../manim-slides --write
"""

import argparse
import ast
import importlib
import json
import multiprocessing
import os
import re
import statistics
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "wide.md"
ROW = "| examples of manim's and manim-slides' documentation against stock |"

WIDTH, HEIGHT, FPS = 426, 240, 15
LEAST_SSIM = 0.97
SECONDS = 600
"""An example that takes longer is given up, and said."""

EXPLAINED = {
    "DiscontinuousExample": "a curve through infinity: stock's lines wrap around where Cairo can count no further",
    "GradientImageFromArray": "stock sets a picture on whole pixels, of which there are few here; 0.990 at 720p",
}
"""Examples that were looked at and are right all the same, and why they are not alike."""

_BLOCK = re.compile(r"^( *)\.\. manim(?:-slides)?:: (\w+) *\n((?:\1 +[^\n]*\n|\s*\n)*)", re.MULTILINE)
_PYTHON = re.compile(
    r"^( *)(?:\.\. code-block:: python *\n((?:\1 +[^\n]*\n|\s*\n)*)|```python *\n(.*?)^ *```)", re.MULTILINE | re.DOTALL
)
_PROMPT = re.compile(r"^( *)(?:>>>|\.\.\.) ?")
_OPTION = re.compile(r"^\s*:\w+:.*$")

_IMPORTS = "from manim import *\nfrom manim_slides import Slide, ThreeDSlide\n\n"
_AT_REST = """

class {name}({name}):
    def construct(self):
        super().construct()
        if not self.renderer.time:
            self.wait(0.1)
"""
"""Many examples only add: what they show is then a step."""


@dataclass(frozen=True)
class Example:
    """A scene, the source of a deck that has it, where it was read, and the folder in which it expects its files."""

    scene: str
    source: str
    group: str
    folder: Path | None = None


def examples(folders: list[Path]) -> dict[str, Example]:
    """Every example there is, by a name of its own; the same source is taken once."""
    found: dict[str, Example] = {}
    taken: set[tuple[str, str]] = set()
    parts = [*_of_packages(), *(example for folder in folders for example in _of_folder(folder))]
    for example in parts:
        said = (example.scene, re.sub(r"\s+", "", example.source.removeprefix(_IMPORTS)))
        if said not in taken:
            taken.add(said)
            copies = sum(other.scene == example.scene for other in found.values())
            found[example.scene + (f" ({copies + 1})" if copies else "")] = example
    return found


def _of_packages() -> Iterator[Example]:
    for package, group in (("manim", "manim's docstrings"), ("manim_slides", "manim-slides' docstrings")):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        for module in sorted(Path(spec.origin).parent.rglob("*.py")):
            for text in _docstrings(module):
                yield from _directives(text, group)


def _of_folder(folder: Path) -> Iterator[Example]:
    """The examples of a project's repository, but for its changelogs and package."""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        group = f"{folder.name}'s " + ("documentation" if place.parts[0] == "docs" else "other examples")
        if "changelog" in str(place):
            continue
        if path.suffix in (".rst", ".md"):
            text = path.read_text("utf-8")
            yield from _directives(text, group, path.parent)
            for found in _PYTHON.finditer(text):
                source = textwrap.dedent(found[2] or found[3])
                yield from _scenes(_IMPORTS + source, group, path.parent)
        elif path.suffix == ".ipynb":
            for cell in json.loads(path.read_text("utf-8"))["cells"]:
                source = "".join(line for line in cell["source"] if not line.startswith("%"))
                yield from _scenes(_IMPORTS + source, group, path.parent)
        elif path.suffix == ".py" and place.parts[0].startswith("example"):
            yield from _scenes(path.read_text("utf-8"), group, path.parent)


def _directives(text: str, group: str, folder: Path | None = None) -> Iterator[Example]:
    for _, name, block in _BLOCK.findall(text + "\n"):
        lines = [_PROMPT.sub(r"\1", line) for line in block.splitlines() if not _OPTION.match(line)]
        yield Example(name, _IMPORTS + textwrap.dedent("\n".join(lines)).strip() + "\n", group, folder)


def _scenes(source: str, group: str, folder: Path) -> Iterator[Example]:
    """The scenes of `source`, also those that it defines under a condition; none of what is no whole Python."""
    try:
        defined = list(ast.parse(source).body)
    except SyntaxError:
        return
    for node in defined:
        if isinstance(node, ast.If):
            defined += [*node.body, *node.orelse]
        elif isinstance(node, ast.ClassDef) and re.search(r"(Slide|Scene)\b", ",".join(map(ast.unparse, node.bases))):
            yield Example(node.name, source, group, folder)


def _docstrings(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield text


def compare(deck: Path, name: str, media: Path) -> dict[str, Any]:
    """Record the scene `name` of `deck`, run it in stock manim, and return what came of it."""
    from census_run import Kind, compare_step, places_of, seeded
    from stock import stock_steps

    from astrai_slides.errors import AstraiSlidesError
    from astrai_slides.recording.run.record import record_scene

    settings: dict[str, Any] = {"fps": FPS, "width": WIDTH, "height": HEIGHT, "media": media}
    refused, places = "", []
    try:
        with seeded(name):
            recording = record_scene(deck, name, **settings)
        places = places_of(recording)
    except AstraiSlidesError as error:
        refused = str(error).replace(str(deck), deck.name)
    try:
        with seeded(name):
            stock = stock_steps(
                deck, name, wants=lambda step, place: step < len(places) and place in places[step], **settings
            )
    except (Exception, SystemExit) as error:
        return {"stock": f"{type(error).__name__}: {error}", "refused": refused}
    if refused or not stock:
        return {"refused": refused} | ({} if stock else {"stock": "plays nothing"})
    if len(stock) != len(recording.steps):
        return {"refused": f"{len(recording.steps)} steps, stock has {len(stock)}"}
    kind = Kind(name)
    for step, theirs, wanted in zip(recording.steps, stock, places, strict=True):
        if theirs.src is not None:
            continue  # manim draws nothing of a file
        compare_step(kind, recording, step, theirs, wanted)
        if (step.loop, step.auto_next, step.notes) != (theirs.loop, theirs.auto_next, theirs.notes):
            kind.wrong = f"repeats, goes on or is noted otherwise than in stock: step {step.name}"
    return {"ssim": min(kind.likeness, default=0), "filmed": kind.filmed, "steps": len(stock)} | (
        {"refused": kind.wrong} if kind.wrong else {}
    )


def _alone(example: Example, folder: Path) -> dict[str, Any]:
    """`compare` in a process of its own: an example may change manim's settings, or end the process."""
    deck = Path(tempfile.mkdtemp(dir=folder)) / f"{example.scene}.py"
    for beside in example.folder.iterdir() if example.folder else ():
        (deck.parent / beside.name).symlink_to(beside)
    deck.unlink(missing_ok=True)
    deck.write_text(example.source + _AT_REST.format(name=example.scene), "utf-8")
    fork = multiprocessing.get_context("fork")
    theirs, ours = fork.Pipe(duplex=False)
    process = fork.Process(target=_tell, args=(ours, deck, example, folder / "media"))
    process.start()
    ours.close()
    try:
        return dict(theirs.recv()) if theirs.poll(SECONDS) else {"refused": f"not done after {SECONDS} seconds"}
    except EOFError:
        return {"refused": "ended without a word"}
    finally:
        process.kill()
        process.join()


def _tell(pipe: Any, deck: Path, example: Example, media: Path) -> None:
    os.chdir(example.folder or deck.parent)
    pipe.send(compare(deck, example.scene, media))


def main() -> None:
    """Compare as many examples as are asked for, spread over all, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1 << 20, help="how many examples, spread over all")
    parser.add_argument("--only", nargs="*", help="names of examples")
    parser.add_argument("--folders", nargs="*", type=Path, default=[], help="repositories to read besides")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/wide.md")
    asked = parser.parse_args()
    found = examples([folder.resolve() for folder in asked.folders])
    names = asked.only or list(found)
    step = max(1.0, len(names) / asked.count)
    names = [names[int(place * step)] for place in range(min(asked.count, len(names)))]
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "fidelity")]
    importlib.import_module("census_run")  # with manim, once for all
    results = {}
    with tempfile.TemporaryDirectory(prefix="astrai-slides-") as folder:
        for name in names:
            results[name] = _alone(found[name], Path(folder))
            sys.stdout.write(f"{name}: {results[name]}\n")
            sys.stdout.flush()
    report = told(results, Counter(example.group for name, example in found.items() if name in results), len(found))
    sys.stdout.write(report + "\n")
    if asked.write:
        row = f"{ROW} `scripts/census_docs.py` | manim {version('manim')}, {report} |\n"
        pattern = re.compile(rf"^{re.escape(ROW)}.*\n", re.MULTILINE)
        FIGURES.write_text(pattern.sub(lambda _: row, FIGURES.read_text("utf-8"), count=1), "utf-8")


def told(results: dict[str, dict[str, Any]], groups: Counter[str], of: int) -> str:
    """The figures in words."""
    ran = {name: result for name, result in results.items() if "stock" not in result}
    reasons = {
        name: result.get("refused") or ": ".join(filter(None, (f"SSIM {result['ssim']:.3f}", EXPLAINED.get(name))))
        for name, result in ran.items()
        if result.get("refused") or result["ssim"] < LEAST_SSIM
    }
    likeness = [result["ssim"] for name, result in ran.items() if name not in reasons]
    return (
        f"manim-slides {version('manim-slides')}: {len(results)} of {of} tried "
        f"({', '.join(f'{count} of {group}' for group, count in groups.items())}), {len(ran)} run under stock, "
        f"{len(ran) - len(reasons)} right at SSIM {LEAST_SSIM} of what is drawn, "
        f"median {statistics.median(likeness or [0]):.4f}, "
        f"{sum(bool(result.get('filmed')) for result in ran.values())} of them filmed"
        + (f"; not: {'; '.join(f'{name} ({reason})' for name, reason in reasons.items())}" if reasons else "")
        + (f"; stock cannot: {_by_reason(results)}" if len(ran) < len(results) else "")
    )


def _by_reason(results: dict[str, dict[str, Any]]) -> str:
    """What stock does not run, under each reason that it gives."""
    names: dict[str, list[str]] = {}
    for name, result in results.items():
        if "stock" in result:
            # without the paths and addresses that follow
            reason = re.split(r"\n|: /|: From|\(host|\. See| \(\w+\.py", result["stock"].rstrip())[0][:120]
            names.setdefault(reason, []).append(name)
    return "; ".join(f"{', '.join(those)} ({reason})" for reason, those in names.items())


if __name__ == "__main__":
    main()
