"""Implicit functions give the curves that isosurfaces finds, to the last bit, and leave random numbers as it does."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from isosurfaces import plot_isoline
from manim import ImplicitFunction

from astrai_slides.seam.implicit_curves import _plot, implicit_curves_sooner

FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "cubic": lambda x, y: x * y**2 - x**2 * y - 2,
    "circle": lambda x, y: x**2 + y**2 - 4,
    "asymptotes": lambda x, y: 1 / (x * y) - 1,
    "tangent": lambda x, y: np.tan(x) - y,
    "undefined for half of the points": lambda x, y: np.sqrt(x) - y,
    "corners": lambda x, y: max(abs(x), abs(y)) - 1.5,
    "whole numbers": lambda x, y: int(x > 1) - int(y > 0),
    "Python's own numbers": lambda x, y: float(x) ** 3 - 2 * float(y),
    "many": lambda x, y: np.sin(3 * x) + np.cos(2 * y) - 0.3,
    "nothing": lambda x, y: 5.0,
    "arrays": lambda x, y: np.array(x - y),
    "NumPy's random numbers": lambda x, y: x - y + 0.1 * np.random.random(),
    "Python's random numbers": lambda x, y: x - y + 0.1 * random.random(),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("bounds", [((-7.1, -4.0), (7.2, 4.1)), ((-3, -2), (3, 2))])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_curves_are_those_of_isosurfaces(name: str, bounds: tuple[tuple[float, float], ...]) -> None:
    found = []
    for plot in (plot_isoline, _plot):
        random.seed(3)
        np.random.seed(3)
        least, most = map(np.array, bounds)
        curves = plot(lambda u: FUNCTIONS[name](u[0], u[1]), least, most, min_depth=4, max_quads=400)
        found.append(([np.array(curve).tobytes() for curve in curves], random.random(), np.random.random()))
    assert found[0] == found[1]
    assert bool(found[0][0]) == (name != "nothing")


def test_a_function_is_asked_once_at_a_point() -> None:
    asked: list[tuple[float, float]] = []

    def circle(x: float, y: float) -> float:
        asked.append((float(x), float(y)))
        return x**2 + y**2 - 4

    wanted = ImplicitFunction(circle)
    before = len(asked)
    with implicit_curves_sooner():
        sooner = ImplicitFunction(circle)
    assert np.array_equal(sooner.points, wanted.points)
    assert len(asked) - before < 0.7 * before
    later = [point for point in asked[before:] if 0 not in point]
    assert len(later) - len(set(later)) == 4, "only the corners, which may be whole numbers at first"
