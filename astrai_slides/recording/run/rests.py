"""The texts that stand between two plays of a step: known by their mobjects until the frames are there."""

import hashlib
import marshal
from collections.abc import Sequence
from dataclasses import dataclass, replace

from astrai_slides.recording.format.model import Frame, Rest, TextRun

MOST_TEXTS = 1 << 14
"""Texts that all rests of a step have together; of one with more only every second, third ... rest keeps its own."""


@dataclass(frozen=True, slots=True)
class StandingText:
    """A text, the box around its glyphs in grid steps, and the sources of their draws."""

    text: str
    box: tuple[int, int, int, int]
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands `at` frames after a step's begin."""

    at: int
    texts: tuple[StandingText, ...]


def told(standing: Sequence[Standing]) -> bytes:
    """Tell what stands in a step from anything else, whichever numbers its mobjects have."""
    texts = [(each.at, [(text.text, text.box, len(text.sources)) for text in each.texts]) for each in standing]
    return hashlib.sha256(marshal.dumps(texts, 2)).digest()


def placed(
    standing: Sequence[Standing], frames: Sequence[Frame], runs: Sequence[tuple[int, int]], end: Frame
) -> tuple[Rest, ...]:
    """Return where a step of these frames stands before its `end`, but for what looks as the rest before or the end.

    The state between two plays is seen in the first frame of the second. Of more than `MOST_TEXTS` some have none.
    """
    rests: list[Rest] = []
    run, begin, before = 0, 0, end
    for each in standing:
        while run < len(runs) and begin + runs[run][1] <= each.at:
            begin += runs[run][1]
            run += 1
        if run == len(runs):
            break
        frame = frames[runs[run][0]]
        if _same(frame, before) or _same(frame, end):
            continue
        before = frame
        places = {op.source: place for place, op in enumerate(frame.ops)}
        found = [(text, [places[each] for each in text.sources if each in places]) for text in each.texts]
        texts = tuple(TextRun(text.text, text.box, spans(drawn)) for text, drawn in found if drawn)
        if texts:
            rests.append(Rest(each.at, texts))
    every = max(-(-sum(len(rest.texts) for rest in rests) // MOST_TEXTS), 1)
    return tuple(replace(rest, texts=()) if number % every else rest for number, rest in enumerate(rests))


def _same(one: Frame, other: Frame) -> bool:
    """Whether two frames of a step look the same; equal draws of it are one object, which is quick to compare."""
    return one is other or (one.view == other.view and one.background == other.background and one.ops == other.ops)


def spans(places: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return `places`, as they come, as (first, how many) of those that follow each other."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and sum(found[-1]) == place:
            found[-1] = found[-1][0], found[-1][1] + 1
        else:
            found.append((place, 1))
    return tuple(found)
