"""A deck for every set of values of its knobs, each step once for the knobs that it depends on.

A deck reads a knob somewhere and may say, later, that it needs it no more (`base/knobs.py`): it is divided into *spans*
by the places where it says so. In a span a step depends on the knobs that were read before its end and are still
needed; so it is recorded for every set of their values, the others at their default. Equal outcomes are one, and a knob
that makes no difference to a step is none of its knobs.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, pairwise, product
from math import prod
from typing import TypeAlias

from astrai_slides.base.identity import ById
from astrai_slides.base.knobs import MOST_VARIANTS, Knob, Place
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.model import Blob, Draw, Frame, Op, Recording, Step

Turned: TypeAlias = dict[str, int]
"""Places of values by the names of their knobs, none that has its default."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `items` for every set of values of the knobs numbered `on`, of which the last counts fastest."""

    on: tuple[int, ...]
    items: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class ExploredPart:
    """Steps of a deck that depend on the same knobs: mostly one, several or none where variants differ in number.

    Of the first of them `opening` chooses the first frames, where these depend on other knobs.
    """

    steps: Choice
    opening: Choice | None = None


@dataclass(frozen=True, slots=True)
class Explored:
    """A deck with its variants: `parts` one after the other, whose items are numbers of `steps` and `openings`.

    The first of `steps` are those of the deck as it is by default. `blobs` hold what all of them show.
    """

    knobs: tuple[Knob, ...]
    parts: tuple[ExploredPart, ...]
    steps: tuple[Step, ...]
    openings: tuple[Step, ...]
    blobs: dict[str, Blob] = field(repr=False)

    def variant(self, turned: Mapping[str, int]) -> list[tuple[Step | None, Step]]:
        """Each step for these values, after the frames that it opens with, if they are kept apart."""
        at = [turned.get(knob.name, knob.value) for knob in self.knobs]
        shown: list[tuple[Step | None, Step]] = []
        for part in self.parts:
            chosen = self._chosen(part.steps, at)
            opening = self._chosen(part.opening, at) if part.opening else ()
            for place, number in enumerate(chosen):
                shown.append((self.openings[opening[0]] if opening and place == 0 else None, self.steps[number]))
        return shown

    def of_default(self, choice: Choice) -> tuple[int, ...]:
        """What is chosen where no knob is turned."""
        return self._chosen(choice, [knob.value for knob in self.knobs])

    def _chosen(self, choice: Choice, at: Sequence[int]) -> tuple[int, ...]:
        place = 0
        for number in choice.on:
            place = place * len(self.knobs[number].values) + at[number]
        return choice.items[place]


def cut(step: Step, start: int, stop: int | None) -> Step:
    """The frames of `step` from `start` to `stop`; up to the end of it if that is None. Its end stays as it is then."""
    runs = []
    at = 0
    for index, count in step.runs:
        shown = min(at + count, at + count if stop is None else stop) - max(at, start)
        if shown > 0:
            runs.append((index, shown))
        at += count
    kept = sorted({index for index, _ in runs})
    place = {index: number for number, index in enumerate(kept)}
    frames = [step.frames[index] for index in kept]
    end = step.end if stop is None else frames[-1] if frames else Frame.blank()
    rests = [rest for rest in step.rests if start <= rest.at and (stop is None or rest.at < stop)]
    return replace(
        step,
        frames=frames,
        runs=tuple((place[index], count) for index, count in runs),
        end=end,
        rests=tuple(replace(rest, at=rest.at - start) for rest in rests),
    )


def explore(
    default: Recording,
    run: Callable[[Turned, Sequence[Knob]], Recording],
    where: str,
    most: int = MOST_VARIANTS,
) -> Explored | None:
    """Record `default`, which was recorded with the defaults of its knobs, for their other values as well.

    `run` records with some of them turned. None for a deck that reads no knob. `where` begins the messages of the
    AstraiSlidesErrors: for more than `most` variants of a step, for a deck that needs a knob after all, and for one
    that divides the motion of a step that is filmed.
    """
    if not default.knobs:
        return None
    return _Explorer(default, run, where, most).explored()


