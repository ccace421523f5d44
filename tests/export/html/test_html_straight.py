"""Curves that are none on the recording's grid are drawn as lines, which takes a browser less time; others stay."""

from pathlib import Path as File

import numpy as np
import pytest
from deck_browser import opened
from playwright.sync_api import Browser
from signal_deck import BACKGROUND, recording

from astrai_slides.export.html.page import write_html
from astrai_slides.recording.format.model import GRID, Draw, Frame, Paint, Path, Step, Style, View
from astrai_slides.talk.document import Document

COUNT = """
window.told = [];
for (const name of ["lineTo", "bezierCurveTo"]) {
  const stock = Path2D.prototype[name];
  Path2D.prototype[name] = function (...where) {
    told.push([name, ...where.slice(-2)]);
    return stock.apply(this, where);
  };
}
"""


@pytest.mark.parametrize(
    ("points", "drawn"),
    # the others in `make wide`
    [
        pytest.param([(1000, 1), (2000, -1), (3000, 0)], "lineTo", id="as-near-as-rounding"),
        pytest.param([(0, 0), (3000, 0), (3000, 0)], "lineTo", id="handles-at-the-ends"),
        pytest.param([(1000, 2), (2000, 0), (3000, 0)], "bezierCurveTo", id="bent"),
        pytest.param([(-900, 0), (2000, 0), (3000, 0)], "bezierCurveTo", id="begins-backwards", marks=pytest.mark.wide),
        pytest.param([(1000, 0), (4000, 0), (3000, 0)], "bezierCurveTo", id="passes-its-end", marks=pytest.mark.wide),
        pytest.param([(2000, 0), (1000, 0), (3000, 0)], "bezierCurveTo", id="turns-back", marks=pytest.mark.wide),
        pytest.param([(0, 0), (0, 0), (0, 0)], "bezierCurveTo", id="no-length"),
    ],
)
def test_a_curve_is_a_line_where_nothing_tells_it_from_one(
    chromium: Browser, tmp_path: File, points: list[tuple[int, int]], drawn: str
) -> None:
    # the second one goes on from the end of the first, and is bent
    end_x, end_y = points[-1]
    bent = [(end_x + 500, end_y + 900), (end_x + 900, end_y + 900), (end_x + 1000, end_y)]
    path = Path(((2, False),), np.array([(0, 0), *points, *bent], "<i4").tobytes())
    draw = Draw(path, Style(stroke=Paint((0xFFFFFFFF,)), stroke_width=3000), 0, 0)
    frame = Frame((draw,), View(0, 0, 16 * GRID, 9 * GRID), BACKGROUND)
    target = tmp_path / "deck.html"
    write_html(recording(Step("one", (frame,), ((0, 2),), frame)), target, Document(title="Lines"))
    with opened(chromium, target, script=COUNT) as deck:
        deck.rest("one", "start")
        assert deck.page.evaluate("told") == [[drawn, *points[-1]], ["bezierCurveTo", *bent[-1]]]
