"""This project against stock manim-slides on the same decks, one after the other in one run; and how evenly decks play.

`python -m benchmarks` runs every case, which takes hours at 4K and 100 steps; `python -m benchmarks CASE...` some of
them, `--list` names them. Prints how many times faster this project is, by the clock and by processor time (which
other work on the machine disturbs less), and the most memory that all processes held together. Needs no network.
`python -m benchmarks kinds [KIND...]` takes short decks of the kinds that others make.
`python -m benchmarks preview [flagship|plain]` times edits of decks that are previewed in Chromium.
`python -m benchmarks variants [flagship|small]` tells what the variants of a deck cost.
`python -m benchmarks growth [processors] [steps]` tells what more processors, and more steps, come to.
`python -m benchmarks embedded [FOLDER]` opens a page with twenty decks.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from operator import add
from pathlib import Path

from benchmarks.embedded import measure_embedded, measure_flagship
from benchmarks.frames import measure
from benchmarks.growth import WHAT, measure_growth
from benchmarks.kinds import FORMATS, KINDS, compare
from benchmarks.preview import measure_preview
from benchmarks.processes import Cost
from benchmarks.sides import CONVERTED, DeckFiles, Ours, Previewed, Stock, flagship, generated
from benchmarks.variants import DECKS, measure_variants

MB = 10**6
WIDTH = 44

_EDITS = 3
"""So that one moment of a busy machine does not decide."""


@dataclass(frozen=True, slots=True)
class CaseCosts:
    """One case's costs."""

    stock: Cost
    ours: Cost


class Bench:
    """Folders of a run, and what several cases share."""

    def __init__(self, work: Path, quality: str | None, edits: int = _EDITS) -> None:
        self._work = work
        self._edits = edits
        self._asked = quality
        self._folders = 0

    def folder(self) -> Path:
        """Return a new folder."""
        self._folders += 1
        return self._work / str(self._folders)

    def quality(self, usual: str) -> str:
        """Return the quality asked for on the command line, or else `usual`."""
        return self._asked or usual

    @cache  # noqa: B019 - one object a run
    def stock(self, make: Callable[[Path], DeckFiles], quality: str) -> tuple[DeckFiles, Stock]:
        """Return the deck that stock has rendered once, cold."""
        deck = make(self.folder())
        stock = Stock(deck, quality)
        assert stock.render
        return deck, stock

    def cold(
        self, make: Callable[[Path], DeckFiles], quality: str, formats: str | None = None, workers: int | None = None
    ) -> CaseCosts:
        """Everything from nothing; `formats` to be built and converted, or all and what a player needs."""
        _, stock = self.stock(make, quality)
        converted = stock.convert((formats,) if formats else CONVERTED)
        ours = Ours(make(self.folder()), quality, workers)
        return CaseCosts(stock.render + converted, ours.build(formats) if formats else ours.build())

    def again(self, quality: str, *, edited: bool) -> CaseCosts:
        """Everything once more: unchanged, or after each of some edits of one step, the sum of all."""
        deck = flagship(self.folder())
        ours = Ours(deck, quality)
        ours.build()
        theirs, stock = self.stock(flagship, quality)
        row = None
        for _ in range(self._edits if edited else 1):
            if edited:
                deck.edit()
                theirs.edit()
            once = CaseCosts(stock.render_again() + stock.convert(), ours.build())
            row = once if row is None else CaseCosts(row.stock + once.stock, row.ours + once.ours)
        assert row is not None
        return row

    def previewed(self) -> CaseCosts:
        """All formats after each of some edits of one step, written by a preview; the sum of all."""
        with Previewed(flagship(self.folder())) as preview:
            ours = [preview.edit() for _ in range(self._edits)]
        print(f"in a preview: {', '.join(f'{each.wall:.1f}' for each in ours)} s", file=sys.stderr, flush=True)
        deck, stock = self.stock(flagship, "h")
        theirs = []
        for _ in range(self._edits):
            deck.edit()
            theirs.append(stock.render_again() + stock.convert())
        return CaseCosts(reduce(add, theirs), reduce(add, ours))


@cache
def _steps(count: int) -> Callable[[Path], DeckFiles]:
    return lambda folder: generated(folder, count)


CASES: dict[str, tuple[str, Callable[[Bench], CaseCosts]]] = {
    "cold-html": ("flagship to HTML, cold", lambda run: run.cold(flagship, run.quality("h"), "html")),
    "cold-all": ("flagship to all formats, cold", lambda run: run.cold(flagship, run.quality("h"))),
    "unchanged": ("flagship, nothing changed", lambda run: run.again(run.quality("h"), edited=False)),
    "edited": ("flagship, one step edited", lambda run: run.again(run.quality("h"), edited=True)),
    "previewed": ("flagship, one step edited in a preview", Bench.previewed),
    "workers-1": ("flagship, one worker", lambda run: run.cold(flagship, run.quality("h"), workers=1)),
    "workers-2": ("flagship, two workers", lambda run: run.cold(flagship, run.quality("h"), workers=2)),
    "720p": ("flagship at 720p30", lambda run: run.cold(flagship, "m")),
    "1080p": ("flagship at 1080p60", lambda run: run.cold(flagship, "h")),
    "4k": ("flagship at 4K (ours 30, stock 60 fps)", lambda run: run.cold(flagship, "k")),
    "steps-6": ("6 generated steps of 4 s", lambda run: run.cold(_steps(6), run.quality("m"))),
    "steps-25": ("25 generated steps of 4 s", lambda run: run.cold(_steps(25), run.quality("m"))),
    "steps-100": ("100 generated steps of 4 s", lambda run: run.cold(_steps(100), run.quality("m"))),
    "steps-400": ("400 generated steps of 4 s", lambda run: run.cold(_steps(400), run.quality("m"))),
}

