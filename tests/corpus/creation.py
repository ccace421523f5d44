"""Decks that draw, write, fade and transform."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide


class Creating(Slide):
    """Create, DrawBorderThenFill, Uncreate."""

    def construct(self):
        square = Square(color=BLUE, fill_opacity=0.5).shift(2 * LEFT)
        star = Star(color=YELLOW, fill_opacity=1).shift(2 * RIGHT)
        self.play(Create(square), run_time=0.5)
        self.play(DrawBorderThenFill(star), run_time=0.7)
        self.next_slide(notes="Both go as they came.")
        self.play(Uncreate(square), Unwrite(star), run_time=0.5)


class Writing(Slide):
    """Write and AddTextLetterByLetter on glyph paths."""

    def construct(self):
        title = Text("Continuous batching", font_size=60)
        line = Text("prefill, decode, time to first token", font_size=30).next_to(title, DOWN)
        self.play(Write(title), run_time=0.8)
        self.next_slide()
        self.play(AddTextLetterByLetter(line, time_per_char=0.03))
        self.play(Unwrite(title), run_time=0.5)


class Fading(Slide):
    """FadeIn and FadeOut, plain, shifted, scaled and to a target."""

    def construct(self):
        shapes = VGroup(Square(), Circle(), Triangle()).set_fill(TEAL, opacity=0.8).arrange(buff=1)
        self.play(
            FadeIn(shapes[0], shift=UP),
            FadeIn(shapes[1], scale=0.3),
            FadeIn(shapes[2], target_position=3 * UP),
            run_time=0.6,
        )
        self.next_slide()
        self.play(FadeOut(shapes[0], shift=2 * LEFT), FadeOut(shapes[1], scale=2), FadeOut(shapes[2]), run_time=0.6)
        self.wait(0.2)


class Lagging(Slide):
    """LaggedStart, LaggedStartMap, AnimationGroup and Succession."""

    def construct(self):
        dots = VGroup(*[Dot(radius=0.2, color=color) for color in (RED, ORANGE, YELLOW, GREEN, BLUE, PURPLE)])
        dots.arrange(buff=0.6)
        self.play(LaggedStart(*[GrowFromCenter(dot) for dot in dots], lag_ratio=0.2), run_time=0.8)
        self.next_slide()
        self.play(LaggedStartMap(ApplyMethod, dots, lambda dot: (dot.shift, UP)), run_time=0.6)
        self.play(
            Succession(dots[0].animate(run_time=0.3).set_color(WHITE), dots[1].animate(run_time=0.3).scale(1.6)),
        )
        self.next_slide()
        self.play(AnimationGroup(*[FadeOut(dot) for dot in dots], lag_ratio=0.1), run_time=0.6)


class Transforming(Slide):
    """Transform, ReplacementTransform, TransformFromCopy, FadeTransform, ClockwiseTransform."""

    def construct(self):
        square = Square(color=BLUE, fill_opacity=0.6).shift(3 * LEFT)
        circle = Circle(color=GREEN, fill_opacity=0.6).shift(3 * RIGHT)
        self.add(square)
        self.play(Transform(square, Triangle(color=RED, fill_opacity=0.6)), run_time=0.5)
        self.next_slide()
        self.play(TransformFromCopy(square, circle), run_time=0.5)
        self.next_slide()
        self.play(ReplacementTransform(square, Star(color=GOLD).shift(2 * UP)), run_time=0.5)
        self.play(FadeTransform(circle, Text("circle").shift(2 * DOWN)), run_time=0.5)


class MatchingShapes(Slide):
    """TransformMatchingShapes between two words."""

    def construct(self):
        first, second = Text("the batch", font_size=72), Text("that bench", font_size=72, color=YELLOW)
        self.add(first)
        self.play(TransformMatchingShapes(first, second, path_arc=PI / 2), run_time=0.8)
        self.next_slide()
        self.wait(0.3)


class Growing(Slide):
    """GrowArrow, GrowFromEdge, SpinInFromNothing, ShrinkToCenter, SpiralIn."""

    def construct(self):
        arrow = Arrow(3 * LEFT, LEFT, color=RED)
        box = RoundedRectangle(corner_radius=0.3, color=BLUE, fill_opacity=0.4)
        polygon = RegularPolygon(6, color=GREEN).shift(3 * RIGHT)
        self.play(GrowArrow(arrow), GrowFromEdge(box, DOWN), SpinInFromNothing(polygon), run_time=0.6)
        self.next_slide()
        self.play(ShrinkToCenter(box), run_time=0.4)
        self.play(SpiralIn(VGroup(Dot(UL), Dot(DR, color=YELLOW))), run_time=0.6)


class Indicating(Slide):
    """Indicate, Flash, Circumscribe, ShowPassingFlash, ApplyWave, Wiggle, FocusOn."""

    def construct(self):
        label = Text("decode", font_size=64)
        self.add(label)
        self.play(Indicate(label), Flash(label.get_corner(UR), color=RED), run_time=0.6)
        self.next_slide()
        self.play(Circumscribe(label, fade_out=True), run_time=0.7)
        self.play(ShowPassingFlash(Underline(label, color=YELLOW), time_width=0.6), run_time=0.5)
        self.next_slide()
        self.play(ApplyWave(label), run_time=0.6)
        self.play(Wiggle(label), FocusOn(ORIGIN), run_time=0.6)


class Paths(Slide):
    """MoveAlongPath, Rotate, Rotating, Homotopy and path_arc."""

    def construct(self):
        track = ArcBetweenPoints(3 * LEFT, 3 * RIGHT, angle=-PI / 2, color=GREY)
        dot, square = Dot(color=YELLOW).move_to(3 * LEFT), Square(color=BLUE).shift(DOWN)
        self.add(track, square)
        self.play(MoveAlongPath(dot, track), Rotate(square, PI / 3), run_time=0.6)
        self.next_slide()
        self.play(Rotating(square, angle=PI, run_time=0.5))
        self.play(Homotopy(lambda x, y, z, t: (x + 0.3 * t * np.sin(3 * y), y, z), square), run_time=0.5)
        self.next_slide()
        self.play(dot.animate(path_arc=PI).move_to(2 * UP), run_time=0.5)
