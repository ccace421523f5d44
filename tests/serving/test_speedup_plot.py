from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from quick_texts import quick_texts

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.theme import DARK
from astrai_slides.serving.plot import (
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    SpeedupPlot,
    chart_bottom,
    write_plot,
)
from astrai_slides.serving.words import en as words

pytestmark = pytest.mark.long

PLOT = SpeedupPlot(
    [(4, 1.75), (16, 2.33), (64, 2.89)], "Azure 2023 conversation trace", ("Computed: N = 19,366.", "Source: x.csv")
)


@pytest.fixture(scope="module", autouse=True)
def sooner() -> Iterator[None]:
    with quick_texts():
        yield


def pixels(file: Path) -> np.ndarray:
    return np.asarray(Image.open(file).convert("RGB"), dtype=int)


def of_colour(picture: np.ndarray, colour: str) -> np.ndarray:
    return (abs(picture - np.array(list(bytes.fromhex(colour[1:])))) < 6).all(axis=2)


def test_the_points_stand_where_axis_and_scale_put_them(tmp_path: Path) -> None:
    write_plot(PLOT, tmp_path / "plot.png", words, DARK)
    accent = of_colour(pixels(tmp_path / "plot.png"), DARK.palette.headline)
    # The axes go to 64 slots (six doublings) and to 5x, as H_64 = 4.74.
    bottom = chart_bottom(len(PLOT.caption))
    for doublings, speedup in ((2, 1.75), (4, 2.33), (6, 2.89)):
        x = round(LEFT + (RIGHT - LEFT) * doublings / 6)
        y = round(bottom - (bottom - TOP) * speedup / 5)
        assert accent[y - 4 : y + 4, x - 4 : x + 4].all()
    assert not accent[:, : LEFT + (RIGHT - LEFT) * 2 // 6 - 12].any()


@pytest.mark.long
@pytest.mark.parametrize(
    "plot",
    [
        SpeedupPlot([(1, 1.0)], "a name that is far longer than the margin", ("word " * 80,)),
        SpeedupPlot([(slots, 1.0) for slots in range(1, 41)], "equal", ("Computed.",)),
    ],
)
def test_nothing_comes_near_the_edges(tmp_path: Path, plot: SpeedupPlot) -> None:
    write_plot(plot, tmp_path / "plot.png", words, DARK)
    picture = pixels(tmp_path / "plot.png")
    assert picture.shape == (HEIGHT, WIDTH, 3)
    drawn = ~of_colour(picture, DARK.palette.background)
    margin = round(0.04 * HEIGHT)
    drawn[margin:-margin, margin:-margin] = False
    assert not drawn.any()


@pytest.mark.long
@pytest.mark.parametrize("length", [1, 120])
def test_a_long_caption_moves_the_axis_up_and_touches_nothing(tmp_path: Path, length: int) -> None:
    write_plot(SpeedupPlot([(16, 3.9)], "chat", ("mmmmm " * length,)), tmp_path / "plot.png", words, DARK)
    inked = (~of_colour(pixels(tmp_path / "plot.png"), DARK.palette.background)).any(axis=1).astype(int)
    tops = np.flatnonzero(np.diff(inked) == 1) + 1
    ends = np.flatnonzero(np.diff(inked) == -1) + 1
    # Labels of the axes and lines of the caption are bands of ink of their own, a line of text high.
    below = [(int(top), int(end)) for top, end in zip(tops, ends, strict=True) if top > chart_bottom(7)]
    assert all(end - top < 30 for top, end in below)
    assert below[-1][0] - below[-2][1] >= 10


@pytest.mark.parametrize("name", ["chat", "W" * 60])
def test_the_last_value_stands_clear_of_the_name(tmp_path: Path, name: str) -> None:
    """The value of the last point is in ink, and the name beside it in the accent's colour."""
    write_plot(SpeedupPlot([(4, 2.0), (16, 3.38)], name, ("Computed.",)), tmp_path / "plot.png", words, DARK)
    picture = pixels(tmp_path / "plot.png")[TOP : chart_bottom(1)]
    value = of_colour(picture, DARK.palette.ink)[:, RIGHT:].any(axis=0)
    named = of_colour(picture, DARK.palette.headline)[:, RIGHT + 12 :].any(axis=0)
    assert value.any()
    assert named.any()
    assert np.flatnonzero(named)[0] + 12 - np.flatnonzero(value)[-1] >= 12


def test_pdf_and_svg_hold_the_same_picture(tmp_path: Path) -> None:
    write_plot(PLOT, tmp_path / "plot.pdf", words, DARK)
    write_plot(PLOT, tmp_path / "plot.SVG", words, DARK)
    pages = PdfReader(tmp_path / "plot.pdf").pages
    assert len(pages) == 1
    assert (pages[0].mediabox.width, pages[0].mediabox.height) == (WIDTH, HEIGHT)
    svg = (tmp_path / "plot.SVG").read_text("utf-8")
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in svg
    assert svg.count("<path") > 20


def test_an_unknown_format_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(AstraiSlidesError, match=r"plot\.gif: cannot tell the picture's format"):
        write_plot(PLOT, tmp_path / "plot.gif", words, DARK)
    assert list(tmp_path.iterdir()) == []
