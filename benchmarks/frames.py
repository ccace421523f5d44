"""How evenly heavy steps play in an HTML deck: the longest gap between two frames of the browser.

Run as `python -m benchmarks frames`: ten scenes that are heavy each in a way of their own, half a second at 60 fps,
1920x1080, in a headless Chromium without a GPU; each played three times, of which the best counts, as other work on the
machine only adds. `python -m benchmarks.frames NAME...` plays some of them. A step that is filmed says so. Beside it
stand the processor time of a frame, which other work changes less, and what `recording/run/drawing_time.py` expects of
it, by which steps are filmed.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, sync_playwright

from astrai_slides.export.html.page import write_html
from astrai_slides.recording.format.model import Recording
from astrai_slides.recording.run.drawing_time import slow_frame
from astrai_slides.recording.run.record import record_scene
from astrai_slides.talk.document import Document

FPS, WIDTH, HEIGHT = 60, 1920, 1080
ROUNDS = 3
LIMIT_MS = 100

HEAD = """
from manim import *
import numpy as np

SECONDS = 0.5

class Heavy(ThreeDScene if {three_d} else Scene):
    def construct(self):
        choose = np.random.default_rng(1)
"""
WORDS = "the quick brown fox jumps over the lazy dog and back again "
SCENES = {
    "dots": """
        dots = VGroup(*(Dot([*choose.uniform(-6, 6, 2), 0], radius=0.03) for _ in range(2000)))
        self.play(dots.animate.shift(RIGHT), run_time=SECONDS)
    """,
    "rotating-squares": """
        squares = VGroup(*(Square(0.3).move_to([*choose.uniform(-6, 6, 2), 0]) for _ in range(800)))
        self.play(Rotate(squares, PI), run_time=SECONDS)
    """,
    "text-transform": f"""
        first, second = (Text("\\\\n".join([{WORDS!r}] * 12), font_size=20) for _ in range(2))
        self.play(Transform(first, second.shift(DOWN).scale(0.8)), run_time=SECONDS)
    """,
    "write": f"""
        self.play(Write(Text("\\\\n".join([{WORDS!r}] * 12), font_size=20)), run_time=SECONDS)
    """,
    "long-path": """
        path = VMobject().set_points_smoothly([[x, np.sin(30 * x) * 3, 0] for x in np.linspace(-6, 6, 6000)])
        self.play(Create(path), run_time=SECONDS)
    """,
    "redrawn-curves": """
        phase = ValueTracker(0)
        for level in range(12):
            self.add(always_redraw(lambda level=level: FunctionGraph(
                lambda x: np.sin(x * 3 + phase.get_value() + level) + level / 3 - 2)))
        self.play(phase.animate.set_value(6), run_time=SECONDS)
    """,
    "vector-field": """
        field = ArrowVectorField(lambda p: np.sin(p[1]) * RIGHT + np.cos(p[0]) * UP)
        self.play(Rotate(field, 0.5), run_time=SECONDS)
    """,
    "gradients": """
        shapes = VGroup(*(Circle(0.4).set_fill([RED, BLUE, GREEN], 0.6).move_to([*choose.uniform(-6, 6, 2), 0])
                          for _ in range(500)))
        self.play(shapes.animate.shift(UP), run_time=SECONDS)
    """,
    "thick-strokes": """
        rings = VGroup(*(Circle(0.2 + at / 60).set_stroke(width=20, opacity=0.4) for at in range(250)))
        self.play(rings.animate.scale(1.3), run_time=SECONDS)
    """,
    "surface": """
        self.set_camera_orientation(phi=60 * DEGREES, theta=-45 * DEGREES)
        self.add(Surface(lambda u, v: [u, v, np.sin(u) * np.cos(v)], u_range=[-3, 3], v_range=[-3, 3], resolution=24))
        self.begin_ambient_camera_rotation(rate=0.5)
        self.wait(SECONDS)
    """,
}
"""What `construct` does in each."""

GAPS = """() => new Promise((resolve) => {
  const gaps = [];
  let last = null, begun = false;
  const look = (now) => {
    if (last !== null && begun) gaps.push(now - last);
    last = now;
    if (astrai.current.playing) begun = true;
    else if (begun) return resolve(gaps);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  dispatchEvent(new KeyboardEvent("keydown", {keyCode: 82}));  // R
})"""


def recorded(name: str, folder: Path) -> Recording:
    """Record the scene `name`."""
    deck = folder / f"{name.replace('-', '_')}.py"
    deck.write_text(HEAD.format(three_d=name == "surface") + SCENES[name], "utf-8")
    return record_scene(deck, "Heavy", fps=FPS, width=WIDTH, height=HEIGHT)


def longest_gap(browser: Browser, file: Path) -> tuple[float, int, float]:
    """Play the deck's one step; return the longest gap in ms of the best round, how many frames that round had, and the
    fewest ms of processor time that the page took for a frame in any."""
    found, taken = [], []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        context.set_offline(True)
        page = context.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-state]")
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = _processor_time(session)
        gaps = page.evaluate(GAPS)
        found.append((max(gaps), len(gaps)))
        taken.append((_processor_time(session) - before) * 1000 / len(gaps))
        context.close()
    return (*min(found), min(taken))


def _processor_time(session: CDPSession) -> float:
    """Seconds of processor time that the page's own thread has taken for its tasks, drawing on the canvas included."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def measure(names: Iterable[str] = SCENES) -> int:
    """Print the table of the scenes `names`; return how many have a gap over the limit."""
    over = 0
    print("| step | longest gap, ms | frames | in a frame | processor time, ms a frame | expected | load |")
    print("|------|----------------:|-------:|------------|---------------------------:|---------:|-----:|")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in names:
            made = recorded(name, Path(folder))
            (step,) = made.steps
            file = Path(folder) / f"{name}.html"
            write_html(made, file, Document(title=name))
            gap, frames, taken = longest_gap(browser, file)
            over += gap > LIMIT_MS
            draws = max(len(frame.ops) for frame in step.frames)
            how = step.film.reason if step.film else f"{draws:,} draws"
            expected = "" if step.film else f"{slow_frame(step) * 1000:.0f}"
            load = os.getloadavg()[0]
            print(f"| {name} | {gap:.0f} | {frames} | {how} | {taken:.0f} | {expected} | {load:.1f} |", flush=True)
        browser.close()
    return over


def main() -> int:
    """Measure the named scenes, or all; the exit code tells whether one has a gap over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCENES)}")
    names = parser.parse_args().names or list(SCENES)
    unknown = [name for name in names if name not in SCENES]
    if unknown:
        parser.error(f"unknown scene {unknown[0]!r}; known are: {', '.join(SCENES)}")
    return min(measure(names), 1)


if __name__ == "__main__":
    sys.exit(main())
