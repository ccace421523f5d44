"""The picture of speed-up over slots, with the harmonic curve of memoryless lengths beside it."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cairo
from manim import Text

from astrai_slides.base.atomic import replacing
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.fonts import FONT, inter, register_font
from astrai_slides.look.theme import Theme
from astrai_slides.serving.sim.throughput import harmonic_number
from astrai_slides.serving.words.wording import Words

SUFFIXES = (".svg", ".png", ".pdf")
WIDTH, HEIGHT = 1600, 900
LEFT, RIGHT, TOP = 140, 1200, 190
EDGE = 72
MIN_SLOTS_SHOWN = 16
"""The axis goes at least so far: a curve through one or two slot counts says nothing."""
CURVE_STEPS = 200

TITLE_CAP, LABEL_CAP, SMALL_CAP = 34, 20, 18
"""Heights of capitals in pixels: none below 2 % of the picture's height."""
LINE_GAP = 36
MEASURED_CHARACTERS = 50
AXIS_ROOM = 86
"""From the axis down to the caption's first line: ticks and slot counts."""
MOST_CAPTION_LINES = 7
NAME_GAP = 64
"""From the last point to the names beside it: the value under the point needs most of it."""


@dataclass(frozen=True)
class SpeedupPlot:
    """What is drawn: speed-ups by slots, the name of their workload and the lines that say what they assume."""

    points: Sequence[tuple[int, float]]
    workload: str
    caption: Sequence[str]


def check_suffix(target: Path) -> None:
    """Raise an error that names the formats when `target` is none of them, or is a folder."""
    if target.suffix.lower() not in SUFFIXES:
        raise AstraiSlidesError(f"{target}: cannot tell the picture's format; end the name in {', '.join(SUFFIXES)}")
    if target.is_dir():
        raise AstraiSlidesError(f"{target}: is a folder; name a file for the picture")


def write_plot(plot: SpeedupPlot, target: Path, words: Words, theme: Theme) -> None:
    """Draw `plot` into `target` (svg, png or pdf by its suffix) in the colours of `theme`, atomically."""
    check_suffix(target)
    with replacing(target) as draft:
        suffix = target.suffix.lower()
        if suffix == ".png":
            surface = cairo.ImageSurface(cairo.FORMAT_RGB24, WIDTH, HEIGHT)
            _Drawing(cairo.Context(surface), plot, words, theme).draw()
            surface.write_to_png(str(draft))
            return
        vector = (cairo.SVGSurface if suffix == ".svg" else cairo.PDFSurface)(str(draft), WIDTH, HEIGHT)
        _Drawing(cairo.Context(vector), plot, words, theme).draw()
        vector.finish()


def chart_bottom(caption_lines: int) -> int:
    """Where the horizontal axis runs above a caption of so many lines, in pixels from the top."""
    return HEIGHT - EDGE - caption_lines * LINE_GAP - AXIS_ROOM


