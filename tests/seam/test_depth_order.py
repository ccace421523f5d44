"""What a 3D camera shows, in manim's own order."""

import manim
import numpy as np
from manim.camera.three_d_camera import ThreeDCamera

from astrai_slides.seam.depth_order import sorting_by_depth_sooner


class Elsewhere(manim.Square):
    """Counts as standing behind all others."""

    def get_center(self) -> np.ndarray:
        """A point far off."""
        return np.array([0.0, 0.0, -50.0])


class OfOneDepth(manim.Square):
    """All of the class count as standing where one square does."""

    z_index_group = manim.Square().shift(2 * manim.OUT)


def scene() -> list[manim.Mobject]:
    """Solids of many faces at one depth, a group with one depth, points that are no curve, things without depth."""
    grouped = manim.VGroup(*(manim.Square(shade_in_3d=True).shift(k * manim.OUT) for k in range(4)))
    for square in grouped:
        vars(square)["z_index_group"] = grouped
    odd = manim.VMobject(shade_in_3d=True).set_points(np.arange(3.0).reshape(1, 3))
    nested = manim.Square(shade_in_3d=True).add(manim.Circle(shade_in_3d=True).shift(3 * manim.IN))
    return [
        manim.Cube(),
        manim.Sphere(resolution=(6, 8)),
        manim.Dot(),
        manim.Prism().shift(manim.UP),
        grouped,
        odd,
        nested,
        Elsewhere(shade_in_3d=True),
        OfOneDepth(shade_in_3d=True).shift(3 * manim.IN),
        manim.Text("ab"),
    ]


def test_the_order_is_that_of_manim() -> None:
    mobjects = scene()
    shown = ThreeDCamera()
    seen = set()
    for phi, theta in [*np.random.default_rng(3).uniform(0, 3, (12, 2)).tolist(), [0.0, 0.0], [np.pi / 2, 0.0]]:
        shown.set_phi(phi)
        shown.set_theta(theta)
        shown.reset_rotation_matrix()
        stock = shown.get_mobjects_to_display(mobjects)
        with sorting_by_depth_sooner():
            ours = shown.get_mobjects_to_display(mobjects)
        assert [id(each) for each in ours] == [id(each) for each in stock]
        seen.add(tuple(map(id, stock)))
    assert len(seen) > 8, "the order hardly changes, so that it says little"
    assert shown.get_mobjects_to_display(mobjects) == stock
