"""What fills cover is worked out once for all paths that are copies of one another."""

import cairo
import numpy as np
import numpy.typing as npt
import pytest

from astrai_slides.export.shared import filled_outlines
from astrai_slides.export.shared.filled_outlines import FilledOutlines
from astrai_slides.export.shared.geometry import Outline, filled, outline
from astrai_slides.recording.format.model import GRID, Path

CURVES = 6
PIXELS = 120
STEPS_A_PIXEL = GRID // 20


def path_of(points: npt.NDArray[np.complex128], *, closed: bool = True) -> Path:
    points = points - points[0]
    places = np.rint(np.stack((points.real, points.imag), axis=1)).astype("<i4")
    return Path((((len(points) - 1) // 3, closed),), places.tobytes())


def scribble(seed: int = 1) -> npt.NDArray[np.complex128]:
    random = np.random.default_rng(seed)
    return (random.normal(size=3 * CURVES + 1) + 1j * random.normal(size=3 * CURVES + 1)) * 0.4 * GRID


def drawn(covered: Outline) -> npt.NDArray[np.int16]:
    """What the even-odd rule fills of it, 0 to 255 for each pixel."""
    surface = cairo.ImageSurface(cairo.FORMAT_A8, PIXELS, PIXELS)
    ctx = cairo.Context(surface)
    ctx.translate(PIXELS / 2, PIXELS / 2)
    ctx.scale(1 / STEPS_A_PIXEL, 1 / STEPS_A_PIXEL)
    ctx.set_fill_rule(cairo.FillRule.EVEN_ODD)
    for kind, points in covered.commands:
        if kind == "moveTo":
            ctx.move_to(*points[0])
        elif kind == "lnTo":
            ctx.line_to(*points[0])
        elif kind == "quadBezTo":
            (x0, y0), (x1, y1), (x2, y2) = ctx.get_current_point(), *points
            ctx.curve_to((x0 + 2 * x1) / 3, (y0 + 2 * y1) / 3, (x2 + 2 * x1) / 3, (y2 + 2 * y1) / 3, x2, y2)
        elif kind == "cubicBezTo":
            ctx.curve_to(*points[0], *points[1], *points[2])
        else:
            ctx.close_path()
    ctx.fill()
    surface.flush()
    return np.array(surface.get_data(), np.uint8).reshape(PIXELS, -1).astype(np.int16)


@pytest.fixture
def united(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that were united, in order."""
    asked: list[Path] = []

    def counted(path: Path) -> Outline:
        asked.append(path)
        return filled(path)

    monkeypatch.setattr(filled_outlines, "filled", counted)
    return asked


@pytest.mark.parametrize("turn", [1, 1j, np.exp(0.3j), 0.5 * np.exp(2j), 1.5 * np.exp(-1j)])
def test_a_copy_is_not_united_again_and_covers_what_it_would(united: list[Path], turn: complex) -> None:
    fills = FilledOutlines()
    fills.of(path_of(scribble()))
    copy = path_of(scribble() * turn + 3 * GRID)
    found, wanted = fills.of(copy), filled(copy)
    assert len(united) == 1
    assert np.abs(drawn(found) - drawn(wanted)).max() <= 8
    assert found.bounds == pytest.approx(wanted.bounds, abs=4)
    assert drawn(wanted).max() == 255


@pytest.mark.parametrize(
    "other",
    [
        path_of(scribble(2)),
        path_of(scribble().conj()),  # mirrored
        path_of(scribble() * 3),  # so large that it would show how the first was rounded
        path_of(scribble().real * 1.1 + 1j * scribble().imag),
        path_of(scribble()[:-3]),
        path_of(np.where(np.arange(3 * CURVES + 1) == 4, scribble() + 8, scribble())),
    ],
)
def test_any_other_path_is_united_for_itself(united: list[Path], other: Path) -> None:
    fills = FilledOutlines()
    fills.of(path_of(scribble()))
    assert fills.of(other) == filled(other)
    assert len(united) == 2


def test_a_copy_of_what_covers_just_itself_is_as_it_was_recorded(united: list[Path]) -> None:
    circle = np.exp(1j * np.linspace(0, 2 * np.pi, 13)) * GRID
    fills = FilledOutlines()
    assert fills.of(path_of(circle)) == outline(path_of(circle))
    turned = path_of(circle * np.exp(0.1j))
    assert fills.of(turned) == outline(turned)
    assert len(united) == 1


def test_a_path_that_comes_back_is_known(united: list[Path]) -> None:
    fills = FilledOutlines()
    first, again = (fills.of(path_of(scribble())) for _ in range(2))
    assert first is again


def test_more_shapes_than_are_remembered_come_out_right(united: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filled_outlines, "_REMEMBERED", 3)
    monkeypatch.setattr(filled_outlines, "_MOST_POINTS", 3 * len(scribble()))
    fills = FilledOutlines()
    for seed in (*range(8), *range(8)):
        path = path_of(scribble(seed))
        assert np.abs(drawn(fills.of(path)) - drawn(filled(path))).max() <= 8
    assert len(united) == 16  # each was forgotten until it came again


def test_a_path_without_any_size_covers_nothing() -> None:
    covered = FilledOutlines().of(path_of(np.zeros(4, np.complex128)))
    assert drawn(covered).max() == 0