EMBEDDED_DECKS = 20
"""In one page."""

FRAMES = "frames"
"""The case that has a table of its own, without stock's."""


def _megabytes(peak: int) -> str:
    return f"{peak / MB:7,.0f}" if peak else f"{'not seen':>7}"


def _compare(names: Iterable[str], quality: str | None, edits: int) -> None:
    """Print the table of the cases `names`."""
    print(f"| {'case':{WIDTH}} | faster by the clock | by processor time | peak MB | stock's |")
    print(f"|{'-' * (WIDTH + 2)}|--------------------:|------------------:|--------:|--------:|")
    with tempfile.TemporaryDirectory(prefix="astrai-slides-bench-") as work:
        run = Bench(Path(work), quality, edits)
        for name in names:
            title, case = CASES[name]
            row = case(run)
            wall, cpu = row.stock.wall / row.ours.wall, row.stock.cpu / row.ours.cpu
            print(
                f"| {title:{WIDTH}} | {wall:19.1f} | {cpu:17.1f} | {_megabytes(row.ours.peak)} "
                f"| {row.stock.peak / MB:7,.0f} |",
                flush=True,
            )
            print(f"{name}: {row}", file=sys.stderr, flush=True)


def _print_kinds(names: list[str], quality: str, runs: int) -> None:
    """Print the table of the kinds `names`."""
    print(f"{date.today()}, {os.cpu_count()} processors, Python {platform.python_version()}, quality {quality}\n")
    print(f"| {'deck':{WIDTH}} | stock's render, s | ours to {FORMATS}, s | ratio |")
    print(f"|{'-' * (WIDTH + 2)}|------------------:|------------------------:|------:|")
    with tempfile.TemporaryDirectory(prefix="astrai-slides-bench-") as work:
        for title, stock, ours in compare(names, Path(work), quality, runs):
            print(f"| {title:{WIDTH}} | {stock:.1f} | {ours:.1f} | {stock / ours:.1f} |", flush=True)


def main() -> None:
    """Run the cases that are named and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join((*CASES, FRAMES)))
    parser.add_argument("--quality", choices=("l", "m", "h", "p", "k"), help="instead of that of the case")
    parser.add_argument("--list", action="store_true", help="name the cases and stop")
    parser.add_argument("--edits", type=int, default=_EDITS, help=f"of cases with edits (default {_EDITS})")
    parser.add_argument("--runs", type=int, default=3, help="of each kind, the least of which counts (default 3)")
    arguments = parser.parse_args()
    if arguments.cases[:1] == ["kinds"]:
        unknown = [name for name in arguments.cases[1:] if name not in KINDS]
        if unknown:
            parser.error(f"unknown kind {unknown[0]!r}; known are: {', '.join(KINDS)}")
        _print_kinds(arguments.cases[1:] or list(KINDS), arguments.quality or "m", arguments.runs)
        return
    if arguments.cases[:1] == ["preview"]:
        measure_preview(arguments.cases[1:])
        return
    if arguments.cases[:1] == ["growth"]:
        unknown = [name for name in arguments.cases[1:] if name not in WHAT]
        if unknown:
            parser.error(f"unknown growth {unknown[0]!r}; known are: {', '.join(WHAT)}")
        measure_growth(arguments.cases[1:])
        return
    if arguments.cases[:1] == ["embedded"]:
        for folder in arguments.cases[1:]:
            measure_embedded(Path(folder).resolve(), EMBEDDED_DECKS)
        if not arguments.cases[1:]:
            measure_flagship(EMBEDDED_DECKS)
        return
    if arguments.cases[:1] == ["variants"]:
        unknown = [name for name in arguments.cases[1:] if name not in DECKS]
        if unknown:
            parser.error(f"unknown deck {unknown[0]!r}; known are: {', '.join(DECKS)}")
        measure_variants(arguments.cases[1:])
        return
    unknown = [name for name in arguments.cases if name not in CASES and name != FRAMES]
    if unknown:
        parser.error(f"unknown case {unknown[0]!r}; known are: {', '.join((*CASES, FRAMES))}")
    if arguments.list:
        for name, (title, _) in CASES.items():
            print(f"{name:12} {title}")
        print(f"{FRAMES:12} gaps between frames of ten heavy steps in Chromium")
        return
    named = arguments.cases or [*CASES, FRAMES]
    print(f"{date.today()}, {os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}\n")
    compared = [name for name in named if name != FRAMES]
    if compared:
        _compare(compared, arguments.quality, arguments.edits)
    if FRAMES in named:
        measure()


if __name__ == "__main__":
    main()