class _Drawing:
    """One picture being drawn; y grows downwards, in pixels."""

    def __init__(self, ctx: Any, plot: SpeedupPlot, words: Words, theme: Theme) -> None:
        self._ctx, self._plot, self._words = ctx, plot, words
        palette = theme.palette
        self._ground, self._ink, self._quiet = palette.background, palette.ink, palette.muted
        self._line_color, self._accent = palette.faint, palette.headline
        self._last = max(MIN_SLOTS_SHOWN, *(slots for slots, _ in plot.points))
        highest = max(harmonic_number(self._last), *(speedup for _, speedup in plot.points))
        self._top = math.ceil(highest)
        self._caption = [piece for line in plot.caption for piece in _wrapped(line)][:MOST_CAPTION_LINES]
        self._bottom = chart_bottom(len(self._caption))

    def draw(self) -> None:
        self._ctx.set_source_rgb(*_rgb(self._ground))
        self._ctx.paint()
        self._text(self._words.PLOT_TITLE, EDGE, 106, TITLE_CAP, self._ink, weight="SEMIBOLD")
        self._axes()
        self._harmonic_curve()
        self._points()
        self._end_labels()
        for row, line in enumerate(reversed(self._caption)):
            self._text(line, EDGE, HEIGHT - EDGE - row * LINE_GAP, SMALL_CAP, self._quiet)

    def _x(self, slots: float) -> float:
        return LEFT + (RIGHT - LEFT) * math.log2(slots) / math.log2(self._last)

    def _y(self, speedup: float) -> float:
        return self._bottom - (self._bottom - TOP) * speedup / self._top

    def _axes(self) -> None:
        for tick in range(self._top + 1):
            self._line([(LEFT, self._y(tick)), (RIGHT, self._y(tick))], self._line_color, 2)
            self._text(f"{tick}×", LEFT - 24, self._y(tick) + SMALL_CAP / 2, SMALL_CAP, self._quiet, anchor=1)
        slots = 1
        while slots <= self._last:
            self._line([(self._x(slots), self._bottom), (self._x(slots), self._bottom + 10)], self._quiet, 2)
            self._text(str(slots), self._x(slots), self._bottom + 42, SMALL_CAP, self._quiet, anchor=0.5)
            slots *= 2
        self._text(self._words.PLOT_SLOTS, RIGHT + 40, self._bottom + 42, SMALL_CAP, self._quiet)

    def _harmonic_curve(self) -> None:
        # Between whole slots the curve is H_x = digamma(x + 1) + gamma; straight pieces between them look the same.
        points = []
        for step in range(CURVE_STEPS + 1):
            slots = self._last ** (step / CURVE_STEPS)
            whole = math.floor(slots)
            points.append((self._x(slots), self._y(harmonic_number(whole) + (slots - whole) / (whole + 1))))
        self._ctx.set_dash([14, 10])
        self._line(points, self._quiet, 4)
        self._ctx.set_dash([])

    def _points(self) -> None:
        points = sorted(self._plot.points)
        places = [(self._x(slots), self._y(speedup)) for slots, speedup in points]
        self._line(places, self._accent, 6)
        right = math.inf
        for (x, y), (_, speedup) in reversed(list(zip(places, points, strict=True))):
            self._ctx.arc(x, y, 10, 0, math.tau)
            self._ctx.set_source_rgb(*_rgb(self._accent))
            self._ctx.fill()
            label = f"{speedup:.2f}×"
            # Values stand below the line, where the harmonic curve is not; one that has no room is left out.
            if x + 50 < right:
                # Its ground hides the grid line that would strike it out.
                self._ctx.rectangle(x - 46, y + 20, 92, 36)
                self._ctx.set_source_rgb(*_rgb(self._ground))
                self._ctx.fill()
                self._text(label, x, y + 48, LABEL_CAP, self._ink, anchor=0.5, weight="SEMIBOLD")
                right = x - 50

    def _end_labels(self) -> None:
        end_slots, end_speedup = max(self._plot.points)
        curve_y, own_y = self._y(harmonic_number(self._last)), self._y(end_speedup)
        if end_slots == self._last and abs(curve_y - own_y) < 4 * LABEL_CAP:
            middle = (curve_y + own_y) / 2
            curve_y, own_y = middle - 2.2 * LABEL_CAP, middle + 2.2 * LABEL_CAP
        x = RIGHT + NAME_GAP
        name = _shortened(self._plot.workload, WIDTH - EDGE - x)
        memoryless, formula = self._words.PLOT_MEMORYLESS
        self._text(memoryless, x, curve_y - 4, LABEL_CAP, self._quiet)
        self._text(formula, x, curve_y + 28, SMALL_CAP, self._quiet)
        if end_slots == self._last:
            self._text(name, x, own_y + LABEL_CAP / 2, LABEL_CAP, self._accent, weight="SEMIBOLD")
        else:
            self._text(name, self._x(end_slots) + 24, own_y + 90, LABEL_CAP, self._accent, weight="SEMIBOLD")

    def _line(self, points: Sequence[tuple[float, float]], color: str, width: float) -> None:
        for x, y in points:
            self._ctx.line_to(x, y)
        self._ctx.set_source_rgb(*_rgb(color))
        self._ctx.set_line_width(width)
        self._ctx.set_line_join(cairo.LINE_JOIN_ROUND)
        self._ctx.stroke()

    def _text(
        self,
        text: str,
        x: float,
        baseline: float,
        cap: float,
        color: str,
        *,
        anchor: float = 0,
        weight: str = "NORMAL",
    ) -> None:
        """Write `text` at `x` (its left 0, middle 0.5 or right 1) with capitals `cap` high."""
        # The H in front tells baseline and cap height; Pango's kerning places the rest.
        glyphs = _shaped("H" + text, weight).submobjects
        reference, glyphs = glyphs[0], glyphs[1:]
        scale = cap / reference.height
        ground = reference.get_bottom()[1]
        left = min(glyph.get_left()[0] for glyph in glyphs)
        right = max(glyph.get_right()[0] for glyph in glyphs)
        start = x - anchor * (right - left) * scale
        for glyph in glyphs:
            for subpath in glyph.get_subpaths():
                places = [(start + (px - left) * scale, baseline - (py - ground) * scale) for px, py, _ in subpath]
                self._ctx.move_to(*places[0])
                for first in range(0, len(places) - 3, 4):
                    self._ctx.curve_to(*places[first + 1], *places[first + 2], *places[first + 3])
                self._ctx.close_path()
        self._ctx.set_source_rgb(*_rgb(color))
        self._ctx.fill()


def _wrapped(line: str) -> list[str]:
    # Measured in pieces, as Pango breaks a long text itself; the widest piece decides.
    widest = max(_width(piece) / len(piece) for piece in textwrap.wrap(line, MEASURED_CHARACTERS))
    return textwrap.wrap(line, int((WIDTH - 2 * EDGE) / widest))


def _shortened(name: str, room: float) -> str:
    """A workload's name, or as much of it as `room` pixels hold."""
    shown = name
    while len(shown) > 1 and _width(shown, LABEL_CAP, "SEMIBOLD") > room:
        shown = shown.removesuffix("…")[:-1].rstrip() + "…"
    return shown


def _width(text: str, cap: float = SMALL_CAP, weight: str = "NORMAL") -> float:
    shaped = _shaped("H" + text, weight)
    return float(shaped.width * cap / shaped.submobjects[0].height)


def _rgb(color: str) -> tuple[float, float, float]:
    """#RRGGBB as cairo takes it: shares from 0 to 1."""
    red, green, blue = (value / 255 for value in bytes.fromhex(color.removeprefix("#")))
    return red, green, blue


def _shaped(text: str, weight: str) -> Any:
    register_font(inter())
    # Without ligatures and spaces every character is a submobject; "H" is always the first.
    return Text(text, font=FONT, weight=weight, disable_ligatures=True)
