"""Count the package's rooms, the arrows between them, and the climbs of a build.

`python scripts/rooms.py` prints the rooms from the highest to the lowest, every arrow, what points up and what goes in
a circle, also among the folders inside a room. `python scripts/rooms.py --climbs` then builds a small deck to HTML in
this process and prints every call from a room into one above it. Exit code 1 if a limit is passed.

A *room* is a folder of the package, or a module that lies loose in it. An *arrow* is an ordered pair of rooms with at
least one import, be it inside a function or for types only. A *climb* is a function of a room that is called from a
room below it, itself or through Python's own library (`functools`, `contextlib`). What manim or another library calls
of its own is shown too, and does not count: a renderer is there for manim to call.
"""

import argparse
import ast
import inspect
import os
import sys
import sysconfig
import tempfile
import textwrap
import threading
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent / "astrai_slides"
NAME = "astrai_slides"


def _layers() -> tuple[str, ...]:
    """Rooms of the tool, from the highest to the lowest, as the import contract in pyproject.toml has them."""
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))
    (contract,) = (each for each in settings["tool"]["importlinter"]["contracts"] if each["id"] == "layers")
    return tuple(name.strip(" ()") for layer in contract["layers"] for name in layer.split("|"))


LAYERS = _layers()
"""The domain is none of them, and stands above all: it is what a deck brings with it."""

MOST_ARROWS = 45
MOST_LOOSE = 4
MOST_CLIMBS = 4
NOT_ROOMS = {"__init__", "__main__"}


@dataclass(frozen=True, order=True, slots=True)
class Import:
    """One module imports another of the package."""

    importer: str
    imported: str


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Every module of the package by its dotted name below the package."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        found[name] = path
    return found


def imports(package: Path = PACKAGE) -> set[Import]:
    """Every import between two modules of the package, wherever it stands."""
    known = modules(package)
    return {
        Import(name, imported)
        for name, path in known.items()
        for imported in _imported(ast.parse(path.read_bytes()), known)
        if imported != name
    }


def _imported(tree: ast.AST, known: Iterable[str]) -> Iterator[str]:
    names = set(known)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            wholes = [f"{node.module}.{each.name}" for each in node.names]
            for whole in wholes:
                yield from _inside(whole if whole.removeprefix(f"{NAME}.") in names else node.module, names)
        elif isinstance(node, ast.Import):
            for each in node.names:
                yield from _inside(each.name, names)


def _inside(name: str, names: set[str]) -> Iterator[str]:
    if name == NAME:
        yield "__init__"
    elif name.startswith(f"{NAME}.") and name.removeprefix(f"{NAME}.") in names:
        yield name.removeprefix(f"{NAME}.")


def room(module: str) -> str:
    """The room that a module lies in."""
    return module.partition(".")[0]


def rooms(package: Path = PACKAGE) -> list[str]:
    """The rooms, highest first; those that `LAYERS` does not know come first."""
    found = {room(name) for name in modules(package)} - NOT_ROOMS
    return sorted(found, key=lambda each: (height(each), each), reverse=True)


def loose(package: Path = PACKAGE) -> list[str]:
    """Modules that lie in the package itself."""
    return sorted(path.stem for path in package.glob("*.py") if path.stem not in NOT_ROOMS)


def height(name: str) -> int:
    """How high a room lies: 0 is the lowest."""
    return len(LAYERS) - 1 - LAYERS.index(name) if name in LAYERS else len(LAYERS)


def arrows(every: Iterable[Import], depth: int = 1) -> dict[tuple[str, str], list[Import]]:
    """Ordered pairs of rooms with an import, and the imports; `depth` 2 tells the folders inside rooms apart."""
    found: dict[tuple[str, str], list[Import]] = {}
    for each in sorted(every):
        pair = _folder(each.importer, depth), _folder(each.imported, depth)
        if pair[0] != pair[1] and not set(pair) & NOT_ROOMS:
            found.setdefault(pair, []).append(each)
    return found


def _folder(module: str, depth: int) -> str:
    parts = module.split(".")
    if depth == 1 or len(parts) <= depth:
        return parts[0] if depth == 1 else module
    return ".".join(parts[:depth])


