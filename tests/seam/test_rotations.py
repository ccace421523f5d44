"""Matrices of rotations worked out without SciPy, and SciPy left alone until somebody asks for it."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from astrai_slides.seam.rotations import rotated_by

_ASKED = """
import sys
import astrai_slides.recording.run.record
from manim import Arrow, RIGHT, Square, UP
from astrai_slides.seam.speedups import faster_manim

with faster_manim():
    Arrow(UP, RIGHT), Square().rotate(0.5, axis=RIGHT + UP)
assert "scipy" not in sys.modules, "SciPy was imported for a rotation"

from manim.utils import space_ops
from scipy.spatial.transform import Rotation

assert space_ops.Rotation is not Rotation
turn = space_ops.Rotation.from_rotvec([0, 0, 1])
assert isinstance(turn, Rotation) and isinstance(turn, space_ops.Rotation)
assert (space_ops.Rotation([0, 0, 0, 1]).as_matrix() == space_ops.rotation_matrix(0, RIGHT)).all()
"""


def test_a_rotation_is_that_of_scipy() -> None:
    random = np.random.default_rng(7)
    vectors = [size * random.normal(size=3) for size in (0, 1e-9, 1e-5, 5e-4, 1e-2, 1, 10) for _ in range(40)]
    vectors += [angle * axis for axis in np.eye(3) for angle in (-np.pi, -1.0, 0.0, 1e-3, np.pi / 2, np.pi, 7.0)]
    for vector in vectors:
        # to the last bit where a processor does not multiply and add at once
        ours = rotated_by(vector)
        assert ours is not None
        assert np.allclose(ours, Rotation.from_rotvec(vector).as_matrix(), rtol=0, atol=3e-16)
    for odd in (np.nan, np.inf):
        assert rotated_by(np.array([0, odd, 1.0])) is None


@pytest.mark.long
def test_scipy_is_imported_when_it_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", _ASKED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
