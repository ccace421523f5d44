"""Decks of the kinds that others make, against stock's render alone: `python -m benchmarks kinds [KIND...]`.

Each deck is written here, after what real decks do, and has the 12 seconds of animation that the median of them has:
of 74 scenes of 73 public repositories that stock manim renders, 61 could be recorded again to see how long they are
(2026-11-27): a quarter has 8 s or less, half 12, a quarter 21 or more, a tenth 59 or more; their mean is 23. The list
was chosen short ones first, so that decks are rather longer than that. Only `plain` has more, its 60 steps; `implicit`
and `large-drawing` have less (4 s and 2 s), as stock takes minutes for them.

Stock renders (`manim-slides render`) and converts nothing; this project builds to HTML, PPTX and PDF. What counts is
processor time of all processes, the least of some runs of each in turn.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.sides import DeckFiles, Ours, Stock

FORMATS = "html,pptx,pdf"

_HEAD = "import numpy as np\nfrom manim import *\nfrom manim_slides import Slide, ThreeDSlide\n\n\n"

_FORMULAS = r"""
class Formulas(Slide):
    def construct(self):
        before = MathTex(r"\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}")
        self.play(Write(before))
        self.next_slide()
        for k in range(2, 12):
            after = MathTex(rf"\int_0^1 x^{k} \, dx", "=", rf"\frac{{1}}{{{k + 1}}}")
            self.play(TransformMatchingTex(before, after))
            self.next_slide()
            before = after
        self.play(FadeOut(before))
"""

_PHOTOGRAPHS = """
class Photographs(Slide):
    def construct(self):
        for name in ("one.jpg", "two.jpg", "three.jpg"):
            photograph = ImageMobject(name).set(height=4)
            self.play(FadeIn(photograph))
            self.play(photograph.animate.shift(2 * RIGHT))
            self.next_slide()
            self.play(photograph.animate.scale(0.6).shift(3 * LEFT))
            self.next_slide()
            self.play(FadeOut(photograph))
"""

_LARGE_STILL = """
class LargeStill(Slide):
    def construct(self):
        self.add(ImageMobject("large.png").scale_to_fit_width(3).to_edge(DOWN))
        for k in range(6):
            square = Square(1).shift(UP * (k % 3))
            self.play(Create(square))
            self.play(square.animate.shift(UP))
            self.next_slide()
            self.remove(square)
"""

_CHANGING = """
class Changing(Slide):
    def construct(self):
        y, x = np.mgrid[0:240, 0:320]
        time = ValueTracker(0)

        def wave():
            level = 127 * (1 + np.sin(x / 20 + 3 * time.get_value()) * np.cos(y / 30 - time.get_value()))
            return ImageMobject(level.astype(np.uint8)).set(height=5)

        self.add(always_redraw(wave))
        for end in range(2, 14, 2):
            self.play(time.animate.set_value(end), run_time=2)
            self.next_slide()
"""

_SOLIDS = """
class Solids(ThreeDSlide):
    def construct(self):
        self.set_camera_orientation(phi=60 * DEGREES, theta=45 * DEGREES)
        body = VGroup(Cube(1), Cylinder(radius=0.4, height=2).shift(2 * RIGHT), Cone(0.6).shift(2 * LEFT))
        self.play(FadeIn(ThreeDAxes()), FadeIn(body))
        self.next_slide()
        for axis in 5 * (RIGHT, OUT):
            self.play(Rotate(body, PI / 4, axis=axis))
            self.next_slide()
        self.move_camera(phi=75 * DEGREES, theta=10 * DEGREES)
"""

_SURFACES = """
class Surfaces(ThreeDSlide):
    def construct(self):
        surface = Surface(
            lambda u, v: np.array([u, v, 0.6 * np.cos(2 * u) * np.cos(v)]),
            u_range=[-2, 2],
            v_range=[-2, 2],
            resolution=(24, 24),
        )
        self.set_camera_orientation(phi=60 * DEGREES, theta=-45 * DEGREES)
        self.play(FadeIn(surface))
        self.next_slide()
        for theta in (20, 60, -10):
            self.move_camera(phi=40 * DEGREES, theta=theta * DEGREES, run_time=2)
            self.next_slide()
        self.begin_ambient_camera_rotation(rate=0.5)
        self.wait(5)
        self.stop_ambient_camera_rotation()
"""

_REDRAWN = """
class Redrawn(Slide):
    def construct(self):
        axes = Axes(x_range=[0, 10], y_range=[-2, 2])
        shift = ValueTracker(0)
        self.add(axes)
        self.add(always_redraw(lambda: axes.plot(lambda x: np.sin(x + shift.get_value()), color=YELLOW)))
        self.add(always_redraw(lambda: Dot(axes.c2p(5, np.sin(5 + shift.get_value())))))
        self.add(always_redraw(lambda: DecimalNumber(shift.get_value()).to_corner(UR)))
        for end in range(3, 21, 3):
            self.play(shift.animate.set_value(end), run_time=2)
            self.next_slide()
"""

_DRAWINGS = """
class Drawings(Slide):
    def construct(self):
        drawing = SVGMobject("drawing.svg").set(height=6)
        self.play(FadeIn(drawing))
        self.next_slide()
        for side in (2, -2, 2, -2, 2):
            self.play(drawing.animate.shift(side * RIGHT))
            self.next_slide()
            self.play(Rotate(drawing, PI / 3))
            self.next_slide()
        self.play(FadeOut(drawing))
