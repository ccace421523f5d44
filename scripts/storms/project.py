"""A small deck in a folder of its own, whose builds are disturbed, and what must be true afterwards."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import psutil

from astrai_slides.cli.options import UNFORESEEN
from storms.case import ROOT, NotHeldError, borrow, end_seconds, hold

borrow("build")
from forked_builds import ForkedBuilds  # noqa: E402

DECK = """
from manim import Circle, Create, Square, Transform
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        for step in range(3):
            if step:
                self.next_slide(notes="Step {edition}")
                self.clear()
            shape = Circle(radius=1 + step / 3)
            self.play(Create(shape), run_time=0.4)
            self.play(Transform(shape, Square(side_length=1 + {edition} / 5)), run_time=0.4)
"""
FORKED_DECK = """
from manim import DOWN, Circle, Create, Dot, FadeIn, RIGHT, Square, Transform, VGroup
from manim_slides import Slide

class Deck(Slide):
    def construct(self):
        for step in range(6):
            if step:
                self.next_slide(notes="Step {edition}")
                self.clear()
            dots = VGroup(*(Dot(radius=0.1 + {edition} / 50).shift(RIGHT * place / 9) for place in range(30 + step)))
            self.play(FadeIn(dots), run_time=1)
            self.play(dots.animate.shift(DOWN * (1 + step / 7)), run_time=1)
            self.play(Transform(dots, Square(side_length={edition} + step / 5)), run_time=1)
"""
"""Its plays are drawn by forks."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A deck, with the number of its edition left open, and how it is built."""

    name: str
    deck: str
    formats: Mapping[str, str]
    """Each with the ending of its file."""
    workers: int

    @property
    def files(self) -> set[str]:
        """Names of the files that are written."""
        return {f"Deck.{ending}" for ending in self.formats.values()}

    @property
    def command(self) -> tuple[str, ...]:
        """Words of the command line that build it."""
        small = ("--size", "160x90", "--fps", "15", "--workers", str(self.workers))
        return "-q", "build", "deck.py", "Deck", "--to", ",".join(self.formats), "--out", "out", *small


ENCODED = Kind("encoded", DECK, {"html": "html", "pptx": "pptx", "pdf": "pdf", "mp4": "mp4", "notes": "notes.md"}, 2)
"""Recorded in order, and drawn by workers meanwhile."""
FORKED = Kind("forked", FORKED_DECK, {"html": "html", "pdf": "pdf", "notes": "notes.md"}, 3)
"""Recorded by forks."""
KEPT = ("out", "cache", "tmp")
MARK = "ASTRAI_SLIDES_STORM"
"""An environment variable by which processes of a build are known."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a build came to."""

    code: int
    said: str
    seconds: float
    """From what ended it, or from its start."""


