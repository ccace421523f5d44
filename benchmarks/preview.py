"""`astrai-slides preview`: seconds from saving an edit until a real browser shows it, step by step of what is shown."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.processes import measure
from benchmarks.sides import ROOT, flagship

_PATIENCE_MS = 900_000
_REST_S = 4.0
"""Seconds without work of the preview's processes after which an edit is made."""
_SCENE, _TALK = "slides/continuous_batching.py", "presentations/continuous-batching.toml"
_PACE, _INK = "slides/pace.py", "slides/ink.py"
_THEME = '''    @cached_property
    def theme(self) -> Theme:
        """The talk's theme with the ink of a module beside the deck."""
        theme = super().theme
        return replace(theme, palette=replace(theme.palette, ink=INK))

    def construct(self)'''
_NEW_STEP = '''        self.throughput()
        self.closing()

    def closing(self) -> None:
        """One step more."""
        self.step("closing", title="Closing")
        self.play(FadeIn(Dot(color=self.theme.palette.accent)), run_time=self.theme.time.move)
'''
_PLAIN_STEPS = 20


@dataclass(frozen=True, slots=True)
class Edit:
    """A save: `new` in place of `old` in `file`."""

    title: str
    file: str
    old: str
    new: str
    ends_alike: bool = False
    """Whether steps end as before, so that the first change is a step's motion."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Seconds after a save: the first change on the page, the step's whole motion, which is the second unless steps end
    as before, and what a build writes. A page that is told of both at once shows them together.

    `load` is the machine's at that moment.
    """

    first: float
    motion: float
    built: float
    load: float


def _line(title: str, before: str, line: str) -> Edit:
    return Edit(f"a line of `{title}`", _SCENE, before, f"{line}\n{before}")


FLAGSHIP = (
    Edit("a word of the talk file", _TALK, "single GPU", "one GPU"),
    Edit("a colour", _SCENE, "clock.color_of(index), theme)", "theme.palette.accent, theme)"),
    Edit(
        "a duration",
        _SCENE,
        "run_time=time.write + time.move)",
        "run_time=time.write + 2 * time.move)",
        ends_alike=True,
    ),
    _line("title", "        self.cover_grid = grid", "        self.play(cover.title.animate.shift(0.05 * UP))"),
    _line("pipeline", "        self.loop_picture = VGroup", "        self.play(clock.animate.shift(0.1 * UP))"),
    _line("spawn", "        self.tray, self.sockets = ", "        self.play(sockets.animate.shift(0.1 * UP))"),
    _line(
        "flow",
        "        self.flow_picture = picture\n\n    def _flow",
        "        self.play(self.stages.animate.shift(UP / 9))",
    ),
    _line("batching", "        self.before = VGroup(", "        self.play(ring.animate.scale(1.1))"),
    Edit(
        "a line of `throughput`",
        _SCENE,
        "        if len(chart.claim):",
        "        self.play(chart.animate.shift(0.1 * UP))\n        if len(chart.claim):",
    ),
    Edit("a helper module", _PACE, "return time.pause", "return 2 * time.pause", ends_alike=True),
    Edit("a theme token", _INK, "#F0F3F6", "#FFF3D0"),
    Edit("a new step", _SCENE, "        self.throughput()\n", _NEW_STEP),
)


