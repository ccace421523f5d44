"""The signal deck with knobs: every variant's steps say which of all they are, so that a screen tells the variant."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from pathlib import Path

from signal_deck import recording, step

from astrai_slides.base.knobs import Knob
from astrai_slides.export.html.page import write_html
from astrai_slides.recording.explored import Choice, Explored, ExploredPart
from astrai_slides.talk.document import Document

KNOBS = (
    Knob("toy.slots", "Slots", (1, 2, 3), ("1", "2", "3"), 1),
    Knob("fast", "Fast", (False, True), ("off", "on"), 0),
)
PARTS = (
    Choice((), ((0,),)),
    Choice((0,), ((5,), (1,), (6, 7, 13))),
    Choice((0, 1), ((8,), (9,), (2,), (10,), (11,), (12,))),
    Choice((1,), ((3,), ())),
    Choice((), ((4,),)),
)
NAMES = [
    "title",
    "one",
    "two",
    "three",
    "last",
    "one",
    "one more",
    "one",
    "two",
    "two",
    "two",
    "two",
    "two",
    "one after",
]
FIRST = {"title", "one", "one more", "one after"}
"""Steps of the first section; the others are of a second."""
DEFAULT = 5
"""Steps that the deck has by default; the others are those of variants."""
LENGTH = 6


def listed(at: Sequence[int]) -> list[tuple[int, int]]:
    """The part and the number among all steps of each step with these values."""
    shown = []
    for place, part in enumerate(PARTS):
        chosen = sum(
            at[knob] * prod(len(KNOBS[inner].values) for inner in part.on[nth + 1 :])
            for nth, knob in enumerate(part.on)
        )
        shown += [(place, number) for number in part.items[chosen]]
    return shown


def counterpart(index: int, before: Sequence[int], after: Sequence[int]) -> int:
    """Where the step `index` is with other values, as docs/player.md says it."""
    there, (part, number) = listed(after), listed(before)[index]
    entry = [place for place, (each, _) in enumerate(listed(before)) if each == part].index(index)
    same = [place for place, (each, _) in enumerate(there) if each == part]
    named = [place for place, (_, each) in enumerate(there) if NAMES[each] == NAMES[number]]
    if named:
        return named[0]
    if same:
        return same[min(entry, len(same) - 1)]
    return max(place for place, (each, _) in enumerate(there) if each < part)


def write_knobbed(target: Path) -> Path:
    """Write the deck with its variants."""
    steps = tuple(
        step(
            number,
            name,
            LENGTH,
            notes=f"Notes of {number}.",
            title=f"Title {number}",
            section="First" if name in FIRST else "Second",
            direction="vertical" if name == "two" else "horizontal",
        )
        for number, name in enumerate(NAMES)
    )
    whole = recording(*steps)
    explored = Explored(KNOBS, tuple(ExploredPart(part) for part in PARTS), steps, (), {})
    write_html(replace(whole, steps=steps[:DEFAULT]), target, Document("Knobs"), explored)
    return target
