"""Curves are cut in parts as manim cuts them, to the last bit."""

import random
from typing import Any
from unittest import mock

import numpy as np
from manim import Circle, DecimalNumber, VMobject

from astrai_slides.seam import curves_added
from astrai_slides.seam.speedups import faster_manim


def test_curves_are_cut_as_manim_cuts_them() -> None:
    stock = VMobject.insert_n_curves_to_point_list
    for seed in range(120):
        chance = np.random.default_rng(seed)
        points = chance.normal(size=(1 + chance.integers(0, 60), 3))
        if seed % 5 == 0:
            points = np.repeat(points, 2, axis=1)[:, ::2]
        made, more = VMobject(), int(chance.integers(0, 70)) * (seed % 3)
        try:
            wanted: Any = stock(made, more, points)
        except ValueError:  # less than a curve
            continue
        with faster_manim():
            found = made.insert_n_curves_to_point_list(more, points)
        assert found.tobytes() == wanted.tobytes()
        assert found.shape == wanted.shape
        if len(found):
            found[0] = 7  # what is given is nobody's else
            assert 7 not in points


def test_shapes_of_different_lengths_are_aligned_alike() -> None:
    def aligned() -> bytes:
        chance = random.Random(3)
        one, other = (Circle(num_components=chance.randrange(5, 40)) for _ in range(2))
        one.append_points(Circle().points[:12])
        one.align_points(other)
        return bytes(one.points.tobytes() + other.points.tobytes())

    wanted = aligned()
    with faster_manim(), mock.patch.object(curves_added, "_INSERT", side_effect=AssertionError):
        assert aligned() == wanted


def test_a_number_that_becomes_another_looks_the_same() -> None:
    def shown() -> list[bytes]:
        number = DecimalNumber(1.1, num_decimal_places=1)
        for value in (8.8, -3.14, 1000.5):
            number.become(DecimalNumber(value, font_size=30))
        return [each.points.tobytes() for each in number.get_family()]

    wanted = shown()
    with faster_manim():
        assert shown() == wanted