def flagship_copy(folder: Path) -> str:
    """Copy the flagship to `folder`, with two modules beside it; return what is previewed."""
    flagship(folder)
    (folder / _PACE).write_text("def pause(time):\n    return time.pause\n", "utf-8")
    (folder / _INK).write_text('INK = "#F0F3F6"\n', "utf-8")
    path = folder / _SCENE
    text = path.read_text("utf-8")
    imports = (
        "from dataclasses import replace\nfrom functools import cached_property\n\n"
        "from ink import INK\nfrom pace import pause\nfrom astrai_slides.look.theme import Theme\n"
        "from manim import Dot, UP\nfrom manim import Animation"
    )
    for old, new in (
        ("from manim import Animation", imports),
        ("    def construct(self)", _THEME),
        (
            "self.wait(time.pause)\n        self.play(told.count()",
            "self.wait(pause(time))\n        self.play(told.count()",
        ),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    return _TALK


def plain_copy(folder: Path) -> str:
    """Write a plain deck of one `construct` with many steps to `folder`; return what is previewed."""
    lines = [
        "from manim import DOWN, RIGHT, UP, FadeIn, Square, Text, VGroup",
        "from manim_slides import Slide",
        "",
        "",
        "class Plain(Slide):",
        "    def construct(self):",
    ]
    for step in range(_PLAIN_STEPS):
        lines += [
            f'        title = Text("Step {step}: what happens next").to_edge(UP)',
            f"        row = VGroup(*(VGroup(Square(0.9), Text(str({step} + n))) for n in range(6))).arrange(RIGHT)",
            "        self.play(FadeIn(title), FadeIn(row))",
            f"        self.play(row.animate.shift(DOWN * {step + 1} / 10))",
            "        self.next_slide()",
            "        self.clear()",
        ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plain.py").write_text("\n".join(lines[:-2]) + "\n", "utf-8")
    return "plain.py"


PLAIN = tuple(
    Edit(
        f"the {name} step of {_PLAIN_STEPS} in one `construct`",
        "plain.py",
        f"(DOWN * {step} / 10)",
        f"(UP * {step} / 9)",
    )
    for name, step in (("last", _PLAIN_STEPS), ("middle", _PLAIN_STEPS // 2), ("first", 1))
)


@contextmanager
def _previewing(folder: Path, target: str) -> Iterator[tuple[Any, "psutil.Process"]]:
    """A page of Chromium that shows a preview of `target`, which is built, and the preview's process."""
    from playwright.sync_api import sync_playwright

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ASTRAI_SLIDES_CACHE": str(folder / ".cache")}
    command = [sys.executable, "-m", "astrai_slides", "preview", target, "--no-open"]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(_PATIENCE_MS)
            page.goto(address)
            yield page, psutil.Process(process.pid)
            browser.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _rest(process: "psutil.Process") -> None:
    """Wait until the preview has nothing more to do."""
    quiet = 0.0
    before = 0.0
    while quiet < _REST_S:
        time.sleep(1.0)
        now = 0.0
        for each in [process, *process.children(recursive=True)]:
            try:
                now += sum(each.cpu_times()[:2])
            except psutil.Error:
                continue
        # watching the files takes a little
        quiet = quiet + 1.0 if now - before < 0.3 else 0.0
        before = now


def _save(page: Any, folder: Path, edit: Edit) -> Shown:
    """Save `edit`, and see when the page shows it."""
    revision = page.get_attribute("html", "data-revision")
    path = folder / edit.file
    text = path.read_text("utf-8")
    if edit.old not in text:
        raise ValueError(f"{edit.title}: {edit.file} has no {edit.old!r}")
    page.evaluate(
        """(before) => {
          const html = document.documentElement, seen = window.seen = [];
          new MutationObserver(() => {
            const { revision, whole } = html.dataset, last = seen.at(-1);
            if (revision !== before && (!last || last.revision !== revision || last.whole !== whole))
              seen.push({ revision, whole, at: Date.now() / 1000 });
          }).observe(html, { attributes: true });
        }""",
        revision,
    )
    if "UP" in edit.new and "import UP" not in text and re.search(r"^from manim import .*\bUP\b", text, re.M) is None:
        raise ValueError(f"{edit.title}: {edit.file} imports no UP")
    path.write_text(text.replace(edit.old, edit.new, 1), "utf-8")
    saved = time.time()
    page.wait_for_function("window.seen.some((each) => each.whole === 'true')")
    seen = page.evaluate("window.seen")
    at = {each["revision"]: each["at"] for each in reversed(seen)}
    moments = sorted((each, int(number) - int(revision)) for number, each in at.items())
    built = next(each["at"] for each in seen if each["whole"] == "true")
    first = moments[0][0]
    motion = first if edit.ends_alike else next((each for each, change in moments if change > 1), built)
    return Shown(first - saved, motion - saved, built - saved, os.getloadavg()[0])


def _cold(folder: Path, target: str) -> float:
    """Seconds of a build from nothing, whose recording the preview takes."""
    options = ["--to", "html", "--no-variants", "--out", "cold"]
    command = [sys.executable, "-m", "astrai_slides", "-q", "build", target, *options]
    return measure(command, folder, {"PYTHONPATH": str(ROOT), "ASTRAI_SLIDES_CACHE": str(folder / ".cache")}).wall


def _table(title: str, target: str, folder: Path, edits: Sequence[Edit]) -> None:
    cold = _cold(folder, target)
    print(f"\n{title}: a build from nothing takes {cold:.1f} s\n")
    print("| edit | first change, s | whole motion, s | as built, s | cold build / first change | load |")
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    rows: list[Shown] = []
    with _previewing(folder, target) as (page, process):
        page.wait_for_selector('html[data-whole="true"]', state="attached")
        for edit in edits:
            _rest(process)
            row = _save(page, folder, edit)
            rows.append(row)
            print(
                f"| {edit.title} | {row.first:.1f} | {row.motion:.1f} | {row.built:.1f} | {cold / row.first:.0f} "
                f"| {row.load:.0f} |",
                flush=True,
            )
    first, motion = median(row.first for row in rows), median(row.motion for row in rows)
    print(f"| median | {first:.1f} | {motion:.1f} | | {cold / first:.0f} | |", flush=True)


def measure_preview(only: Sequence[str] = ()) -> None:
    """Print the tables; `only` of `flagship` and `plain` if any is named."""
    with tempfile.TemporaryDirectory(prefix="astrai-slides-bench-") as work:
        for name, title, copy, edits in (
            ("flagship", "The flagship", flagship_copy, FLAGSHIP),
            ("plain", f"A plain deck of {_PLAIN_STEPS} steps", plain_copy, PLAIN),
        ):
            if not only or name in only:
                folder = Path(work) / name
                _table(title, copy(folder), folder, edits)
