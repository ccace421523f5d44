"""How far mobjects reach is what manim says, to the last bit."""

import random
from typing import Any

import numpy as np
from manim import DL, ORIGIN, UR, Circle, Dot, Line, Mobject, Square, VGroup, VMobject

from astrai_slides.seam import extents
from astrai_slides.seam.speedups import faster_manim


class Cornered(Square):
    """Says itself which of its points are anchors."""

    def get_anchors(self) -> Any:
        return list(self.points[:2])


class Flat(Circle):
    """Has no height."""

    def get_extremum_along_dim(self, points: Any = None, dim: int = 0, key: int = 0) -> float:
        return 0.0 if dim else float(super().get_extremum_along_dim(points, dim, key))


def shape(chance: random.Random) -> VMobject:
    made: VMobject = chance.choice([Circle, Square, Dot, Line, VMobject, VGroup, Cornered, Flat])()
    if chance.random() < 0.2:
        made.points = made.points[: chance.randrange(6)]
    made.points = made.points * chance.choice([1.0, -0.0, 1 / 3])
    for place in range(0, len(made.points), 3):
        if chance.random() < 0.1:
            made.points[place] = chance.choice([0.0, -0.0, np.nan, np.inf, 1e300])
    for _ in range(chance.randrange(3) if isinstance(made, VGroup) else 0):
        made.add(shape(chance))
    return made


def outcome(asked: Any, *arguments: Any) -> Any:
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(asked(*arguments))
    except ValueError as error:  # of a path that ends within a curve
        return str(error)
    return found.tobytes(), found.dtype, found.shape


def test_bounds_and_boxes_are_the_same() -> None:
    stock_boundary, stock_point = VMobject.get_points_defining_boundary, Mobject.get_critical_point
    failed = 0
    for seed in range(300):
        made = shape(random.Random(seed))
        directions: list[Any] = [ORIGIN, UR, DL, (1, 0, -0.5), np.array([0, -1, 0])]
        wanted = [outcome(stock_boundary, made), *(outcome(stock_point, made, each) for each in directions)]
        with faster_manim():
            assert VMobject.get_points_defining_boundary is not stock_boundary
            found = [outcome(made.get_points_defining_boundary)]
            found += [outcome(made.get_critical_point, each) for each in directions]
        assert found == wanted, seed
        failed += any(isinstance(each, str) for each in wanted)
    assert 0 < failed < 100


def test_what_is_asked_does_not_ask_manim() -> None:
    made = VGroup(Circle(), VGroup(Square(), Dot()))

    def refused(*_: Any) -> Any:
        raise AssertionError

    with faster_manim():
        boundary, point = extents._BOUNDARY, extents._CRITICAL_POINT
        extents._BOUNDARY = extents._CRITICAL_POINT = refused
        try:
            assert made.get_critical_point(UR).shape == (3,)
        finally:
            extents._BOUNDARY, extents._CRITICAL_POINT = boundary, point
