"""A measured run on stage: its requests as bars over time, in rows that are packed intervals."""

from math import ceil, floor, log10
from typing import Any

from manim import Animation, FadeIn, FadeOut, LaggedStart, VGroup, linear

from astrai_slides.deck.parts.shapes import line, plain
from astrai_slides.deck.parts.text import label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.parts.in_flight import load_areas
from astrai_slides.serving.roles import end_color, half_filled, request_color, state_color
from astrai_slides.serving.sim import State
from astrai_slides.serving.sim.replay import Replay, ReplaySpan
from astrai_slides.serving.words.wording import Words

_TICKS = (1.0, 2.0, 5.0, 10.0)
_CURVE_SHARE = 0.3
"""Of the height of rows and curve, what the curve takes."""


def tick_step(duration: float, most: int) -> float:
    """Seconds between marks of a time axis: 1, 2 or 5 times a power of ten, so that at most `most` intervals fit."""
    least = duration / most
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in _TICKS if power * factor >= least * (1 - 1e-9))


class ReplayPicture:
    """Rows of a measured run over a time axis in seconds, and a line that goes through it.

    A request is outlined from the moment it was sent to its first token (waiting and prefill, which a client cannot
    tell apart), filled while it decoded, and closed by a cap. Where the server told when it began to read the prompt,
    prefill is half filled. With `curve`, an area above the rows says how many of all requests were in flight.
    """

    def __init__(self, replay: Replay, box: Box, theme: Theme, words: Words, *, curve: bool = False) -> None:
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme, self.replay, self.words = theme, replay, words
        names = [
            label(words.row(number), type_.small, palette.muted, tabular=True)
            for number in range(1, len(replay.rows) + 1)
        ]
        self.legend = self._legend(box.left, box.top - type_.small)
        _, field = box.cut_top(type_.small + 1.5 * space.gap)
        field = field.above(field.bottom + type_.small + space.gap)
        marks = self._curve_marks() if curve else VGroup()
        _, lanes = field.cut_left(max(name.width for name in (*names, *marks)) + space.gap)
        above, lanes = lanes.cut_top(lanes.height * _CURVE_SHARE if curve else 0.0)
        # The last mark of the axis is set in the middle under its tick, and stays inside.
        self.lanes = Box(lanes.left, lanes.bottom, lanes.right - space.gap, lanes.top)
        self._unit = self.lanes.width / replay.duration
        self.bars, self.labels, self.curve = VGroup(), VGroup(), VGroup()
        if curve:
            field = Box(self.lanes.left, above.bottom + space.gap, self.lanes.right, above.top)
            self.curve = load_areas(replay.in_flight, replay.duration, field, theme)
            peak, told = marks
            marks = VGroup(
                peak.centered(box.left, field.top - type_.small / 2, "left"), told.at(box.left, field.bottom, "left")
            )
            marks.add(line((field.left, field.bottom), (field.right, field.bottom), palette.line, space.stroke))
        self.curve_marks = marks
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
        top = above.top if curve else self.lanes.top
        self.now = line((self.lanes.left, bottom), (self.lanes.left, top), color, space.stroke)

    def _curve_marks(self) -> VGroup:
        type_, palette = self.theme.type, self.theme.palette
        peak = label(f"{self.replay.in_flight.peak:,}", type_.small, palette.muted, tabular=True)
        return VGroup(peak, label(self.words.IN_FLIGHT, type_.small, palette.muted))

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
        begun = self.at(span.prefill) if span.prefill is not None else first
        waiting, prefill = Box(start, y - half, begun, y + half), Box(begun, y - half, first, y + half)
        decoding = Box(first, y - half, max(end - 1.5 * cap, first), y + half)
        parts = VGroup()
        if waiting.width > 0:
            outline = plain(waiting, color=color, stroke_width=space.thin)
            parts.add(outline.set_fill(color, opacity=space.ghost))
        if prefill.width > 0:
            parts.add(plain(prefill, color=color, fill_opacity=half_filled(self.theme), stroke_width=0))
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
        before = (
            [("waiting", words.WAITING), ("prefill", words.PREFILL)]
            if self.replay.apart
            else [("waiting", words.NO_TOKEN_YET)]
        )
        opacities = {"waiting": space.ghost, "prefill": half_filled(self.theme)}
        for kind, text in (*before, ("decode", words.DECODING), ("end", words.LAST_TOKEN)):
            last = kind == "end"
            sign_box = Box(left, baseline, left + (space.hair if last else 2 * space.gap), baseline + type_.small)
            color = end_color(self.theme) if last else palette.muted
            sign = plain(sign_box, color=color, stroke_width=space.thin)
            sign.set_fill(color, opacity=opacities.get(kind, 1))
            told = label(text, type_.small, palette.muted).at(sign_box.right + space.near, baseline)
            legend.add(VGroup(sign, told))
            left = told.get_right()[0] + 2 * space.gap
        return legend

    def appear(self) -> Any:
        """Rows, axis and legend come, without requests."""
        coming = [part for part in (self.row_names, self.curve_marks, self.axis, self.legend, self.now) if len(part)]
        return LaggedStart(*map(FadeIn, coming), lag_ratio=self.theme.time.lag)

    def sweep(self) -> Any:
        """The line goes through the run at a steady pace, and leaves what happened behind it."""
        shown = VGroup(*self.bars, self.curve) if len(self.curve) else self.bars
        return Sweep(shown, self.labels, self.now, self.lanes.left, self.lanes.right)

    def finish(self) -> Any:
        """The run is over; the line goes."""
        return FadeOut(self.now)

    def everything(self) -> VGroup:
        """All that is on screen at the end."""
        return VGroup(self.row_names, self.curve_marks, self.axis, self.legend, self.bars, self.curve, self.labels)


class Sweep(Animation):
    """Uncovers boxes from left to right, as a line passes them; a name is there once it is passed."""

    same_from_same = True  # so that an edit elsewhere need not have it played again

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
