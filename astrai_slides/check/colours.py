"""Colours as eyes see them: luminance, contrast, how far apart they are, and what the colour blind see."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Colours = npt.NDArray[np.float64]
"""sRGB, shape (..., 3), 0 to 1."""

SIGHTS: Mapping[str, npt.NDArray[np.float64]] = MappingProxyType(
    {
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
)
"""What linear RGB becomes: Machado, Oliveira, Fernandes, A Physiologically-based Model for Simulation of Color Vision
Deficiency, IEEE TVCG 15 (6), 2009, severity 1.0."""

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])
WEIGHTS = np.array([0.2126, 0.7152, 0.0722])
"""Of light, in relative luminance."""


def linear(colours: Colours) -> Colours:
    """Light of sRGB."""
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


_LIGHT_OF_BYTES = linear(np.arange(256) / 255)


def linear_of_bytes(colours: npt.NDArray[np.uint8]) -> Colours:
    """The same of sRGB in bytes."""
    return _LIGHT_OF_BYTES[colours]


def encoded(light: Colours) -> Colours:
    """SRGB of light."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def luminance(colours: Colours) -> npt.NDArray[np.float64]:
    """Relative luminance as WCAG has it, 0 to 1, shape (...)."""
    return np.asarray(linear(colours) @ WEIGHTS)


def luminance_of_bytes(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """The same of sRGB in bytes, shape (..., 3)."""
    return np.asarray(linear_of_bytes(colours) @ WEIGHTS)


def contrast(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The contrast ratio of WCAG of two luminances, 1 to 21."""
    return np.asarray((np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05))


def seen_with(sight: str, colours: Colours) -> Colours:
    """What sRGB looks like with `sight`, one of `SIGHTS`, as sRGB."""
    return encoded(linear(colours) @ SIGHTS[sight].T)


def luminance_with(sight: str, light: Colours) -> npt.NDArray[np.float64]:
    """Relative luminance of `light`, linear RGB, as it is seen with `sight`, one of `SIGHTS`."""
    return np.asarray(np.clip(light @ SIGHTS[sight].T, 0, 1) @ WEIGHTS)


def low(values: npt.NDArray[np.float64], percent: float) -> float:
    """The percentile of `values`, shape (n,), between two of them in proportion; as numpy's, which is slow for few."""
    at = percent / 100 * (len(values) - 1)
    first = int(at)
    pair = np.partition(values, (first, min(first + 1, len(values) - 1)))[first : first + 2]
    return float(pair[0] + (pair[-1] - pair[0]) * (at - first))


def lab(colours: Colours) -> Colours:
    """CIE L*a*b* of sRGB, D65."""
    ratios = linear(colours) @ _TO_XYZ.T / _WHITE
    roots = np.where(ratios > 216 / 24389, np.cbrt(ratios), (24389 / 27 * ratios + 16) / 116)
    x, y, z = np.moveaxis(roots, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def apart(one: Colours, other: Colours) -> float:
    """CIEDE2000 of two sRGB colours: 2.3 is just noticeable (Sharma, Wu, Dalal 2005)."""
    return float(labs_apart(lab(one), lab(other)))


def labs_apart(one: Colours, other: Colours) -> npt.NDArray[np.float64]:
    """CIEDE2000 of colours in L*a*b*, shape (..., 3) both: shape (...)."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    c_mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(c_mean**7 / (c_mean**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    has_hues = c1 * c2 != 0
    turn = np.where(has_hues, (h2 - h1 + 180) % 360 - 180, 0.0)
    hue = np.where(has_hues, h1 + turn / 2, h1 + h2)
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    sl = 1 + 0.015 * (l_mean - 50) ** 2 / np.sqrt(20 + (l_mean - 50) ** 2)
    sc, sh = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    spread = 30 * np.exp(-((((hue % 360) - 275) / 25) ** 2))
    rt = -np.sin(np.radians(2 * spread)) * 2 * np.sqrt(c_mean**7 / (c_mean**7 + 25.0**7))
    return np.asarray(np.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh)))
