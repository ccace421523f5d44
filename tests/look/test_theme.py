"""Colours that everybody can tell apart, and texts that everybody can read."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.theme import (
    EDGE,
    FRAME_HEIGHT,
    FRAME_WIDTH,
    SMALLEST_CAP,
    THEMES,
    Theme,
    theme_named,
)

TEXT_CONTRAST, LINE_CONTRAST = 4.5, 3.0
"""WCAG 2.1, 1.4.3 (AA) and 1.4.11."""
APART = 9.0
"""CIEDE2000: about 2.3 is just noticeable, 9 is a clear difference of large areas."""
APART_ACROSS = 8.0
"""Between a request and a stage, which differ in shape besides."""

# Machado, Oliveira, Fernandes 2009, severity 1, for linear RGB.
SIGHT = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
Color = npt.NDArray[np.float64]


@pytest.fixture(params=sorted(THEMES))
def theme(request) -> Theme:
    return THEMES[request.param]


def linear(color: str) -> Color:
    encoded = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def seen(color: str, sight: str) -> Color:
    light = np.clip(SIGHT[sight] @ linear(color), 0, 1)
    return rgb2lab(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def contrast(one: str, two: str) -> float:
    dark, light = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, two))
    return (light + 0.05) / (dark + 0.05)


def over(color: str, ground: str, opacity: float) -> str:
    parts = [(int(c[at : at + 2], 16), int(g[at : at + 2], 16)) for c, g, at in ((color, ground, i) for i in (1, 3, 5))]
    return "#" + "".join(f"{round(c * opacity + g * (1 - opacity)):02X}" for c, g in parts)


def least_apart(pairs: itertools.product | itertools.combinations, sight: str) -> tuple[float, str, str]:
    return min((float(deltaE_ciede2000(seen(one, sight), seen(two, sight))), one, two) for one, two in pairs)


@pytest.mark.parametrize("sight", sorted(SIGHT))
def test_colours_can_be_told_apart(theme: Theme, sight: str) -> None:
    palette = theme.palette
    assert len(palette.categories) == 8
    assert least_apart(itertools.combinations(palette.categories, 2), sight) > (APART,)
    assert least_apart(itertools.combinations(palette.states, 2), sight) > (APART,)
    assert least_apart(itertools.product(palette.categories, palette.states), sight) > (APART_ACROSS,)


def test_the_simulation_takes_colours_away() -> None:
    """The check itself: these pairs are told apart by full sight, and hardly by others."""
    for sight, one, two in (("protanopia", "#F2CC60", "#56D364"), ("deuteranopia", "#C08A4B", "#8C9B45")):
        assert least_apart(itertools.product([one], [two]), "full") > (APART,)
        assert least_apart(itertools.product([one], [two]), sight) < (APART,)


def test_texts_and_lines_stand_out(theme: Theme) -> None:
    palette, fill = theme.palette, theme.space.tint
    grounds = [palette.background, palette.faint]
    for color in (palette.ink, palette.muted):
        assert min(contrast(color, ground) for ground in grounds) >= TEXT_CONTRAST
    for color in palette.states:
        assert contrast(color, over(color, palette.background, fill)) >= TEXT_CONTRAST
        assert contrast(color, over(color, palette.background, 2 * fill)) >= TEXT_CONTRAST
    for color in (*palette.categories, palette.bar, palette.headline):
        assert contrast(palette.on_fill, color) >= TEXT_CONTRAST
        assert contrast(color, palette.background) >= TEXT_CONTRAST
    for color in (palette.line, palette.primary, palette.accent):
        assert contrast(color, palette.background) >= LINE_CONTRAST


def test_sizes_margins_and_times_are_the_stage_s(theme: Theme) -> None:
    sizes, space, time = theme.type, theme.space, theme.time
    assert pytest.approx(FRAME_HEIGHT * 0.02) == SMALLEST_CAP
    assert min(sizes.cover, sizes.head, sizes.figure, sizes.lead, sizes.body, sizes.small) >= SMALLEST_CAP
    assert space.margin_x >= FRAME_WIDTH * EDGE
    assert space.margin_y >= FRAME_HEIGHT * EDGE
    assert 0.3 <= time.quick <= time.move <= 0.8


def test_unknown_themes_are_named() -> None:
    with pytest.raises(AstraiSlidesError, match="no theme 'neon'; choose one of: contrast, dark, light, paper"):
        theme_named("neon")