"""

_LARGE_DRAWING = """
class LargeDrawing(Slide):
    def construct(self):
        drawing = SVGMobject("drawing.svg").set(height=6)
        self.add(drawing)
        self.play(drawing.animate.shift(2 * RIGHT))
        self.next_slide()
        self.play(Rotate(drawing, PI / 3))
"""

_IMPLICIT = """
class Implicit(Slide):
    def construct(self):
        level = ValueTracker(1)
        self.add(always_redraw(lambda: ImplicitFunction(lambda x, y: x**2 + y**2 - level.get_value(), color=YELLOW)))
        self.play(level.animate.set_value(4), run_time=2)
        self.next_slide()
        axes = Axes(x_range=[-4, 4], y_range=[-3, 3])

        def curve():
            return axes.plot_implicit_curve(lambda x, y: x * y * (x - y) - level.get_value() / 4, color=BLUE)

        self.add(axes, always_redraw(curve))
        self.play(level.animate.set_value(1), run_time=2)
"""

_PLAIN = """
class Plain(Slide):
    def construct(self):
        for step in range(60):
            title = Text(f"Step {step}").to_edge(UP)
            row = VGroup(*(VGroup(Square(0.9), Text(str(n), font_size=28)) for n in range(5))).arrange(RIGHT)
            self.play(FadeIn(title), LaggedStart(*map(FadeIn, row)))
            self.play(row[step % 5].animate.shift(UP).scale(1.3))
            self.next_slide()
            self.clear()
"""

KINDS: dict[str, tuple[str, str, str]] = {
    "formulas": ("11 formulas that become one another", "Formulas", _FORMULAS),
    "photographs": ("3 photographs of 12 megapixels that move", "Photographs", _PHOTOGRAPHS),
    "large-still": ("a picture of 5 megapixels that stands still, 6 steps", "LargeStill", _LARGE_STILL),
    "changing": ("a picture that changes each frame", "Changing", _CHANGING),
    "solids": ("3D solids that turn, then the camera", "Solids", _SOLIDS),
    "surfaces": ("a surface of 576 faces, the camera moving", "Surfaces", _SURFACES),
    "redrawn": ("a plot, a dot and a number redrawn each frame", "Redrawn", _REDRAWN),
    "drawings": ("an SVG of 400 shapes that moves and turns", "Drawings", _DRAWINGS),
    "large-drawing": ("an SVG of 8,000 shapes (3.8 MB) that moves and turns", "LargeDrawing", _LARGE_DRAWING),
    "implicit": ("two implicit curves redrawn each frame", "Implicit", _IMPLICIT),
    "plain": ("60 steps of plain 2D", "Plain", _PLAIN),
}
"""By name: what it is, its scene, and its code."""

_SHAPES = {"drawings": 400, "large-drawing": 8_000}
"""How many shapes the SVG files of decks have."""


def write(kind: str, folder: Path) -> DeckFiles:
    """Write the deck of `kind`, and the pictures that it shows, to `folder`."""
    folder.mkdir(parents=True)
    _, scene, code = KINDS[kind]
    (folder / "deck.py").write_text(_HEAD + code.lstrip("\n"), encoding="utf-8")
    random = np.random.default_rng(1)
    if kind == "photographs":
        for name in ("one", "two", "three"):
            _photograph(random, 4000, 3000).save(folder / f"{name}.jpg", quality=90)
    elif kind == "large-still":
        picture = _photograph(random, 3850, 1400).convert("RGBA")
        picture.paste((0, 0, 0, 0), (3000, 0, 3850, 1400))
        picture.save(folder / "large.png")
    elif kind in _SHAPES:
        (folder / "drawing.svg").write_text(_drawing(random, _SHAPES[kind]), encoding="utf-8")
    return DeckFiles(folder, "deck.py", scene)


def _photograph(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """Soft shapes under some noise, as a photograph has them."""
    coarse = Image.fromarray(random.integers(0, 256, (9, 12, 3), dtype=np.uint8))
    soft = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    noisy = soft + random.integers(-8, 9, (height, width, 1), dtype=np.int16)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def _drawing(random: np.random.Generator, count: int) -> str:
    """`count` closed shapes of ten curves each."""
    shapes = []
    for colour in random.integers(0, 1 << 24, count).tolist():
        x, y = random.uniform(0, 1000, 2)
        points = random.normal(0, 25, (10, 6)) + [x, y] * 3
        curves = " ".join("C " + " ".join(f"{number:.2f}" for number in curve) for curve in points)
        shapes.append(f'<path fill="#{colour:06x}" d="M {x:.2f} {y:.2f} {curves} Z"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">{"".join(shapes)}</svg>'


def compare(kinds: list[str], work: Path, quality: str, runs: int) -> Iterator[tuple[str, float, float]]:
    """Give the title of each of `kinds`, and the least seconds of processors that stock and this project took."""
    for kind in kinds:
        stock, ours = [], []
        for run in range(runs):
            stock.append(Stock(write(kind, work / f"{kind}-stock-{run}"), quality).render.cpu)
            ours.append(Ours(write(kind, work / f"{kind}-ours-{run}"), quality).build(FORMATS).cpu)
        yield KINDS[kind][0], min(stock), min(ours)
