"""What is known of a mobject from when it was last drawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from astrai_slides.recording.format.model import Draw, Path, Style
from astrai_slides.seam.held_pixels import HeldPixels

LIMIT = float(1 << 27)
"""Points further out (32,768 units) are pulled to here; nothing that far is ever seen."""


@dataclass(slots=True)
class DrawnBefore:
    """What a mobject looked like when it was last drawn."""

    source: int
    points: bytes = b""
    rounded: bytes = b""
    path: Path | None = None
    x: int = 0
    y: int = 0
    paint: tuple[Any, ...] = ()
    style: Style | None = None
    draw: Draw | None = None
    raw: tuple[Any, ...] = ()
    pixels: npt.NDArray[np.uint8] | HeldPixels | None = None
    alpha: int = 0xFF
    digest: str = ""
    shape: tuple[int, ...] = ()
    play: int = -1
    """In which play it was drawn last."""
    exact: bool = False
    """Whether `path` was made from `points` themselves, not from some that round to the same."""
