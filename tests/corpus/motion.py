"""Decks whose frames come from updaters, trackers and time."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide


class Redrawn(Slide):
    """always_redraw with a ValueTracker: a new mobject every frame."""

    def construct(self):
        angle = ValueTracker(0.3)
        arc = always_redraw(lambda: Arc(radius=2, angle=angle.get_value(), color=YELLOW))
        spoke = always_redraw(lambda: Line(ORIGIN, arc.get_end(), color=WHITE))
        self.add(arc, spoke)
        self.play(angle.animate.set_value(TAU * 0.7), run_time=0.7)
        self.next_slide()
        self.play(angle.animate.set_value(0.8), run_time=0.5)


class Updaters(Slide):
    """Time-based and position-based updaters, with a wait that is not frozen."""

    def construct(self):
        wheel = Square(color=ORANGE).add_updater(lambda mobject, dt: mobject.rotate(2 * dt))
        label = Text("spin", font_size=32).add_updater(lambda mobject: mobject.next_to(wheel, DOWN))
        self.add(wheel, label)
        self.wait(0.5)
        self.next_slide(loop=True)
        self.play(wheel.animate.shift(2 * RIGHT), run_time=0.4)
        self.play(wheel.animate.shift(2 * LEFT), run_time=0.4)
        self.next_slide()
        wheel.clear_updaters()
        self.wait(0.3)


class Counting(Slide):
    """DecimalNumber, Integer and ChangeDecimalToValue as counters."""

    def construct(self):
        tracker = ValueTracker(0)
        number = DecimalNumber(0, num_decimal_places=2, mob_class=Text)
        number.add_updater(lambda mobject: mobject.set_value(tracker.get_value()))
        self.add(number)
        self.play(tracker.animate.set_value(12.5), run_time=0.6)
        self.next_slide()
        self.play(tracker.animate.set_value(-3), run_time=0.5)


class Tracing(Slide):
    """TracedPath, with and without a dissipating tail."""

    def construct(self):
        dot = Dot(color=RED).move_to(2 * LEFT)
        trace = TracedPath(dot.get_center, stroke_color=RED, stroke_width=6)
        self.add(trace, dot)
        self.play(dot.animate(path_arc=-PI).move_to(2 * RIGHT), run_time=0.7)
        self.next_slide()
        tail = TracedPath(dot.get_center, dissipating_time=0.2, stroke_opacity=[0, 1], stroke_color=BLUE)
        self.add(tail)
        self.play(dot.animate.shift(2 * UP), run_time=0.5)


class StillWaits(Slide):
    """Frozen waits between short moves, and steps that only wait."""

    def construct(self):
        square = Square(color=BLUE)
        self.add(square)
        self.wait(0.5)
        self.play(square.animate.shift(RIGHT), run_time=0.3)
        self.wait(1)
        self.next_slide()
        self.wait(0.4)
        self.next_slide()
        self.wait(0.3, frozen_frame=False)


class Opacities(Slide):
    """Opacity of fill, stroke and whole groups, over one another."""

    def construct(self):
        back = Rectangle(width=6, height=2, fill_color=WHITE, fill_opacity=1)
        front = Circle(radius=1.5, color=RED, fill_opacity=1, stroke_width=20)
        self.add(back, front)
        self.play(front.animate.set_fill(opacity=0.3), run_time=0.4)
        self.next_slide()
        self.play(front.animate.set_stroke(opacity=0.4), back.animate.set_opacity(0.2), run_time=0.4)
        self.next_slide()
        self.play(VGroup(back, front).animate.fade(0.8), run_time=0.4)


class EmptyStart(Slide):
    """A step that starts with nothing on the picture and one that ends so."""

    def construct(self):
        self.wait(0.3)
        self.next_slide()
        dot = Dot(radius=1)
        self.play(FadeIn(dot), run_time=0.3)
        self.next_slide()
        self.play(FadeOut(dot), run_time=0.3)
        self.next_slide()
        self.wait(0.2)
