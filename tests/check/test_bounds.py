"""Bounds of many ops, worked out together, are those of each."""

import numpy as np

from astrai_slides.check.seen import Measure
from astrai_slides.recording.format.model import GRID, Draw, Op, Paint, Path, Picture, Style

INK, UNSEEN = Paint((0x123456FF,)), Paint((0x12345600,))

STYLES = (
    Style(INK),
    Style(INK, INK, 3000),
    Style(None, UNSEEN, 9000),
    Style(INK, INK, 3000, INK, 8000),
    Style(INK, None, 0, UNSEEN, 8000),
)


def ops() -> list[Op]:
    random = np.random.default_rng(2)
    made: list[Op] = []
    for place in range(40):
        if place % 7 == 3:
            corners = random.integers(-GRID, GRID, 6).tolist()
            made.append(Picture("00", 4, 3, tuple(corners)))
            continue
        curves = int(random.integers(0, 5))
        points = random.integers(-GRID, GRID, (1 + 3 * curves, 2)).astype("<i4")
        x, y = random.integers(-9 * GRID, 9 * GRID, 2).tolist()
        made.append(Draw(Path(((curves, True),), (points - points[0]).tobytes()), STYLES[place % len(STYLES)], x, y))
    return made


def test_bounds_of_many_are_those_of_each() -> None:
    measure = Measure({})
    for some in (ops(), ops()[:1], ops()[3:4], []):
        assert [tuple(row) for row in measure.all_bounds(some).tolist()] == [measure.bounds(op) for op in some]
