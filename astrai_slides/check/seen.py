"""A recording as an audience sees it: texts with their glyphs and boxes, and what is painted around them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import cairo
import numpy as np
import numpy.typing as npt

from astrai_slides.base.identity import ById
from astrai_slides.check.colours import luminance_of_bytes
from astrai_slides.check.finding import Box
from astrai_slides.check.known import Numbers, Results
from astrai_slides.check.source import DeckSource
from astrai_slides.recording.format.model import (
    GRID,
    WIDTH_GRID,
    Blob,
    Draw,
    Frame,
    Op,
    Path,
    Recording,
    Rest,
    Step,
    Style,
    TextRun,
    View,
)
from astrai_slides.recording.paint.painter import Painter

Pixels = npt.NDArray[np.float64]
"""Shape (height, width) or (height, width, channels), 0 to 1, the upper left pixel first."""

HARDLY_SEEN = 0.1
"""Opacity below which nobody sees a text."""

TOUCH = 0.006
"""Share of the frame's height that two things may have in common: 6 pixels of 1080."""

STANDS = 0.4
"""Seconds that a picture stays as it is, at least, to be a rest: a word is read in a quarter of a second."""

_SCALE = 540
"""Pixels from top to bottom of a frame that is looked at."""

_SHARP = 64
"""Least pixels from top to bottom of what is looked at more closely."""

_WIDEST = 1600

_MOST_OPS = 4_000
"""Ops that are known, with all that was found of them, before those of steps that were looked through are let go."""

_POINT_BYTES = 2 * 4
"""What a point of a path takes: two numbers of four bytes."""


