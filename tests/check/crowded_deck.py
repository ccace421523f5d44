"""A slide as promos have them: labels too small, dots and captions on one another, a dim word, a letter no font has."""

from manim import DOWN, GRAY, RIGHT, UP, YELLOW, Create, Dot, FadeIn, Rectangle, Scene, Text, VGroup


class Crowded(Scene):
    def construct(self):
        box = Rectangle(height=1.5, width=2.5, color=GRAY)
        stage = Text("Waiting\nQueue", font_size=18)
        dots = VGroup(
            *[VGroup(Dot(radius=0.12), Text(f"R{i + 1}", font_size=10)).arrange(UP, buff=0.1) for i in range(3)]
        )
        for number, dot in enumerate(dots):
            dot.shift(RIGHT * (number - 1) * 0.06)
        self.play(Create(box), FadeIn(stage), FadeIn(dots), run_time=0.2)
        loop = Text("Generation Loop", font_size=16, color=GRAY).next_to(box, DOWN, buff=0.5)
        caption = Text("Same-position batch", font_size=16, color=YELLOW).next_to(box, DOWN, buff=0.5)
        self.play(FadeIn(loop), FadeIn(caption), run_time=0.2)
        self.play(FadeIn(Text("a \U0010fffd b").to_edge(UP)), run_time=0.2)
        self.play(FadeIn(Text("dim", color="#222222", font_size=40).to_edge(DOWN)), run_time=0.2)
