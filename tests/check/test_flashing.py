"""Which draws may be part of a flash is told of many at once, and of paths that come again by their size."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from astrai_slides.check.rules import flashing
from astrai_slides.check.seen import Measure, edges_of
from astrai_slides.recording.format.model import GRID, Draw, Frame, Op, Paint, Path, Style, View

INK, UNSEEN = Paint((0x123456FF,)), Paint((0x12345600,))
STYLES = (
    Style(INK),
    Style(INK, INK, 3000),
    Style(INK, INK, 60_000),
    Style(INK, UNSEEN, 60_000),
    Style(None, INK, 9000),
    Style(UNSEEN),
)
VIEW = View(0, 0, 16 * GRID, 9 * GRID)


def path(random: np.random.Generator, size: float) -> Path:
    points = random.integers(-round(size * GRID), round(size * GRID) + 1, (13, 2)).astype("<i4")
    return Path(((4, True),), (points - points[0]).tobytes())


@pytest.mark.parametrize("seed", range(6))
def test_what_is_large_is_told_as_if_each_were_measured(seed: int) -> None:
    random = np.random.default_rng(seed)
    paths = [path(random, size) for size in (0.1, 0.25, 0.28, 0.4, 0.6, 3.0)]
    measure = Measure({})
    large = flashing._Large(cast(Any, SimpleNamespace(measure=measure)))
    several = [
        [
            Draw(
                paths[int(random.integers(len(paths)))],
                STYLES[int(random.integers(len(STYLES)))],
                *random.integers(-9 * GRID, 9 * GRID, 2).tolist(),
            )
            for _ in range(60)
        ]
        for _ in range(8)
    ]
    for ops in several:
        frame = Frame(tuple(ops), VIEW, 0x000000FF)
        found = large.of(frame)
        assert [*map(id, found)] == [id(op) for op in ops if is_large(op, measure)]


def is_large(op: Op, measure: Measure) -> bool:
    assert isinstance(op, Draw)
    if op.style.fill is None or not op.style.fill.is_seen:
        return False
    left, bottom, right, top = measure.bounds(op)
    left_edge, bottom_edge, right_edge, top_edge = edges_of(VIEW)
    in_view = min(right, right_edge) > max(left, left_edge) and min(top, top_edge) > max(bottom, bottom_edge)
    return in_view and (right - left) * (top - bottom) > flashing._LARGE * VIEW.width * VIEW.height
