"""One deck, made by both: by stock manim-slides with its own commands, and by this project."""

import compileall
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import psutil

from benchmarks.processes import Cost, measure

ROOT = Path(__file__).resolve().parent.parent
CONVERTED = ("html", "pptx", "pdf")
ALL = "html,pptx,pdf,present"

_LOOK_S, _IDLE = 2.0, 0.3
"""Where a preview takes fewer seconds of processors in so many seconds, it has nothing to do."""

# of the flagship: one more motion in the last step, which touches nothing else
_LAST_LINE = "            self.play(chart.tie(), run_time=time.move)\n"
_IMPORTS = "from manim import"

_GENERATED = '''"""{steps} steps of four seconds: a row of labelled boxes that move, turn and change colour."""

from manim import BLUE, DOWN, LEFT, RED, RIGHT, UP, FadeIn, LaggedStart, Rotate, Square, Text, VGroup
from manim_slides import Slide


class Generated(Slide):
    def construct(self):
        for step in range({steps}):
            if step:
                self.next_slide(notes=f"Step {{step}}")
                self.clear()
            title = Text(f"Step {{step}}: what happens next").to_edge(UP)
            row = VGroup(
                *(VGroup(Square(0.9), Text(str(n), font_size=28)) for n in range(8))
            ).arrange(RIGHT)
            self.play(FadeIn(title), LaggedStart(*map(FadeIn, row)))
            self.play(row.animate.shift(DOWN).set_color(RED if step % 2 else BLUE))
            self.play(*(Rotate(part[0]) for part in row))
            self.play(row[step % 8].animate.shift(UP).scale(1.3))
'''


@dataclass(frozen=True, slots=True)
class DeckFiles:
    """A deck's files, copied to a folder of their own: a scene of `deck`, or the talk that shows it."""

    folder: Path
    deck: str
    scene: str
    talk: str | None = None

    @property
    def name(self) -> str:
        """What files are called that are made of it."""
        return Path(self.talk).stem if self.talk else self.scene

    def edit(self) -> None:
        """Play one more motion at the end of the flagship's last step."""
        path = self.folder / self.deck
        text = path.read_text("utf-8")
        for old, new in (
            (_LAST_LINE, f"{_LAST_LINE}            self.play(FadeIn(Dot()))\n"),
            (_IMPORTS, f"from manim import Dot, FadeIn\n{_IMPORTS}" if " Dot, FadeIn\n" not in text else _IMPORTS),
        ):
            if text.count(old) < 1:
                raise ValueError(f"{path} has no {old!r}")
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")


def flagship(folder: Path) -> DeckFiles:
    """Copy the flagship to `folder`."""
    for name in ("slides/continuous_batching.py", "presentations/continuous-batching.toml"):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    return DeckFiles(
        folder, "slides/continuous_batching.py", "ContinuousBatching", "presentations/continuous-batching.toml"
    )


def generated(folder: Path, steps: int) -> DeckFiles:
    """Write a deck of `steps` steps to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "generated.py").write_text(_GENERATED.format(steps=steps), encoding="utf-8")
    return DeckFiles(folder, "generated.py", "Generated")


class Stock:
    """manim-slides: renders, then converts."""

    def __init__(self, deck: DeckFiles, quality: str) -> None:
        self._deck = deck
        self._quality = quality

    @cached_property
    def render(self) -> Cost:
        """The first rendering."""
        return self.render_again()

    def render_again(self) -> Cost:
        """Render; manim's own cache serves what it knows."""
        deck = self._deck
        return self._run("render", "--quality", self._quality, "--progress_bar", "none", deck.deck, deck.scene)

    def convert(self, formats: Sequence[str] = CONVERTED) -> Cost:
        """Convert to each of `formats`, HTML with all in one file."""
        cost = Cost(0, 0, 0)
        for each in formats:
            # no --offline: it takes reveal.js from the network, which this must not need
            options = ["--one-file"] if each == "html" else []
            cost += self._run("convert", "--to", each, *options, self._deck.scene, f"out.{each}")
        return cost

    def _run(self, *arguments: str) -> Cost:
        return measure([sys.executable, "-m", "manim_slides", *arguments], self._deck.folder, {"PYTHONPATH": str(ROOT)})


class Ours:
    """astrai-slides: one command."""

    def __init__(self, deck: DeckFiles, quality: str, workers: int | None = None) -> None:
        self._deck = deck
        self._quality = quality
        self._workers = workers

    def build(self, formats: str = ALL) -> Cost:
        """Build `formats`; what is in the folder's cache is not made again."""
        _compiled()
        deck = self._deck
        target = [deck.talk] if deck.talk else [deck.deck, deck.scene]
        workers = ["--workers", str(self._workers)] if self._workers else []
        options = ["--to", formats, "--no-variants", "--quality", self._quality, "--out", "out", *workers]
        command = [sys.executable, "-m", "astrai_slides", "build", *target, *options]
        return measure(command, deck.folder, {"ASTRAI_SLIDES_CACHE": ".cache", "PYTHONPATH": str(ROOT)})


class Previewed:
    """astrai-slides preview: one process, which writes every format after each save, at 1080p60."""

    def __init__(self, deck: DeckFiles) -> None:
        self._deck = deck
        _compiled()
        environment = {**os.environ, "ASTRAI_SLIDES_CACHE": ".cache", "PYTHONPATH": str(ROOT)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "astrai_slides", "preview", str(deck.talk), "--no-open", "--to", ALL]
        self._process = subprocess.Popen(
            command, cwd=deck.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Previewed":
        self._written()
        self._rest()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate()

    def edit(self) -> Cost:
        """Change the deck's last step; what it takes from the save until every format is written.

        The save comes when nothing is left to do of the one before. Raises RuntimeError if the build that follows
        writes anything else than what was there then.
        """
        before, begin = self._seconds(), time.perf_counter()
        self._deck.edit()
        files = self._written()
        cost = Cost(time.perf_counter() - begin, self._seconds() - before, 0)
        known = {path: path.read_bytes() for path in files}
        self._rest()
        for path, data in known.items():
            if path.read_bytes() != data:
                raise RuntimeError(f"{path} was written as it did not stay")
        return cost

    def _written(self) -> list[Path]:
        """Wait until a file of each format was written, and return them."""
        assert self._process.stderr is not None
        said: list[str] = []
        files: list[Path] = []
        for line in self._process.stderr:
            said.append(line)
            if line.startswith("wrote "):
                files.append(self._deck.folder / line.removeprefix("wrote ").strip())
            if len(files) == len(ALL.split(",")):
                return files
        raise RuntimeError(f"the preview ended:\n{''.join(said)[-4000:]}")

    def _rest(self) -> None:
        before = -1.0
        while self._seconds() - before > _IDLE:
            before = self._seconds()
            time.sleep(_LOOK_S)

    def _seconds(self) -> float:
        """Seconds of processors that the preview and its processes have taken, those that have ended among them."""
        total = 0.0
        mine = psutil.Process(self._process.pid)
        for each in [mine, *mine.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                total += sum(each.cpu_times()[:4])
        return total


@cache
def _compiled() -> None:
    """Compile this package, as is done where one is installed; manim is."""
    compileall.compile_dir(ROOT / "astrai_slides", quiet=1)
