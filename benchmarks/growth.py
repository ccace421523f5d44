"""How what a build takes grows with processors and with steps: `python -m benchmarks growth [processors] [steps]`.

The flagship at 1080p60 on 1, 2, 4, 8 and 16 processors, as far as this machine has them, to HTML alone and to all
formats; the same bytes each time. Generated decks of 25, 100 and 400 steps at 720p30 on all of them, to all formats.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.sides import ALL, DeckFiles, Ours, flagship, generated

PROCESSORS = (1, 2, 4, 8, 16)
STEPS = (25, 100, 400)
WHAT = ("processors", "steps")

_MB = 10**6


def measure_growth(asked: Iterable[str]) -> None:
    """Print the tables `asked` for, which are some of `WHAT`, or both."""
    wanted = list(asked) or list(WHAT)
    with tempfile.TemporaryDirectory(prefix="astrai-slides-bench-") as work:
        if "processors" in wanted:
            _with_processors(Path(work) / "processors")
        if "steps" in wanted:
            _with_steps(Path(work) / "steps")


def _with_processors(work: Path) -> None:
    of_each = " clock, s | processor time, s | peak MB |"
    print(f"| processors | to HTML:{of_each} to all:{of_each}")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    known: set[str] = set()
    for count in _counts():
        cells = []
        for formats in ("html", ALL):
            deck = flagship(work / f"{count}-{formats}")
            with _on(count):
                cost = Ours(deck, "h", count).build(formats)
            known.add(_digest(deck))
            cells += [f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{cost.peak / _MB:,.0f}"]
        print(f"| {count} | {' | '.join(cells)} |", flush=True)
    print(f"\n{'The same HTML each time' if len(known) == 1 else 'HTML THAT DIFFERS'}.\n")


def _with_steps(work: Path) -> None:
    print("| steps | clock, s | processor time, s | of it a step, ms | peak MB |")
    print("|---:|---:|---:|---:|---:|")
    for steps in STEPS:
        cost = Ours(generated(work / str(steps), steps), "m").build()
        print(
            f"| {steps} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.cpu / steps * 1000:.0f} | {cost.peak / _MB:,.0f} |",
            flush=True,
        )


def _counts() -> Iterator[int]:
    most = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return (count for count in PROCESSORS if count <= most)


@contextmanager
def _on(count: int) -> Iterator[None]:
    """Leave the block so many processors, and what it starts."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _digest(deck: DeckFiles) -> str:
    return hashlib.sha256((deck.folder / "out" / f"{deck.name}.html").read_bytes()).hexdigest()
