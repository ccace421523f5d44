"""The overview of a deck with steps that go into more depth (`direction="vertical"`): columns, and keys among them."""

from dataclasses import replace
from pathlib import Path

import pytest
from deck_browser import LARGE, Deck, opened
from playwright.sync_api import Browser
from signal_deck import recording, step

from astrai_slides.export.html.page import write_html
from astrai_slides.talk.document import Document

DECK = (
    ("One", "a", "ab", "abc", "d", "e", "ef", "g", "h", "i"),
    ("Two", "j", "jk", "l"),
)
"""Scenes with their steps. What is named by more than one letter goes into more depth on the step before."""

PLACES = {
    **{"a": (0, 0), "ab": (0, 1), "abc": (0, 2), "d": (1, 0), "e": (2, 0), "ef": (2, 1), "g": (3, 0), "h": (4, 0)},
    **{"i": (0, 3), "j": (0, 4), "jk": (0, 5), "l": (1, 4)},
}
"""Column and row of each step in an overview of five columns: the second band of a scene is below its first."""

ORDER = list(PLACES)


@pytest.fixture(scope="module")
def columns_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    steps = [
        replace(
            step(index, name, 4),
            section=scene,
            direction="vertical" if len(name) > 1 else "horizontal",
        )
        for index, (scene, name) in enumerate((scene, name) for scene, *names in DECK for name in names)
    ]
    target = tmp_path_factory.mktemp("columns") / "columns.html"
    write_html(recording(*steps), target, Document(title="Columns"))
    return target


def _places(deck: Deck) -> dict[str, tuple[int, int]]:
    """Column and row of each still, by the corners that the browser tells."""
    boxes = deck.page.locator("section").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map(({left, top}) => [left, top].map(Math.round))"
    )
    lefts, tops = (sorted({box[axis] for box in boxes}) for axis in (0, 1))
    return {name: (lefts.index(left), tops.index(top)) for name, (left, top) in zip(ORDER, boxes, strict=True)}


def test_steps_in_more_depth_stand_below_the_one_before(chromium: Browser, columns_file: Path) -> None:
    with opened(chromium, columns_file, **LARGE) as deck:
        deck.press("o")
        deck.page.wait_for_selector("section:last-of-type canvas.still", state="attached")
        assert _places(deck) == PLACES
        heights = deck.page.locator(".part").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
        tops = deck.page.locator("section").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
        assert heights[0] < tops[0]
        assert tops[ORDER.index("i")] < heights[1] < tops[ORDER.index("j")]


MOVES = (
    ("a", "ArrowDown", "ab"),
    ("abc", "ArrowUp", "ab"),
    ("abc", "ArrowDown", "i"),  # the band below
    ("i", "ArrowUp", "abc"),
    ("jk", "ArrowDown", "jk"),  # nothing is below
    ("a", "ArrowUp", "a"),
    ("ab", "ArrowRight", "d"),  # as deep as that column is
    ("ef", "ArrowRight", "g"),
    ("e", "ArrowLeft", "d"),
    ("g", "ArrowLeft", "e"),
    ("h", "ArrowRight", "i"),  # from the end of a band to the next one
    ("a", "ArrowLeft", "a"),
    ("l", "ArrowRight", "l"),
    ("abc", "PageDown", "d"),  # in the order of the talk
    ("d", "PageUp", "abc"),
)
"""Where the overview is, the key, and where it is then."""


def test_keys_move_within_a_column_and_between_columns(chromium: Browser, columns_file: Path) -> None:
    with opened(chromium, columns_file, "#/d") as deck:
        deck.press("o")
        for start, key, end in MOVES:
            deck.page.evaluate("(name) => { location.hash = `#/${name}`; }", start)
            deck.rest(start)
            deck.press(key)
            assert (start, key, ORDER[deck.current["index"]]) == (start, key, end)
        deck.press("Enter")
        assert deck.page.locator(".reveal.overview").count() == 0
        assert deck.current["name"] == end
