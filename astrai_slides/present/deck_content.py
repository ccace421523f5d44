"""What an HTML deck says of its steps, to whoever shows it."""

import json
import re
from dataclasses import dataclass

from astrai_slides.present.changes import taken_apart

_SECTION = re.compile(r"<section.*?</section>", re.DOTALL)
_NOTES = re.compile(r'<aside class="notes">(.*?)</aside>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step: its name, what an audience reads, notes as HTML, and the seconds that it is to take."""

    name: str
    title: str
    notes: str
    planned: float
    estimated: bool
    """Whether nobody planned its time."""


@dataclass(frozen=True, slots=True)
class ShownKnob:
    """A knob of a deck: what people call it, and its values."""

    label: str
    texts: tuple[str, ...]


def knobs_of(deck: bytes) -> list[ShownKnob]:
    """The knobs of the HTML deck whose bytes are given."""
    told = taken_apart(deck.decode("utf-8")).parts.get("explore")
    knobs = json.loads(told[1])["knobs"] if told else []
    return [ShownKnob(knob["label"], tuple(knob["texts"])) for knob in knobs]


def steps_of(deck: bytes) -> list[ShownStep]:
    """The steps of the HTML deck whose bytes are given."""
    page = taken_apart(deck.decode("utf-8"))
    notes = [_NOTES.search(section) for section in _SECTION.findall(page.slides)]
    return [
        ShownStep(
            step["name"],
            step["title"] or step["name"],
            said[1] if said else "",
            float(time["seconds"]),
            time["estimated"],
        )
        for step, said, time in zip(page.header["steps"], notes, page.settings["plan"], strict=True)
    ]
