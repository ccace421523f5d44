"""Texts that lie on one another while something moves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import is_

import numpy as np

from astrai_slides.check.finding import Box, Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import HIDING, INKED, Region, StepSeen, around, filled_only, meets, opacity
from astrai_slides.recording.format.model import Draw, Frame, Op

LONGEST = 0.4
"""Seconds that two texts may lie on one another in motion."""

_EVERY = 0.1
_MOST_SAMPLES = 200
_SEEN = 0.5
"""Opacity from which on a text can be read."""
_LEAST_SHARED = 0.15
"""Share of the smaller text's box."""
_MOSTLY = 0.8
"""Share of the lower text's letters under the upper that something filled between the two hides."""


@dataclass(frozen=True, slots=True)
class _Moving:
    """A text that is there at the begin, at a rest or at the end of a step, and the numbers of its draws."""

    text: str
    sources: tuple[int, ...]


class _Boxed(dict[int, tuple[list[Draw | None], list[Box], Box]]):
    """The draws of each text in a frame, by its number, the boxes of those that are read, and the box around them."""


def find(step: StepSeen) -> Iterator[Breach]:
    """Each pair of texts that lies on one another for long, but not where the step stands, where it is an error."""
    if step.step.film or len(step.step.frames) < 3:
        return
    texts, known = _texts(step), _Boxed()
    if len({text.text for text in texts}) < 2:
        return  # no two that could cross: the frames, which may have to be decoded, are not looked at
    together: dict[tuple[int, int], float] = {}
    told: set[tuple[int, int]] = set()
    for at, seconds, frame in _samples(step):
        boxes = _boxes(step, texts, frame, known)
        # who is on whom now, and since when
        together = {
            pair: together.get(pair, at)
            for pair in _meeting({number: known[number][2] for number in boxes})
            if texts[pair[0]].text != texts[pair[1]].text and _on_one_another(boxes[pair[0]], boxes[pair[1]])
        }
        for pair, since in together.items():
            if at + seconds - since <= LONGEST or pair in told:
                continue
            told.add(pair)
            if not _rests(step, texts, pair) and not _is_covered(step, texts, pair, frame):
                one, other = (texts[number] for number in pair)
                yield Breach(
                    Severity.WARNING,
                    f"{quoted(one.text)} and {quoted(other.text)} cross",
                    f"they lie on one another for more than {LONGEST:g} s",
                    f"at most {LONGEST:g} s",
                    "Let one leave before the other comes, or lead it around.",
                    seconds=since,
                    box=around([*boxes[pair[0]], *boxes[pair[1]]]),
                    text=other.text,
                )


def _meeting(edges: dict[int, Box]) -> list[tuple[int, int]]:
    """Which of these boxes have something in common, by their numbers, the lower first."""
    numbers = sorted(edges)
    left, bottom, right, top = np.array([edges[number] for number in numbers], np.float64).reshape(-1, 4).T
    meet = (left[:, None] < right) & (bottom[:, None] < top)
    ones, others = np.nonzero(np.triu(meet & meet.T, 1))
    return [(numbers[one], numbers[other]) for one, other in zip(ones.tolist(), others.tolist(), strict=True)]


def _texts(step: StepSeen) -> list[_Moving]:
    """The texts of the step's end, those of the step before that are there at its begin, and those of its rests."""
    found = [_Moving(text.text, tuple(draw.source for draw in text.draws)) for text in step.texts]
    known = {source for each in found for source in each.sources}
    before = step.deck.steps[step.place - 1].texts if step.place else ()
    if before:
        there: dict[Op, int] = {op: op.source for op in step.step.frames[0].ops}
        for text in before:
            _add(found, known, text.text, [there[draw] for draw in text.draws if draw in there])
    for rest in step.step.rests:
        frame = step.step.shown(rest.at)
        for run in rest.texts:
            if frame.ops[run.glyphs[0][0]].source not in known:  # most stay from rest to rest
                at = run.places
                seen, _ = step.deck.glyphs(step.deck.numbers(frame)[at])
                _add(found, known, run.text, [frame.ops[at[each]].source for each in seen])
    return found


def _add(found: list[_Moving], known: set[int], text: str, sources: Sequence[int]) -> None:
    """Add a text to `found`, unless something of it is `known` from another; then all of it is."""
    if sources and known.isdisjoint(sources):
        found.append(_Moving(text, tuple(sources)))
        known.update(sources)


