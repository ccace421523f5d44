"""A measured run on stage: its requests as bars over time, in rows that are packed intervals."""

from math import ceil, floor, log10
from typing import Any

from manim import Animation, FadeIn, FadeOut, LaggedStart, VGroup, linear

from astrai_slides.deck.parts.shapes import line, plain
from astrai_slides.deck.parts.text import label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.roles import end_color, request_color, state_color
from astrai_slides.serving.sim import State
from astrai_slides.serving.sim.replay import Replay, ReplaySpan
from astrai_slides.serving.words.wording import Words

_TICKS = (1.0, 2.0, 5.0, 10.0)


def tick_step(duration: float, most: int) -> float:
    """Seconds between marks of a time axis: 1, 2 or 5 times a power of ten, so that at most `most` intervals fit."""
    least = duration / most
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in _TICKS if power * factor >= least * (1 - 1e-9))


class ReplayPicture:
    """Rows of a measured run over a time axis in seconds, and a line that goes through it.

    A request is outlined from the moment it was sent to its first token (waiting and prefill, which a client cannot
    tell apart), filled while it decoded, and closed by a cap.
    """

    def __init__(self, replay: Replay, box: Box, theme: Theme, words: Words) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme, self.replay, self.words = theme, replay, words
        names = [
            label(words.row(number), type_.small, palette.muted, tabular=True)
            for number in range(1, len(replay.rows) + 1)
        ]
        self.legend = self._legend(box.left, box.top - type_.small)
        _, field = box.cut_top(type_.small + 1.5 * space.gap)
        field = field.above(field.bottom + type_.small + space.gap)
        _, lanes = field.cut_left(max(name.width for name in names) + space.gap)
        # The last mark of the axis is set in the middle under its tick, and stays inside.
        self.lanes = Box(lanes.left, lanes.bottom, lanes.right - space.gap, lanes.top)
        self._unit = self.lanes.width / replay.duration
        self.bars, self.labels = VGroup(), VGroup()
        height = min(self.lanes.height / len(replay.rows), 3 * space.pill_height)
        rows = self.lanes.cut_top(height * len(replay.rows))[0].rows(len(replay.rows), 0.0)
        self.lanes = Box(self.lanes.left, rows[-1].bottom, self.lanes.right, self.lanes.top)
        self.row_names = VGroup()
        # Where rows are lower than a line of text, some of their names stand for all.
        every = ceil(type_.small * type_.leading * 0.9 / height)
        for number, (name, lane, row) in enumerate(zip(names, rows, replay.rows, strict=True)):
            if number % every == 0:
                self.row_names.add(name.centered(box.left, lane.center[1], "left"))
            for span in row.spans:
                self._add(span, lane)
        self.axis = self._axis()
        bottom, color = self.lanes.bottom - space.near, state_color(State.DECODE, theme)
        self.now = line((self.lanes.left, bottom), (self.lanes.left, self.lanes.top), color, space.stroke)

    def at(self, time: float) -> float:
        """Where a time in seconds is."""
        return self.lanes.left + time * self._unit

    def _add(self, span: ReplaySpan, lane: Box) -> None:
        space, palette = self.theme.space, self.theme.palette
        half = min(lane.height * 0.36, space.pill_height * 0.75)
        color = request_color(span.number - 1, self.theme)
        y = lane.center[1]
        start, first, end = self.at(span.start), self.at(span.first_token), self.at(span.end)
        cap = min(space.hair, (end - start) / 4)
        waiting = Box(start, y - half, first, y + half)
        decoding = Box(first, y - half, max(end - 1.5 * cap, first), y + half)
        parts = VGroup()
        if waiting.width > 0:
            outline = plain(waiting, color=color, stroke_width=space.thin)
            parts.add(outline.set_fill(color, opacity=space.ghost))
        if decoding.width > 0:
            parts.add(plain(decoding, color=color, fill_opacity=1, stroke_width=0))
        closing = Box(end - cap, y - half, end, y + half)
        parts.add(plain(closing, color=end_color(self.theme), fill_opacity=1, stroke_width=0))
        self.bars.add(parts)
        if 2 * half < 1.4 * self.theme.type.small:
            return
        for room, ink in ((decoding, palette.on_fill), (waiting, palette.ink)):
            name = label(span.name, self.theme.type.small, ink, weight="BOLD")
            if name.width + 2 * space.hair <= room.width:
                self.labels.add(name.centered(*room.center[:2]))
                break

    def _axis(self) -> VGroup:
        type_, space, palette = self.theme.type, self.theme.space, self.theme.palette
        lanes = self.lanes
        axis = VGroup(line((lanes.left, lanes.bottom), (lanes.right, lanes.bottom), palette.line, space.stroke))
        # Marks keep a text's width apart.
        widest = label(self.words.seconds(self.replay.duration), type_.small, palette.muted, tabular=True).width
        step = tick_step(self.replay.duration, max(int(lanes.width / (widest + 2 * space.gap)), 1))
        for index in range(int(self.replay.duration / step + 1e-9) + 1):
            x = self.at(index * step)
            axis.add(line((x, lanes.bottom), (x, lanes.bottom - space.hair), palette.line, space.stroke))
            mark = label(self.words.seconds(index * step) if index else "0", type_.small, palette.muted, tabular=True)
            axis.add(mark.at(x, lanes.bottom - space.near - type_.small, "center"))
        return axis

    def _legend(self, left: float, baseline: float) -> VGroup:
        type_, space, palette = self.theme.type, self.theme.space, self.theme.palette
        legend, words = VGroup(), self.words
        for kind, text in (("waiting", words.NO_TOKEN_YET), ("decode", words.DECODING), ("end", words.LAST_TOKEN)):
            last = kind == "end"
            sign_box = Box(left, baseline, left + (space.hair if last else 2 * space.gap), baseline + type_.small)
            color = end_color(self.theme) if last else palette.muted
            sign = plain(sign_box, color=color, stroke_width=space.thin)
            sign.set_fill(color, opacity=space.ghost if kind == "waiting" else 1)
            told = label(text, type_.small, palette.muted).at(sign_box.right + space.near, baseline)
            legend.add(VGroup(sign, told))
            left = told.get_right()[0] + 2 * space.gap
        return legend

    def appear(self) -> Any:
        """Rows, axis and legend come, without requests."""
        coming = (self.row_names, self.axis, self.legend, self.now)
        return LaggedStart(*map(FadeIn, coming), lag_ratio=self.theme.time.lag)

    def sweep(self) -> Any:
        """The line goes through the run at a steady pace, and leaves what happened behind it."""
        return Sweep(self.bars, self.labels, self.now, self.lanes.left, self.lanes.right)

    def finish(self) -> Any:
        """The run is over; the line goes."""
        return FadeOut(self.now)

    def everything(self) -> VGroup:
        """All that is on screen at the end."""
        return VGroup(self.row_names, self.axis, self.legend, self.bars, self.labels)


class Sweep(Animation):
    """Uncovers boxes from left to right, as a line passes them; a name is there once it is passed."""

    def __init__(self, boxes: VGroup, labels: VGroup, now: Any, left: float, right: float) -> None:
        self._left, self._right = left, right
        self._now = now
        self._boxes = [shape for group in boxes for shape in group]
        self._whole = [shape.get_all_points().copy() for shape in self._boxes]
        self._labels = list(labels)
        # The line is the last, and in front.
        super().__init__(VGroup(boxes, labels, now), rate_func=linear)

    def interpolate_mobject(self, alpha: float) -> None:
        """Show everything to the left of the line."""
        x = self._left + (self._right - self._left) * self.rate_func(alpha)
        self._now.shift((x - self._now.get_center()[0], 0, 0))
        for shape, points in zip(self._boxes, self._whole, strict=True):
            if points[:, 0].min() > x:
                shape.clear_points()
                continue
            shown = points.copy()
            shown[:, 0] = shown[:, 0].clip(max=x)
            shape.set_points(shown)
        for text in self._labels:
            text.set_opacity(1.0 if text.get_right()[0] <= x + 1e-6 else 0.0)
