"""Faces of a 3D camera worked out at once, against the same one by one, and against manim's own pixels."""

from collections.abc import Callable
from itertools import pairwise

import manim
import numpy as np
import pytest
from manim import tempconfig
from manim.camera.three_d_camera import ThreeDCamera

from astrai_slides.recording.format.model import GRID, Draw, Frame, Paint, View
from astrai_slides.recording.paint.raster import rasterise_rgba
from astrai_slides.recording.run.collector import Collector

WIDTH, HEIGHT = 240, 135


def saddle() -> manim.Surface:
    return manim.Surface(
        lambda u, v: np.array([u, v, 0.5 * u * v]), u_range=(-2, 2), v_range=(-1, 1), resolution=(7, 5)
    )


def gradient_cube() -> manim.Cube:
    cube = manim.Cube(fill_opacity=0.6).set_stroke(manim.WHITE, 4)
    for face in cube:
        face.fill_rgbas = np.array([[1.0, 0.2, 0.1, 0.6], [0.1, 0.2, 0.9, 0.8], [0.1, 0.9, 0.2, 1.0]])
    return cube


def all_kinds() -> manim.VGroup:
    """Single colours beside shaded faces, a text, a dashed line of many sub-paths, one point, and nothing."""
    return manim.VGroup(
        manim.ThreeDAxes(),
        manim.Sphere(resolution=(6, 5)),
        manim.Text("3D").set_color_by_gradient(manim.RED, manim.BLUE),
        manim.DashedLine(manim.LEFT, manim.RIGHT),
        manim.Annulus(0.5, 1.0, fill_opacity=0.5),
        manim.VMobject().set_points(np.zeros((1, 3))),
        manim.VMobject(),
    )


SOLIDS: dict[str, Callable[[], manim.VMobject]] = {
    "saddle": saddle,
    "sphere": lambda: manim.Sphere(resolution=(8, 6)),
    "gradient_cube": gradient_cube,
    "prism": lambda: manim.Prism((1, 2, 0.5), stroke_width=2),
    "cone": lambda: manim.Cone(resolution=(5, 8), show_base=True, checkerboard_colors=[manim.RED, manim.BLUE]),
    "arrow": lambda: manim.Arrow3D(end=2 * manim.RIGHT, resolution=6),
    "torus": lambda: manim.Torus(resolution=(6, 8)),
    "all_kinds": all_kinds,
}


def faces_of(solid: manim.VMobject) -> list[manim.VMobject]:
    return [each for each in solid.get_family() if isinstance(each, manim.VMobject)]


def camera(name: str) -> ThreeDCamera:
    made = ThreeDCamera(phi=1.1, theta=-0.7, gamma=0.2, zoom=1.2, background_color=manim.BLACK)
    made.exponential_projection = name == "cone"
    made.should_apply_shading = name != "prism"
    made.frame_center = np.array([0.3, -0.2, 0.4])
    made.reset_rotation_matrix()
    return made


def one_by_one(shown: ThreeDCamera, mobjects: list[manim.VMobject]) -> list[Draw | None]:
    alone = Collector()
    return [alone.draw(shown, mobject) for mobject in mobjects]


def colours(draw: Draw) -> list[Paint]:
    return [paint for paint in (draw.style.fill, draw.style.stroke, draw.style.back) if paint is not None]


@pytest.mark.long
@pytest.mark.parametrize("name", SOLIDS)
def test_many_faces_at_once_are_those_drawn_one_by_one(name: str) -> None:
    solid, shown = SOLIDS[name](), camera(name)
    together = Collector()
    for angle in (0.0, 0.3, 0.7):
        solid.rotate(angle, axis=np.array([1.0, 2.0, 0.5]))
        mobjects = faces_of(solid)
        batch = together.draw_all(shown, mobjects)
        alone = one_by_one(shown, mobjects)
        assert [draw is None for draw in batch] == [draw is None for draw in alone]
        pairs = [(one, other) for one, other in zip(batch, alone, strict=True) if one and other]
        assert len(pairs) > 4
        # floats that fall on the middle between two steps of the grid may be rounded to either
        assert np.mean([one == other for one, other in pairs]) > 0.97
        for one, other in pairs:
            assert one.path.subpaths == other.path.subpaths
            assert np.abs(one.path.points - other.path.points).max() <= 1
            assert abs(one.x - other.x) <= 1
            assert abs(one.y - other.y) <= 1
            assert len(colours(one)) == len(colours(other))


