"""A deck whose variants were damaged on the way says so, and shows no picture of another variant."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from damaging import AROUND, BEGINNING, KINDS, LOOK, damaged, judged, sections
from knobbed_page import DEFAULT, NAMES, write_knobbed
from playwright.sync_api import Browser

pytestmark = pytest.mark.wide

SECONDS = 10
TURNED = [[1, False], [3, False], [3, True], [2, True], [2, False]]
"""Values of both knobs, the default's at the end."""
LOOK_TURNED = """
found.turned = [];
const answered = (ask) => Promise.race([
  Promise.resolve().then(ask).then(() => "drawn", (error) => `refused: ${error.message}`),
  new Promise((resolve) => setTimeout(resolve, SECONDS * 1000, "waits")),
]);
if (window.astrai) for (const [slots, fast] of TURNED) {
  const one = { turns: [], steps: [] };
  for (const [name, value] of [["toy.slots", slots], ["fast", fast]]) {
    one.turns.push(await answered(() => astrai.turn(name, value)));
  }
  for (let index = 0; index < astrai.steps.length; index++) {
    one.steps.push([await answered(() => astrai.seek(index)), ...seen(), picture()]);
  }
  found.turned.push(one);
}
return found;"""
LATE = 0.7
"""Share of the damages that are done to what stands behind the player."""


def turned_rightly(found: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """What became of the variants of a damaged page; AssertionError where one shows another's picture, or nothing."""
    around = AROUND in found["opened"][1]
    pictures = {step[3] for one in right["turned"] for step in one["steps"]}
    outcome = "shown"
    for values, one, whole in zip(TURNED, found["turned"], right["turned"], strict=bool(found["steps"])):
        assert "waits" not in one["turns"], f"{values}: a knob that is turned never answers"
        if one["turns"] != ["drawn"] * 2:
            assert all(each == "drawn" or each.startswith("refused: This deck") for each in one["turns"]), one["turns"]
            outcome = "in part"
            continue  # it stays as it was, which is another variant
        for place, (step, shown) in enumerate(zip(whole["steps"], one["steps"], strict=True)):
            word, state, sentence, picture = shown
            if word == "drawn":
                same = picture == step[3] or (around and picture not in pictures)
                assert (state, same) == ("ready", True), f"{values}, step {place}: {shown}"
            else:
                assert word.startswith("refused: This deck"), f"{values}, step {place}: {shown}"
                assert (state, bool(sentence), picture in pictures) == ("error", True, False), f"{values}: {shown}"
                outcome = "in part"
    return outcome


@pytest.mark.parametrize("seed", range(2))
def test_no_variant_of_a_damaged_deck_shows_anothers_picture(chromium: Browser, tmp_path: Path, seed: int) -> None:
    page = write_knobbed(tmp_path / "deck.html").read_bytes()
    script = LOOK.replace("return found;", LOOK_TURNED.replace("TURNED", str(TURNED).lower()))
    script = script.replace("COUNT", str(DEFAULT)).replace("SECONDS", str(SECONDS))
    shown = chromium.new_context(viewport={"width": 640, "height": 360}).new_page()

    def show(content: bytes) -> Mapping[str, Any]:
        file = tmp_path / "hurt.html"
        file.write_bytes(content)
        shown.goto("about:blank")
        shown.goto(file.as_uri(), wait_until="commit")
        found: Mapping[str, Any] = shown.evaluate(f"async () => {{ {script} }}")
        return found

    right = show(page)
    assert turned_rightly(right, right) == "shown"
    choose = random.Random(seed)
    parts = sections(page)
    late = [name for name in parts if name in ("explore", "variants") or name.startswith("stream")]
    hidden, outcomes = [], set()
    for _ in range(25):
        part = choose.choice(late if choose.random() < LATE else list(parts))
        at, kind = choose.randrange(*parts[part]), choose.choice(KINDS)
        try:
            found = show(damaged(page, kind, at, choose))
            judged(found, right, NAMES[:DEFAULT], part in BEGINNING)
            outcomes.add(turned_rightly(found, right))
        except AssertionError as error:
            hidden.append(f"{part}, {kind} at {at}: {error}")
    shown.context.close()
    assert not hidden, hidden
    assert "in part" in outcomes
