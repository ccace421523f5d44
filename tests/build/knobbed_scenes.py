"""Scenes with knobs for one deck: some they have in common, some are theirs, and one has none."""

from manim import LEFT, RED, RIGHT, Circle, Dot, FadeIn, FadeOut, Square, Triangle

from astrai_slides.deck.base import Deck


class Opening(Deck):
    """Steps that depend on one knob, on none, on one by their begin and on another by their end."""

    def construct(self) -> None:
        """Show it."""
        self.step("begin", title="Begin")
        self.play(FadeIn(Dot()), run_time=0.2)
        size = self.knob("size", 2, range(1, 4), label="Size")
        self.step("square", notes=f"As large as **{size}**.")
        square = Square(size, color=RED)
        self.play(FadeIn(square), run_time=0.2)
        self.step("round")
        self.play(FadeOut(square), run_time=0.2)
        self.done_with("size")
        wide = self.knob("wide", False)
        self.play(FadeIn(Circle(2 if wide else 1)), run_time=0.2)


class Middle(Deck):
    """No knob."""

    def construct(self) -> None:
        """Show it."""
        self.step("middle")
        self.play(FadeIn(Dot(LEFT)), run_time=0.2)


class Ending(Deck):
    """The first knob of `Opening` after one of its own, and steps that are called as some of it, one not always."""

    def construct(self) -> None:
        """Show it."""
        side = self.knob("side", "left", ["left", "right"])
        self.step("square", title="Where", notes=f"It is {side}.")
        self.play(FadeIn(Dot(LEFT if side == "left" else RIGHT)), run_time=0.2)
        size = self.knob("size", 2, range(1, 4), label="Size")
        if size == 3:
            self.step("begin", title="Begin")
            self.play(FadeIn(Square(size)), run_time=0.2)
        self.step("end", title="The end")
        self.play(FadeIn(Triangle().scale(size / 2)), run_time=0.2)
