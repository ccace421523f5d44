"""A scene for each kind of scene and of camera, and scenes for what cameras are told in other ways."""

from collections.abc import Callable
from typing import Any

import numpy as np
from census import coloured_by_an_image, kinds
from manim import (
    BLUE,
    DEGREES,
    DR,
    GREEN,
    ORANGE,
    RED,
    RIGHT,
    UL,
    UP,
    Camera,
    Circle,
    Cube,
    Dot3D,
    ManimColor,
    MovingCamera,
    MultiCamera,
    Scene,
    Square,
    Text,
    ThreeDAxes,
    ThreeDScene,
)
from manim.camera.mapping_camera import OldMultiCamera, SplitScreenCamera
from manim.mobject.types.image_mobject import ImageMobject, ImageMobjectFromCamera
from PIL import Image, ImageFilter


def _things() -> list[Any]:
    return [
        Square(color=ORANGE, fill_opacity=0.7).shift(2 * UL),
        Circle(color=BLUE, fill_opacity=0.5).shift(DR),
        Text("words"),
    ]


def _plain(scene: Any) -> None:
    things = _things()
    scene.add(*things)
    scene.play(things[0].animate.shift(RIGHT).rotate(0.3), run_time=0.5)


def _moving(scene: Any) -> None:
    scene.add(*_things())
    scene.play(scene.camera.frame.animate.scale(0.6).shift(RIGHT), run_time=0.5)


def _zoomed(scene: Any) -> None:
    scene.add(*_things())
    scene.activate_zooming(animate=False)
    scene.play(scene.zoomed_camera.frame.animate.shift(UP + 2 * RIGHT), run_time=0.5)


def _in_3d(scene: Any) -> None:
    scene.set_camera_orientation(phi=60 * DEGREES, theta=-40 * DEGREES)
    cube = Cube(side_length=1.5, fill_color=BLUE)
    label = Text("fixed").to_corner(UL)
    scene.add_fixed_in_frame_mobjects(label)
    scene.add(ThreeDAxes(), cube)
    scene.move_camera(theta=20 * DEGREES, run_time=0.5)


def _plane(scene: Any) -> None:
    scene.add_plane()
    vector = scene.add_vector([2, 1], animate=False)
    scene.play(vector.animate.rotate(0.5), run_time=0.5)


def _transformed(scene: Any) -> None:
    scene.apply_matrix([[1, 1], [0, 1]], run_time=0.5)


SHOWN_BY: dict[str, Callable[[Any], None]] = {
    "LinearTransformationScene": _transformed,
    "MovingCameraScene": _moving,
    "SpecialThreeDScene": _in_3d,
    "ThreeDScene": _in_3d,
    "VectorScene": _plane,
    "ZoomedScene": _zoomed,
}
"""What shows that a kind of scene works; any other plays shapes."""


class _TwoCameras(SplitScreenCamera):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Camera(), Camera(), **kwargs)


class _Windows(OldMultiCamera):
    def __init__(self, **kwargs: Any) -> None:
        small = Camera(pixel_width=160, pixel_height=90)
        super().__init__((small, (20, 30)), **kwargs)


class _Blurred(Camera):
    """Changes pixels, as a deck's own camera may."""

    def capture_mobjects(self, mobjects: Any, **kwargs: Any) -> None:
        super().capture_mobjects(mobjects, **kwargs)
        self.pixel_array[...] = np.array(Image.fromarray(self.pixel_array).filter(ImageFilter.GaussianBlur(3)))


CAMERAS: dict[str, Callable[..., Any]] = {
    "OldMultiCamera": _Windows,
    "SplitScreenCamera": _TwoCameras,
    "(a deck's own, changing pixels)": _Blurred,
}


def of(show: Callable[[Any], None], base: type[Scene] = Scene, camera: Callable[..., Any] | None = None) -> type[Scene]:
    """Return a scene of class `base`, whose camera is a `camera`, that does what `show` does."""

    class Shown(base):  # type: ignore[misc,valid-type]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **(kwargs if camera is None else {**kwargs, "camera_class": camera}))

        def construct(self) -> None:
            show(self)

    return Shown


def _two_pictures(scene: Any) -> None:
    scene.add(*_things())
    window = ImageMobjectFromCamera(MovingCamera(frame_width=3, frame_height=3 * 9 / 16))
    window.set(width=4).to_corner(DR)
    scene.camera.add_image_mobject_from_camera(window)
    scene.add(window)
    scene.wait(0.25)


