"""Decks at the edges: what has no length, no number, no place on the picture."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide


class ZeroLength(Slide):
    """Lines and curves without length, empty mobjects, points."""

    def construct(self):
        nothing = Line(UP, UP, stroke_width=20, color=RED)
        point = VMobject(stroke_width=10).set_points_as_corners([LEFT, LEFT, LEFT])
        self.add(nothing, point, VMobject(), VGroup(), Dot(radius=0))
        square = Square()
        self.play(Create(square), run_time=0.3)
        self.next_slide()
        self.play(square.animate.scale(0.001), run_time=0.4)


class NotANumber(Slide):
    """A mobject with NaN and infinite points is not drawn; the rest is."""

    def construct(self):
        broken = Circle(color=RED)
        broken.points[3] = np.nan
        endless = Square(color=GREEN)
        endless.points[0, 0] = np.inf
        square = Square(color=BLUE, fill_opacity=0.4)
        self.add(broken, endless, square)
        self.play(square.animate.shift(RIGHT), run_time=0.4)
        self.next_slide()
        self.wait(0.2)


class OffScreen(Slide):
    """Objects that start or end outside the picture, and one that is far larger than it."""

    def construct(self):
        giant = Circle(radius=60, color=BLUE_E, fill_opacity=0.6, stroke_width=40).shift(63 * LEFT)
        comet = Dot(radius=0.5, color=YELLOW).shift(12 * LEFT)
        self.add(giant, comet)
        self.play(comet.animate.shift(24 * RIGHT), rate_func=linear, run_time=0.6)
        self.next_slide()
        self.play(giant.animate.shift(2 * RIGHT), run_time=0.4)


class NearlyClosed(Slide):
    """Outlines whose ends meet exactly, nearly, and not at all."""

    def construct(self):
        def outline(gap: float, color: ManimColor) -> VMobject:
            corners = [LEFT, UP, RIGHT, DOWN, LEFT + gap * UP]
            return VMobject(stroke_width=30, color=color).set_points_as_corners(corners)

        shapes = VGroup(outline(0, RED), outline(1e-8, GREEN), outline(1e-4, BLUE), outline(0.2, YELLOW))
        for index, shape in enumerate(shapes):
            shape.shift((3 * index - 4.5) * RIGHT)
        self.add(shapes)
        self.play(shapes.animate.shift(UP), run_time=0.3)
        self.next_slide()
        self.play(shapes.animate.scale(0.5), run_time=0.3)


class SubPaths(Slide):
    """Several sub-paths in one mobject: holes by winding, islands, mixed open and closed."""

    def construct(self):
        plate = Square(3, fill_opacity=1, color=BLUE)
        hole = Square(1).reverse_direction()
        plate.append_vectorized_mobject(hole)
        island = Circle(0.3)
        plate.append_vectorized_mobject(island)
        self.play(Create(plate), run_time=0.5)
        self.next_slide()
        self.play(plate.animate.shift(RIGHT).set_stroke(WHITE, width=10), run_time=0.4)


class CrowdedFrame(Slide):
    """Six hundred small shapes, some moving."""

    def construct(self):
        cells = VGroup(*[Square(0.22, stroke_width=1, fill_opacity=0.5) for _ in range(600)])
        cells.arrange_in_grid(20, 30, buff=0.08).set_color_by_gradient(BLUE, GREEN, YELLOW)
        self.add(cells)
        self.play(cells[100:160].animate.shift(0.1 * UP).set_fill(RED), run_time=0.4)
        self.next_slide()
        self.play(FadeOut(cells[::2]), run_time=0.3)


class TooShort(Slide):
    """Plays shorter than one frame."""

    def construct(self):
        square = Square()
        self.add(square)
        self.play(square.animate.shift(RIGHT), run_time=0.02)
        self.wait(0.3)
        self.next_slide()
        self.play(square.animate.shift(LEFT), run_time=0.15)
        self.wait(0.05)
