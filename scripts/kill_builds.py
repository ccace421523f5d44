"""Kill builds at random moments, and check that nothing half-written is left and that the next build is right.

Run from anywhere as `python scripts/kill_builds.py`, with the Python that astrai-slides is installed for. Before each
build the deck is edited, so that there is work to do. `kill -9` reaches the build only, not its workers: they must end
by themselves.
"""

import argparse
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

FORMATS = "html,pptx,pdf,mp4,present"
EXPECTED = ("Deck.html", "Deck.pptx", "Deck.pdf", "Deck.mp4", "slides/Deck.json")
STEPS = 3
WORKERS_END_SECONDS = 30
DECK = """
from manim import Circle, Create, Square, Transform
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        for step in range({steps}):
            if step:
                self.next_slide(notes="Step {edition}")
            shape = Circle(radius=1 + step / 3)
            self.play(Create(shape), run_time=0.5)
            self.play(Transform(shape, Square(side_length=1 + {edition} / 50)), run_time=0.5)
            self.remove(shape)
"""


class Project:
    """A small deck in a folder of its own, and its builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.deck = folder / "deck.py"

    def edit(self, edition: int) -> None:
        """Change what every step shows, and its notes."""
        self.deck.write_text(DECK.format(steps=STEPS, edition=edition), encoding="utf-8")

    def start(self) -> "subprocess.Popen[str]":
        """Start a build."""
        words = [sys.executable, "-m", "astrai_slides", "-q", "build", self.deck.name, "Deck", "--quality", "l"]
        return subprocess.Popen(
            [*words, "--to", FORMATS, "--out", self.out.name],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def build(self) -> None:
        """Build to the end. Raises RuntimeError with what the build said if it fails."""
        process = self.start()
        _, said = process.communicate()
        if process.returncode:
            raise RuntimeError(f"a build failed: {said}")

    def files(self) -> dict[str, str]:
        """Return the SHA-256 of every file that was built, by path."""
        found = (path for path in self.out.rglob("*") if path.is_file()) if self.out.is_dir() else ()
        return {path.relative_to(self.out).as_posix(): digest(path) for path in found}


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def exports(files: dict[str, str]) -> dict[str, str]:
    """Return those of `files` that a speaker opens, drafts and clips left out."""
    return {name: known for name, known in files.items() if name in EXPECTED}


def kill(project: Project, after: float) -> bool:
    """Start a build and kill it `after` seconds; return whether it still ran. Its workers must end too."""
    process = project.start()
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate()
        _, alive = psutil.wait_procs(children, WORKERS_END_SECONDS)
        if alive:
            raise RuntimeError(f"still running {WORKERS_END_SECONDS} s after the build was killed: {alive}") from None
        return True
    process.communicate()
    return False


def check(times: int, seed: int, say: Callable[[str], None], *, compare_all: bool = True) -> int:
    """Kill `times` builds; return how many were killed before their end. Raises RuntimeError for what is wrong.

    What the builds after them give is compared with undisturbed builds, the last one only unless `compare_all`.
    """
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="astrai-slides-kill-") as scratch:
        project, other = (Project(Path(scratch, name)) for name in ("killed", "undisturbed"))
        project.folder.mkdir()
        project.edit(0)
        start = time.perf_counter()
        project.build()
        whole = time.perf_counter() - start
        killed = 0
        for number in range(1, times + 1):
            before = exports(project.files())
            project.edit(number)
            after = moments.uniform(0, whole)
            ran = kill(project, after)
            killed += ran
            left = project.files()
            project.build()
            now = project.files()
            torn = [name for name, known in exports(left).items() if known not in {before[name], now[name]}]
            if torn:
                raise RuntimeError(f"neither old nor new after a kill at {after:.2f} s: {torn}")
            clips = [name for name in left if name.endswith(".mp4") and not Path(name).name.startswith(".")]
            named = [name for name in clips if name != "Deck.mp4" and digest_in(name) not in {"", left[name][:16]}]
            if named:
                raise RuntimeError(f"clips that are not what their names say: {named}")
            unwanted = [name for name in now if Path(name).name.startswith(".")]
            if unwanted or set(exports(now)) != set(EXPECTED):
                raise RuntimeError(f"after the next build there are {sorted(now)}")
            if compare_all or number == times:
                other.folder.mkdir()
                other.edit(number)
                other.build()
                if other.files() != now:
                    raise RuntimeError(f"after a kill at {after:.2f} s the next build differs from an undisturbed one")
                shutil.rmtree(other.folder)
            say(f"{number:3}: {'killed' if ran else 'done already'} at {after:.2f} s of {whole:.2f} s: nothing torn")
    return killed


def digest_in(name: str) -> str:
    """Return the digits of the SHA-256 in a forward clip's name; empty for a backward one, named by its pair."""
    stem = Path(name).stem
    return "" if stem.endswith("_reversed") else stem.rpartition("-")[2]


def main() -> int:
    """Read the options and check."""
    parser = argparse.ArgumentParser(description="Kill builds at random moments and check what is left.")
    parser.add_argument("--times", type=int, default=20, help="how many builds to kill (default: 20)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (default: 0)")
    options = parser.parse_args()
    try:
        killed = check(options.times, options.seed, lambda line: print(line, flush=True))
    except RuntimeError as error:
        print(f"kill_builds: {error}", file=sys.stderr)
        return 1
    print(f"{killed} of {options.times} builds killed; every next build was right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
