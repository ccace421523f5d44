"""Points of number lines, and parts of paths, are manim's to the last bit."""

import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from manim import PI, UP, Axes, Circle, LinearBase, LogBase, NumberLine, NumberPlane, ThreeDAxes, VMobject

from astrai_slides.seam import plots_redrawn
from astrai_slides.seam.speedups import faster_manim


class Shifted(NumberLine):
    def get_end(self) -> Any:
        return super().get_end() + UP


def _removed_tip() -> NumberLine:
    line = NumberLine(include_tip=True)
    line.remove(line.tip)
    return line


def _axis() -> NumberLine:
    axis = Axes([0, 10], [-2, 2]).x_axis
    assert isinstance(axis, NumberLine)
    return axis


LINES: dict[str, Callable[[], NumberLine]] = {
    "plain": lambda: NumberLine().rotate(1.0).shift(UP / 3),
    "with a tip": lambda: NumberLine([-1, 3, 0.5], length=7, include_tip=True).rotate(0.3),
    "whose tip was removed": _removed_tip,
    "with a tip at its start": lambda: NumberLine(include_tip=True).add_tip(at_start=True),
    "scaled": lambda: NumberLine([0, 5], scaling=LinearBase(3)),
    "logarithmic": lambda: NumberLine([-2, 3], scaling=LogBase()),
    "of a kind of its own": Shifted,
    "of an axis": _axis,
}


@pytest.mark.parametrize("name", LINES)
def test_a_number_is_at_the_same_point(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    line = LINES[name]()
    numbers: list[Any] = [3, 0.1, 1 / 3, np.float64(2.7), np.int64(2), np.array(1.5), [0.5, 1], True, 1e9]
    if name != "logarithmic":
        numbers += [0, -2]
    wanted = [line.number_to_point(number) for number in numbers]
    asked: list[object] = []
    stock: Any = plots_redrawn._NUMBER_TO_POINT

    def ask(self: NumberLine, number: Any) -> Any:
        asked.append(number)
        return stock(self, number)

    monkeypatch.setattr(plots_redrawn, "_NUMBER_TO_POINT", ask)
    with faster_manim():
        found = [line.number_to_point(number) for number in numbers]
        found[0][0] += 1  # whoever changes it changes no line
        assert np.array_equal(line.number_to_point(3), wanted[0])
    assert [each.tobytes() for each in found[1:]] == [each.tobytes() for each in wanted[1:]]
    sooner = name in ("plain", "with a tip", "whose tip was removed", "scaled", "of an axis")
    assert (len(asked) == len(numbers) + 1) is not sooner


class Bent(Axes):
    @staticmethod
    def _origin_shift(axis_range: Any) -> float:
        return 0.5


def _own_way() -> Axes:
    axes = Axes()
    stock = axes.y_axis.number_to_point
    axes.y_axis.number_to_point = lambda number: stock(number) * 2
    return axes


def _without_length() -> Axes:
    axes = Axes()
    axes.x_axis.x_range[1] = axes.x_axis.x_range[0]
    return axes


AXES: dict[str, Callable[[], Axes]] = {
    "plain": Axes,
    "moved": lambda: Axes([0, 10], [-2, 2, 0.25]).rotate(0.7).shift(UP / 3),
    "without zero": lambda: Axes([2, 7], [-9, -3], tips=False),
    "before zero": lambda: Axes([-7, -2], [3, 9]),
    "scaled": lambda: Axes([1, 10], x_axis_config={"scaling": LinearBase(3)}),
    "a plane": NumberPlane,
    "in space": lambda: ThreeDAxes().rotate(0.4, axis=np.array([1.0, 1.0, 0.0])),
    "logarithmic": lambda: Axes([1, 10], [0, 4], y_axis_config={"scaling": LogBase()}),
    "of a kind of its own": Bent,
    "with an axis that has its own way": _own_way,
}
FASTER = 7
"""How many of `AXES`, from the first, are told sooner."""


@pytest.mark.parametrize("name", AXES)
def test_coordinates_are_at_the_same_point(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    axes = AXES[name]()
    numbers: list[Any] = [(1, 2), (0.1, 1 / 3), (np.float64(2.7), 3), (1.5, 2.5, 0), (1, 2, 3), (1e9, 1e-9)]
    lists: list[Any] = [([1, 2, 3], [3, 4, 5]), ([[1, 2, 3], [4, 5, 6]],), ([1, 2, 3],), (np.int64(1), 2), (True, 1.5)]
    wanted = [axes.coords_to_point(*each).tobytes() for each in (*numbers, *lists)]
    asked: list[object] = []
    stock: Any = plots_redrawn._COORDS_TO_POINT

    def ask(self: Axes, *coords: Any) -> Any:
        asked.append(coords)
        return stock(self, *coords)

    monkeypatch.setattr(plots_redrawn, "_COORDS_TO_POINT", ask)
    with faster_manim():
        assert [axes.coords_to_point(*each).tobytes() for each in (*numbers, *lists)] == wanted
        axes.c2p(1, 2)[0] += 1  # whoever changes it changes no axis
        assert axes.c2p(1, 2).tobytes() == wanted[0]
    sooner = list(AXES).index(name) < FASTER
    assert asked == lists if sooner else len(asked) > len(lists)


def test_coordinates_on_an_axis_without_length_are_what_manim_makes_of_them() -> None:
    axes = _without_length()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        wanted = axes.coords_to_point(1.0, 2.0)
        with faster_manim():
            assert np.array_equal(axes.coords_to_point(1.0, 2.0), wanted, equal_nan=True)


def test_a_plot_is_the_same() -> None:
    def points() -> bytes:
        axes = Axes(x_range=[0, 10], y_range=[-2, 2])
        return axes.plot(lambda x: np.sin(3 * x)).points.tobytes()

    wanted = points()
    with faster_manim():
        assert points() == wanted


def test_a_path_is_cut_where_manim_cuts_it() -> None:
    stock = VMobject.get_subpaths_from_points
    cut = 0
    for seed in range(80):
        chance = random.Random(seed)
        points = np.concatenate([Circle(num_components=9).rotate(PI * chance.random()).points for _ in range(3)])
        for _ in range(chance.randrange(4)):
            # as far apart as just makes a difference, sometimes
            points[4 * chance.randrange(len(points) // 4)] += chance.choice([1e-6, 1.0e-5, 2e-5, 1, 0])
        if seed % 7 == 0:
            points[chance.randrange(len(points))] = chance.choice([np.nan, np.inf])
        points = points[: len(points) - seed % 5]
        shape = VMobject()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            wanted = [(part.tobytes(), len(part)) for part in stock(shape, points)]
            with faster_manim():
                assert VMobject.get_subpaths_from_points is not stock
                assert [(part.tobytes(), len(part)) for part in shape.get_subpaths_from_points(points)] == wanted
        cut += len(wanted) > 3
    assert cut > 10
