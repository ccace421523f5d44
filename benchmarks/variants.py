"""What a deck's variants cost: bytes in its file, and seconds against those of the steps that they change.

`python -m benchmarks variants [flagship|small]` builds each deck twice to HTML, cold, one after the other: as it is by
default, and with all its variants. A variant is a set of values of knobs that touch a step together; of each step it is
told what it took by default, how many variants change it, and what it took in one of them. What a build does for no one
step (writing the page, keeping the recording) is shared among the steps by what they took, but for starting: importing
manim, and loading talk and deck. The limit is 1.2 for a variant.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from astrai_slides.base.phases import LOADING
from benchmarks.processes import Cost, measure
from benchmarks.sides import ROOT, DeckFiles, flagship

LIMIT = 1.2
"""A variant's time against that of the steps that it changes."""
LARGEST = 1_500_000
"""Bytes of the flagship with all its variants."""

_EXPLORE = re.compile(r'<script type="application/json" id="explore">(.*?)</script>')

_SMALL = '''"""Four steps of two seconds; knobs of one and of two of them."""

from manim import BLUE, RIGHT, UP, Create, FadeIn, FadeOut, Square, Text, VGroup

from astrai_slides.deck.base import Deck


class Small(Deck):
    def construct(self):
        self.step("title")
        title = Text("What if there were more?").to_edge(UP)
        self.play(FadeIn(title), run_time=2)
        count = self.knob("count", 3, range(1, 6), label="Squares")
        self.step("row")
        row = VGroup(*(VGroup(Square(1), Text(str(each))) for each in range(count))).arrange(RIGHT)
        self.play(Create(row), run_time=2)
        self.step("shift")
        self.play(row.animate.shift(UP), run_time=2)
        self.play(FadeOut(row))
        self.done_with("count")
        filled = self.knob("filled", False)
        self.step("square")
        square = Square(3, color=BLUE, fill_opacity=float(filled))
        self.play(Create(square), run_time=2)
'''


def small(folder: Path) -> DeckFiles:
    """Write a small deck with two knobs to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.py").write_text(_SMALL, "utf-8")
    return DeckFiles(folder, "small.py", "Small")


DECKS = {"small": small, "flagship": flagship}


@dataclass(frozen=True, slots=True)
class BuiltOnce:
    """What a cold build took, and what it wrote."""

    cost: Cost
    steps: Mapping[str, float]
    """Seconds of processors by step, those of forks among them."""
    start: float
    """Seconds of processors until there is anything to record."""
    file: Path


def build(deck: DeckFiles, *options: str) -> BuiltOnce:
    """Build the HTML of `deck` at 1080p60."""
    target = [deck.talk] if deck.talk else [deck.deck, deck.scene]
    words = [sys.executable, "-m", "astrai_slides", "-q", "build", *target, "--to", "html", "--quality", "h"]
    words += ["--out", "out", "--json", "--profile", *options]
    cost = measure(words, deck.folder, {"ASTRAI_SLIDES_CACHE": ".cache", "PYTHONPATH": str(ROOT)})
    log = (deck.folder / "command.log").read_text("utf-8")
    told: dict[str, Any] = json.JSONDecoder().raw_decode(log[log.index("{") :])[0]
    steps = {
        each["step"]: sum(part["processor"] + part["elsewhere"] for part in each["phases"])
        for each in told["profile"]["steps"]
        if each["step"] is not None
    }
    profile = told["profile"]
    loading = sum(each["processor"] + each["elsewhere"] for each in profile["phases"] if each["phase"] == LOADING)
    return BuiltOnce(cost, steps, loading + profile["processor_before"], deck.folder / "out" / f"{deck.name}.html")


def variants(file: Path) -> list[set[int]]:
    """Of each variant in `file`, beside the default, the numbers of the default's steps that it changes."""
    found = _EXPLORE.search(file.read_text("utf-8"))
    if found is None:
        raise ValueError(f"{file} has no variants")
    explore: dict[str, Any] = json.loads(found[1])
    sizes = [len(knob["values"]) for knob in explore["knobs"]]
    usual = [knob["value"] for knob in explore["knobs"]]
    together = {tuple(each["on"]) for part in explore["parts"] for each in (part, part.get("opening", part))}
    turned = {
        tuple(at.get(knob, value) for knob, value in enumerate(usual))
        for on in together
        for at in (dict(zip(on, places, strict=True)) for places in product(*(range(sizes[knob]) for knob in on)))
    }
    turned.discard(tuple(usual))
    return [set(_changed(explore["parts"], sizes, usual, at)) for at in sorted(turned)]