def check_default(default: Recording, where: str, most: int = MOST_VARIANTS) -> None:
    """Raise the errors of `explore` that the recording with the defaults alone tells of."""
    _Explorer(default, _no_run, where, most).check()


def fewest_runs(default: Recording) -> int:
    """How often a deck is recorded besides to explore it, as far as the recording of its `default` tells."""
    run = _TurnedRun({}, default)
    others = {read.knob.name: len(read.knob.values) - 1 for read in default.knobs}
    needed = [run.needed(span) for span in range(len(run.spans()))]
    # what is recorded for one span may do for another as well
    turned = {names for every in needed for count in range(1, len(every) + 1) for names in combinations(every, count)}
    return sum(prod(others[name] for name in names) for names in turned)


def _no_run(turned: Turned, knobs: Sequence[Knob]) -> Recording:
    raise NotImplementedError


@dataclass
class _TurnedRun:
    """A recording with some knobs turned."""

    turned: Turned
    recording: Recording

    def spans(self) -> list[tuple[Place, Place]]:
        """Between which places each span lies."""
        places = [(0, 0), *self.recording.divided, (len(self.recording.steps), 0)]
        return list(pairwise(places))

    def needed(self, span: int, step: int | None = None) -> list[str]:
        """The knobs that are needed in `span`, in it up to the end of the step numbered `step` in the deck."""
        begin, end = self.spans()[span]
        last = end if step is None else min(end, (step + 1, 0))
        return [
            read.knob.name
            for read in self.recording.knobs
            if read.since < last and (read.until is None or read.until > begin)
        ]


