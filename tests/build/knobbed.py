"""A small deck with knobs, and what it is with some of them turned."""

from manim import RED, Circle, Dot, FadeIn, FadeOut, Square

from astrai_slides.deck.base import Deck


class Knobbed(Deck):
    """Steps that depend on one knob, on none, on one by their begin and on another by their end."""

    def construct(self) -> None:
        """Show it."""
        self.step("begin")
        self.play(FadeIn(Dot()), run_time=0.2)
        size = self.knob("size", 2, range(1, 4), label="Size")
        self.step("square", notes=f"As large as **{size}**.")
        square = Square(size, color=RED)
        self.play(FadeIn(square), run_time=0.2)
        if size == 3:
            self.step("more")
            self.play(square.animate.shift((1, 0, 0)), run_time=0.2)
        self.step("circle", title="Circle")
        self.play(FadeOut(square), run_time=0.2)
        self.done_with("size")
        filled = self.knob("filled", False)
        self.play(FadeIn(Circle(fill_opacity=float(filled))), run_time=0.2)