# -- what cameras are told -------------------------------------------------------------------------------------------

COLOURS: dict[str, Any] = {
    "text": "red",
    "manim's name": "BLUE_E",
    "hexadecimal": "#224466",
    "short hexadecimal": "#246",
    "ManimColor": GREEN,
    "numbers": (0.2, 0.4, 0.1),
    "whole numbers": (20, 40, 90),
    "array": np.array([0.5, 0.2, 0.2]),
    "number": ManimColor(0x336699),
}


def _backgrounds(scene: Any) -> None:
    things = _things()
    for colour in COLOURS.values():
        scene.camera.background_color = colour
        scene.clear()
        scene.add(*things)
        scene.play(things[0].animate.shift(0.2 * RIGHT), run_time=0.25)
        scene.next_section()


def _changed_in_a_step(scene: Any) -> None:
    things = _things()
    scene.add(*things)
    scene.camera.background_color = "#400000"
    scene.play(things[0].animate.shift(RIGHT), run_time=0.25)
    scene.camera.background_color = (0, 0.3, 0)
    scene.play(things[0].animate.shift(RIGHT), run_time=0.25)


def _centre_moved(scene: Any) -> None:
    scene.set_camera_orientation(phi=60 * DEGREES, theta=-40 * DEGREES)
    scene.add(ThreeDAxes(), Dot3D([1, 1, 1], radius=0.3, color=RED))
    scene.wait(0.25)
    scene.move_camera(frame_center=[2, 0, 1], run_time=0.5)
    scene.next_section()
    scene.move_camera(frame_center=[-1, 1, 0], zoom=1.3, run_time=0.5)


def _centre_set_first(scene: Any) -> None:
    scene.set_camera_orientation(phi=60 * DEGREES, theta=-40 * DEGREES, frame_center=[1, 0, 0.5])
    scene.add(ThreeDAxes(), Dot3D([1, 1, 1], radius=0.3, color=RED))
    scene.wait(0.25)


def _plain_frame_changed(scene: Any) -> None:
    """manim keeps the matrix of the first path; images follow the camera."""
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[...] = (200, 120, 40, 255)
    image = ImageMobject(pixels).set(height=1.5).shift(2 * UP)
    scene.add(*_things(), image)
    scene.wait(0.25)
    scene.camera.frame_center = np.array([1.0, 0.5, 0])
    scene.play(image.animate.shift(RIGHT), run_time=0.25)


def _coloured_among_others(scene: Any) -> None:
    """Shapes coloured by an image keep their place between others, still and in motion."""
    shape = coloured_by_an_image()
    scene.add(Square(3, color=RED, fill_opacity=1), shape, Circle(0.5, color=BLUE, fill_opacity=0.5))
    scene.wait(0.25)
    scene.next_section()
    scene.play(shape.animate.shift(UP), run_time=0.75)


def _clear_film(scene: Any) -> None:
    """A step that is filmed, over no background."""
    scene.camera.background_opacity = 0
    shape = coloured_by_an_image()
    scene.add(shape, Circle(0.5, color=BLUE, fill_opacity=1))
    scene.play(shape.animate.shift(UP), run_time=0.75)


def scenes() -> dict[str, type[Scene]]:
    """A scene for each kind of scene, each kind of camera, and each way of telling a camera."""
    listed: dict[str, type[Scene]] = {
        name: of(SHOWN_BY.get(name, _plain), kind) for name, kind in kinds("scene").items()
    }
    for name, kind in {**kinds("camera"), **CAMERAS}.items():
        show = _two_pictures if issubclass(kind, MultiCamera) else _plain  # type: ignore[arg-type]
        listed[name] = of(show, Scene, CAMERAS.get(name, kind))
    return {
        **listed,
        "(background colours)": of(_backgrounds),
        "(background changed in a step)": of(_changed_in_a_step),
        "(centre moved in 3D)": of(_centre_moved, ThreeDScene),
        "(centre set before anything is drawn)": of(_centre_set_first, ThreeDScene),
        "(frame of a plain camera changed)": of(_plain_frame_changed),
        "(coloured by an image, among others)": of(_coloured_among_others),
        "(filmed without a background)": of(_clear_film),
    }
