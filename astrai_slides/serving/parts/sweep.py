"""Throughput against latency: a point a run, in order of load, joined by a line."""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10
from typing import Any

import numpy as np
from manim import Create, Dot, FadeIn, LaggedStart, VGroup, VMobject

from astrai_slides.deck.parts.shapes import line
from astrai_slides.deck.parts.text import fitted, label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.parts.replay import tick_step
from astrai_slides.serving.sim.measured.sweep import MeasuredSweep
from astrai_slides.serving.words.wording import Words

_MOST_MARKS = 5
_ROOM = 1.12
"""Of an axis, over its largest value."""


class SweepChart:
    """Points of a sweep over two axes that begin at zero: throughput to the right, mean latency upwards.

    What each point was measured under stands beside it, where it finds room; the notes have all of them.
    """

    def __init__(self, sweep: MeasuredSweep, box: Box, theme: Theme, words: Words) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme = theme
        head, field = box.cut_top(type_.small + space.gap)
        field = field.above(field.bottom + 2 * type_.small + 2 * space.gap)
        most_x = max(point.throughput for point in sweep.points)
        most_y = max(point.latency for point in sweep.points)
        step_x, step_y = tick_step(most_x * _ROOM, _MOST_MARKS), tick_step(most_y * _ROOM, _MOST_MARKS)
        high = [
            label(words.seconds(step_y * at) if at else "0", type_.small, palette.muted, tabular=True)
            for at in _marks(most_y, step_y)
        ]
        _, field = field.cut_left(max(mark.width for mark in high) + space.gap)
        low = [label(_amount(step_x * at), type_.small, palette.muted, tabular=True) for at in _marks(most_x, step_x)]
        # the last mark may stand at the very end of its axis
        field = Box(field.left, field.bottom, field.right - max(space.gap, low[-1].width / 2), field.top)
        self.field = field
        self._x, self._y = most_x * _ROOM, most_y * _ROOM
        self.axes = VGroup(
            line((field.left, field.bottom), (field.right, field.bottom), palette.line, space.stroke),
            line((field.left, field.bottom), (field.left, field.top), palette.line, space.stroke),
            label(words.LATENCIES[sweep.latency], type_.small, palette.muted).at(box.left, head.top - type_.small),
        )
        unit = label(words.UNITS[sweep.metric], type_.small, palette.muted)
        self.axes.add(unit.at(field.right, field.bottom - 2 * type_.small - 1.5 * space.gap, "right"))
        for at, mark in zip(_marks(most_y, step_y), high, strict=True):
            y = self.at(0.0, step_y * at)[1]
            self.axes.add(mark.centered(field.left - space.near, y, "right"))
            if at:
                self.axes.add(line((field.left, y), (field.right, y), palette.faint, space.thin))
        grid = [self.at(0.0, step_y * at)[1] for at in _marks(most_y, step_y)]
        for at, mark in zip(_marks(most_x, step_x), low, strict=True):
            x = self.at(step_x * at, 0.0)[0]
            self.axes.add(mark.at(x, field.bottom - space.near - type_.small, "center"))
        places = [self.at(point.throughput, point.latency) for point in sweep.points]
        self.path = VMobject(color=palette.bar, stroke_width=space.strong)
        self.path.set_points_as_corners(np.array(places))
        self.points, self.labels = VGroup(), VGroup()
        fastest = sweep.points.index(sweep.fastest)
        for number, place in enumerate(places):
            color = palette.headline if number == fastest else palette.ink
            self.points.add(Dot(place, radius=space.hair, color=color))
        taken = [_around(place, space.hair) for place in places]
        for number, (point, place) in enumerate(zip(sweep.points, places, strict=True)):
            color = palette.headline if number == fastest else palette.ink
            text = fitted(point.label, type_.small, color, field.width / 3)
            # a line of the grid runs through a label only where there is no other room
            spot = self._free(text, place, taken, places, grid) or self._free(text, place, taken, places, ())
            if spot is not None:
                self.labels.add(text)
                taken.append(spot)

    def at(self, throughput: float, latency: float) -> tuple[float, float, float]:
        """Where a point is."""
        field = self.field
        return (
            field.left + throughput / self._x * field.width,
            field.bottom + latency / self._y * field.height,
            0.0,
        )

    def _free(
        self, text: Any, place: tuple[float, float, float], taken: list[Box], places: list[Any], grid: Sequence[float]
    ) -> Box | None:
        """Put `text` beside `place` where it covers nothing `taken`, path or height of `grid`, inside."""
        gap, cap = self.theme.space.near, self.theme.type.small
        x, y, _ = place
        for dx, dy, align in (
            (-gap, gap, "right"),
            (gap, -gap - cap, "left"),
            (gap, gap, "left"),
            (-gap, -gap - cap, "right"),
            (0.0, 2 * gap, "center"),
            (0.0, -2 * gap - cap, "center"),
        ):
            text.at(x + dx, y + dy, align)
            spot = Box(text.get_left()[0], text.get_bottom()[1], text.get_right()[0], text.get_top()[1])
            field = self.field
            inside = field.left < spot.left and spot.right <= field.right + gap and field.bottom < spot.bottom
            if not inside or spot.top > field.top + gap or any(_touch(spot, other) for other in taken):
                continue
            if any(spot.bottom < y < spot.top for y in grid):
                continue
            if not any(_crosses(spot, one, two) for one, two in pairwise(places)):
                return spot
        return None

    def appear(self) -> Any:
        """The axes come."""
        return FadeIn(self.axes)

    def draw(self) -> Any:
        """The line goes through the points, from the least load to the most."""
        return LaggedStart(
            Create(self.path), *map(FadeIn, self.points), *map(FadeIn, self.labels), lag_ratio=self.theme.time.lag
        )

    def everything(self) -> VGroup:
        """All that is on screen at the end."""
        return VGroup(self.axes, self.path, self.points, self.labels)


def _marks(most: float, step: float) -> range:
    return range(int(most * _ROOM / step + 1e-9) + 1)


def _amount(value: float) -> str:
    """A mark of an axis: 1,200 or 0.25, never 1e+03."""
    places = max(-floor(log10(value)), 0) + 1 if 0 < value < 10 else 0
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _around(place: tuple[float, float, float], radius: float) -> Box:
    return Box(place[0] - radius, place[1] - radius, place[0] + radius, place[1] + radius)


def _touch(one: Box, two: Box) -> bool:
    return min(one.right, two.right) > max(one.left, two.left) and min(one.top, two.top) > max(one.bottom, two.bottom)


def _crosses(box: Box, one: Any, two: Any) -> bool:
    """Whether the line from `one` to `two` goes through `box`."""
    low, high = 0.0, 1.0
    for at, least, most in ((0, box.left, box.right), (1, box.bottom, box.top)):
        way = two[at] - one[at]
        if abs(way) < 1e-9:
            if not least <= one[at] <= most:
                return False
            continue
        enters, leaves = sorted(((least - one[at]) / way, (most - one[at]) / way))
        low, high = max(low, enters), min(high, leaves)
    return low <= high
