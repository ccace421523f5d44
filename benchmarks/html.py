"""From source to one-file HTML: time and size against stock manim-slides, at 1080p and 4K, and by number of steps.

`python -m benchmarks.html` makes the flagship with both at 1080p60, cold, one after the other, then makes it with this
project at 4K, then decks of 25, 50 and 100 steps, and prints three Markdown tables. `--generated N` takes a deck of N
steps in place of the flagship, which stock renders sooner. Needs no network; stock's file loads reveal.js from one.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from benchmarks.processes import Cost
from benchmarks.sides import DeckFiles, Ours, Stock, flagship, generated

MB = 10**6
FULL_HD, UHD = "h", "k"
STEPS = (25, 50, 100)


def stock_html(deck: DeckFiles, quality: str) -> tuple[Cost, int]:
    """Render and convert `deck` by stock manim-slides: what it took, and the bytes of its HTML."""
    stock = Stock(deck, quality)
    cost = stock.render + stock.convert(("html",))
    return cost, (deck.folder / "out.html").stat().st_size


def our_html(deck: DeckFiles, quality: str) -> tuple[Cost, int]:
    """Build `deck`, cold: what it took, and the bytes of its HTML."""
    cost = Ours(deck, quality).build("html")
    return cost, (deck.folder / "out" / f"{deck.name}.html").stat().st_size


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table, numbers to the right."""
    head = "| " + " | ".join(columns) + " |\n|" + "---|" + "---:|" * (len(columns) - 1) + "\n"
    return head + "".join("| " + " | ".join(map(str, row)) + " |\n" for row in rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.html", description=__doc__)
    parser.add_argument("--generated", type=int, metavar="N", help="a generated deck of N steps, not the flagship")
    parser.add_argument("--steps", type=int, nargs="*", default=STEPS, help="sizes of the generated decks")
    arguments = parser.parse_args()
    steps = arguments.generated
    make: Callable[[Path], DeckFiles] = (lambda folder: generated(folder, steps)) if steps else flagship
    title = f"{steps} generated steps" if steps else "the flagship"
    with tempfile.TemporaryDirectory(prefix="astrai-slides-bench-") as work:
        folders = (Path(work) / str(number) for number in count())
        theirs, their_size = stock_html(make(next(folders)), FULL_HD)
        ours, our_size = our_html(make(next(folders)), FULL_HD)
        _print(
            ("1080p60, cold", "stock", "this project", "ratio"),
            [
                (f"{title}: seconds", f"{theirs.wall:.1f}", f"{ours.wall:.1f}", f"{theirs.wall / ours.wall:.1f} x"),
                ("processor seconds", f"{theirs.cpu:.1f}", f"{ours.cpu:.1f}", f"{theirs.cpu / ours.cpu:.1f} x"),
                ("file", f"{their_size / MB:.2f} MB", f"{our_size / MB:.2f} MB", f"{our_size / their_size:.0%}"),
            ],
        )
        large, large_size = our_html(make(next(folders)), UHD)
        _print(
            (title, "1080p60", "4K, 60 fps", "ratio"),
            [
                ("seconds", f"{ours.wall:.1f}", f"{large.wall:.1f}", f"{large.wall / ours.wall:.2f}"),
                ("processor seconds", f"{ours.cpu:.1f}", f"{large.cpu:.1f}", f"{large.cpu / ours.cpu:.2f}"),
                ("file", f"{our_size / MB:.2f} MB", f"{large_size / MB:.2f} MB", f"{large_size / our_size:.2f}"),
            ],
        )
        rows = []
        for number in arguments.steps:
            cost, size = our_html(generated(next(folders), number), FULL_HD)
            rows.append(
                (
                    number,
                    f"{cost.wall:.1f}",
                    f"{cost.cpu:.1f}",
                    f"{cost.cpu / number:.2f}",
                    f"{size / MB:.2f}",
                    f"{cost.peak / MB:,.0f}",
                )
            )
        _print(("generated steps of 4 s", "seconds", "processor seconds", "a step", "MB", "peak MB"), rows)


def _print(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    sys.stdout.write(table(columns, rows) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