class Measure:
    """Bounds of ops, and pictures of them; one serves a recording."""

    def __init__(self, blobs: Mapping[str, Blob]) -> None:
        self._painter = Painter(blobs)
        self._paths: ById[Path, Box] = ById()

    def bounds(self, op: Op) -> Box:
        """The box of what `op` paints, strokes included."""
        if not isinstance(op, Draw):
            x0, y0, x1, y1, x2, y2 = op.corners
            xs, ys = (x0, x1, x2, x1 + x2 - x0), (y0, y1, y2, y1 + y2 - y0)
            return min(xs), min(ys), max(xs), max(ys)
        known = self._paths.get(op.path)
        if known is None:
            points = op.path.points
            (left, bottom), (right, top) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
            known = self._paths[op.path] = (left, bottom, right, top)
        half = stroke_width(op) / 2
        return op.x + known[0] - half, op.y + known[1] - half, op.x + known[2] + half, op.y + known[3] + half

    def all_bounds(self, ops: Sequence[Op]) -> npt.NDArray[np.float64]:
        """What `bounds` returns of each of `ops`, shape (ops, 4), worked out together and not remembered."""
        found = np.empty((len(ops), 4))
        places = [place for place, op in enumerate(ops) if isinstance(op, Draw)]
        for place, op in enumerate(ops):
            if not isinstance(op, Draw):
                found[place] = self.bounds(op)
        if places:
            draws = [op for op in ops if isinstance(op, Draw)]
            points = np.frombuffer(b"".join([draw.path.xy for draw in draws]), "<i4").reshape(-1, 2)
            counts = np.array([len(draw.path.xy) // _POINT_BYTES for draw in draws])
            starts = np.cumsum(counts) - counts
            at = np.array([(draw.x, draw.y) for draw in draws], np.float64)
            half = np.array([[stroke_width(draw) / 2] for draw in draws])
            found[places, :2] = np.minimum.reduceat(points, starts) + at - half
            found[places, 2:] = np.maximum.reduceat(points, starts) + at + half
        return found

    def painted(self, ops: Sequence[Op], region: "Region") -> npt.NDArray[np.uint8]:
        """What of `ops` is seen in `region`: BGRA, 0 to 255, premultiplied."""
        return self._drawn(ops, region, None)

    def covers(self, ops: Sequence[Op], region: "Region", opacity: float) -> npt.NDArray[np.bool_]:
        """Where in `region` `ops` together have more than `opacity`, 0 to 1."""
        return self._drawn(ops, region, None)[..., 3] > opacity * 255

    def light(self, ops: Sequence[Op], region: "Region", background: int) -> Pixels:
        """The relative luminance of `ops` over an opaque `background`, 0xRRGGBBAA, in `region`."""
        return luminance_of_bytes(self.opaque(ops, region, background))

    def opaque(self, ops: Sequence[Op], region: "Region", background: int) -> npt.NDArray[np.uint8]:
        """RGB, 0 to 255, of `ops` over an opaque `background`, 0xRRGGBBAA, in `region`."""
        return self._drawn(ops, region, background)[..., 2::-1]

    def _drawn(self, ops: Sequence[Op], region: "Region", background: int | None) -> npt.NDArray[np.uint8]:
        """BGRA, premultiplied."""
        width, height = region.width, region.height
        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, height)
        edges = region.box
        shown = [op for op in ops if meets(self.bounds(op), edges)]
        frame = Frame(tuple(shown), region.view, background or 0)
        self._painter.paint(cairo.Context(surface), frame, width, height, background=background is not None)
        surface.flush()
        return np.ndarray((height, width, 4), np.uint8, surface.get_data(), strides=(surface.get_stride(), 4, 1))


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a scene, as pixels."""

    view: View
    width: int
    height: int

    @property
    def box(self) -> Box:
        """Its edges in grid steps."""
        across, up = self.view.width / 2, self.view.height / 2
        return self.view.x - across, self.view.y - up, self.view.x + across, self.view.y + up

    def slices(self, box: Box) -> tuple[slice, slice]:
        """Rows and columns of the pixels in `box`."""
        scale = self.height / self.view.height
        left, _, _, top = self.box
        rows = slice(max(round((top - box[3]) * scale), 0), max(round((top - box[1]) * scale), 0))
        return rows, slice(max(round((box[0] - left) * scale), 0), max(round((box[2] - left) * scale), 0))

    @classmethod
    def of(cls, box: Box, view: View) -> "Region":
        """The part of `view` that `box` takes, sharp enough for what is in it."""
        edges = edges_of(view)
        pad = view.height / _SCALE * 2
        left, bottom = max(box[0] - pad, edges[0]), max(box[1] - pad, edges[1])
        right, top = min(box[2] + pad, edges[2]), min(box[3] + pad, edges[3])
        width, height = max(round(right - left), 1), max(round(top - bottom), 1)
        scale = max(_SCALE / view.height, min(_SHARP / height, _WIDEST / width))
        part = View(round((left + right) / 2), round((bottom + top) / 2), width, height)
        return cls(part, max(round(width * scale), 1), max(round(height * scale), 1))


@dataclass(frozen=True)
class TextSeen:
    """A text at rest, and the draws that are its glyphs: those that are seen, in the order of its letters."""

    run: TextRun
    places: tuple[int, ...]
    """Of `draws` among the ops of the frame."""
    draws: tuple[Draw, ...]
    boxes: tuple[Box, ...]
    """Of `draws`."""
    view: View

    @property
    def text(self) -> str:
        """As the deck has it."""
        return self.run.text

    @property
    def last(self) -> int:
        """The place of what of it is drawn last."""
        return max(self.places)

    @cached_property
    def box(self) -> Box:
        """The box of all that is seen of it."""
        return around(self.boxes)

    @cached_property
    def opacity(self) -> float:
        """The most that any of it has, 0 to 1."""
        return max(opacity(draw) for draw in self.draws)

    @cached_property
    def letters(self) -> list[tuple[str, Box]] | None:
        """Its characters with the box of each, if every one has a glyph of its own, as formulas have not."""
        characters = [each for each in self.text if not each.isspace()]
        return list(zip(characters, self.boxes, strict=True)) if len(characters) == len(self.boxes) else None

    @property
    def is_formula(self) -> bool:
        """Whether it is set, not written: its source has other characters than are seen."""
        return "\\" in self.text or "^" in self.text or "_" in self.text

    @property
    def words(self) -> int:
        """How many words it takes to read it: a formula is one, numbers and names as R1 are none."""
        if self.is_formula:
            return 1
        wide = sum(1 for each in self.text if ord(each) > 0x2E7F)
        spaced = "".join(" " if ord(each) > 0x2E7F else each for each in self.text)
        return round(wide / CHARACTERS_A_WORD) + sum(sum(map(str.isalpha, word)) > 1 for word in spaced.split())


CHARACTERS_A_WORD = 1.7
"""Of Chinese and Japanese."""


INKED = 0.5
"""Share of a pixel that a text takes where the pixel is the text's."""

HIDING = 0.6
"""Opacity above which what lies over a text hides it."""


@dataclass(frozen=True)
class Ink:
    """Where a text is in a part of the picture."""

    region: Region
    own: npt.NDArray[np.uint8]
    """The text alone: BGRA, premultiplied."""
    ink: npt.NDArray[np.bool_]
    """Pixels that are the text's."""
    hidden: npt.NDArray[np.bool_]
    """Those of them that lie under what is filled and no text."""
    above: tuple[Op, ...]
    """What is drawn over it and is no text."""

    @property
    def hidden_share(self) -> float:
        """Share of the text that is hidden."""
        return float(self.hidden.sum() / max(self.ink.sum(), 1))

    def hidden_shares(self, boxes: Iterable[Box]) -> list[float]:
        """Share of what of the text is in each of `boxes` that is hidden."""
        parts = [self.region.slices(box) for box in boxes]
        return [float(self.hidden[part].sum() / max(self.ink[part].sum(), 1)) for part in parts]


@dataclass(frozen=True)
class StepSeen:
    """A step as it rests, what was shown before it, and what is known of the deck that it is of."""

    deck: "DeckSeen"
    place: int
    step: Step
    before: Step | None
    within: Rest | None = None
    """Where it rests before its end; None for the end."""

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self.deck.recording.fps

    @cached_property
    def rest(self) -> Frame:
        """The frame that it rests on."""
        return self.step.end if self.within is None else self.step.shown(self.within.at)

    @property
    def seconds(self) -> float | None:
        """When it rests, from its begin; None for its end."""
        return None if self.within is None else self.within.at / self.fps

    @property
    def earlier_rests(self) -> "Iterator[StepSeen]":
        """The step as it rests before its end, in order, where its texts are known."""
        return (replace(self, within=rest) for rest in self.step.rests if rest.texts)

    @property
    def next_rest(self) -> "StepSeen | None":
        """The step as it rests next, where its texts are known; None at its end."""
        if self.within is None:
            return None
        later = (rest for rest in self.step.rests if rest.texts and self.within and rest.at > self.within.at)
        return replace(self, within=next(later, None))

    @property
    def unknown_rests(self) -> int:
        """At how many of its rests its texts are not known, as it has too many."""
        return sum(not rest.texts for rest in self.step.rests)

    @property
    def measure(self) -> Measure:
        """By which its ops are measured."""
        return self.deck.measure

    @cached_property
    def texts(self) -> list[TextSeen]:
        """The texts at rest that are drawn as paths and can be seen; those of a film are not known so well."""
        found, numbers, ops = [], self.deck.numbers(self.rest), self.rest.ops
        runs = self.step.texts if self.within is None else self.within.texts
        for run in () if self.step.film else runs:
            at = run.places
            kept, boxes = self.deck.glyphs(numbers[at])
            if kept:
                places = tuple([at[each] for each in kept])
                draws = tuple([op for place in places if isinstance(op := ops[place], Draw)])
                found.append(TextSeen(run, places, draws, boxes, self.rest.view))
        return [text for text in found if meets(text.box, edges_of(self.rest.view))]

    @cached_property
    def text_places(self) -> frozenset[int]:
        """Of all glyphs of its texts."""
        return frozenset(place for text in self.texts for place in text.places)

    @cached_property
    def boxes(self) -> list[Box]:
        """Of all ops at rest."""
        return [self.deck.box(number) for number in self.deck.numbers(self.rest).tolist()]

    @cached_property
    def _sides(self) -> Pixels:
        return np.array(self.boxes, np.float64).reshape(-1, 4)

    @cached_property
    def _is_text(self) -> npt.NDArray[np.bool_]:
        told = np.zeros(len(self.rest.ops), np.bool_)
        told[list(self.text_places)] = True
        return told

    def share(self, grid: float) -> float:
        """What share of the frame's height so many grid steps are."""
        return grid / self.rest.view.height

    def ink(self, text: TextSeen) -> "Ink":
        """Where `text`, one of `texts`, is on the picture."""
        ink: Ink = self.picture("ink", lambda: self._look(text), text)
        return ink

    def once(self, name: str, work: Callable[[], Any], *texts: TextSeen) -> Any:
        """What `work` returns, which depends on nothing but the picture where `texts` are; `name` tells it from others.

        Most of a picture stays from rest to rest.
        """
        return self.deck.memory.once((name, *map(self._around, texts)), work)

    def picture(self, name: str, work: Callable[[], Any], text: TextSeen) -> Any:
        """The same, of what is large."""
        return self.deck.memory.picture((name, self._around(text)), work)

    def _around(self, text: TextSeen) -> object:
        """Tells what is drawn where `text` is, it and all others."""
        known = self._told_around.get(text.places)
        if known is None:
            near = self.near(Region.of(text.box, self.rest.view).box)
            own = np.zeros(len(self.rest.ops), np.bool_)
            own[list(text.places)] = True
            numbers = self.deck.numbers(self.rest)[near]
            parts = numbers.tobytes(), self._is_text[near].tobytes(), own[near].tobytes()
            known = self._told_around[text.places] = *parts, text.box, self.rest.view, self.rest.background
        return known

    @cached_property
    def _told_around(self) -> dict[tuple[int, ...], object]:
        return {}

    def near(self, box: Box) -> npt.NDArray[np.intp]:
        """Places of the ops that are in `box`, in order."""
        left, bottom, right, top = self._sides.T
        return np.flatnonzero((left < box[2]) & (right > box[0]) & (bottom < box[3]) & (top > box[1]))

    def stands(self, box: Box | None) -> bool:
        """Whether what is in `box`, everywhere if it is None, stays as it is for long enough to be read."""
        if self.within is None:
            return True
        numbers = self.deck.numbers(self.rest)
        seen = set((numbers if box is None else numbers[self.near(box)]).tolist())

        def stays(seconds: float) -> bool:
            at = self.within.at + round(seconds * self.fps) if self.within else 0
            frame = self.step.shown(at) if at >= 0 else None
            return frame is not None and frame.view == self.rest.view and seen <= self.deck.numbers_in(frame)

        half = stays(STANDS / 2)
        return (half and stays(STANDS)) or (stays(-STANDS / 2) and (half or stays(-STANDS)))

    def _look(self, text: TextSeen) -> "Ink":
        region = Region.of(text.box, self.rest.view)
        own = self.measure.painted([without_back(draw) for draw in text.draws], region)
        ink = own[..., 3] > INKED * text.opacity * 255
        above = [
            (place, self.rest.ops[place])
            for place in self.near(text.box).tolist()
            if place > text.last
            and place not in self.text_places
            and any(meets(self.boxes[place], box) for box in text.boxes)
        ]
        filled = [filled_only(op) if isinstance(op, Draw) else op for _, op in above]
        shown = [op for op in filled if not isinstance(op, Draw) or op.style.fill is not None]
        hidden = ink & self.measure.covers(shown, region, HIDING) if shown else np.zeros_like(ink)
        return Ink(region, own, ink, hidden, tuple(op for _, op in above))


@dataclass(frozen=True)
class DeckSeen:
    """A recording under check, and the source of its scene, if it is there."""

    recording: Recording
    source: DeckSource | None = None
    measure: Measure = field(init=False)
    memory: Results = field(init=False, default_factory=Results)
    _numbers: Numbers = field(init=False, default_factory=Numbers)

    def __post_init__(self) -> None:
        object.__setattr__(self, "measure", Measure(self.recording.blobs))

    def let_go(self) -> None:
        """Forget, between two steps, what is known of those before if it is much: most of it does not come again."""
        self.memory.let_go()
        if len(self._numbers) > _MOST_OPS:
            object.__setattr__(self, "measure", Measure(self.recording.blobs))
            object.__setattr__(self, "memory", Results())
            object.__setattr__(self, "_numbers", self._numbers.anew())
            self._boxes.clear()
            self._glyphs.clear()

    def numbers(self, frame: Frame) -> npt.NDArray[np.int32]:
        """Numbers of the ops of `frame`, in order: equal ops have the same in all steps, as long as they are known."""
        return self._numbers.of(frame)

    def numbers_in(self, frame: Frame) -> frozenset[int]:
        """The same without order."""
        found: frozenset[int] = self.memory.once(("in", id(frame)), lambda: frozenset(self.numbers(frame).tolist()))
        return found

    def box(self, number: int) -> Box:
        """The box of the op `number`."""
        known = self._boxes.get(number)
        if known is None:
            known = self._boxes[number] = self.measure.bounds(self._numbers.op(number))
        return known

    def glyphs(self, numbers: npt.NDArray[np.int32]) -> tuple[tuple[int, ...], tuple[Box, ...]]:
        """Of a text of these ops those that are glyphs and can be seen: which of them, and their boxes."""
        key = numbers.tobytes()
        known = self._glyphs.get(key)
        if known is None:
            drawn = [(place, self._numbers.op(number)) for place, number in enumerate(numbers.tolist())]
            seen = [(place, op) for place, op in drawn if isinstance(op, Draw) and opacity(op) >= HARDLY_SEEN]
            seen = _without_plate(seen, self.measure) if seen else []
            known = tuple(place for place, _ in seen), tuple(self.measure.bounds(draw) for _, draw in seen)
            self._glyphs[key] = known
        return known

    @cached_property
    def _boxes(self) -> dict[int, Box]:
        return {}

    @cached_property
    def _glyphs(self) -> dict[bytes, tuple[tuple[int, ...], tuple[Box, ...]]]:
        return {}

    @cached_property
    def steps(self) -> list[StepSeen]:
        """Its steps, in order."""
        steps = self.recording.steps
        return [StepSeen(self, place, step, steps[place - 1] if place else None) for place, step in enumerate(steps)]

    @cached_property
    def _closest(self) -> dict[tuple[str, tuple[int, int, int, int]], int]:
        found: dict[tuple[str, tuple[int, int, int, int]], int] = {}
        for place, step in enumerate(self.recording.steps):
            texts = step.texts, *(rest.texts for rest in step.rests)
            for view, runs in zip(self.views(place), texts, strict=True):
                for run in runs:
                    height = found.get((run.text, run.box), view.height)
                    found[run.text, run.box] = min(height, view.height)
        return found

    @cached_property
    def _views(self) -> dict[int, Sequence[View]]:
        return {}

    def views(self, place: int) -> Sequence[View]:
        """What step number `place` shows at its end, and then at each of its rests before that."""
        known = self._views.get(place)
        if known is None:
            step = self.recording.steps[place]
            known = self._views[place] = [step.end.view, *(step.shown(rest.at).view for rest in step.rests)]
        return known

    def know_views(self, place: int, views: Sequence[View]) -> None:
        """Take `views` for what `views` returns."""
        self._views[place] = views

    def closest(self, run: TextRun) -> int:
        """The height, in grid steps, of the view that shows a text in its place largest: others are zoomed out."""
        return self._closest[run.text, run.box]

    @cached_property
    def widest(self) -> int:
        """The width of the widest view that any step rests on, in grid steps: another one is zoomed in."""
        return max(view.width for place in range(len(self.recording.steps)) for view in self.views(place))


def _without_plate(glyphs: list[tuple[int, Draw]], measure: Measure) -> list[tuple[int, Draw]]:
    """`glyphs` but for a rectangle that is drawn first and is under all others: `add_background_rectangle` adds it."""
    first, *others = glyphs
    if not others or [curves for curves, _ in first[1].path.subpaths] != [4]:
        return glyphs
    plate, whole = measure.bounds(first[1]), around(measure.bounds(draw) for _, draw in others)
    holds = plate[0] <= whole[0] and plate[1] <= whole[1] and plate[2] >= whole[2] and plate[3] >= whole[3]
    return others if holds else glyphs


def stroke_width(draw: Draw) -> float:
    """Grid steps across the widest stroke of `draw` that is seen."""
    style, widest = draw.style, 0
    if style.stroke is not None and style.stroke.is_seen:
        widest = style.stroke_width
    if style.back is not None and style.back.is_seen:
        widest = max(widest, style.back_width)
    return widest * GRID / WIDTH_GRID


def opacity(draw: Draw) -> float:
    """The opacity of what of `draw` is most opaque, 0 to 1."""
    paints = [draw.style.fill, draw.style.stroke if draw.style.stroke_width else None]
    return max((stop & 0xFF for paint in paints if paint for stop in paint.stops), default=0) / 255


def without_back(draw: Draw) -> Draw:
    """`draw` without its background stroke, which is no part of a letter."""
    return replace(draw, style=replace(draw.style, back=None, back_width=0)) if draw.style.back else draw


def filled_only(draw: Draw) -> Draw:
    """The fill of `draw`."""
    return replace(draw, style=Style(fill=draw.style.fill))


def edges_of(view: View) -> Box:
    """The edges of a view, in grid steps."""
    return (
        view.x - view.width / 2,
        view.y - view.height / 2,
        view.x + view.width / 2,
        view.y + view.height / 2,
    )


def meets(one: Box, other: Box, touch: float = 0.0) -> bool:
    """Whether two boxes have more than `touch` in common, both ways."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > touch and min(one[3], other[3]) - max(one[1], other[1]) > touch
    )


def around(boxes: Iterable[Box]) -> Box:
    """The box around `boxes`."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)
