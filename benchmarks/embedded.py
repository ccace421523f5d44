"""A page with twenty decks: what its thread does while it is scrolled, and what its processes hold.

`python -m benchmarks embedded` builds the flagship once without variants and opens it twenty times in a page of a
headless Chromium, 800 pixels wide, from a disk: as `<astrai-deck>`, and as frames `?embed` as in Sphinx and MkDocs. "At
rest" the page is scrolled from end to end and back, an eighth of a window a frame, after every deck was seen and has
played to its end. A task's length is the processor time of the page's own thread, in which all of its decks run.
`python -m benchmarks embedded FOLDER` takes what `build --to embed` wrote for another deck.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from astrai_slides.embed.frame import EMBEDDED, frame
from benchmarks.processes import measure
from benchmarks.sides import ROOT, flagship

LIMIT_MS = 50
"""What a browser calls a long task."""
WIDTH, HEIGHT = 800, 720
BETWEEN = 400
"""Pixels of other things between decks."""
MB = 2**20

PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>Twenty decks</title>
<style>body {{ margin: 0 }} p {{ height: {between}px; margin: 0 }}</style>
<script>
const note = ({{ target, detail }}) => {{ if (detail.astrai === "at") target.place = detail; }};
document.addEventListener("astrai", note, true);
</script>
<script src="astrai-deck.js" defer></script>
{body}"""
SEEN = "(index) => document.querySelectorAll('astrai-deck')[index].place?.atEnd"
"""Whether the element of that number says that its deck has played to its end."""
ENDED = "() => document.documentElement.dataset.at === 'end'"
"""The same of a deck that is asked itself."""
SHOW = "([kind, index]) => document.querySelectorAll(kind)[index].scrollIntoView({ block: 'center' })"
SCROLL = """async (by) => {
  const end = document.documentElement.scrollHeight - innerHeight;
  for (const way of [by, -by]) {
    for (scrollTo(0, way > 0 ? 0 : end); way > 0 ? scrollY < end - 1 : scrollY > 0; scrollBy(0, way)) {
      await new Promise(requestAnimationFrame);
    }
  }
}"""
TRACED = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]
WAIT_MS, REST_MS = 120_000, 2000
TAGS = {"element": "astrai-deck", "frame": "iframe"}


@dataclass(frozen=True, slots=True)
class Found:
    """What a page with decks came to: milliseconds of its longest tasks, and MB that its renderers hold."""

    loading: float
    at_rest: float
    long_at_rest: int
    """Tasks over `LIMIT_MS`."""
    opened: float
    seen: float
    rested: float
    alive: int
    """Frames that are there in the end."""


def write_page(folder: Path, kind: str, count: int) -> Path:
    """Write a page of `count` decks beside `deck.html` of `folder`."""
    element = '<astrai-deck src="deck.html" step="title" controls><img src="poster.jpg" alt="A deck"></astrai-deck>'
    each = element if kind == "element" else frame(f"deck.html{EMBEDDED}#/title", "A deck")
    page = folder / f"{kind}.html"
    page.write_text(PAGE.format(between=BETWEEN, body=f"<p></p>{each}\n" * count + "<p></p>"), "utf-8")
    return page


def tasks(trace: bytes) -> list[float]:
    """Milliseconds of processor time of every task of the main threads of renderers."""
    events = json.loads(trace)["traceEvents"]
    mains = {(each["pid"], each["tid"]) for each in events if each.get("args", {}).get("name") == "CrRendererMain"}
    return [
        each["tdur"] / 1000
        for each in events
        if each["name"].endswith("RunTask") and "tdur" in each and (each["pid"], each["tid"]) in mains
    ]


def held() -> float:
    """MB of all renderers, of what they share with others their part."""
    family = psutil.Process().children(recursive=True)
    return sum(each.memory_full_info().pss for each in family if "--type=renderer" in each.cmdline()) / MB


def look(browser: Browser, address: str, kind: str, count: int) -> Found:
    """Open the page at `address`, see every deck, and scroll it at rest."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.goto(address)
    opened = held()
    browser.start_tracing(page=page, categories=TRACED)
    for index in range(count):
        page.evaluate(SHOW, [TAGS[kind], index])
        if kind == "element":
            page.wait_for_function(SEEN, arg=index, timeout=WAIT_MS)
        else:
            deck = page.locator("iframe").nth(index).element_handle().content_frame()
            assert deck is not None
            deck.wait_for_function(ENDED, timeout=WAIT_MS)
    loading = tasks(browser.stop_tracing())
    seen = held()
    browser.start_tracing(page=page, categories=TRACED)
    page.evaluate(SCROLL, HEIGHT // 8)
    rest = tasks(browser.stop_tracing())
    page.wait_for_timeout(REST_MS)
    found = Found(
        max(loading),
        max(rest),
        sum(each > LIMIT_MS for each in rest),
        opened,
        seen,
        held(),
        page.locator("iframe").count(),
    )
    page.close()
    return found


def measure_embedded(folder: Path, count: int) -> None:
    """Print what pages with `count` times the deck of `folder` came to, which `--to embed` wrote."""
    size = (folder / "deck.html").stat().st_size
    print(
        f"{count} decks of {size / 1000:,.0f} kB, Chromium {WIDTH} pixels wide, limit of a task at rest {LIMIT_MS} ms\n"
    )
    print(f"| {'':70} | element | frame |\n|{'-' * 72}|--------:|------:|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        both = [look(browser, write_page(folder, kind, count).as_uri(), kind, count) for kind in TAGS]
        browser.close()
    for title, of in ROWS:
        print(f"| {title:70} | {' | '.join(f'{of(each):.0f}' for each in both)} |", flush=True)


ROWS: list[tuple[str, Callable[[Found], float]]] = [
    ("scrolling from end to end and back at rest: the longest task, ms", lambda found: found.at_rest),
    (f"the same: tasks over {LIMIT_MS} ms", lambda found: found.long_at_rest),
    ("loading and playing one after the other: the longest task, ms", lambda found: found.loading),
    ("renderers before any deck is seen, MB", lambda found: found.opened),
    ("after all were seen, MB", lambda found: found.seen),
    ("at rest in the end, MB", lambda found: found.rested),
    ("frames that are there in the end", lambda found: found.alive),
]


def measure_flagship(count: int) -> None:
    """Build the flagship for a page, and print what a page with `count` of it came to."""
    with tempfile.TemporaryDirectory(prefix="astrai-slides-bench-") as work:
        deck = flagship(Path(work))
        words = [sys.executable, "-m", "astrai_slides", "-q", "build", str(deck.talk), "--to", "embed", "--no-variants"]
        measure([*words, "--out", "out"], deck.folder, {"ASTRAI_SLIDES_CACHE": ".cache", "PYTHONPATH": str(ROOT)})
        measure_embedded(deck.folder / "out" / f"{deck.name}-embed", count)
