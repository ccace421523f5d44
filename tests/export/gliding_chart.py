"""A chart with a bar as long as a knob says, and what both browsers are to show while it glides."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from astrai_slides.base.knobs import Knob
from astrai_slides.export.html.page import write_html
from astrai_slides.recording.explored import Choice, Explored, ExploredPart
from astrai_slides.recording.format.model import GRID, Draw, Frame, Paint, Recording, Step, Style, View
from astrai_slides.recording.format.model import Path as Shape
from astrai_slides.talk.document import Document

VIEW = View(0, 0, 16 * GRID, 9 * GRID)
GROUND, BAR, OTHER = 0x0000FFFF, 0xFF0000FF, 0x00FF00FF
LEFT, BOTTOM, HIGH = -6, -1, 2
LENGTHS = (3, 9)
"""Of the bar with either value of the knob, in scene units."""
SIZE = {"width": 640, "height": 360}

LOOK = """() => {
  const { width, height } = stage, middle = Math.round(height * (4.5 / 9)), row = new OffscreenCanvas(width, 1);
  const own = row.getContext("2d");
  own.drawImage(stage, 0, middle, width, 1, 0, 0, width, 1);
  const data = own.getImageData(0, 0, width, 1).data, seen = new Set();
  let red = 0;
  for (let x = 0; x < width; x++) {
    const [r, g, b] = data.subarray(4 * x);
    red += r > 200 && g < 60 && b < 60;
    seen.add([r, g, b].map((one) => one > 127).join());
  }
  const { at, playing, step } = document.documentElement.dataset;
  return { length: red * 16 / width, colours: [...seen], at, playing, step };
}"""
"""How long the red bar is, in scene units, what colours there are in its row, and what the page says of it."""

TURN = f"""async (value) => {{
  const look = {LOOK}, seen = [], turned = astrai.turn("far", value);
  let isDone = false;
  turned.then(() => {{ isDone = true; }});
  seen.push(look());
  while (!isDone) {{
    await new Promise(requestAnimationFrame);
    seen.push(look());
  }}
  return seen;
}}"""
BOTH = ["false,false,true", "true,false,false"]
"""Blue and red."""


def box(left: float, bottom: float, width: float, height: float, colour: int) -> Draw:
    """A box as manim draws a rectangle: from its upper right corner on, the other way round than a clock."""
    corners = [(0.0, 0.0), (-width, 0.0), (-width, -height), (0.0, -height), (0.0, 0.0)]
    points = [corners[0]]
    for (x0, y0), (x1, y1) in pairwise(corners):
        points += [(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part) for part in (1 / 3, 2 / 3, 1)]
    xy = b"".join(round(each * GRID).to_bytes(4, "little", signed=True) for point in points for each in point)
    x, y = (left + width) * GRID, (bottom + height) * GRID
    return Draw(Shape(((4, True),), xy), Style(fill=Paint((colour,))), round(x), round(y))


def still(name: str, *draws: Draw) -> Step:
    frame = Frame(draws, VIEW, GROUND)
    return Step(name, (frame,), ((0, 2),), frame)


def write_chart(target: Path) -> Path:
    """Write a step with a bar, as long as a knob says; then one that is green."""
    bars = [still("bars", box(LEFT, BOTTOM, length, HIGH, BAR)) for length in LENGTHS]
    steps = (bars[0], still("green", box(-8, -4.5, 16, 9, OTHER)), bars[1])
    whole = Recording("Chart", 10, 1920, 1080, GROUND, steps, {})
    parts = (ExploredPart(Choice((0,), ((0,), (2,)))), ExploredPart(Choice((), ((1,),))))
    explored = Explored((Knob("far", "Far", (False, True), ("off", "on"), 0),), parts, steps, (), {})
    write_html(replace(whole, steps=steps[:2]), target, Document("Chart"), explored)
    return target


def check_glide(seen: list[dict[str, Any]], before: float, after: float) -> None:
    """What `TURN` saw is a bar that goes from one length to the other, and nothing else."""
    lengths = [each["length"] for each in seen]
    assert lengths[0] == pytest.approx(before, abs=0.1), "it begins where it was"
    assert lengths[-1] == pytest.approx(after, abs=0.1)
    assert lengths == sorted(lengths, reverse=before > after), "and goes one way"
    assert all(sorted(each["colours"]) == BOTH for each in seen), "with nothing else in the picture"
    assert {each["playing"] for each in seen} == {"false"}
    assert [each["at"] for each in seen] == ["middle"] * (len(seen) - 1) + ["end"]