def _changed(parts: Sequence[Mapping[str, Any]], sizes: Sequence[int], usual: Sequence[int], at: Any) -> Iterator[int]:
    number = 0
    for part in parts:
        shown = _chosen(part, sizes, usual)
        for each in range(len(shown)):
            if _chosen(part, sizes, at) != shown:
                yield number + each
        number += len(shown)


def _chosen(part: Mapping[str, Any], sizes: Sequence[int], at: Sequence[int]) -> list[int]:
    place = 0
    for knob in part["on"]:
        place = place * sizes[knob] + at[knob]
    steps: list[list[int]] = part["steps"]
    return steps[place]


def measure_variants(names: Sequence[str]) -> None:
    """Print what the variants of each deck cost. Raises KeyError for a deck that is not one of `DECKS`."""
    for name in names or list(DECKS):
        with tempfile.TemporaryDirectory(prefix="astrai-slides-bench-") as work:
            deck = DECKS[name](Path(work) / "plain")
            plain = build(deck, "--no-variants")
            whole = build(DECKS[name](Path(work) / "whole"))
            print(f"{_told(name, plain, whole)}\n", flush=True)


def _told(name: str, plain: BuiltOnce, whole: BuiltOnce) -> str:
    changed = variants(whole.file)
    before, after = plain.file.stat().st_size, whole.file.stat().st_size
    count = len(changed)
    cpu, wall = whole.cost.cpu - plain.cost.cpu, whole.cost.wall - plain.cost.wall
    names = list(plain.steps)
    often = {step: sum(names.index(step) in each for each in changed) for step in names}
    of_steps = {step: whole.steps[step] - plain.steps[step] for step in names if often[step]}
    share = cpu / sum(of_steps.values())
    usual_share = (plain.cost.cpu - plain.start) / sum(plain.steps.values())
    own = sum(plain.steps[step] * often[step] for step in names)
    cold = own * usual_share
    # on as many cores as the build that they are a part of
    cold_wall = cold * plain.cost.wall / plain.cost.cpu
    rows = [
        f"{name}: {before:,} bytes, with {count} variants {after:,} (limit of the flagship {LARGEST:,}), a variant "
        f"{(after - before) / count:,.0f}",
        f"processor: {plain.cost.cpu:.1f} s, with variants {whole.cost.cpu:.1f} s, a variant {cpu / count:.2f} s: "
        f"{cpu / cold:.2f} of the steps that it changes (limit {LIMIT}; {cpu / own:.2f} of what is told of them alone)",
        f"clock: {plain.cost.wall:.1f} s, with variants {whole.cost.wall:.1f} s, a variant {wall / count:.2f} s: "
        f"{wall / cold_wall:.2f} of the steps that it changes (limit {LIMIT})",
        "",
        "| step | by default, s | variants that change it | in one of them, s | ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    for step in names:
        usual = plain.steps[step] * usual_share
        each = of_steps[step] * share / often[step] if often[step] else 0.0
        ratio = f"{each / usual:.2f}" if often[step] else ""
        rows.append(f"| {step} | {usual:.2f} | {often[step]} | {each:.2f} | {ratio} |")
    return "\n".join(rows)