def _samples(step: StepSeen) -> Iterator[tuple[float, float, Frame]]:
    """When a frame is shown, for how long, and the frame; ten a second, fewer of a long step."""
    every = max(_EVERY, step.step.length / step.fps / _MOST_SAMPLES)
    at, due = 0, 0.0
    for index, count in step.step.runs:
        seconds = at / step.fps
        if seconds + count / step.fps > due:
            yield seconds, max(count / step.fps, every), step.step.frames[index]
            due = seconds + every
        at += count


def _boxes(step: StepSeen, texts: Sequence[_Moving], frame: Frame, known: _Boxed) -> dict[int, list[Box]]:
    """Of each text that can be read, by its number, the boxes of its glyphs.

    `known` is what was found for the frame before: most texts are as they were.
    """
    drawn = {op.source: op for op in frame.ops if isinstance(op, Draw)}
    found = {}
    for number, text in enumerate(texts):
        draws = list(map(drawn.get, text.sources))
        before = known.get(number)
        if before is None or not all(map(is_, draws, before[0])):
            glyphs = [op for op in draws if op is not None and opacity(op) > _SEEN]
            if 2 * len(glyphs) > len(text.sources):
                boxes = [step.measure.bounds(glyph) for glyph in glyphs]
                before = draws, boxes, around(boxes)
            else:
                before = draws, [], (0, 0, 0, 0)
            known[number] = before
        if before[1]:
            found[number] = before[1]
    return found


def _on_one_another(one: Sequence[Box], other: Sequence[Box]) -> bool:
    few, many = sorted((one, other), key=len)
    hit = sum(any(meets(box, each) and _share(box, each) > _LEAST_SHARED for each in many) for box in few)
    return hit > 0.25 * len(few)


def _share(one: Box, other: Box) -> float:
    """Share of the smaller box that lies on the other."""
    width, height = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / max(smaller, 1.0)


def _rests(step: StepSeen, texts: Sequence[_Moving], pair: tuple[int, int]) -> bool:
    """Whether the pair lies on one another at the begin, at a rest or at the end, which another rule tells."""
    both = [texts[number] for number in pair]

    def lies(frame: Frame) -> Box | None:
        boxes = _boxes(step, both, frame, _Boxed())
        return around([*boxes[0], *boxes[1]]) if len(boxes) > 1 and _on_one_another(boxes[0], boxes[1]) else None

    if lies(step.step.frames[step.step.runs[0][0]]) or lies(step.rest):
        return True
    return any((box := lies(rest.rest)) is not None and rest.stands(box) for rest in step.earlier_rests)


def _is_covered(step: StepSeen, texts: Sequence[_Moving], pair: tuple[int, int], frame: Frame) -> bool:
    """Whether something filled lies between the two, as under the name of a card that passes over a text."""
    places = {op.source: place for place, op in enumerate(frame.ops)}
    spans = [[places[source] for source in texts[number].sources if source in places] for number in pair]
    below, above = sorted(spans, key=max)
    between = [frame.ops[place] for place in range(max(below) + 1, min(above))]
    filled = [filled_only(op) for op in between if isinstance(op, Draw) and op.style.fill is not None]
    lower = [op for place in below if isinstance(op := frame.ops[place], Draw)]
    upper = around(step.measure.bounds(frame.ops[place]) for place in above)
    hit = [draw for draw in lower if meets(step.measure.bounds(draw), upper)]
    if not filled or not hit:
        return False
    region = Region.of(around(map(step.measure.bounds, hit)), frame.view)
    ink = step.measure.covers(hit, region, INKED)
    hidden = ink & step.measure.covers(filled, region, HIDING)
    return float(hidden.sum()) >= _MOSTLY * max(float(ink.sum()), 1.0)


RULE = Rule(
    "crossing-texts",
    "Texts lie on one another while they move",
    (Severity.WARNING,),
    "Where a text fades in over one that is still there, both are a blur for as long as it takes.",
    f"Two texts of more than half opacity lie on one another for at most {LONGEST:g} s, a quarter of the letters of "
    "the shorter on letters of the other. Texts are known that a step begins, rests or ends "
    "with; one that something filled hides from the other does not count.",
    "Our own.",
    find,
)
