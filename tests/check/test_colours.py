"""Colours against other implementations and published figures."""

import itertools

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from astrai_slides.check.colours import (
    SIGHTS,
    apart,
    contrast,
    encoded,
    lab,
    labs_apart,
    linear,
    low,
    luminance,
    luminance_of_bytes,
    luminance_with,
    seen_with,
)
from astrai_slides.check.rules import sight as rule

SOME = np.array(
    [
        [0, 0, 0],
        [1, 1, 1],
        [1, 0, 0],
        [0, 0.5, 0],
        [0.2, 0.3, 0.9],
        [0.95, 0.8, 0.38],
        [0.5, 0.5, 0.5],
        [0.35, 0.2, 0.7],
        [0.02, 0.01, 0.03],
    ]
)


def test_lab_and_distances_are_those_of_another_implementation() -> None:
    assert np.allclose(lab(SOME), rgb2lab(SOME), atol=0.1)
    for one, other in itertools.combinations(SOME, 2):
        theirs = float(deltaE_ciede2000(rgb2lab(one), rgb2lab(other)))
        assert apart(one, other) == pytest.approx(theirs, abs=0.1)
    # a grey has no hue
    grey, blue = np.array([50.0, 0, 0]), np.array([40.0, 20, -60])
    assert float(labs_apart(grey, blue)) == pytest.approx(float(deltaE_ciede2000(grey, blue)))


def test_contrast_is_that_of_wcag() -> None:
    black, white = luminance(SOME[0]), luminance(SOME[1])
    assert float(contrast(black, white)) == pytest.approx(21)
    assert float(contrast(luminance(np.array([0x76, 0x76, 0x76]) / 255), white)) == pytest.approx(4.54, abs=0.01)
    assert np.allclose(encoded(linear(SOME)), SOME)
    every = np.random.default_rng(3).integers(0, 256, (40, 3), dtype=np.uint8)
    assert np.allclose(luminance_of_bytes(every), luminance(every / 255))
    for sight in SIGHTS:
        assert np.allclose(luminance_with(sight, linear(every / 255)), luminance(seen_with(sight, every / 255)))


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_percentile_is_that_of_numpy(count: int) -> None:
    values = np.random.default_rng(4).random(count)
    for percent in (0, 5, 50, 100):
        assert low(values, percent) == pytest.approx(np.percentile(values, percent))


@pytest.mark.parametrize("sight", SIGHTS)
def test_no_sight_changes_greys_and_each_takes_colours_away(sight: str) -> None:
    greys = np.array([[0.0] * 3, [0.4] * 3, [1.0] * 3])
    assert np.allclose(seen_with(sight, greys), greys, atol=0.01)
    red, green = np.array([0.8, 0.3, 0.2]), np.array([0.45, 0.5, 0.1])
    blue, teal = np.array([0.2, 0.45, 0.9]), np.array([0.0, 0.55, 0.6])
    pair = (blue, teal) if sight == "tritanopia" else (red, green)
    assert apart(*(seen_with(sight, each) for each in pair)) < apart(*pair) / 1.5


@pytest.mark.parametrize("together", [1, 50, 1 << 14])
def test_all_pairs_of_many_colours_merge_as_each_does_alone(together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_PAIRS", together)
    random = np.random.default_rng(5).integers(0, 256, (24, 3)) / 255
    colours = [*map(tuple, random.tolist()), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.5, 0.5, 0.5)]
    alone = []
    for first, second in itertools.combinations(range(len(colours)), 2):
        one, other = np.array(colours[first]), np.array(colours[second])
        left = {sight: apart(seen_with(sight, one), seen_with(sight, other)) for sight in SIGHTS}
        worst = min(left, key=lambda sight: left[sight])
        if apart(one, other) >= rule.TOLD_APART and left[worst] < rule.MERGED:
            alone.append((first, second, worst, pytest.approx(left[worst])))
    assert len(alone) > 10
    assert list(rule.merging(colours)) == alone
    assert list(rule.merging([])) == []
