"""Rotations without SciPy, whose package takes a third of the time that importing manim takes.

manim asks it for nothing but the matrix of a rotation. The matrix is worked out here in the order in which SciPy does,
so that it is the same to the last bit; whatever else manim, or a deck, may ask of the class is asked of the real one.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, isfinite, sin, sqrt
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

_PACKAGE = "scipy.spatial.transform"
_SMALL = 1e-3
"""Radians up to which a series stands for the sine, which loses digits there."""


class _LaterRotation(type):
    """The class `Rotation`, which is imported when something is asked of it."""

    def __getattr__(cls, name: str) -> Any:
        return getattr(_real(), name)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _real())

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return _real()(*args, **kwargs)


def _real() -> Any:
    return importlib.import_module(_PACKAGE).Rotation


class _Rotation(metaclass=_LaterRotation):
    pass


@contextmanager
def _no_scipy() -> Iterator[None]:
    stand_in = ModuleType(_PACKAGE)
    vars(stand_in)["Rotation"] = _Rotation
    sys.modules[_PACKAGE] = stand_in
    try:
        yield
    finally:
        if sys.modules.get(_PACKAGE) is stand_in:
            del sys.modules[_PACKAGE]


def import_manim() -> None:
    """Import manim, and not SciPy; nothing where one of them is imported already."""
    if "manim" not in sys.modules and "scipy" not in sys.modules:
        with _no_scipy():
            import manim  # noqa: F401


def rotated_by(vector: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """Return the matrix, shape (3, 3), of the rotation about `vector`, shape (3,), by its length in radians.

    What `Rotation.from_rotvec(vector).as_matrix()` gives; None where a number is infinite or none.
    """
    x, y, z = vector.tolist()
    angle = sqrt(x * x + y * y + z * z)
    if not isfinite(angle):
        return None
    if angle <= _SMALL:
        square = angle * angle
        scale = 0.5 - square / 48 + square * square / 3840
    else:
        scale = sin(angle / 2) / angle
    x, y, z, w = scale * x, scale * y, scale * z, cos(angle / 2)
    xx, yy, zz, ww = x * x, y * y, z * z, w * w
    xy, zw, xz, yw, yz, xw = x * y, z * w, x * z, y * w, y * z, x * w
    return np.array(
        [
            [xx - yy - zz + ww, 2 * (xy - zw), 2 * (xz + yw)],
            [2 * (xy + zw), -xx + yy - zz + ww, 2 * (yz - xw)],
            [2 * (xz - yw), 2 * (yz + xw), -xx - yy + zz + ww],
        ]
    )
