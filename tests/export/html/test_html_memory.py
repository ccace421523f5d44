"""A deck of a hundred steps: opened, and stepped from end to end, with no more in memory than a few steps."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deck_browser import Deck, opened
from playwright.sync_api import Browser
from signal_deck import BACKGROUND, recording

from astrai_slides.export.html.page import write_html
from astrai_slides.recording.format import model
from astrai_slides.talk.document import Document

STEPS, CURVES = 100, 4000
COLUMNS = 5
POINTS = 3 * CURVES + 1
STEP_BYTES = 2 * 4 * POINTS
"""A decoded step's points alone: x and y, four bytes each."""

MOST_GROWTH = 12 * STEP_BYTES
"""How much more may be in use after all steps than after the first few; the player keeps three."""

WALK = """async (keys) => {
  for (const keyCode of keys) {
    dispatchEvent(new KeyboardEvent('keydown', {keyCode}));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return astrai.current.index;
}"""
PAGE_UP, PAGE_DOWN = 33, 34


def _heavy(index: int) -> model.Step:
    points = np.random.default_rng(index).integers(-4000, 4000, (POINTS, 2), dtype="<i4")
    points[0] = 0
    shape = model.Path(((CURVES, False),), points.tobytes())
    view = model.View(0, 0, 16 * model.GRID, 9 * model.GRID)
    draw = model.Draw(shape, model.Style(), 0, 0)  # kept, not painted: painting it takes long
    frame = model.Frame((draw,), view, BACKGROUND)
    return model.Step(f"step {index}", (frame,), ((0, 2),), frame)


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("long") / "long.html"
    write_html(recording(*(_heavy(index) for index in range(STEPS))), target, Document(title="Long"))
    return target


def _in_use(deck: Deck, session: Any) -> int:
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")
    return int(used["usedSize"] + used["backingStorageSize"])


def test_memory_stays_that_of_a_few_steps(chromium: Browser, long_file: Path) -> None:
    with opened(chromium, long_file) as deck:
        session = deck.context.new_cdp_session(deck.page)
        assert deck.page.evaluate(WALK, [PAGE_DOWN] * 6) == 5
        before = _in_use(deck, session)
        # it holds the present step at least: what is measured is what the player keeps
        assert before > STEP_BYTES
        for keys, end in (([PAGE_DOWN] * STEPS, STEPS - 1), ([PAGE_UP] * STEPS, 0), ([PAGE_DOWN] * STEPS, STEPS - 1)):
            assert deck.page.evaluate(WALK, keys) == end
        assert _in_use(deck, session) - before < MOST_GROWTH


def test_the_overview_draws_only_what_can_be_seen(chromium: Browser, long_file: Path) -> None:
    with opened(chromium, long_file) as deck:
        deck.press("o")
        stills = deck.page.locator("canvas.still")
        deck.page.wait_for_selector("section:first-of-type canvas.still[data-drawn]", state="attached")
        boxes = [deck.page.locator("section").nth(index).bounding_box() for index in (0, 1, COLUMNS)]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[2] is not None
        assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
        assert boxes[0]["y"] + boxes[0]["height"] < boxes[2]["y"]
        deck.press("ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp")
        deck.rest(f"step {COLUMNS + 1}")
        assert 0 < stills.count() < STEPS // 2
        deck.press("End")
        deck.page.wait_for_selector("section:last-of-type canvas.still[data-drawn]", state="attached")
        assert deck.page.locator("section:first-of-type canvas.still").count() == 0
        assert stills.count() < STEPS // 2
        deck.page.locator("section").nth(STEPS - 3).click()
        deck.rest(f"step {STEPS - 3}")
        assert deck.page.locator(".reveal.overview").count() == 0
        assert stills.count() == 0
