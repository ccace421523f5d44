"""Texts that lie on one another while something moves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import is_

from astrai_slides.check.finding import Box, Breach, Severity, quoted
from astrai_slides.check.rule import Rule
from astrai_slides.check.seen import StepSeen, around, meets, opacity
from astrai_slides.recording.format.model import Draw, Frame, Op

LONGEST = 0.4
"""Seconds that two texts may lie on one another in motion."""

_EVERY = 0.1
_MOST_SAMPLES = 200
_SEEN = 0.5
"""Opacity from which on a text can be read."""
_LEAST_SHARED = 0.15
"""Share of the smaller text's box."""


@dataclass(frozen=True, slots=True)
class _Moving:
    """A text that is there at the begin or the end of a step, and the numbers of its draws."""

    text: str
    sources: frozenset[int]
    first: bool


class _Boxed(dict[int, tuple[list[Draw | None], list[Box], Box]]):
    """The draws of each text in a frame, by its number, the boxes of those that are read, and the box around them."""


def find(step: StepSeen) -> Iterator[Breach]:
    """Each pair of texts that lies on one another for long, but not at the begin or the end, where it is an error."""
    if step.step.film or len(step.step.frames) < 3:
        return
    texts, known = _texts(step), _Boxed()
    together: dict[tuple[int, int], float] = {}
    told: set[tuple[int, int]] = set()
    for at, seconds, frame in _samples(step):
        boxes = _boxes(step, texts, frame, known)
        edges = {number: known[number][2] for number in boxes}
        for pair in combinations(sorted(boxes), 2):
            if not meets(edges[pair[0]], edges[pair[1]]):
                together.pop(pair, None)
                continue
            if pair in told or texts[pair[0]].text == texts[pair[1]].text:
                continue
            if not _on_one_another(boxes[pair[0]], boxes[pair[1]]):
                together.pop(pair, None)
                continue
            since = together.setdefault(pair, at)
            if at + seconds - since > LONGEST and not _rests(step, texts, pair):
                told.add(pair)
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


def _texts(step: StepSeen) -> list[_Moving]:
    """The texts of the step's end, and those of the step before that are there at its begin."""
    found = [_Moving(text.text, frozenset(draw.source for draw in text.draws), False) for text in step.texts]
    known = {source for each in found for source in each.sources}
    if step.place:
        there: dict[Op, int] = {op: op.source for op in step.step.frames[0].ops}
        for text in step.deck.steps[step.place - 1].texts:
            sources = frozenset(there[draw] for draw in text.draws if draw in there)
            if sources and not sources & known:
                found.append(_Moving(text.text, sources, True))
    return found


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
        draws = [drawn.get(source) for source in text.sources]
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
    if not meets(around(one), around(other)):
        return False
    few, many = sorted((one, other), key=len)
    hit = sum(any(meets(box, each) and _share(box, each) > _LEAST_SHARED for each in many) for box in few)
    return hit > 0.25 * len(few)


def _share(one: Box, other: Box) -> float:
    """Share of the smaller box that lies on the other."""
    width, height = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / max(smaller, 1.0)


def _rests(step: StepSeen, texts: Sequence[_Moving], pair: tuple[int, int]) -> bool:
    """Whether the pair lies on one another at the begin or the end as well, which another rule tells."""
    frames = step.step.frames
    for frame in (frames[step.step.runs[0][0]], step.rest):
        boxes = _boxes(step, texts, frame, _Boxed())
        if pair[0] in boxes and pair[1] in boxes and _on_one_another(boxes[pair[0]], boxes[pair[1]]):
            return True
    return False


RULE = Rule(
    "crossing-texts",
    "Texts lie on one another while they move",
    (Severity.WARNING,),
    "Where a text fades in over one that is still there, both are a blur for as long as it takes.",
    f"Two texts of more than half opacity lie on one another for at most {LONGEST:g} s, a quarter of the letters of "
    "the shorter on letters of the other. Texts are known that a step begins or ends with.",
    "Our own.",
    find,
)
