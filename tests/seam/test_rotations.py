"""Matrices of rotations worked out without SciPy."""

import numpy as np
from scipy.spatial.transform import Rotation

from astrai_slides.seam.rotations import rotated_by


def test_a_rotation_is_that_of_scipy() -> None:
    random = np.random.default_rng(7)
    vectors = [size * random.normal(size=3) for size in (0, 1e-9, 1e-5, 5e-4, 1e-2, 5e-2, 1, 10) for _ in range(40)]
    vectors += [angle * axis for axis in np.eye(3) for angle in (-np.pi, -1.0, 0.0, 1e-3, np.pi / 2, np.pi, 7.0)]
    for vector in vectors:
        # to the last bit where a processor does not multiply and add at once
        ours = rotated_by(vector)
        assert ours is not None
        assert np.allclose(ours, Rotation.from_rotvec(vector).as_matrix(), rtol=0, atol=3e-16)
    for odd in (np.nan, np.inf):
        assert rotated_by(np.array([0, odd, 1.0])) is None
