"""Decks that cannot be paths alone: pictures, point clouds, 3D."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide, ThreeDSlide


def chequers(size: int = 8) -> np.ndarray:
    """A small RGBA picture with hard edges and a translucent corner."""
    y, x = np.mgrid[0:size, 0:size]
    picture = np.zeros((size, size, 4), dtype=np.uint8)
    picture[..., 0] = np.where((x + y) % 2, 230, 30)
    picture[..., 1] = 255 * x // (size - 1)
    picture[..., 2] = 255 * y // (size - 1)
    picture[..., 3] = np.where((x < size // 2) & (y < size // 2), 128, 255)
    return picture


class Pictures(Slide):
    """ImageMobject that moves, scales, and is resampled to the nearest pixel."""

    def construct(self):
        picture = ImageMobject(chequers()).set_resampling_algorithm(RESAMPLING_ALGORITHMS["nearest"])
        picture.set(height=3)
        self.add(Line(4 * LEFT, 4 * RIGHT, stroke_width=20), picture)
        self.play(picture.animate.shift(2 * RIGHT), run_time=0.4)
        self.next_slide()
        self.play(picture.animate.scale(0.6), run_time=0.4)


class FadingPictures(Slide):
    """ImageMobject smooth, fading in and changing opacity, under and over shapes."""

    def construct(self):
        smooth = ImageMobject(np.repeat(np.repeat(chequers(), 24, axis=0), 24, axis=1)).set(height=3.5)
        over = Circle(1, color=YELLOW, fill_opacity=0.5)
        self.play(FadeIn(smooth), run_time=0.4)
        self.add(over)
        self.next_slide()
        self.play(smooth.animate.set_opacity(0.4), run_time=0.4)
        self.next_slide()
        self.play(FadeOut(smooth), run_time=0.3)


class TurnedPicture(Slide):
    """ImageMobject turned and stretched, so that its corners are no upright box."""

    def construct(self):
        picture = ImageMobject(np.repeat(np.repeat(chequers(), 24, axis=0), 24, axis=1)).set(height=3)
        self.add(picture)
        self.play(Rotate(picture, PI / 6), run_time=0.4)
        self.next_slide()
        self.play(picture.animate.stretch(1.6, 0), run_time=0.4)


class PointCloud(Slide):
    """PMobject dots, by a count that is small."""

    def construct(self):
        angles = np.linspace(0, TAU, 400)
        cloud = PMobject(stroke_width=4)
        cloud.add_points(np.stack([2 * np.cos(3 * angles), 2 * np.sin(2 * angles), 0 * angles], axis=1), color=YELLOW)
        self.add(cloud)
        self.play(cloud.animate.shift(RIGHT), run_time=0.4)
        self.next_slide()
        self.play(Rotate(cloud, PI / 5), run_time=0.4)


class Wireframe(ThreeDSlide):
    """A light 3D scene: a cube's edges, a turning camera, fixed text."""

    def construct(self):
        title = Text("3D", font_size=40).to_corner(UL)
        self.add_fixed_in_frame_mobjects(title)
        cube = Cube(side_length=2, fill_opacity=0.2, stroke_width=2, stroke_color=WHITE)
        self.set_camera_orientation(phi=65 * DEGREES, theta=-40 * DEGREES)
        self.play(FadeIn(cube), run_time=0.3)
        self.next_slide()
        self.move_camera(theta=10 * DEGREES, run_time=0.6)


class SolidSurface(ThreeDSlide):
    """A shaded surface of many faces, turning."""

    def construct(self):
        surface = Surface(
            lambda u, v: np.array([u, v, 0.6 * np.cos(u) * np.cos(v)]),
            u_range=[-2, 2],
            v_range=[-2, 2],
            resolution=(10, 10),
            checkerboard_colors=[BLUE_D, BLUE_E],
        )
        self.set_camera_orientation(phi=60 * DEGREES, theta=-45 * DEGREES)
        self.add(surface)
        self.wait(0.2)
        self.next_slide()
        self.play(Rotate(surface, PI / 6, axis=OUT), run_time=0.5)


class MixedDeck(Slide):
    """A drawn step, a step with a picture, a drawn step again."""

    def construct(self):
        square = Square(color=BLUE, fill_opacity=0.5).shift(3 * LEFT)
        self.play(Create(square), run_time=0.3)
        self.next_slide()
        picture = ImageMobject(chequers(16)).set(height=2)
        self.play(FadeIn(picture), run_time=0.3)
        self.next_slide()
        self.remove(picture)
        self.play(square.animate.shift(3 * RIGHT), run_time=0.3)
