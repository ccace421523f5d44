"""Decks about colour: gradients, sheen, backgrounds."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide


class Gradients(Slide):
    """Fills and strokes of two and three stops, along several directions."""

    def construct(self):
        wide = Rectangle(width=5, height=2, stroke_width=0).set_fill([RED, YELLOW, BLUE], opacity=1).shift(1.5 * UP)
        ring = Circle(stroke_width=24).set_color([GREEN, PURPLE]).shift(2 * DOWN + 3 * LEFT)
        slanted = (
            Square(fill_opacity=1).set_color([WHITE, TEAL, ORANGE]).set_sheen_direction(UR).shift(2 * DOWN + 3 * RIGHT)
        )
        self.add(wide, ring, slanted)
        self.play(Rotate(wide, PI / 5), run_time=0.5)
        self.next_slide()
        self.play(ring.animate.set_color([YELLOW, RED, BLUE]), slanted.animate.scale(0.6), run_time=0.5)


class GradientText(Slide):
    """Text with one gradient over all glyphs and one per word."""

    def construct(self):
        whole = Text("gradient", font_size=110, gradient=(BLUE, GREEN, YELLOW)).shift(UP)
        parts = Text("two parts", font_size=70, t2g={"two": (RED, ORANGE), "parts": (TEAL, WHITE)}).shift(1.5 * DOWN)
        self.play(FadeIn(whole), run_time=0.4)
        self.next_slide()
        self.play(Write(parts), whole.animate.shift(0.5 * UP), run_time=0.6)


class Sheen(Slide):
    """Sheen on fill and stroke, animated."""

    def construct(self):
        ball = Circle(radius=1.8, fill_opacity=1, color=BLUE_E, stroke_width=12).set_sheen(0.6, UL)
        self.play(DrawBorderThenFill(ball), run_time=0.6)
        self.next_slide()
        self.play(ball.animate.set_sheen(-0.5, RIGHT), run_time=0.5)


class DegenerateGradients(Slide):
    """Gradients whose line has no length, and gradients of one colour."""

    def construct(self):
        flat = Line(2 * LEFT, 2 * RIGHT, stroke_width=30).set_stroke([RED, BLUE]).set_sheen_direction(UP)
        point = Dot(2 * UP, radius=0.5).set_fill([YELLOW, YELLOW], opacity=1)
        steep = (
            Line(2 * DOWN + LEFT, DOWN + LEFT, stroke_width=30).set_stroke([GREEN, PURPLE]).set_sheen_direction(RIGHT)
        )
        self.add(flat, point, steep)
        self.play(flat.animate.shift(0.5 * UP), run_time=0.4)
        self.next_slide()
        self.play(steep.animate.shift(2 * RIGHT), run_time=0.3)


class FadingGradients(Slide):
    """Stops of differing opacity, and a gradient that fades as a whole."""

    def construct(self):
        plate = Rectangle(width=8, height=3, stroke_width=0).set_fill(GREY_D, opacity=1)
        beam = Rectangle(width=6, height=1.5, stroke_width=0).set_fill([BLUE, RED], opacity=[0, 1])
        self.add(plate, beam)
        self.play(beam.animate.shift(UP), run_time=0.4)
        self.next_slide()
        self.play(FadeOut(beam), run_time=0.4)


class Backgrounds(Slide):
    """The camera's background colour changes between and within steps."""

    def construct(self):
        self.camera.background_color = ManimColor("#fdf6e3")
        square = Square(color=BLACK, fill_color=BLUE, fill_opacity=1)
        self.play(Create(square), run_time=0.4)
        self.next_slide()
        self.camera.background_color = ManimColor("#102030")
        self.play(square.animate.shift(RIGHT), run_time=0.3)
        self.camera.background_color = ManimColor("#400010")
        self.play(square.animate.shift(LEFT), run_time=0.3)
        self.next_slide()
        self.wait(0.2)


class LightBackground(Slide):
    """A light background set before anything is drawn, with translucent shapes over it."""

    def construct(self):
        self.camera.background_color = WHITE
        discs = VGroup(*[Circle(1.4, color=color, fill_opacity=0.5) for color in (PURE_RED, PURE_GREEN, PURE_BLUE)])
        for disc, angle in zip(discs, (PI / 2, PI * 7 / 6, PI * 11 / 6), strict=True):
            disc.shift(1.8 * np.array([np.cos(angle), np.sin(angle), 0]))
        self.play(LaggedStart(*[FadeIn(disc) for disc in discs], lag_ratio=0.3), run_time=0.7)
        self.next_slide()
        self.play(*[disc.animate.move_to(0.5 * disc.get_center()) for disc in discs], run_time=0.4)
