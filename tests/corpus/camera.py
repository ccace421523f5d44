"""Decks whose camera moves, zooms or has another shape."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide


class Zooming(Slide, MovingCameraScene):
    """MovingCameraScene: zoom in, pan, and restore."""

    def construct(self):
        grid = VGroup(*[Square(0.8, fill_opacity=0.5, color=BLUE) for _ in range(15)]).arrange_in_grid(3, 5)
        label = Text("slot 7", font_size=14).move_to(grid[7])
        self.add(grid, label)
        self.camera.frame.save_state()
        self.play(self.camera.frame.animate.set(width=2.5).move_to(grid[7]), run_time=0.7)
        self.next_slide()
        self.play(self.camera.frame.animate.shift(RIGHT), run_time=0.4)
        self.next_slide()
        self.play(Restore(self.camera.frame), run_time=0.5)


class FollowingCamera(Slide, MovingCameraScene):
    """The frame follows a dot by an updater, while strokes keep their scene width."""

    def construct(self):
        road = FunctionGraph(lambda x: np.sin(x), x_range=[-6, 6, 0.5], color=GREY)
        dot = Dot(road.get_start(), color=ORANGE)
        self.camera.frame.scale(0.5).move_to(dot)
        self.camera.frame.add_updater(lambda frame: frame.move_to(dot.get_center()))
        self.add(road, dot, self.camera.frame)
        self.play(MoveAlongPath(dot, road), rate_func=linear, run_time=0.8)
        self.next_slide()
        self.camera.frame.clear_updaters()
        self.play(self.camera.frame.animate.scale(2), run_time=0.4)


class Magnified(Slide, ZoomedScene):
    """ZoomedScene: a second camera's picture inside the picture."""

    def construct(self):
        field = (
            VGroup(*[Dot(color=color) for color in (RED, GREEN, BLUE, YELLOW)]).arrange_in_grid(2, 2).shift(2 * LEFT)
        )
        self.add(field)
        self.zoomed_camera.frame.move_to(field)
        self.activate_zooming(animate=False)
        self.play(field.animate.scale(0.7), run_time=0.4)
        self.next_slide()
        self.play(self.zoomed_camera.frame.animate.shift(0.3 * UP), run_time=0.4)


class FarOut(Slide, MovingCameraScene):
    """A camera far from the origin, and objects that are off the picture."""

    def construct(self):
        near, far = Square(color=RED), Circle(color=BLUE, fill_opacity=1).shift(200 * RIGHT + 90 * UP)
        self.add(near, far)
        self.play(near.animate.shift(20 * LEFT), run_time=0.4)
        self.next_slide()
        self.camera.frame.move_to(far)
        self.play(far.animate.scale(1.5), run_time=0.4)
