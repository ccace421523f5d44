"""Dense paths: in pieces they look as in one, and what fades is drawn once."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from astrai_slides.recording.format.model import GRID, WIDTH_GRID, Cap, Draw, Frame, Join, Paint, Path, Style, View
from astrai_slides.recording.paint import dense_paths
from astrai_slides.recording.paint import painter as painter_module
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import rasterise

VIEW = View(0, 0, 16 * GRID, 9 * GRID)
WIDTH, HEIGHT = 320, 180
PLACE = (20 / GRID, 0.0, 0.0, -20 / GRID, 160.0, 90.0, WIDTH, HEIGHT)
WHITE = Paint((0xFFFFFFFF,))


def through(corners: np.ndarray, *, closed: bool = False) -> Path:
    """The path along straight lines through `corners`, in scene units."""
    grid = np.rint((corners - corners[0]) * GRID).astype(np.int64)
    start, stop = grid[:-1], grid[1:]
    thirds = np.stack([start + (stop - start) // 3, start + 2 * (stop - start) // 3, stop], axis=1)
    return Path(((len(start), closed),), np.concatenate([grid[:1], thirds.reshape(-1, 2)]).astype("<i4").tobytes())


def scribble(count: int, *, closed: bool = False) -> Path:
    corners = np.random.default_rng(7).random((count + 1, 2)) * 6 - 3
    corners[0] = 0
    if closed:
        corners[-1] = 0
    return through(corners, closed=closed)


def zigzag(count: int) -> Path:
    """Lines up and down, a tenth of a unit beside each other."""
    return through(np.stack([np.arange(count) / 10, np.arange(count) % 2 * 2.0], axis=1))


def painted(path: Path, style: Style, painter: Painter | None = None) -> np.ndarray:
    frame = Frame((Draw(path, style, -GRID, GRID // 2),), VIEW, 0x000000FF)
    return rasterise(frame, {}, WIDTH, HEIGHT, painter or Painter()).astype(int)[..., 0]


def as_dense(patch: pytest.MonkeyPatch, piece: int) -> None:
    patch.setattr(dense_paths, "_FEW", 10)
    patch.setattr(dense_paths, "DENSE", 3)
    patch.setattr(dense_paths, "_PIECE", piece)


@pytest.mark.parametrize("join", list(Join))
@pytest.mark.parametrize("cap", list(Cap))
@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("thick", [0.02, 0.2])
def test_a_stroke_in_pieces_looks_as_one(
    monkeypatch: pytest.MonkeyPatch, join: Join, cap: Cap, closed: bool, thick: float
) -> None:
    style = Style(stroke=WHITE, stroke_width=round(thick * WIDTH_GRID), join=join, cap=cap)
    path = scribble(400, closed=closed)
    plain = painted(path, style)
    as_dense(monkeypatch, 33)
    assert dense_paths.pieces_of(path, PLACE) == 4
    pieces = painted(path, style)
    # where parts of two pieces share a pixel, what they cover together is not known to the last bit
    rough = (plain > 0) & (plain < 0xFF)
    assert rough.sum() > 500
    assert np.abs(pieces - plain)[rough].mean() < 12
    assert np.abs(pieces - plain)[plain == 0].max() <= 2
    assert pieces[plain == 0xFF].min() > 0xFF * 0.7
    assert abs((pieces - plain).mean()) < 0.2


@pytest.mark.parametrize("join", list(Join))
@pytest.mark.parametrize("cap", list(Cap))
def test_ends_and_corners_of_a_stroke_in_pieces_are_those_of_one(
    monkeypatch: pytest.MonkeyPatch, cap: Cap, join: Join
) -> None:
    path = zigzag(50)
    style = Style(stroke=WHITE, stroke_width=round(0.2 * WIDTH_GRID), cap=cap, join=join)
    plain = painted(path, style)
    as_dense(monkeypatch, 13)
    assert dense_paths.pieces_of(path, PLACE) == 4
    difference = np.abs(painted(path, style) - plain)
    assert difference.max() <= 64, "what lacks a cap or a corner differs by 255"
    assert (difference > 2).sum() <= 30, "other pixels than where two pieces meet"


def test_a_fill_is_the_same_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    path = scribble(90, closed=True)
    style = Style(fill=Paint((0x80FF40FF, 0x2000FF80), (-3 * GRID, 0, 3 * GRID, GRID)))
    plain = painted(path, style)
    as_dense(monkeypatch, 3)
    assert plain.max() > 100
    assert np.abs(painted(path, style) - plain).max() <= 1


def test_every_curve_is_in_a_piece() -> None:
    path = scribble(50)
    both = Path((*path.subpaths, (50, True)), path.xy + scribble(50, closed=True).xy)
    curves = [
        tuple(map(tuple, points[at : at + 4]))
        for piece in dense_paths.pieces(both, 9)
        for points, _ in piece
        for at in range(0, len(points) - 1, 3)
    ]
    assert set(curves) == {
        tuple(map(tuple, points[at : at + 4])) for points, _ in both.curves() for at in range(0, len(points) - 1, 3)
    }
    assert len(curves) <= 100 + 2 * 9


def test_what_fades_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    as_dense(monkeypatch, 3)
    made = []
    pieces = dense_paths.pieces

    def counted(path: Path, count: int) -> Iterator[list[tuple[dense_paths.Curves, bool]]]:
        made.append(path)
        return pieces(path, count)

    monkeypatch.setattr(painter_module, "pieces", counted)
    painter, path = Painter(), scribble(90)
    shown = [
        painted(path, Style(stroke=Paint((0xFFFFFF00 | alpha,)), stroke_width=3000), painter)
        for alpha in (0x20, 0x80, 0xFF)
    ]
    assert len(made) == 1
    assert shown[0].max() < shown[1].max() < shown[2].max()
    thick = painted(path, Style(stroke=WHITE, stroke_width=6000), painter)
    assert len(made) == 2
    assert thick.sum() > shown[2].sum()


def test_covers_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    as_dense(monkeypatch, 3)
    painter = Painter()
    for count in range(60, 60 + 3 * dense_paths._MAX_COVERAGES):
        painted(scribble(count), Style(stroke=WHITE, stroke_width=3000), painter)
    assert len(painter._coverages._kept) == dense_paths._MAX_COVERAGES


def test_density_is_of_rows_and_not_of_points() -> None:
    path = scribble(6_000)
    assert 1_000 < dense_paths.segments_met(path, PLACE) < 4_000
    assert dense_paths.pieces_of(scribble(dense_paths._FEW), PLACE) == 0
    flat = replace(path, xy=(path.points * [1, 0]).astype("<i4").tobytes())
    assert dense_paths.segments_met(flat, PLACE) == 0
    far = (*PLACE[:5], 1e9, *PLACE[6:])
    assert dense_paths.segments_met(path, far) == 0, "what lies outside meets nothing"


@pytest.mark.long
def test_a_path_of_tens_of_thousands_of_points_is_painted() -> None:
    path = scribble(30_000)
    assert dense_paths.pieces_of(path, PLACE) > 25
    painter = Painter()
    style = Style(stroke=WHITE, stroke_width=1000)
    whole = painted(path, style, painter)
    faint = painted(path, replace(style, stroke=Paint((0xFFFFFF40,))), painter)
    assert (whole == 0xFF).mean() > 0.2
    assert np.abs(faint - whole / 4).max() <= 2
