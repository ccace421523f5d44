"""Decks about what lies over what."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide


def cards() -> VGroup:
    shapes = VGroup(*[Square(2, fill_opacity=1, color=color, stroke_color=WHITE) for color in (RED, GREEN, BLUE)])
    for index, shape in enumerate(shapes):
        shape.shift((index - 1) * (RIGHT + 0.5 * UP))
    return shapes


class ZIndex(Slide):
    """z-index against the order of adding, changed between and during plays."""

    def construct(self):
        shapes = cards()
        shapes[0].set_z_index(2)
        self.add(*shapes)
        self.play(shapes[1].animate.shift(0.5 * DOWN), run_time=0.4)
        self.next_slide()
        shapes[2].set_z_index(3)
        self.play(shapes[0].animate.shift(0.5 * UP), run_time=0.4)
        self.next_slide()
        tracker = ValueTracker(0)
        shapes[1].add_updater(lambda mobject: mobject.set_z_index(5 if tracker.get_value() > 0.5 else 0))
        self.play(tracker.animate.set_value(1), shapes[2].animate.shift(0.3 * LEFT), run_time=0.6)


class FrontAndBack(Slide):
    """bring_to_front, bring_to_back, and what animation does to order."""

    def construct(self):
        shapes = cards()
        self.add(*shapes)
        self.wait(0.2)
        self.next_slide()
        self.bring_to_front(shapes[0])
        self.wait(0.2)
        self.next_slide()
        self.bring_to_back(shapes[2])
        self.play(shapes[0].animate.shift(0.4 * RIGHT), run_time=0.4)
        self.next_slide()
        self.play(shapes[2].animate.scale(1.2), run_time=0.3)


class Foreground(Slide):
    """Foreground mobjects stay over everything added later."""

    def construct(self):
        banner = Rectangle(width=9, height=1, fill_opacity=1, color=YELLOW)
        self.add_foreground_mobject(banner)
        square = Square(3, fill_opacity=1, color=BLUE)
        self.play(FadeIn(square), run_time=0.4)
        self.next_slide()
        disc = Circle(2, fill_opacity=1, color=RED).shift(2 * RIGHT)
        self.play(GrowFromCenter(disc), square.animate.shift(LEFT), run_time=0.4)
        self.next_slide()
        self.remove_foreground_mobject(banner)
        self.play(disc.animate.shift(LEFT), run_time=0.3)


class StaticBehindMoving(Slide):
    """A static mobject of high z-index is drawn as stock draws it while another moves."""

    def construct(self):
        still = Square(2.5, fill_opacity=1, color=GREEN).set_z_index(10)
        mover = Circle(0.8, fill_opacity=1, color=RED).shift(3 * LEFT)
        self.add(still, mover)
        self.play(mover.animate.shift(3 * RIGHT), run_time=0.6)
        self.next_slide()
        self.play(mover.animate.shift(3 * RIGHT), still.animate.scale(0.8), run_time=0.6)


class Regrouped(Slide):
    """Children that leave and join groups, and mobjects replaced within a group."""

    def construct(self):
        group = VGroup(Square(), Circle(), Triangle()).arrange()
        self.add(group)
        self.wait(0.2)
        self.next_slide()
        gone = group[1]
        group.remove(gone)
        self.play(group.animate.arrange(buff=2), run_time=0.4)
        self.next_slide()
        group.add(Star(color=YELLOW).shift(2 * DOWN))
        self.play(Rotate(group, PI / 6), run_time=0.4)
