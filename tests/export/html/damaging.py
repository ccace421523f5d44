"""A page damaged at a place of a part of it, as a copy that went wrong is."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

KINDS = ("flip", "swap", "cut out", "zeros", "cut off")
_SECTIONS = re.compile(
    rb'<script type="[^"]*" id="(?P<data>[^"]+)">.*?</script>|<style id="(?P<style>[^"]+)">.*?</style>'
    rb"|<script>.*?</script>",
    re.DOTALL,
)


def sections(page: bytes) -> dict[str, tuple[int, int]]:
    """Where each part of a page is: data, styles, scripts by number, and the markup between by number."""
    found: dict[str, tuple[int, int]] = {}
    at = 0
    for match in _SECTIONS.finditer(page):
        name = match["data"] or match["style"]
        if match.start() > at + 1:
            found[f"markup {len(found)}"] = (at, match.start())
        found[name.decode() if name else f"script {len(found)}"] = match.span()
        at = match.end()
    found["the end"] = (at, len(page))
    return found


def damages(page: bytes, seed: int) -> Iterator[tuple[str, str, int, bytes]]:
    """Damaged copies of `page`: the part, the kind, the place and the page; the parts in turn, without end."""
    choose = random.Random(seed)
    parts = list(sections(page).items())
    while True:
        for name, (start, stop) in parts:
            at = choose.randrange(start, stop)
            # a file that is cut off is rare beside the others, and ends the round for all parts behind
            kind = choose.choices(KINDS, (4, 2, 2, 2, 1))[0]
            yield name, kind, at, damaged(page, kind, at, choose)


def damaged(page: bytes, kind: str, at: int, choose: random.Random) -> bytes:
    """Return `page` with a damage of this `kind` at byte `at`."""
    if kind == "flip":
        return page[:at] + bytes([page[at] ^ 1 << choose.randrange(7)]) + page[at + 1 :]
    if kind == "swap":
        size = choose.randrange(1, 64)
        return page[:at] + page[at + size : at + 2 * size] + page[at : at + size] + page[at + 2 * size :]
    size = choose.choice([1, 7, 512, 4096])
    if kind == "zeros":
        return page[:at] + bytes(min(size, len(page) - at)) + page[at + size :]
    return page[:at] + page[at + size :] if kind == "cut out" else page[:at]


BEGINNING = ("markup 0", "script 1")
"""What comes before the sentence that stands in the page: the first 4 kB."""

AROUND = "its page is not what was written"
"""What a page says that can be shown all the same."""

LOOK = """const root = document.documentElement;
const seen = () => {
  const message = document.getElementById("message");
  return [root.dataset.state ?? "", message?.checkVisibility() ? message.innerText : ""];
};
const picture = () => {
  const stage = document.getElementById("stage");
  const { data } = stage.getContext("2d").getImageData(0, 0, stage.width, stage.height);
  let sum = 0;
  for (const value of new Uint32Array(data.buffer)) sum = Math.imul(sum, 31) + value | 0;
  return sum;
};
if (document.readyState !== "complete") await new Promise((resolve) => addEventListener("load", resolve));
for (const until = performance.now() + SECONDS * 1000; !root.dataset.state && performance.now() < until;) {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
const found = { opened: seen(), steps: [] };
for (let index = 0; window.astrai && index < COUNT; index++) {
  const word = await Promise.race([
    astrai.seek(index).then(() => "drawn", (error) => `refused: ${error.message}`),
    new Promise((resolve) => setTimeout(resolve, SECONDS * 1000, "waits")),
  ]);
  found.steps.push([word, ...seen(), picture()]);
}
return found;"""
"""The body of a function that says what a page with COUNT steps tells and shows, each answer waited for SECONDS."""


def look(count: int, seconds: float = 10) -> str:
    """Return `LOOK` for a deck of `count` steps."""
    return LOOK.replace("COUNT", str(count)).replace("SECONDS", str(seconds))


def judged(found: Mapping[str, Any], right: Mapping[str, Any], names: list[str], beginning: bool = False) -> str:
    """Say what became of a damaged page: "shown", "refused", or "in part"; raises AssertionError where it hides it.

    `right` is what the page shows that nobody damaged. Where its `beginning` is, no sentence may be left to be shown.
    """
    state, text = found["opened"]
    assert state in ("ready", "error"), f"opens as {state!r}"
    assert state == "ready" or _is_sentence(text) or (beginning and not text), f"an error that says {text!r}"
    if not found["steps"]:
        assert state == "error", "opens without a script interface"
        return "refused"
    pictures = [each[3] for each in right["steps"]]
    around = AROUND in text
    damaged_steps = 0
    for name, picture, (word, said, sentence, shown) in zip(names, pictures, found["steps"], strict=True):
        if word == "drawn":
            assert said == "ready", f"step {name} is {said}"
            # of a page that said so, what is around the pictures may have another size
            assert shown == picture or (around and shown not in pictures), f"step {name} shows {_of(shown, pictures)}"
        else:
            assert word.startswith("refused: This deck is damaged: "), f"step {name}: {word}"
            assert said == "error", f"step {name} is {said}"
            assert name in sentence, f"step {name}: {sentence!r}"
            assert shown not in pictures, f"step {name} shows {_of(shown, pictures)}"
            damaged_steps += 1
    return "in part" if damaged_steps or state == "error" else "shown"


def _is_sentence(text: str) -> bool:
    return text.startswith("This deck ") and text.rstrip().endswith(".")


def _of(shown: int, pictures: list[int]) -> str:
    return f"step {pictures.index(shown)}" if shown in pictures else "nothing that is known"


def campaign(
    page: bytes, file: Path, names: list[str], count: int, seed: int, show: Callable[[Path, str], Mapping[str, Any]]
) -> dict[str, int]:
    """Show `count` damaged copies of `page`, written to `file`, by `show`; how often which outcome was.

    Raises AssertionError naming part, kind and place of each damage that was not told.
    """
    file.write_bytes(page)
    script = look(len(names))
    right = show(file, script)
    assert judged(right, right, names) == "shown"
    outcomes: dict[str, int] = {}
    hidden = []
    for (part, kind, at, damage), _ in zip(damages(page, seed), range(count), strict=False):
        file.write_bytes(damage)
        try:
            outcome = judged(show(file, script), right, names, part in BEGINNING)
        except AssertionError as error:
            hidden.append(f"{part}, {kind} at {at}: {error}")
        else:
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert not hidden, json.dumps(hidden, indent=1)
    return outcomes