class _Explorer:
    def __init__(
        self, default: Recording, run: Callable[[Turned, Sequence[Knob]], Recording], where: str, most: int
    ) -> None:
        self._runs = [_TurnedRun({}, default)]
        self._record = run
        self._where = where
        self._most = most
        self._knobs: dict[str, Knob] = {read.knob.name: read.knob for read in default.knobs}
        self._spans = len(default.divided) + 1
        self._steps = list(default.steps)
        self._numbers = {_identity(step): number for number, step in enumerate(default.steps)}
        self._openings: list[Step] = []
        self._opening_numbers: dict[str, int] = {}
        self._blobs = dict(default.blobs)
        self._pieces: dict[tuple[int, int], list[_Piece]] = {}
        """Of each of `runs`, by its id, what belongs to a span."""
        self._whole: dict[int, _Piece] = {}
        """Steps that are whole, by their ids."""

    def check(self) -> None:
        """Refuse what is seen to be too much before anything is recorded."""
        self._refuse_cut_films(self._runs[0])
        for span in range(self._spans):
            self._refuse_many(span, self._needed(span))

    def explored(self) -> Explored:
        self.check()
        known = 0
        while known < len(self._runs):  # one may need a knob of which those before did not tell
            known = len(self._runs)
            for span in range(self._spans):
                self._record_all(span)
        self._hold_to_promises()
        parts = [part for span in range(self._spans) for part in self._parts(span)]
        seen = tuple(self._knobs.values())
        return Explored(seen, tuple(parts), tuple(self._steps), tuple(self._openings), self._blobs)

    # -- recording

    def _record_all(self, span: int) -> None:
        """Record every set of values of the knobs that are needed in `span`, as far as that is known."""
        names = self._needed(span)
        self._refuse_many(span, names)
        for turned in self._sets(names):
            if self._fitting(span, turned) is None:
                self._add(turned)

    def _needed(self, span: int) -> list[str]:
        needed = {name for run in self._runs for name in run.needed(span)}
        return [name for name in self._knobs if name in needed]

    def _sets(self, names: Sequence[str]) -> Iterator[Turned]:
        knobs = [self._knobs[name] for name in names]
        for places in product(*(range(len(knob.values)) for knob in knobs)):
            yield {knob.name: place for knob, place in zip(knobs, places, strict=True) if place != knob.value}

    def _fitting(self, span: int, turned: Turned) -> _TurnedRun | None:
        """A run that shows in `span` what one with exactly `turned` would: what it needed there has these values."""
        for run in self._runs:
            if all(run.turned.get(name) == turned.get(name) for name in run.needed(span)):
                return run
        return None

    def _add(self, turned: Turned) -> None:
        recording = self._record(turned, tuple(self._knobs.values()))
        if len(recording.divided) + 1 != self._spans:
            raise AstraiSlidesError(
                f"{self._where}: the deck calls done_with {len(recording.divided)} times with {self._said(turned)}, "
                f"and {self._spans - 1} times without; call it equally often for all values"
            )
        for read in recording.knobs:
            known = self._knobs.setdefault(read.knob.name, read.knob)
            if known != read.knob:
                raise AstraiSlidesError(
                    f"{self._where}: knob {known.name!r} has other values with {self._said(turned)}; its values may "
                    "depend on no other knob"
                )
        self._runs.append(_TurnedRun(turned, recording))
        self._refuse_cut_films(self._runs[-1])
        self._blobs |= recording.blobs

    def _refuse_cut_films(self, run: _TurnedRun) -> None:
        """Raise AstraiSlidesError where a place that divides the deck lies in a film, which is whole or not at all."""
        for number, frame in run.recording.divided:
            if not frame:
                continue
            step = run.recording.steps[number]
            if step.film is not None:
                turned = f" with {self._said(run.turned)}" if run.turned else ""
                raise AstraiSlidesError(
                    f"{self._where}: the motion of step {step.name!r} cannot be divided by done_with, as{turned} it is "
                    f"a film ({step.film.reason}); call done_with before the step's first play, or in the next step"
                )

    def _refuse_many(self, span: int, names: Sequence[str]) -> None:
        counts = {name: len(self._knobs[name].values) for name in names}
        variants = prod(counts.values())
        if variants <= self._most:
            return
        step = self._runs[0].recording.steps[
            min(self._runs[0].spans()[span][1][0], len(self._runs[0].recording.steps)) - 1
        ]
        largest = max(names, key=lambda name: counts[name])
        product_ = " x ".join(f"{count} of {name!r}" for name, count in counts.items())
        raise AstraiSlidesError(
            f"{self._where}: step {step.name!r} has {variants} variants ({product_}), and {self._most} are the most; "
            f"give {largest!r} fewer values or drop it, call self.done_with(...) before the step where it depends on "
            "some of them no more, or build with --no-variants or --most-variants"
        )

    def _said(self, turned: Turned) -> str:
        return ", ".join(f"{name} = {self._knobs[name].texts[place]}" for name, place in turned.items())

    def _hold_to_promises(self) -> None:
        """Raise AstraiSlidesError where what follows a `done_with` differs with a knob turned before it."""
        for run in self._runs[1:]:
            for span in range(1, self._spans):
                other = self._fitting(
                    span, {name: place for name, place in run.turned.items() if name in run.needed(span)}
                )
                if other is None or other is run:
                    continue
                for ours, theirs in zip(self._cut(run, span), self._cut(other, span), strict=False):
                    if ours.identity != theirs.identity:
                        self._refuse_difference(run, ours.rest.name)
                if len(self._cut(run, span)) != len(self._cut(other, span)):
                    self._refuse_difference(run, run.recording.steps[-1].name)

    def _refuse_difference(self, run: _TurnedRun, step: str) -> None:
        raise AstraiSlidesError(
            f"{self._where}: step {step!r} differs with {self._said(run.turned)}, of which the deck said by done_with "
            "that it needs it no more; call done_with further down, or not for that knob"
        )

    # -- putting together

    def _parts(self, span: int) -> Iterator[ExploredPart]:
        longest = max(len(self._cut(run, span)) for run in self._runs)
        for place in range(longest):
            names = self._needed_up_to(span, place)
            on = [number for number, name in enumerate(self._knobs) if name in names]
            items = []
            for turned in self._sets([list(self._knobs)[number] for number in on]):
                run = self._fitting(span, turned)
                assert run is not None, "every set of values was recorded"
                pieces = self._cut(run, span)
                items.append((self._number(pieces[place]),) if place < len(pieces) else ())
            yield ExploredPart(self._least(on, items), self._opening(span) if place == 0 else None)

    def _needed_up_to(self, span: int, place: int) -> set[str]:
        names = set()
        for run in self._runs:
            pieces = self._cut(run, span)
            step = pieces[min(place, len(pieces) - 1)].step if pieces else None
            names |= set(run.needed(span, step if place < len(pieces) else None))
        return names

    def _opening(self, span: int) -> Choice | None:
        """The choice of the first frames of `span`'s first step, which belong to the span before."""
        if span == 0 or not any(run.spans()[span][0][1] for run in self._runs):
            return None
        names = self._needed(span - 1)
        on = [number for number, name in enumerate(self._knobs) if name in names]
        items = []
        for turned in self._sets(names):
            run = self._fitting(span - 1, turned)
            assert run is not None, "every set of values was recorded"
            step, frame = run.spans()[span][0]
            opening = cut(run.recording.steps[step], 0, frame)
            number = self._opening_numbers.setdefault(seen_digest(opening), len(self._openings))
            if number == len(self._openings):
                self._openings.append(opening)
            items.append((number,))
        return self._least(on, items)

    def _least(self, on: Sequence[int], items: Sequence[tuple[int, ...]]) -> Choice:
        """The same choice, on those knobs alone that make a difference."""
        knobs = list(self._knobs.values())
        on, items = list(on), list(items)
        for number in list(on):
            sizes = [len(knobs[each].values) for each in on]
            at = on.index(number)
            inner = prod(sizes[at + 1 :])
            size = sizes[at]
            rows = [items[start : start + inner] for start in range(0, len(items), inner)]
            groups = [rows[start : start + size] for start in range(0, len(rows), size)]
            if all(row == group[0] for group in groups for row in group):
                on.remove(number)
                items = [item for group in groups for item in group[0]]
        return Choice(tuple(on), tuple(items))

    def _number(self, piece: "_Piece") -> int:
        number = self._numbers.setdefault(piece.identity, len(self._steps))
        if number == len(self._steps):
            self._steps.append(piece.rest)
        return number

    def _cut(self, run: _TurnedRun, span: int) -> "list[_Piece]":
        """The steps of `span`, the first without the frames that belong to the span before."""
        known = self._pieces.get((id(run), span))
        if known is not None:
            return known
        (first, frame), (last, _) = run.spans()[span]
        pieces = self._pieces[id(run), span] = []
        for number in range(first, last):
            step = run.recording.steps[number]
            if number == first and frame:
                pieces.append(_Piece(number, cut(step, frame, None)))
            else:  # those that are several runs' are looked at once
                same = self._whole.setdefault(id(step), _Piece(number, step))
                pieces.append(same if same.step == number else _Piece(number, step))
        return pieces


