"""Some steps of a deck, by name, number or range, as a deck of their own."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from astrai_slides.base.spelling import did_you_mean
from astrai_slides.errors import AstraiSlidesError

if TYPE_CHECKING:
    from astrai_slides.recording.format.model import Recording
    from astrai_slides.talk.document import Document

RANGE = ".."
_RANGE_OF_OTHERS = re.compile(r"(\d+)\s*[-:…]\s*(\d+)", re.ASCII)
"""How others write a range of numbers."""
_NOT_IN_NAMES = re.compile(r"[^\w]+")


def suffix(wanted: Sequence[str]) -> str:
    """What the files of these steps are called after the deck's name."""
    return "-".join(_NOT_IN_NAMES.sub("-", _in_words(each)).strip("-") for each in wanted)


def _in_words(wanted: str) -> str:
    first, between, last = wanted.partition(RANGE)
    return f"{first or 'first'} to {last or 'last'}" if between else wanted


def choose(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return the places, from 0 and in order, of those of the steps `names` that are `wanted`.

    Each is a step's name, or else its number from 1; or two of these with `RANGE` between, one of which may be left out
    for the first step or the last. Raises AstraiSlidesError for what is none.
    """
    chosen: set[int] = set()
    for each in wanted:
        first, between, last = each.partition(RANGE)
        if each in names or not between:
            chosen.add(_place(names, each))
            continue
        begin = _place(names, first) if first else 0
        end = _place(names, last) if last else len(names) - 1
        if begin > end:
            raise AstraiSlidesError(f"--step {each}: {last!r} comes before {first!r}; write {last}{RANGE}{first}")
        chosen.update(range(begin, end + 1))
    return sorted(chosen)


def _place(names: Sequence[str], word: str) -> int:
    word = word.strip()
    if word in names:
        return names.index(word)
    if word.isascii() and word.isdecimal() and 1 <= int(word) <= len(names):
        return int(word) - 1
    numbers = _RANGE_OF_OTHERS.fullmatch(word)
    told = f"for a range write {numbers[1]}{RANGE}{numbers[2]}" if numbers else did_you_mean(word, names)
    raise AstraiSlidesError(f"--step {word!r}: there is no such step, by name or by number to {len(names)}; {told}")


def only(recording: "Recording", places: Sequence[int]) -> "Recording":
    """Return `recording` with the steps at `places` only, and what they show and play."""
    from astrai_slides.recording.format.container import step_blobs

    steps = [recording.steps[place] for place in places]
    steps[0] = replace(steps[0], direction="horizontal")  # below none
    used = dict.fromkeys(name for step in steps for name in (*step_blobs(step), *(each.digest for each in step.sounds)))
    return replace(recording, steps=tuple(steps), blobs={name: recording.blobs[name] for name in used})


def only_planned(document: "Document", recording: "Recording") -> "Document":
    """Return `document` with the times planned for steps of `recording`, and parts of a talk that they belong to."""
    from astrai_slides.export.shared.steps import part_of

    names = {name for step in recording.steps for name in (step.name, part_of(step))}
    return replace(document, planned=tuple(each for each in document.planned if each[0] in names))
