"""Decks about strokes: joins, caps, dashes, widths, background strokes."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide


def zigzag(joint: LineJointType, color: ManimColor) -> VMobject:
    corners = [2 * LEFT, LEFT + 1.5 * UP, ORIGIN, RIGHT + 1.5 * UP, 2 * RIGHT]
    return VMobject(joint_type=joint, stroke_width=36, color=color).set_points_as_corners(corners)


class Joins(Slide):
    """Mitre, round, bevel and the default join, the default after a round one."""

    def construct(self):
        joints = (LineJointType.ROUND, LineJointType.AUTO, LineJointType.BEVEL, LineJointType.MITER)
        lines = VGroup(*[zigzag(joint, color) for joint, color in zip(joints, (RED, GREEN, BLUE, WHITE), strict=True)])
        lines.arrange_in_grid(2, 2, buff=0.8)
        self.add(lines)
        self.play(lines.animate.shift(0.3 * UP), run_time=0.3)
        self.next_slide()
        self.play(Rotate(lines, PI / 8), run_time=0.4)


class Caps(Slide):
    """Butt, round, square and the default cap, the default after a round one."""

    def construct(self):
        caps = (CapStyleType.ROUND, CapStyleType.AUTO, CapStyleType.SQUARE, CapStyleType.BUTT)
        lines = VGroup(*[Line(2 * LEFT, 2 * RIGHT, stroke_width=40) for _ in caps]).arrange(DOWN, buff=0.9)
        for line, cap in zip(lines, caps, strict=True):
            line.set_cap_style(cap)
        self.add(lines)
        self.play(lines.animate.shift(0.2 * UP), run_time=0.3)
        self.next_slide()
        self.play(lines.animate.rotate(PI / 6), run_time=0.4)


class GrowingCaps(Slide):
    """Lines that grow from nothing: Cairo paints a round dot for a length of 0, a canvas nothing (manim #4979)."""

    def construct(self):
        lines = VGroup(*[Line(2 * LEFT, 2 * RIGHT, stroke_width=40) for _ in range(2)]).arrange(DOWN, buff=0.9)
        lines[0].set_cap_style(CapStyleType.ROUND)
        self.play(LaggedStart(*[Create(line) for line in lines], lag_ratio=0.3), run_time=0.7)
        self.next_slide()
        self.wait(0.2)


class SharpCorners(Slide):
    """Corners about the mitre limit, closed and open."""

    def construct(self):
        spikes = VGroup()
        for angle in (8, 11, 12, 15, 30, 60):
            tip = np.array([np.cos(angle * DEGREES), np.sin(angle * DEGREES), 0])
            spikes.add(Polygon(ORIGIN, 1.6 * RIGHT, 1.6 * tip, stroke_width=14, color=YELLOW))
        spikes.arrange_in_grid(2, 3, buff=1.2)
        self.add(spikes)
        self.play(spikes.animate.shift(0.4 * LEFT), run_time=0.3)
        self.next_slide()
        self.play(spikes.animate.set_stroke(width=30), run_time=0.4)


class Dashes(Slide):
    """Dashed lines, dashed outlines and dotted arrows, growing."""

    def construct(self):
        line = DashedLine(4 * LEFT, 4 * RIGHT, dash_length=0.2, color=YELLOW).shift(2 * UP)
        ring = DashedVMobject(Circle(radius=1.5, color=BLUE), num_dashes=24, dashed_ratio=0.6)
        self.play(Create(line), run_time=0.6)
        self.next_slide()
        self.play(Create(ring), run_time=0.5)
        self.play(Rotate(ring, PI / 4), run_time=0.3)


class Widths(Slide):
    """Hair-thin to huge strokes, and a width that animates to nothing."""

    def construct(self):
        widths = (0.1, 0.5, 1, 2, 8, 60)
        lines = VGroup(*[Line(3 * LEFT, 3 * RIGHT, stroke_width=width) for width in widths]).arrange(DOWN, buff=0.5)
        huge = Circle(radius=1.2, stroke_width=150, stroke_opacity=0.4, color=RED).shift(4 * RIGHT)
        self.add(lines, huge)
        self.play(Rotate(lines, 0.1), run_time=0.4)
        self.next_slide()
        self.play(huge.animate.set_stroke(width=0), lines[5].animate.set_stroke(width=1), run_time=0.5)


class BackgroundStroke(Slide):
    """A background stroke behind fill and stroke, on text and shapes."""

    def construct(self):
        stripes = VGroup(*[Line(6 * LEFT, 6 * RIGHT, color=GREY) for _ in range(9)]).arrange(DOWN, buff=0.5)
        text = Text("readable", font_size=96).set_stroke(BLACK, width=16, background=True)
        ring = Circle(color=RED, fill_opacity=0.5).set_stroke(YELLOW, width=30, background=True).shift(2.2 * DOWN)
        self.add(stripes)
        self.play(FadeIn(text), run_time=0.4)
        self.next_slide()
        self.play(Create(ring), text.animate.shift(UP), run_time=0.5)