@dataclass(frozen=True)
class _Piece:
    """What of the step numbered `step` belongs to a span."""

    step: int
    rest: Step

    @cached_property
    def identity(self) -> tuple[object, ...]:
        """What makes it, wherever it comes from."""
        return _identity(self.rest)


def _identity(step: Step) -> tuple[object, ...]:
    """What makes a step: what is seen of it, and all that is told of it."""
    about = replace(step, frames=(), runs=(), end=Frame.blank(), texts=(), rests=())
    return seen_digest(step), tuple((run.text, run.box) for run in step.texts), about


def seen_digest(step: Step) -> str:
    """Identify what is seen of `step`, whatever numbers its mobjects had."""
    numbers: dict[Op, int] = {}
    known: ById[Op, int] = ById()
    digest = hashlib.sha256()
    for frame, count in [*((step.frames[index], count) for index, count in step.runs), (step.end, 0)]:
        shown = array("q", (count, frame.view.x, frame.view.y, frame.view.width, frame.view.height, frame.background))
        for op in frame.ops:
            number = known.get(op)
            if number is None:
                number = known[op] = numbers.setdefault(op, len(numbers))
            shown.append(number)
        digest.update(shown.tobytes())
    for op in numbers:
        told = (op.path.xy, op.path.subpaths, op.style, op.x, op.y) if isinstance(op, Draw) else replace(op, source=0)
        digest.update(repr(told).encode())
    return digest.hexdigest()