class Project:
    """Its first edition is built; every case begins there, with the deck edited to the second."""

    def __init__(self, folder: Path, forked: ForkedBuilds, kind: Kind = ENCODED) -> None:
        self.folder = folder
        self.kind = kind
        self._forked = forked
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ASTRAI_SLIDES_CACHE": str(folder / "cache"),
            "TMPDIR": str(folder / "tmp"),
            MARK: str(folder),
        }
        for name in KEPT:
            (folder / name).mkdir(exist_ok=True)
        self.edit(1)
        self.seconds = self._measured()
        self.before = self.files()
        for name in KEPT:
            shutil.copytree(folder / name, folder / "first" / name, symlinks=True)
        self.edit(2)
        self.build()
        self.right = self.files()
        hold(set(self.right) == kind.files, f"a build wrote {sorted(self.right)}")
        hold(all(self.right[name] != self.before[name] for name in kind.files), "both editions look the same")

    def edit(self, edition: int) -> None:
        """Write the deck's edition."""
        (self.folder / "deck.py").write_text(self.kind.deck.format(edition=edition), encoding="utf-8")

    def _measured(self) -> float:
        """Build in a process that loads everything; return the seconds."""
        begun = time.monotonic()
        ended = self.ended(self.start(), begun, limit=300)
        hold(ended.code == 0, f"the first build failed: {ended.said}")
        return ended.seconds

    def reset(self) -> None:
        """Put the first edition's build back, and the second edition's deck."""
        self.edit(2)
        for name in KEPT:
            shutil.rmtree(self.folder / name, ignore_errors=True)
            shutil.copytree(self.folder / "first" / name, self.folder / name, symlinks=True)

    def start(self, *before: str, **more: Any) -> "subprocess.Popen[str]":
        """Start a build in a session of its own; words in `before` run it, as `sh` does."""
        words = [*before, sys.executable, "-m", "astrai_slides", *self.kind.command]
        return subprocess.Popen(
            words,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            **more,
        )

    def ended(self, process: "subprocess.Popen[str]", since: float, limit: float = 120) -> Ended:
        """Wait for the end; raises NotHeldError if that takes more than `limit` seconds."""
        try:
            _, said = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            self._kill_all()
            process.communicate()
            raise NotHeldError(f"still running after {limit:.0f} s") from None
        return Ended(process.returncode, said, time.monotonic() - since)

    def build(self) -> None:
        """Build to the end, with nothing in the way. Raises NotHeldError with what it said if it fails."""
        some = ("ASTRAI_SLIDES_CACHE", "TMPDIR", MARK)
        given = {name: self.environment[name] for name in some}
        done = self._forked.run(*self.kind.command, folder=self.folder, limit=120, **given)
        hold(done.code == 0, f"the next build fails ({done.code}): {_short(done.err)}")
        hold("Traceback" not in done.err, f"the next build says {_short(done.err)}")

    def files(self) -> dict[str, bytes]:
        """What lies in the folder of output, by name."""
        return {path.name: path.read_bytes() for path in (self.folder / "out").iterdir() if path.is_file()}

    def processes(self) -> list[psutil.Process]:
        """Processes of this project's builds that still run."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == str(self.folder) and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def _kill_all(self) -> None:
        for process in self.processes():
            if process.pid != os.getpid():
                process.kill()

    def check(self, ended: Ended, codes: Mapping[int, str], *, killed: bool = False, full: bool = False) -> str:
        """Hold an end, what it left, and the next build, to what they should be; return what its code means.

        What is `killed` may leave drafts and temporary folders, which the next build removes. On a `full` disk, too,
        a folder may be left out.
        """
        hold("Traceback" not in ended.said, f"a traceback: {_short(ended.said)}")
        hold(UNFORESEEN not in ended.said, f"nobody foresaw {_short(ended.said)}")
        hold(ended.code in codes, f"exit code {ended.code}: {_short(ended.said)}")
        if ended.code == 1:
            hold(ended.said.strip().splitlines()[-1:] and "astrai-slides: " in ended.said, f"says {ended.said!r}")
        left = [process for process in self.processes() if process.is_running()]
        _, alive = psutil.wait_procs(left, end_seconds())
        if alive:
            names = [" ".join(process.cmdline())[-80:] for process in alive if process.is_running()]
            self._kill_all()
            raise NotHeldError(f"still running after its end: {names}")
        if (self.folder / "out").is_dir() or not full:
            for name, content in self.files().items():
                if not name.startswith("."):
                    hold(content in (self.before.get(name), self.right.get(name)), f"{name} is torn")
        if not killed:
            hold(not self._litter(), f"left behind: {self._litter()}")
        self.build()
        after = self.files()
        odd = sorted(name for name in {*after, *self.right} if after.get(name) != self.right.get(name))
        hold(not odd, f"the next build differs: {odd}")
        hold(not self._litter(), f"left behind after the next build: {self._litter()}")
        return codes[ended.code]

    def _litter(self) -> list[str]:
        drafts = (self.folder / "out").glob(".*") if (self.folder / "out").is_dir() else ()
        return [path.name for path in (*drafts, *(self.folder / "tmp").iterdir())]


_made: dict[tuple[ExitStack, str], Project] = {}


def project(folder: Path, stack: ExitStack, kind: Kind = ENCODED) -> Project:
    """Return the project of its `kind` that all storms of `stack` share, beside `folder`."""
    known = stack, kind.name
    if known not in _made:
        place = folder.parent / f"project-{kind.name}"
        place.mkdir()
        _made[known] = stack.enter_context(_opened(place, kind))
    return _made[known]


@contextmanager
def _opened(folder: Path, kind: Kind) -> Iterator[Project]:
    with mock.patch.dict(os.environ, {"TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(ROOT)}):
        (folder / "tmp").mkdir()
        forked = ForkedBuilds()
    with forked:
        yield Project(folder, forked, kind)


def _short(said: str) -> str:
    return repr(said[-3000:])
