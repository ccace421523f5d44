"""Draws that stand still while they fade look as any other draw does, to the last bit, and are found once."""

from collections.abc import Sequence
from itertools import pairwise

import cairo
import numpy as np
import numpy.typing as npt
import pytest

from astrai_slides.recording.format.model import Cap, Draw, Frame, Join, Paint, Path, Style, View
from astrai_slides.recording.paint import standing
from astrai_slides.recording.paint.boxes import PixelBox
from astrai_slides.recording.paint.painter import Painter

_WIDTH, _HEIGHT = 320, 180
_VIEW = View(0, 0, 32_000, 18_000)


def _path(seed: int, size: float = 600) -> Path:
    """Twelve curves that cross themselves."""
    points = np.random.default_rng(seed).normal(0, size, (37, 2)).round().astype("<i4")
    points[0] = 0
    return Path(((12, bool(seed % 2)),), points.tobytes())


def _style(alpha: int, number: int) -> Style:
    """One of each kind by its number: a fill, strokes of some joins and caps, and strokes behind."""
    red, green = Paint((0xE0402000 | alpha,)), Paint((0x20C07000 | alpha // 2,))
    join, cap = list(Join)[number % 3], list(Cap)[number // 3 % 3]
    return (
        Style(red),
        Style(None, green, 2500, join=join, cap=cap),
        Style(red, green, 1200, join=join, cap=cap),
        Style(red, green, 900, Paint((0x30303000 | alpha,)), 4000, join, cap),
        Style(red, red, 0),
    )[number % 5]


_PATHS = [_path(seed) for seed in range(30)]
_PLACES = [tuple(row) for row in np.random.default_rng(7).integers(-17_000, 17_000, (30, 2)).tolist()]


def _faded(alpha: int) -> Frame:
    """Shapes of which some reach beyond the picture, or are outside."""
    draws = (
        Draw(path, _style(alpha, number), x, y)
        for number, (path, (x, y)) in enumerate(zip(_PATHS, _PLACES, strict=True))
    )
    return Frame(tuple(draws), _VIEW, 0x102030FF)


def _painted(frames: Sequence[Frame], painter: Painter | None, clip: PixelBox | None = None) -> npt.NDArray[np.uint8]:
    """Pixels of each of `frames`; without a `painter` by one of its own each, which has seen no other."""
    shown = []
    pixels = np.zeros((_HEIGHT, _WIDTH, 4), np.uint8)
    surface = cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_RGB24, _WIDTH, _HEIGHT)
    for frame in frames:
        context = cairo.Context(surface)
        (painter or Painter()).paint(context, frame, _WIDTH, _HEIGHT, clip=clip)  # type: ignore[arg-type]
        surface.flush()
        shown.append(pixels.copy())
    return np.stack(shown)


@pytest.fixture
def covered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The widths for which coverages were found."""
    found: list[int] = []
    cover = standing.StandingDraws.cover

    def noted(self: standing.StandingDraws, known: standing.Stood, width: int, *rest: object) -> cairo.ImageSurface:
        if width not in known.covers:
            found.append(width)
        return cover(self, known, width, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(standing.StandingDraws, "cover", noted)
    return found


@pytest.mark.parametrize("clip", [None, (40, 20, 200, 131)], ids=["whole", "part"])
def test_what_fades_looks_as_if_it_was_painted_alone(clip: PixelBox | None, covered: list[int]) -> None:
    frames = [_faded(alpha) for alpha in (3, 60, 61, 200, 254, 0xFF, 100)]
    assert np.array_equal(_painted(frames, Painter(), clip), _painted(frames, None, clip))
    assert 0 in covered


def test_each_coverage_is_found_once(covered: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    filled = [
        Frame(tuple(Draw(path, Style(Paint((0x804020 << 8 | alpha,))), 0, 0) for path in _PATHS), _VIEW, 0xFF)
        for alpha in (10, 20, 30, 40, 50)
    ]
    painter = Painter()
    _painted(filled[:1], painter)
    assert covered == []  # most draws are never painted again where they are
    _painted(filled[1:2], painter)
    assert covered == [0] * len(_PATHS)
    monkeypatch.delattr(Painter, "_trace")
    _painted(filled[2:], painter)
    assert covered == [0] * len(_PATHS)


def test_opaque_paint_is_never_painted_through_a_coverage(covered: list[int]) -> None:
    """There it would differ by a level or two, so that pictures would depend on what was painted before."""
    _painted([_faded(0xFF)] * 3, Painter())
    opaque = {number for number in range(5) if not standing.lets_through(_style(0xFF, number))}
    assert opaque == {0, 2, 3, 4}
    assert set(covered) == {2500}  # strokes have half the opacity
    assert not standing.lets_through(Style(Paint((0x80, 0x80), (0, 0, 9, 9))))


def test_another_place_is_another_coverage() -> None:
    frames = [_faded(100), _faded(100)]
    moved = Frame(frames[0].ops, View(150, 70, 30_000, 16_875), frames[0].background)
    draws = [Draw(op.path, op.style, op.x + 37, op.y - 11) for op in frames[0].ops if isinstance(op, Draw)]
    others = [*frames, moved, moved, Frame(tuple(draws), _VIEW, 0xFF), Frame(tuple(draws), _VIEW, 0xFF), *frames]
    assert np.array_equal(_painted(others, Painter()), _painted(others, None))


def test_strokes_that_become_others_are_stroked_anew() -> None:
    paint = Paint((0x20C07080,))
    styles = [Style(None, paint, width, join=join, cap=cap) for width in (800, 3000) for join in Join for cap in Cap]
    frames = [Frame((Draw(_PATHS[0], style, 0, 0),), _VIEW, 0xFF) for style in styles for _ in range(3)]
    assert np.array_equal(_painted(frames, Painter()), _painted(frames, None))


def test_a_large_simple_shape_is_painted_as_before(covered: list[int]) -> None:
    corners = np.array([[0, 0], [9000, 0], [9000, 9000], [0, 9000], [0, 0]])
    curves = [corners[0]] + [a + (b - a) * part // 3 for a, b in pairwise(corners) for part in (1, 2, 3)]
    square = Path(((4, True),), np.array(curves, "<i4").tobytes())
    _painted([Frame((Draw(square, Style(Paint((0xFF000080,))), 0, 0),), _VIEW, 0xFF)] * 3, Painter())
    assert covered == []


def test_a_path_that_is_painted_twice_covers_two_places() -> None:
    style = Style(Paint((0x20C07080,)))
    places = ((0, 0), (0, 4000), (4000, 0))
    frames = [Frame(tuple(Draw(_PATHS[0], style, x, y) for x, y in places), _VIEW, 0xFF)] * 3
    assert np.array_equal(_painted(frames, Painter()), _painted(frames, None))


@pytest.mark.parametrize(("bound", "most"), [("_MOST_DRAWS", 20), ("_MOST_BYTES", 4000)])
def test_coverages_do_not_pile_up(bound: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, bound, most)
    painter = Painter()
    frames = [_faded(alpha) for alpha in range(100, 112)]
    assert np.array_equal(_painted(frames, painter), _painted(frames, None))
    known = painter._standing._known.values()
    covers = [cover for each in known for cover in each.covers.values()]
    held = sum(cover.get_width() * cover.get_height() for cover in covers)
    if bound == "_MOST_DRAWS":
        assert len(known) <= most
    else:
        assert held <= painter._standing._bytes <= most + max(8 * 1024, _WIDTH * _HEIGHT // 4)