def test_the_batch_is_what_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(Collector, "draw_each", lambda self, shown, mobjects: drawn.extend(mobjects))
    faces = faces_of(saddle())[1:]
    assert all(Collector().draw_all(camera("saddle"), faces))
    assert not drawn


class TurnsBack(ThreeDCamera):
    """Projects in a way of its own."""

    def project_points(self, points: np.ndarray) -> np.ndarray:
        """The mirror image."""
        return -np.asarray(super().project_points(points))


class Violet(manim.VMobject):
    """Takes its colour from nowhere."""

    def get_fill_rgbas(self) -> np.ndarray:
        """One colour."""
        return np.array([[0.5, 0.0, 1.0, 1.0]])


def test_what_goes_a_way_of_its_own_keeps_it() -> None:
    faces = faces_of(saddle())[1:]
    mirrored = TurnsBack(phi=1.1, theta=-0.7)
    assert Collector().draw_all(mirrored, faces) == one_by_one(mirrored, faces)
    violet = Violet(shade_in_3d=True).set_points(faces[0].points)
    fixed, turned, wide = faces[1].copy(), faces[2].copy(), faces[3].copy()
    wide.set_stroke(manim.RED, width=5, background=True)
    far = faces[4].copy().scale(1e7)
    lost = faces[5].copy()
    lost.points[2] = np.nan
    shown = camera("saddle")
    shown.add_fixed_in_frame_mobjects(fixed)
    shown.add_fixed_orientation_mobjects(turned)
    mobjects = [*faces, violet, fixed, turned, wide, far, lost]
    batch, alone = Collector().draw_all(shown, mobjects), one_by_one(shown, mobjects)
    assert batch[-5:] == alone[-5:]
    assert batch[-1] is None
    drawn = batch[len(faces)]
    assert drawn is not None
    assert drawn.style == alone[len(faces)].style  # type: ignore[union-attr]


def test_an_unchanged_face_is_the_same_draw() -> None:
    faces, shown, together = faces_of(saddle())[1:], camera("saddle"), Collector()
    before, after = together.draw_all(shown, faces), together.draw_all(shown, faces)
    assert all(one is other for one, other in zip(before, after, strict=True))
    # and one that is drawn alone afterwards, moved, is not taken for what it was
    faces[0].shift(manim.OUT)
    moved = together.draw(shown, faces[0])
    assert moved is not None
    assert moved != before[0]
    assert moved == Collector().draw(shown, faces[0])


@pytest.mark.parametrize("name", ["saddle", "gradient_cube", "torus"])
def test_pixels_of_solids_equal_those_of_manim(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    solid = SOLIDS[name]()
    with tempconfig({"pixel_width": WIDTH, "pixel_height": HEIGHT}):
        shown = camera(name)
        shown.frame_center = np.zeros(3)
        for face in faces_of(solid):
            face.joint_type, face.cap_style = manim.LineJointType.MITER, manim.CapStyleType.BUTT
        ordered = shown.get_mobjects_to_display([solid])
        ops = tuple(
            draw
            for draw in Collector().draw_all(shown, [each for each in ordered if isinstance(each, manim.VMobject)])
            if draw
        )
        shown.capture_mobjects([solid])
        stock = np.array(shown.pixel_array).astype(int)
    view = View(0, 0, round(shown.frame_width * GRID), round(shown.frame_height * GRID))
    ours = rasterise_rgba(Frame(ops, view, 0x000000FF), {}, WIDTH, HEIGHT).astype(int)
    assert np.unique(stock.reshape(-1, 4), axis=0).shape[0] > 20
    difference = np.abs(stock - ours).max(axis=2)
    assert (difference > 16).sum() <= 10
    assert (difference > 3).mean() < 0.002


def test_gradients_run_from_corner_to_corner() -> None:
    faces, shown = faces_of(gradient_cube())[1:], camera("gradient_cube")
    faces += faces_of(gradient_cube().shift(manim.RIGHT))[1:]
    draws = [draw for draw in Collector().draw_all(shown, faces) if draw]
    lines = [paint.line for draw in draws for paint in colours(draw) if paint.line]
    assert lines
    assert all(line[:2] == (0, 0) for line in lines)
    assert any(one != other for one, other in pairwise(lines))
