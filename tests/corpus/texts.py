"""Decks with much, small, large, mixed and vector-drawn text."""

from pathlib import Path

import fontpkg

# ruff: noqa: F403, F405
from manim import *
from manim_slides import Slide

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60">
<rect x="5" y="5" width="40" height="50" rx="8" fill="#3178c6" stroke="#ffffff" stroke-width="2"/>
<path d="M55 50 C 60 0 90 0 95 50 Z M 68 40 L 75 20 L 82 40 Z" fill="#e4a11b" fill-rule="nonzero"/>
<circle cx="25" cy="30" r="10" fill="none" stroke="#ffee88" stroke-width="4"/>
<line x1="5" y1="58" x2="95" y2="58" stroke="#ff5577" stroke-width="2"/>
</svg>
"""


class InterText(Slide):
    """Text in Inter, several weights, with MarkupText beside it."""

    def construct(self):
        with register_font(fontpkg.path("Inter")):
            title = Text("Time to first token", font="Inter", font_size=56)
            bold = Text("p99 = 1.87 s", font="Inter", weight=BOLD, font_size=44)
        markup = MarkupText('<span fgcolor="yellow">queue</span> <b>bold</b> <i>italic</i> <u>under</u>', font_size=40)
        block = VGroup(title, bold, markup).arrange(DOWN, buff=0.6)
        self.play(FadeIn(title, shift=0.3 * UP), run_time=0.4)
        self.next_slide()
        self.play(Write(bold), FadeIn(markup), run_time=0.5)
        self.next_slide()
        self.play(block.animate.scale(0.5).to_corner(UL), run_time=0.4)


class LargeBlock(Slide):
    """A paragraph of more than two hundred glyphs."""

    def construct(self):
        lines = [
            "A static batch waits for its longest request;",
            "every slot that ends early stays empty until then.",
            "Continuous batching refills a slot at the next step:",
            "the work is the same, the idle slots are gone, and",
            "the time to first token falls for whoever was queued.",
        ]
        block = Paragraph(*lines, font_size=30, line_spacing=0.8)
        self.play(FadeIn(block), run_time=0.3)
        self.next_slide()
        self.play(block.animate.shift(0.5 * UP).set_color(BLUE_B), run_time=0.4)


class TinyText(Slide):
    """Very small and very large text; ligatures, accents and other scripts."""

    def construct(self):
        tiny = Text("tiny but there: 0123456789", font_size=9)
        huge = Text("Ä€", font_size=300, stroke_width=2).set_opacity(0.5)
        mixed = Text("naïve fi – Ελληνικά – Привет", font_size=36).shift(2.5 * DOWN)
        self.add(huge, tiny, mixed)
        self.play(huge.animate.shift(RIGHT), run_time=0.4)
        self.next_slide()
        self.play(tiny.animate.scale(4), run_time=0.4)


class Drawing(Slide):
    """SVGMobject with fills, strokes and a hole."""

    def construct(self):
        source = Path(config.media_dir) / "drawing.svg"  # goes with what manim makes
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(DRAWING, encoding="utf-8")
        drawing = SVGMobject(source, height=4)
        self.play(DrawBorderThenFill(drawing), run_time=0.6)
        self.next_slide()
        self.play(drawing.animate.scale(0.5).shift(2 * LEFT), run_time=0.4)


class CodeLike(Slide):
    """Monospaced lines with coloured parts, revealed line by line."""

    def construct(self):
        code = VGroup(
            Text("def step(batch):", font="monospace", t2c={"def": ORANGE}, font_size=30),
            Text("    for slot in batch:", font="monospace", t2c={"for": ORANGE, "in": ORANGE}, font_size=30),
            Text("        slot.decode()", font="monospace", t2c={"decode": BLUE}, font_size=30),
        ).arrange(DOWN, aligned_edge=LEFT)
        for line in code:
            self.play(AddTextLetterByLetter(line, time_per_char=0.01))
        self.next_slide()
        frame = SurroundingRectangle(code[1], color=YELLOW, buff=0.1)
        self.play(Create(frame), run_time=0.4)
        self.play(frame.animate.move_to(code[2]), run_time=0.3)
