"""A colour's exact value."""

import numpy as np
import numpy.typing as npt
from manim import ManimColor


def color_bytes(color: ManimColor) -> bytes:
    """Return the value that `color` is kept as, unrounded: equal for equal colours only."""
    return bytes(color._internal_value.tobytes())


def color_array(color: ManimColor) -> npt.NDArray[np.float64]:
    """Return red, green, blue and opacity of `color` as it keeps them, which are not to be written."""
    return color._internal_value
