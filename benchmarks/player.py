"""How fast a long HTML deck is built and opened, and how much memory stepping through it takes.

Run as `python -m benchmarks.player`: generated decks of 25, 50, 100 and 200 steps, 4 s at 60 fps each, in a headless
Chromium without a network; or `python -m benchmarks.player DECK.html` for a deck of your own. With `--openings 30` it
only opens the given decks so often, alternately, which tells what a deck's variants cost: build it with and without
`--no-variants`.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from astrai_slides.export.html.page import write_html
from astrai_slides.recording.format.model import GRID, Draw, Frame, Paint, Recording, Step, Style, View
from astrai_slides.recording.format.model import Path as Shape
from astrai_slides.talk.document import Document

COUNTS = (25, 50, 100, 200)
FPS, LENGTH = 60, 240
GLYPHS, CURVES = 60, 14
OPENINGS, WALKS = 5, 10
MB = 2**20
VIEW = View(0, 0, 16 * GRID, 9 * GRID)
BACKGROUND, INK = 0x0D1117FF, 0xF4F4F5FF
PAGE_UP, PAGE_DOWN = 33, 34

WHEN_READY = """
const look = () => {
  if (document.documentElement?.dataset.state === 'ready') window.readyAfter = performance.now();
  else requestAnimationFrame(look);
};
look();
"""
READY_AFTER = """new Promise((tell) => {
  const look = () => { if (window.readyAfter) tell(readyAfter); else requestAnimationFrame(look); };
  look();
})"""
WALK = """async ([keyCode, times]) => {
  for (; times > 0; times--) {
    dispatchEvent(new KeyboardEvent('keydown', {keyCode}));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""


def generated(count: int) -> Recording:
    """A deck of `count` steps: in each, sixty glyph-like shapes of its own glide for four seconds."""
    return Recording("Generated", FPS, 1920, 1080, BACKGROUND, tuple(_step(index) for index in range(count)), {})


def _step(index: int) -> Step:
    choose = np.random.default_rng(index)
    shapes = []
    for _ in range(GLYPHS):
        points = choose.integers(-GRID // 4, GRID // 4, (3 * CURVES + 1, 2), dtype="<i4")
        points[0] = 0
        shapes.append(Shape(((CURVES, True),), points.tobytes()))
    begin = choose.integers(-4 * GRID, 4 * GRID, (GLYPHS, 2))
    end = choose.integers(-4 * GRID, 4 * GRID, (GLYPHS, 2))
    style = Style(fill=Paint((INK,)))

    def frame(number: int) -> Frame:
        places = begin + (end - begin) * number // LENGTH
        placed = enumerate(zip(shapes, places.tolist(), strict=True))
        return Frame(tuple(Draw(shape, style, x, y, at) for at, (shape, (x, y)) in placed), VIEW, BACKGROUND)

    frames = tuple(frame(number) for number in range(LENGTH))
    return Step(f"step-{index}", frames, tuple((number, 1) for number in range(LENGTH)), frame(LENGTH))


def _open(browser: Browser, file: Path) -> Iterator[tuple[Page, float]]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    context.set_offline(True)
    context.add_init_script(WHEN_READY)
    page = context.new_page()
    page.goto(file.as_uri())
    yield page, float(page.evaluate(READY_AFTER))
    context.close()


def _in_use(page: Page) -> tuple[float, float]:
    """MB that the page's scripts hold, and MB resident in the browser's processes."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = session.send("Runtime.getHeapUsage")
    family = psutil.Process().children(recursive=True)
    resident = sum(each.memory_info().rss for each in family if "--type=renderer" in each.cmdline())
    return (used["usedSize"] + used["backingStorageSize"]) / MB, resident / MB


def measure(browser: Browser, file: Path) -> str:
    """Return the columns of `file`: size, seconds until ready, memory when opened and after walks from end to end."""
    seconds = [after / 1000 for _ in range(OPENINGS) for _, after in _open(browser, file)]
    for page, _ in _open(browser, file):
        opened = _in_use(page)
        steps = page.evaluate("astrai.steps.length")
        walks = []
        for _ in range(WALKS):
            page.evaluate(WALK, [PAGE_DOWN, steps])
            page.evaluate(WALK, [PAGE_UP, steps])
            walks.append(_in_use(page))
    held = " ".join(f"{walks[at][0]:.1f}" for at in (0, -1))
    resident = " ".join(f"{walks[at][1]:.0f}" for at in (0, -1))
    return (
        f"{file.stat().st_size / MB:6.2f} MB  ready {median(seconds):5.2f} s (worst {max(seconds):.2f})  "
        f"held MB: opened {opened[0]:.1f}, after walk 1 and {WALKS}: {held}  "
        f"resident MB: opened {opened[1]:.0f}, then {resident}"
    )


def compare(browser: Browser, decks: Sequence[Path], times: int) -> Iterator[str]:
    """Open each of `decks` so many times, in turn; a line of each: how long until it is ready, against the first."""
    taken: dict[Path, list[float]] = {deck: [] for deck in decks}
    for turn in range(times + 1):
        for deck in decks if turn % 2 else reversed(decks):
            for _, after in _open(browser, deck.resolve()):
                # the first opening of each is of a browser that has seen none
                taken[deck] += [after] * (turn > 0)
    first = taken[decks[0]]
    for deck, each in taken.items():
        # of openings one after the other, so that what else the machine does is about the same
        ratio = median(after / before for after, before in zip(each, first, strict=True))
        yield (
            f"{deck}: {deck.stat().st_size / MB:.2f} MB  ready in the median of {times} {median(each):.0f} ms, "
            f"at least {min(each):.0f} ms  against the first {ratio:.2f}"
        )


def main() -> None:
    """Measure the given decks, or generated ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("decks", nargs="*", type=Path)
    parser.add_argument("--openings", type=int, metavar="N", help="only open the given decks so often, alternately")
    asked = parser.parse_args()
    decks: list[Path] = asked.decks
    if asked.openings and not decks:
        parser.error("--openings compares decks: name some")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        if asked.openings:
            sys.stdout.writelines(f"{line}\n" for line in compare(browser, decks, asked.openings))
        for deck in () if asked.openings else decks:
            sys.stdout.write(f"{deck.name}: {measure(browser, deck.resolve())}\n")
        for count in () if decks else COUNTS:
            recording, file = generated(count), Path(folder) / f"{count}.html"
            begin = time.perf_counter()
            write_html(recording, file, Document(title="Generated"))
            built = time.perf_counter() - begin
            each = f"{count:4} steps  built {built:5.2f} s ({built / count * 1000:.0f} ms/step)"
            sys.stdout.write(f"{each}  {measure(browser, file)}\n")
            sys.stdout.flush()
        browser.close()


if __name__ == "__main__":
    main()
