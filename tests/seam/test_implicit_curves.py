"""Implicit curves go through the points through which isosurfaces has them go, to the last bit."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples
from manim import Axes, ImplicitFunction
from manim.mobject.graphing import functions

from astrai_slides.seam import implicit_curves
from astrai_slides.seam.implicit_curves import plot_isoline
from astrai_slides.seam.speedups import faster_manim

Function = Callable[[Any, Any], Any]

isosurfaces: Any = vars(functions)["plot_isoline"]

FUNCTIONS: dict[str, Function] = {
    "a circle": lambda x, y: x**2 + y**2 - 2.3,
    "three curves": lambda x, y: x * y * (x - y) - 0.5,
    "through corners of cells": lambda x, y: x - y,
    "along edges of cells": lambda x, y: x * y,
    "many": lambda x, y: np.sin(x * y) - np.cos(x),
    "that jumps": lambda x, y: 1 / (x * y) - 1,
    "that is not everywhere": lambda x, y: np.sqrt(x) - y,
    "nothing": lambda x, y: 0,
    "whole numbers": lambda x, y: 1 if x > y else -1,
    "flags": lambda x, y: x > y,
    "arrays": lambda x, y: np.array(x + y),
    "less exact numbers": lambda x, y: np.float32(x * x - y),
    "plain numbers": lambda x, y: float(x) ** 3 - float(y),
}

CORNERS = {
    "manim's": (np.array([-7.11, -4.0]), np.array([7.11, 4.0])),
    "whole numbers": (np.array([-4, -3]), np.array([4, 3])),
    "a small part": (np.array([0.1, 0.1]), np.array([0.3, 0.4])),
}


def told(plot: Any, function: Function, corners: tuple[Any, Any], *how: int) -> tuple[object, bytes]:
    """What a plot gives, or how it fails, and all that it asked."""
    asked: list[Any] = []

    def asking(place: Any) -> Any:
        asked.extend((place[0], place[1]))
        kinds.append((type(place[0]), type(place[1])))
        return function(place[0], place[1])

    kinds: list[Any] = []
    with np.errstate(all="ignore"):
        try:
            curves: object = [[point.tobytes() for point in curve] for curve in plot(asking, *corners, *how)]
        except Exception as error:
            curves = repr(error)
    return (curves, kinds), np.array(asked, np.float64).tobytes()


@pytest.mark.parametrize("corners", CORNERS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_curves_are_those_of_isosurfaces(function: str, corners: str) -> None:
    found, wanted = (told(plot, FUNCTIONS[function], CORNERS[corners], 3, 400) for plot in (plot_isoline, isosurfaces))
    if function in ("flags", "arrays", "less exact numbers"):  # asked once, and left to isosurfaces
        found_curves, wanted_curves = found[0][0], wanted[0][0]  # type: ignore[index]
        assert found_curves == wanted_curves
    else:
        assert found == wanted


@settings(max_examples=examples(40))
@given(st.integers(0, 10**6), st.integers(0, 5), st.sampled_from([1, 100, 1000]))
def test_curves_of_any_polynomial_are(seed: int, min_depth: int, max_quads: int) -> None:
    factors = np.random.default_rng(seed).normal(size=(4, 4)).round(2).tolist()

    def function(x: Any, y: Any) -> Any:
        return sum(factor * x**i * y**k for i, row in enumerate(factors) for k, factor in enumerate(row) if i + k < 4)

    found, wanted = (
        told(plot, function, CORNERS["manim's"], min_depth, max_quads) for plot in (plot_isoline, isosurfaces)
    )
    assert found == wanted


def made() -> list[bytes]:
    curve = ImplicitFunction(lambda x, y: x**3 - x - y**2, min_depth=3, max_quads=300)
    plotted = Axes(x_range=[-4, 4], y_range=[-3, 3]).plot_implicit_curve(
        lambda x, y: x * y - 1, min_depth=3, max_quads=300
    )
    return [curve.points.tobytes(), plotted.points.tobytes()]


def test_manim_asks_for_them_here_while_a_scene_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = made()

    def unasked(*_: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(implicit_curves, "_PLOT", unasked)
    unasked.__module__ = "isosurfaces.isoline"
    monkeypatch.setattr(functions, "plot_isoline", unasked)
    with faster_manim():
        assert made() == wanted


def test_what_a_deck_put_there_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "plot_isoline", lambda **_: [])
    with faster_manim():
        assert not len(ImplicitFunction(lambda x, y: x - y).points)


def test_another_version_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(implicit_curves, "_is_known", lambda: False)
    monkeypatch.setattr(implicit_curves, "_PLOT", lambda *_: ["its own"])
    assert plot_isoline(lambda place: place[0], *CORNERS["manim's"]) == ["its own"]


def test_this_version_is_known() -> None:
    assert implicit_curves._is_known()
