"""The part `explore` of a page: a deck's knobs, and the steps that they lead to besides those of the default.

docs/player.md says how the player reads it.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from astrai_slides.export.html.difference import ChunkBase
from astrai_slides.export.html.markdown import notes_html
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


def told_variants(
    whole: Recording, count: int, explored: Explored, packed: Packed, document: Document
) -> tuple[dict[str, Any], list[bytes]]:
    """What the part `explore` says, and all chunks of the page.

    `whole` is the recording with all steps, `packed` what comes of it, and `count` how many of them are the default's.
    """
    chunks = _Chunks(whole.steps[:count], packed.chunks[:count])
    told = list(packed.header.written(for_page=True)["steps"])
    default = replace(whole, steps=whole.steps[:count])
    planned = {step.name: each for step, each in zip(default.steps, plan(default, dict(document.planned)), strict=True)}
    steps = []
    last = len(explored.steps)
    for step, about in zip(whole.steps[count:last], told[count:last], strict=True):
        given = planned.get(step.name)
        if given is None or given.estimated:
            [given] = plan(replace(whole, steps=(step,)), {})
        beside = {
            "notes_html": notes_html(step.notes),
            "below": is_below(step),
            "seconds": round(given.seconds),
            "estimated": given.estimated,
        }
        steps.append({**about, **chunks.add(step), **beside})
    openings = [{**chunks.add(step), "length": step.length} for step in whole.steps[last:]]
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
    return {"knobs": knobs, "parts": parts, "steps": steps, "openings": openings}, chunks.packed


def _choice(choice: Choice) -> dict[str, Any]:
    return {"on": list(choice.on), "steps": [list(item) for item in choice.items]}


def _single(choice: Choice) -> dict[str, Any]:
    return {"on": list(choice.on), "steps": [number for (number,) in choice.items]}


@dataclass
class _Chunks:
    """The chunks of a page; those that are added are told by how they differ from one that was there, if it is less."""

    steps: Sequence[Step]
    there: Sequence[bytes]
    packed: list[bytes] = field(init=False)
    _known: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    _bases: dict[int, ChunkBase] = field(default_factory=dict)
    _named: dict[str, list[int]] = field(default_factory=dict)
    """Chunks that are whole, by the names of their steps."""

    def __post_init__(self) -> None:
        self.packed = list(self.there)
        for number, step in enumerate(self.steps):
            data = encoded(step).data
            self._known.setdefault(data, {"chunk": number, "raw": len(data)})
            self._bases[number] = ChunkBase(data)
            self._named.setdefault(step.name, []).append(number)

    def add(self, step: Step) -> dict[str, Any]:
        """Add the chunk of `step` unless it is there; returns where it is."""
        encoding = encoded(step)
        known = self._known.get(encoding.data)
        if known is not None:
            return known
        number = len(self.packed)
        best: tuple[bytes, dict[str, Any]] = encoding.packed, {"chunk": number, "raw": len(encoding.data)}
        for base in self._named.get(step.name, ()):
            difference = self._bases[base].difference(encoding.data)
            shorter = zlib.compress(difference, 9)
            if len(shorter) < len(best[0]):
                about = {"chunk": number, "base": base, "base_raw": len(self._bases[base].data)}
                about |= {"raw": len(difference), "whole": len(encoding.data)}
                best = shorter, about
        self.packed.append(best[0])
        self._known[encoding.data] = best[1]
        if "base" not in best[1]:
            self._bases[number] = ChunkBase(encoding.data)
            self._named.setdefault(step.name, []).append(number)
        return best[1]
