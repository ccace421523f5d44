"""Decks with axes, curves, tables, braces, arrows and boolean shapes."""

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide


class Plot(Slide):
    """Axes with a curve that is created, an area and a moving dot."""

    def construct(self):
        axes = Axes(x_range=[0, 6, 1], y_range=[0, 3, 1], x_length=8, y_length=4, tips=True)
        curve = axes.plot(lambda x: 1.5 + np.sin(x), color=YELLOW)
        area = axes.get_area(curve, x_range=[1, 4], color=[BLUE, GREEN], opacity=0.5)
        self.play(Create(axes), run_time=0.5)
        self.next_slide()
        self.play(Create(curve), run_time=0.5)
        self.play(FadeIn(area), run_time=0.3)
        self.next_slide()
        tracker = ValueTracker(0)
        dot = always_redraw(lambda: Dot(axes.i2gp(tracker.get_value(), curve), color=RED))
        self.add(dot)
        self.play(tracker.animate.set_value(5), run_time=0.5)


class Plane(Slide):
    """NumberPlane under a matrix, with a vector."""

    def construct(self):
        plane, vector = NumberPlane(), Vector([2, 1], color=YELLOW)
        self.add(plane)
        self.play(GrowArrow(vector), run_time=0.4)
        self.next_slide()
        self.play(ApplyMatrix([[1, 0.5], [0, 1]], plane), ApplyMatrix([[1, 0.5], [0, 1]], vector), run_time=0.6)


class Bars(Slide):
    """Bars of a chart that change height, with labels that follow."""

    def construct(self):
        heights = (1, 2.5, 1.8, 3.2)
        bars = VGroup(*[Rectangle(width=0.8, height=h, fill_opacity=1, stroke_width=1, color=BLUE) for h in heights])
        bars.arrange(buff=0.3, aligned_edge=DOWN)
        labels = VGroup(*[Text(str(h), font_size=24).next_to(bar, UP) for bar, h in zip(bars, heights, strict=True)])
        self.play(LaggedStart(*[GrowFromEdge(bar, DOWN) for bar in bars], lag_ratio=0.2), run_time=0.6)
        self.play(FadeIn(labels), run_time=0.2)
        self.next_slide()
        self.play(
            bars[1].animate.stretch_to_fit_height(1, about_edge=DOWN).set_color(RED), FadeOut(labels[1]), run_time=0.4
        )


class Tables(Slide):
    """A table of texts, highlighted cell by cell."""

    def construct(self):
        table = Table(
            [["128", "0.21"], ["512", "0.83"]],
            col_labels=[Text("prompt"), Text("prefill s")],
            row_labels=[Text("A"), Text("B")],
            include_outer_lines=True,
        ).scale(0.7)
        self.play(FadeIn(table), run_time=0.4)
        self.next_slide()
        self.play(table.get_rows()[1].animate.set_color(YELLOW), run_time=0.4)
        self.add_highlighted = table.add_highlighted_cell((3, 3), color=GREEN)
        self.wait(0.2)


class Braces(Slide):
    """Braces and labels beside what they measure."""

    def construct(self):
        line = Line(3 * LEFT, 2 * RIGHT)
        brace = Brace(line, DOWN, color=YELLOW)
        text = Text("batch", font_size=36).next_to(brace, DOWN)
        self.add(line)
        self.play(GrowFromCenter(brace), FadeIn(text), run_time=0.4)
        self.next_slide()
        longer = Line(4 * LEFT, 4 * RIGHT)
        self.play(Transform(line, longer), Transform(brace, Brace(longer, DOWN, color=YELLOW)), run_time=0.5)


class Arrows(Slide):
    """Straight, double, curved and labelled arrows, scaled."""

    def construct(self):
        arrows = VGroup(
            Arrow(LEFT, RIGHT, color=RED),
            DoubleArrow(LEFT, RIGHT, color=GREEN),
            CurvedArrow(LEFT, RIGHT, color=BLUE),
            CurvedDoubleArrow(LEFT, RIGHT, color=YELLOW),
            Arrow(LEFT, RIGHT, tip_shape=StealthTip),
            Line(LEFT, RIGHT).add_tip(tip_shape=ArrowCircleFilledTip),
        ).arrange_in_grid(2, 3, buff=1)
        self.play(LaggedStart(*[Create(arrow) for arrow in arrows], lag_ratio=0.1), run_time=0.7)
        self.next_slide()
        self.play(arrows.animate.scale(1.4), run_time=0.4)


class Booleans(Slide):
    """Union, Intersection, Difference, Exclusion, Cutout and holes."""

    def construct(self):
        a, b = Circle(color=BLUE, fill_opacity=1), Square(fill_opacity=1).shift(0.7 * RIGHT)
        shapes = VGroup(
            Union(a, b, color=GREEN, fill_opacity=0.6),
            Intersection(a, b, color=RED, fill_opacity=0.6),
            Difference(a, b, color=YELLOW, fill_opacity=0.6),
            Exclusion(a, b, color=PURPLE, fill_opacity=0.6),
            Cutout(Square(2), Triangle().scale(0.5), color=TEAL, fill_opacity=1),
            Annulus(0.5, 1, color=ORANGE),
        ).arrange_in_grid(2, 3, buff=0.6)
        self.play(FadeIn(shapes), run_time=0.4)
        self.next_slide()
        self.play(shapes.animate.scale(0.8), Rotate(shapes[3], PI / 3), run_time=0.4)


class Polygons(Slide):
    """Polygons, stars, sectors, rounded corners, self-crossing outlines."""

    def construct(self):
        crossing = Polygon(
            *[2 * np.array([np.cos(t), np.sin(t), 0]) for t in np.arange(5) * 4 * PI / 5], fill_opacity=1
        )
        shapes = VGroup(
            crossing.set_color(GOLD).scale(0.6),
            RegularPolygram(7, density=3, color=BLUE, fill_opacity=0.5),
            Sector(radius=1, angle=2, color=RED),
            Polygon(LEFT, UP, RIGHT).round_corners(0.3).set_fill(GREEN, 1),
            Ellipse(2, 1, color=PURPLE, fill_opacity=0.5),
            RegularPolygon(5, color=TEAL),
        ).arrange_in_grid(2, 3, buff=0.7)
        self.play(LaggedStart(*[SpinInFromNothing(shape) for shape in shapes], lag_ratio=0.1), run_time=0.7)
        self.next_slide()
        self.play(shapes.animate.set_stroke(WHITE, width=6), run_time=0.3)