def pointing_up(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Arrows from a room to one that is not below it."""
    return [(one, other) for one, other in found if height(other) >= height(one)]


def circles(found: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Groups of rooms each of which reaches every other of its group."""
    below: dict[str, set[str]] = {}
    for one, other in found:
        below.setdefault(one, set()).add(other)
    reached = {each: _reached(each, below) for each in below}
    groups = {
        tuple(sorted({each, *(other for other in reached[each] if each in reached.get(other, ()))}))
        for each in reached
        if each in reached[each]
    }
    return [list(group) for group in sorted(groups)]


def _reached(start: str, below: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for each in below.get(todo.pop(), ()):
            if each not in seen:
                seen.add(each)
                todo.append(each)
    return seen


# -- climbs

DECK = """
    from manim import Circle, Create, Square, Transform
    from astrai_slides.deck.base import Deck
    from astrai_slides.deck.parts.text import label

    class Small(Deck):
        def construct(self):
            self.step("one", title=self.talk.title, notes="Say it.")
            shape, words = Circle(), label("said", 0.3, "#ffffff")
            self.add(words)
            self.play(Create(shape), run_time=0.3)
            self.step("two", title="Two", notes="And this.", loop=True)
            self.play(Transform(shape, Square()), run_time=0.3)
            words.become(label("again", 0.3, "#ffffff"))
            self.wait(0.2)
"""
TALK = """
    scene = "deck.py:Small"
    title = "A small talk"
"""


@dataclass(frozen=True, order=True, slots=True)
class Climb:
    """A function that was called from a room below its own; `library` is who called it in between, if anyone."""

    caller: str
    called: str
    function: str
    library: str = ""


class Climbs:
    """Sees every call while it is open."""

    def __init__(self) -> None:
        self.found: dict[Climb, str] = {}
        """Each with the place it was first called from."""
        self.called: list[str] = []
        """Modules in the order in which a function of theirs was called first."""
        self._places: dict[str, tuple[str, str]] = {}

    @property
    def own(self) -> list[Climb]:
        """Those that no library called."""
        return sorted(climb for climb in self.found if not climb.library)

    def __enter__(self) -> "Climbs":
        threading.setprofile(self._see)
        sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _see(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call" or not _is_function(frame):
            return
        called, _ = self._place(frame)
        if not called:
            return
        library, back = "", frame.f_back
        while back is not None:
            caller, other = self._place(back)
            if caller:
                break
            library, back = other or library, back.f_back
        if back is not None and not _is_function(back):
            return  # called while a module is imported
        if called not in self.called:
            self.called.append(called)
        if back is None:
            return
        one, other = room(caller), room(called)
        if one in LAYERS and other in LAYERS and height(other) > height(one):
            climb = Climb(one, other, f"{called}.{frame.f_code.co_qualname}", library)
            self.found.setdefault(climb, f"{caller}.{back.f_code.co_qualname}, line {back.f_lineno}")

    def _place(self, frame: FrameType) -> tuple[str, str]:
        """The module of the package that `frame` runs, or else the library, which Python's own is not."""
        file = frame.f_code.co_filename
        if file not in self._places:
            path = Path(os.path.realpath(file))
            if path.is_relative_to(PACKAGE):
                self._places[file] = ".".join(path.relative_to(PACKAGE).with_suffix("").parts), ""
            else:
                installed = next((Path(each) for each in _INSTALLED if path.is_relative_to(each)), None)
                self._places[file] = "", path.relative_to(installed).parts[0] if installed else ""
        return self._places[file]


def _is_function(frame: FrameType) -> bool:
    """Whether `frame` runs a function, and no module or class body."""
    return bool(frame.f_code.co_flags & inspect.CO_OPTIMIZED)


_INSTALLED = [os.path.realpath(sysconfig.get_path(name)) for name in ("purelib", "platlib")]


def climbs_of_a_build() -> Climbs:
    """Build a small deck with a talk file to HTML in this process, with nothing in the cache, and see its calls."""
    from click.testing import CliRunner

    from astrai_slides.cli import main

    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="astrai-slides-rooms-") as folder:
        for name, text in (("deck.py", DECK), ("small.toml", TALK)):
            Path(folder, name).write_text(textwrap.dedent(text), encoding="utf-8")
        os.chdir(folder)
        try:
            words = ["-q", "build", "small.toml", "--to", "html", "--quality", "l", "--workers", "1"]
            with Climbs() as seen:
                result = CliRunner(env={"ASTRAI_SLIDES_CACHE": f"{folder}/cache"}).invoke(main, words)
            if result.exit_code or not Path("small.html").is_file():
                raise RuntimeError(f"the build failed: {result.output}")
        finally:
            os.chdir(before)
    return seen


def main() -> int:
    """Print what there is; return 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--climbs", action="store_true", help="build a small deck too, and show its climbs")
    options = parser.parse_args()
    every = imports()
    found = arrows(every)
    print(f"{len(rooms())} rooms: {', '.join(rooms())}")
    print(f"{len(loose())} loose modules (at most {MOST_LOOSE}): {', '.join(loose())}")
    print(f"{len(found)} arrows (at most {MOST_ARROWS}):")
    for one in rooms():
        below = [other for above, other in found if above == one]
        print(f"  {one} -> {', '.join(sorted(below, key=height, reverse=True)) or 'nothing'}")
    wrong = len(found) > MOST_ARROWS or len(loose()) > MOST_LOOSE
    for pair in pointing_up(found):
        wrong = True
        print(f"points up: {pair[0]} -> {pair[1]}: {', '.join(f'{i.importer} ({i.imported})' for i in found[pair])}")
    for depth in (1, 2, 3):
        for group in circles(arrows(every, depth)):
            wrong = True
            print(f"circle: {' <-> '.join(group)}")
    if options.climbs:
        seen = climbs_of_a_build()
        wrong = wrong or len(seen.own) > MOST_CLIMBS
        print(f"{len(seen.own)} climbs (at most {MOST_CLIMBS}), and those that a library calls:")
        for climb, place in sorted(seen.found.items(), key=lambda each: (each[0].library, each[0])):
            by = f"{climb.library} calls " if climb.library else ""
            print(f"  {climb.caller} -> {climb.called}: {by}{climb.function}, from {place}")
        print(f"the way: {', '.join(seen.called)}")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
