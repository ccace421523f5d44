"""The part `explore` of a page: a deck's knobs, and the steps that they lead to besides those of the default.

docs/player.md says how the player reads it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from astrai_slides.export.html.notes import notes_as_html
from astrai_slides.export.html.streams import Stream
from astrai_slides.export.shared.durations import plan
from astrai_slides.export.shared.steps import is_below
from astrai_slides.recording.explored import Choice, Explored
from astrai_slides.recording.format.codec import encoded
from astrai_slides.recording.format.container import Packed
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.talk.document import Document


def with_variants(recording: Recording, explored: Explored | None) -> Recording:
    """`recording` with all steps that its variants show besides, and then what they open with."""
    if explored is None:
        return recording
    steps = (*recording.steps, *explored.steps[len(recording.steps) :], *explored.openings)
    return replace(recording, steps=steps, blobs={**explored.blobs, **recording.blobs})


@dataclass(frozen=True)
class ToldVariants:
    """What a page says of its variants."""

    explore: dict[str, Any]
    """The part `explore`, which a deck opens with."""
    steps: dict[str, Any]
    """The part `variants`: what the header says of the default's steps, of all others."""
    streams: list[bytes]
    """What holds the chunks of all steps but those of the default, which have their own: a deck opens without."""


def told_variants(whole: Recording, count: int, explored: Explored, packed: Packed, document: Document) -> ToldVariants:
    """What a page says of the variants of a deck.

    `whole` is the recording with all steps, `packed` what comes of it, and `count` how many of them are the default's.
    """
    streams = _Streams(whole.steps, explored, count)
    told = list(packed.header.written(for_page=True)["steps"])
    default = replace(whole, steps=whole.steps[:count])
    planned = {step.name: each for step, each in zip(default.steps, plan(default, dict(document.planned)), strict=True)}
    steps = []
    last = len(explored.steps)
    for number in range(count, last):
        step = whole.steps[number]
        given = planned.get(step.name)
        if given is None or given.estimated:
            [given] = plan(replace(whole, steps=(step,)), {})
        beside = {
            "notes_html": notes_as_html(step.notes),
            "below": is_below(step),
            "seconds": round(given.seconds),
            "estimated": given.estimated,
        }
        # of a chunk by itself
        about = {key: value for key, value in told[number].items() if key not in ("size", "sha256", "digest")}
        steps.append({**about, **streams.told(number), **beside})
    openings = [
        {**streams.told(number), "raw": len(encoded(whole.steps[number]).data), "length": whole.steps[number].length}
        for number in range(last, len(whole.steps))
    ]
    knobs = [
        {
            "name": knob.name,
            "label": knob.label,
            "values": list(knob.values),
            "texts": list(knob.texts),
            "value": knob.value,
        }
        for knob in explored.knobs
    ]
    parts = [
        _choice(part.steps) | ({"opening": _single(part.opening)} if part.opening else {}) for part in explored.parts
    ]
    return ToldVariants(
        {"knobs": knobs, "parts": parts},
        {"steps": steps, "openings": openings},
        streams.packed(),
    )


def _choice(choice: Choice) -> dict[str, Any]:
    return {"on": list(choice.on), "steps": [list(item) for item in choice.items]}


def _single(choice: Choice) -> dict[str, Any]:
    return {"on": list(choice.on), "steps": [number for (number,) in choice.items]}


@dataclass
class _Streams:
    """A stream for all steps that depend on the same knobs: variant after variant, after the default's, which they are
    told by."""

    steps: Sequence[Step]
    """All that a page holds; after those of `explored` what they open with."""
    explored: Explored
    count: int
    """How many of `steps` the default has."""
    _streams: list[Stream] = field(default_factory=list)
    _places: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known: dict[bytes, tuple[int, int]] = {}
        for numbers in self._grouped().values():
            stream = Stream()
            for number in numbers:
                data = encoded(self.steps[number]).data
                if data not in known:
                    known[data] = len(self._streams), stream.add(data)
                self._places[number] = known[data]
            self._streams.append(stream)

    def told(self, number: int) -> dict[str, Any]:
        """Where the step `number` is, which the default has not."""
        return {"stream": list(self._places[number])}

    def packed(self) -> list[bytes]:
        """All streams."""
        return [stream.packed() for stream in self._streams]

    def _grouped(self) -> dict[tuple[int, ...], list[int]]:
        """The numbers of steps that are in a stream, in their order there, by the knobs that they depend on."""
        choices: dict[tuple[int, ...], list[list[tuple[int, ...]]]] = {}
        place = 0
        for part in self.explored.parts:
            shown = self.explored.of_default(part.steps)
            if part.opening and shown:
                # with its first frames, as the default has it
                choices.setdefault(part.steps.on, []).append([(place,)] * len(part.steps.items))
            place += len(shown)
            if part.steps.on or part.opening:
                choices.setdefault(part.steps.on, []).append(list(part.steps.items))
            if part.opening:
                first = len(self.explored.steps)
                openings = [tuple(first + number for number in item) for item in part.opening.items]
                choices.setdefault(part.opening.on, []).append(openings)
        return {on: list(dict.fromkeys(self._ordered(lists))) for on, lists in choices.items()}

    def _ordered(self, lists: Sequence[Sequence[tuple[int, ...]]]) -> Iterator[int]:
        variants = [number for items in zip(*lists, strict=True) for item in items for number in item]
        yield from sorted(number for number in variants if number < self.count)
        yield from variants
