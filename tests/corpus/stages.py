"""Decks that use what manim-slides adds: canvas, wipe, zoom, loops, notes, files."""

from fractions import Fraction
from pathlib import Path

import av

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide
from PIL import Image as PILImage


class Canvas(Slide):
    """A canvas that stays while the rest is wiped and zoomed."""

    def construct(self):
        title = Text("Canvas", font_size=40).to_corner(UL)
        number = Text("1", font_size=30).to_corner(DR)
        self.add_to_canvas(title=title, number=number)
        self.play(FadeIn(title), FadeIn(number), run_time=0.3)
        self.next_slide()
        self.wipe(self.mobjects_without_canvas, Circle(color=BLUE, fill_opacity=0.5), run_time=0.5)
        self.next_slide()
        self.play(Transform(number, Text("2", font_size=30).to_corner(DR)), run_time=0.3)
        self.zoom(self.mobjects_without_canvas, Square(color=RED), run_time=0.5)
        self.next_slide()
        self.remove_from_canvas("title", "number")
        self.wipe(self.mobjects_without_canvas, [], direction=UP, run_time=0.5)


class Flow(Slide):
    """Loops, auto_next, notes, rates, direction and a pause between steps."""

    wait_time = 0.2

    def construct(self):
        self.wait_time_between_slides = self.wait_time
        dot = Dot(radius=0.5, color=GREEN)
        self.next_slide(
            notes="""
            # First
            * one
            """
        )
        self.play(GrowFromCenter(dot), run_time=0.3)
        self.next_slide(loop=True, notes="Loops: <b>& </script>")
        self.play(dot.animate.shift(RIGHT), run_time=0.3)
        self.play(dot.animate.shift(LEFT), run_time=0.3)
        self.next_slide(auto_next=True, playback_rate=2.0, reversed_playback_rate=0.5)
        self.play(Indicate(dot), run_time=0.4)
        self.next_slide(direction="vertical")
        self.play(FadeOut(dot), run_time=0.3)


class Skipping(Slide):
    """skip_animations on one step and on a row of steps; what they changed stays."""

    def construct(self):
        square = Square(color=BLUE)
        self.play(Create(square), run_time=0.3)
        self.next_slide(skip_animations=True)
        self.play(square.animate.shift(2 * RIGHT), run_time=0.3)
        self.next_slide()
        self.play(Rotate(square, PI / 4), run_time=0.3)
        self.start_skip_animations()
        self.next_slide()
        self.play(square.animate.set_color(RED), run_time=0.3)
        self.stop_skip_animations()
        self.next_slide()
        self.play(square.animate.shift(DOWN), run_time=0.3)


class AddedAtRest(Slide):
    """What is added after the last play of a step belongs to its rest state."""

    def construct(self):
        square = Square()
        self.play(Create(square), run_time=0.3)
        self.add(Dot(color=RED, radius=0.4))
        self.next_slide()
        self.play(square.animate.scale(1.4), run_time=0.3)
        square.set_fill(YELLOW, opacity=1)


class Wiping(Slide):
    """wipe in three directions and zoom both ways, also as a returned animation."""

    def construct(self):
        circle, square, text = Circle(2, color=BLUE), Square(fill_opacity=0.7), Text("wipe")
        self.play(FadeIn(circle), run_time=0.2)
        self.next_slide()
        self.wipe(circle, Group(square, text.next_to(square, DOWN)), run_time=0.4)
        self.next_slide()
        animation = self.wipe(Group(square, text), circle, direction=DOWN + RIGHT, return_animation=True, run_time=0.4)
        self.play(animation)
        self.next_slide()
        self.zoom(circle, square.move_to(ORIGIN), out=True, scale=6.0, run_time=0.4)


class Files(Slide):
    """next_slide(src=...): a picture and a film between drawn steps."""

    def construct(self):
        folder = Path(config.media_dir)  # goes with what manim makes
        folder.mkdir(parents=True, exist_ok=True)
        picture, film = folder / "stripes.png", folder / "ramp.mp4"
        write_picture(picture)
        write_film(film)
        square = Square(color=BLUE)
        self.play(Create(square), run_time=0.3)
        self.next_slide(src=picture, notes="A picture from a file")
        self.next_slide(src=film, loop=True)
        self.play(square.animate.shift(RIGHT), run_time=0.3)


def stripes(shift: int) -> np.ndarray:
    """Smooth bands, 320 x 180 RGB, moved by `shift` pixels."""
    x = np.arange(320)[None, :, None] + shift
    y = np.arange(180)[:, None, None]
    bands = 127 + 90 * np.sin(x / 25 + np.array([0, 2, 4])) * np.cos(y / 40)
    return bands.astype(np.uint8)


def write_picture(target: Path) -> None:
    PILImage.fromarray(stripes(0)).save(target)


def write_film(target: Path) -> None:
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(12))
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.codec_context.thread_count = 1  # with more, x264 does not write the same bytes every time
        for index in range(12):
            # as the encoder has it: what converts colours does not give the same bytes every time
            planes = [np.ravel(stripes(4 * index)[::step, ::step, channel]) for channel, step in enumerate((1, 2, 2))]
            pixels = np.concatenate(planes).reshape(270, 320)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="yuv420p")))
        container.mux(stream.encode())


class PlainSections(Scene):
    """A plain manim Scene: sections are steps."""

    def construct(self):
        square = Square(color=BLUE)
        self.next_section("draw")
        self.play(Create(square), run_time=0.4)
        self.next_section("move")
        self.play(square.animate.shift(RIGHT), run_time=0.4)
        self.next_section("hidden", skip_animations=True)
        self.play(square.animate.shift(UP), run_time=0.4)
        self.next_section("turn")
        self.play(Rotate(square, PI / 4), run_time=0.4)


class PlainScene(Scene):
    """A plain manim Scene without sections is one step."""

    def construct(self):
        disc = Circle(color=PINK, fill_opacity=0.5)
        self.play(FadeIn(disc), run_time=0.3)
        self.play(disc.animate.scale(2), run_time=0.3)


class ManySteps(Slide):
    """Thirty short steps."""

    def construct(self):
        cells = VGroup(*[Square(0.7, fill_opacity=0.2) for _ in range(30)]).arrange_in_grid(3, 10, buff=0.15)
        self.add(cells)
        for index, cell in enumerate(cells):
            if index:
                self.next_slide(notes=f"Cell {index}")
            self.play(cell.animate.set_fill(GREEN, opacity=1), run_time=0.2)
