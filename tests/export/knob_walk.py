"""Turns of knobs and steps by chance in the deck of `knobbed_page`, and what both browsers are to show meanwhile."""

import json
import random
from typing import Any

from knobbed_page import KNOBS, LENGTH, NAMES, counterpart, listed
from signal_deck import END, FRAME_CELLS, STEP_CELLS, Shown, frame_at

ACTIONS = ["turn", "turn", "turn", "next", "next", "back", "replay", "jump"]

WALK = """async ([actions, cells]) => {
  const canvas = document.getElementById("stage"), log = [];
  const own = new OffscreenCanvas(canvas.width, 1).getContext("2d", { willReadFrequently: true });
  const look = (after) => {
    const { width, height } = canvas, cell = width / 16, bits = [];
    own.drawImage(canvas, 0, height / 2 | 0, width, 1, 0, 0, width, 1);
    const row = own.getImageData(0, 0, width, 1).data;
    for (let place = 0; place < cells; place++) {
      const x = Math.round(width / 2 + ((-cells / 2 + place) * 1.25 + 0.5) * cell) * 4;
      bits.push(row[x] > 150 ? 1 : row[x + 2] > 150 ? 0 : -1);
    }
    const { index, ended, seconds } = astrai.current, { knobs, step } = document.documentElement.dataset;
    const sections = [...document.querySelectorAll(".slides > section")];
    const present = sections.findIndex((one) => one.matches(".present"));
    log.push({ after, bits, index, ended, seconds, knobs, step, sections: sections.length, present });
  };
  const frame = () => new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    requestAnimationFrame(() => { look(null); channel.port2.postMessage(null); });
  });
  for (const [place, { act, knob, value, frames, index }] of actions.entries()) {
    if (act === "turn") astrai.turn(knob, value);
    else if (act === "jump") astrai.seek(index % astrai.steps.length);
    else if (act === "replay") astrai.play();
    else astrai[act]();
    look(place);
    for (let count = 0; count < frames; count++) { await frame(); look(null); }
  }
  return log;
}"""
"""Acts, and looks after each act, in each frame and after it, what the canvas shows and what the deck says of it."""


def number(bits: list[int]) -> int:
    """The number that they are, the lowest first."""
    return sum(bit << place for place, bit in enumerate(bits))


def at_of(knobs: str) -> list[int]:
    """Places of the values that a page says."""
    told = json.loads(knobs)
    return [knob.values.index(told[knob.name]) for knob in KNOBS]


def actions(seed: int, count: int) -> list[dict[str, Any]]:
    """So many acts, each with the frames of the browser that follow it."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        knob = chance.choice(KNOBS)
        act = {"act": chance.choice(ACTIONS), "frames": chance.choice([0, 0, 1, 2, 4]), "index": chance.randrange(9)}
        made.append({**act, "knob": knob.name, "value": chance.choice(knob.values)})
    return made


def check(log: list[dict[str, Any]], acts: list[dict[str, Any]]) -> None:
    """Every picture is the one that the deck says, and the deck is where the actions lead."""
    at, index = [1, 0], 0
    for seen in log:
        assert -1 not in seen["bits"], f"no picture of the deck: {seen}"
        assert sum(seen["bits"][:-1]) & 1 == seen["bits"][-1], seen
        told = at_of(seen["knobs"])
        steps = listed(told)
        assert seen["sections"] == len(steps)
        assert seen["present"] == seen["index"]
        shown = Shown(number(seen["bits"][:STEP_CELLS]), number(seen["bits"][STEP_CELLS : STEP_CELLS + FRAME_CELLS]))
        said = END if seen["ended"] else min(frame_at(seen["seconds"]), LENGTH - 1)
        assert shown.step == steps[seen["index"]][1], seen
        assert seen["step"] == NAMES[shown.step]
        assert shown.frame == said, seen
        if seen["after"] is None:
            assert (told, seen["index"]) == (at, index)
            continue
        act = acts[seen["after"]]
        if act["act"] == "turn":
            knob = [each.name for each in KNOBS].index(act["knob"])
            after = [*at]
            after[knob] = KNOBS[knob].values.index(act["value"])
            index, at = counterpart(index, at, after), after
        else:
            index = seen["index"]
        assert (told, seen["index"]) == (at, index), act
