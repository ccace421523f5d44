"""Record the examples of manim's own documentation, and compare them with what stock manim draws.

The examples are the `.. manim::` blocks of the installed package's docstrings, read where they stand and kept nowhere.
Each runs in a process of its own. Prints a table; `--write` puts its figures into docs/wide.md.

    python scripts/census_docs.py --count 80
"""

import argparse
import ast
import importlib
import multiprocessing
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "wide.md"
ROW = "| examples of manim's documentation against stock |"

WIDTH, HEIGHT, FPS = 426, 240, 15
LEAST_SSIM = 0.97
MOTION = 3
SECONDS = 240
"""An example that takes longer is given up, and said."""

_BLOCK = re.compile(r"^( *)\.\. manim:: (\w+)[^\n]*\n((?:\1 +[^\n]*\n|\s*\n)*)", re.MULTILINE)
_AT_REST = """

class {name}({name}):
    def construct(self):
        super().construct()
        self.wait(0.1)
"""
"""Many examples only add: what they show is then a step."""

_PROMPT = re.compile(r"^( *)(?:>>>|\.\.\.) ?")
_OPTION = re.compile(r"^\s*:\w+:.*$")


def examples() -> dict[str, str]:
    """Every example of the installed manim: its name, and its source."""
    spec = find_spec("manim")
    assert spec is not None
    assert spec.origin is not None
    found = {}
    for module in sorted(Path(spec.origin).parent.rglob("*.py")):
        for text in _docstrings(module):
            for _, name, block in _BLOCK.findall(text + "\n"):
                lines = [_PROMPT.sub(r"\1", line) for line in block.splitlines() if not _OPTION.match(line)]
                found[name] = textwrap.dedent("\n".join(lines)).strip() + "\n"
    return dict(sorted(found.items()))


def _docstrings(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield text


def compare(deck: Path, name: str, media: Path) -> dict[str, Any]:
    """Record the scene `name` of `deck`, run it in stock manim, and return what came of it."""
    from scenes import frame_at, spread
    from similarity import BT709, ssim
    from stock import REST, stock_steps

    from astrai_slides.errors import AstraiSlidesError
    from astrai_slides.recording.paint.raster import rasterise, rgb
    from astrai_slides.recording.run.record import record_scene

    settings: dict[str, Any] = {"fps": FPS, "width": WIDTH, "height": HEIGHT, "media": media}
    try:
        recording, refused = record_scene(deck, name, **settings), ""
    except AstraiSlidesError as error:
        recording, refused = None, str(error).replace(str(deck), deck.name)
    steps = [] if recording is None else recording.steps
    places = [[*spread(step.length, MOTION), REST] for step in steps]
    try:
        stock = stock_steps(
            deck, name, wants=lambda step, place: step < len(places) and place in places[step], **settings
        )
    except Exception as error:
        return {"stock": f"{type(error).__name__}: {error}", "refused": refused}
    if recording is None:
        return {"refused": refused} if stock else {"stock": "plays nothing", "refused": refused}
    likeness = []
    for number, step in enumerate(steps):
        for place in places[number]:
            if step.film and place not in (0, REST):
                continue
            wanted = stock[number].frames[place][..., :3]
            got = rgb(rasterise(frame_at(step, place), recording.blobs, WIDTH, HEIGHT))
            likeness.append(ssim(got, wanted, BT709))
    if not likeness:
        return {"stock": "plays nothing", "refused": refused}
    return {"ssim": min(likeness), "filmed": any(step.film for step in steps), "steps": len(steps)}


def _alone(name: str, source: str, folder: Path) -> dict[str, Any]:
    """`compare` in a process of its own: an example may change manim's settings, or end the process."""
    deck = folder / f"{name}.py"
    deck.write_text(f"from manim import *\n\n{source}{_AT_REST.format(name=name)}", "utf-8")
    fork = multiprocessing.get_context("fork")
    theirs, ours = fork.Pipe(duplex=False)
    process = fork.Process(target=_tell, args=(ours, deck, name, folder / "media"))
    process.start()
    ours.close()
    try:
        return dict(theirs.recv()) if theirs.poll(SECONDS) else {"refused": f"not done after {SECONDS} seconds"}
    except EOFError:
        return {"refused": "ended without a word"}
    finally:
        process.kill()
        process.join()


def _tell(pipe: Any, deck: Path, name: str, media: Path) -> None:
    os.chdir(deck.parent)
    pipe.send(compare(deck, name, media))


def main() -> None:
    """Compare as many examples as are asked for, spread over all, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1 << 20, help="how many examples, spread over all")
    parser.add_argument("--only", nargs="*", help="names of examples")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/wide.md")
    asked = parser.parse_args()
    found = examples()
    names = asked.only or list(found)
    step = max(1.0, len(names) / asked.count)
    names = [names[int(place * step)] for place in range(min(asked.count, len(names)))]
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "fidelity")]
    importlib.import_module("stock")  # with manim, once for all
    results = {}
    with tempfile.TemporaryDirectory(prefix="astrai-slides-") as folder:
        for name in names:
            results[name] = _alone(name, found[name], Path(folder))
            sys.stdout.write(f"{name}: {results[name]}\n")
            sys.stdout.flush()
    report = told(results, len(found))
    sys.stdout.write(report + "\n")
    if asked.write:
        row = f"{ROW} `scripts/census_docs.py` | manim {version('manim')}: {report} |\n"
        pattern = re.compile(rf"^{re.escape(ROW)}.*\n", re.MULTILINE)
        FIGURES.write_text(pattern.sub(lambda _: row, FIGURES.read_text("utf-8"), count=1), "utf-8")


def told(results: dict[str, dict[str, Any]], of: int) -> str:
    """The figures in words."""
    ran = {name: result for name, result in results.items() if "stock" not in result}
    right = [name for name, result in ran.items() if result.get("ssim", 0) >= LEAST_SSIM]
    rest = {name: result.get("refused") or f"SSIM {result['ssim']:.3f}" for name, result in ran.items()}
    wrong = [f"{name} ({reason})" for name, reason in rest.items() if name not in right]
    return (
        f"{len(results)} of {of} tried, {len(ran)} run under stock, {len(right)} right at SSIM {LEAST_SSIM}, "
        f"{sum(bool(result.get('filmed')) for result in ran.values())} of them filmed"
        + (f"; not: {'; '.join(wrong)}" if wrong else "")
    )


if __name__ == "__main__":
    main()
