"""The matrix of a rotation, worked out in the order in which SciPy does, so that it is the same to the last bit.

manim asks SciPy for nothing else, whose package takes a third of the time that importing manim takes.
"""

from math import cos, isfinite, sin, sqrt

import numpy as np
import numpy.typing as npt

_SMALL = 1e-3
"""Radians up to which a series stands for the sine, which loses digits there."""


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
