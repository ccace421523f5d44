"""Bars of a comparison: one baseline to measure against, one scale, values that can be read."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Any, Self

from manim import LEFT, FadeIn, LaggedStart, Transform, VGroup

from astrai_slides.deck.parts.comparison import Bar, Comparison
from astrai_slides.deck.parts.shapes import dashes, hatching, line, plain
from astrai_slides.deck.parts.text import TIGHT, fitted, label, paragraph
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import SMALLEST_CAP, Theme

_TENTH = Decimal("0.1")
_NAMES = 0.39
"""Most of the width that names take."""
_LEAST_PITCH = 2.2
"""From bar to bar, in cap heights of their names."""


def figure(value: float, ratio: bool) -> str:
    """A value as it stands in a bar: 3.4× for a ratio, else 1,234.5 or 12.3; a half rounds up, as people do it."""
    if ratio:
        return f"{value:.1f}×"
    if abs(value) < 100:
        return f"{value:,.3g}"
    rounded = Decimal(repr(value)).quantize(_TENTH, ROUND_HALF_UP)
    return f"{rounded:,}".removesuffix(".0")


def _check(bars: Sequence[Bar]) -> None:
    """Raise DeckError for what bars cannot show."""
    if not bars:
        raise DeckError("there are no bars to show; give at least one")
    for bar in bars:
        if not (isfinite(bar.value) and bar.value >= 0):
            raise DeckError(f"the bar {bar.label!r} is {bar.value:g}; bars begin at 0, so give 0 or more")
        if bar.baseline and not bar.value:
            raise DeckError(f"the bar {bar.label!r} is 0, and nothing can be measured against that; give it a value")
    if not any(bar.value for bar in bars):
        raise DeckError("all bars are 0, so that there is nothing to see; give one of them a value")


class BarChart(VGroup):
    """Horizontal bars over one scale, from the top of `box`: what each stands for on the left, its value in the bar.

    What a bar assumes stands under its name. The baseline's bar is hatched, set apart, and its value runs down as a
    dashed line through the others. `columns` is where the bars are, down to the last of them. Where there is no room
    beside it, what a bar stands for is over it. Raises DeckError for values that bars cannot show, and for more bars
    than can be read in `box`.
    """

    def __init__(self, comparison: Comparison, box: Box, theme: Theme) -> None:
        super().__init__()
        _check(comparison.bars)
        type_, space, palette = theme.type, theme.space, theme.palette
        self.theme, self.ratio = theme, comparison.ratio
        baseline = [bar for bar in comparison.bars if bar.baseline]
        others = [bar for bar in comparison.bars if not bar.baseline]
        ordered = [*baseline, *others]
        names, bars = box.cut_left(self._names_width(ordered, box))
        names = Box(names.left, names.bottom, names.right - space.gap, names.top)
        widest = max(label(bar.label, type_.body, palette.ink).width for bar in ordered)
        self._is_tall = box.height > box.width or widest * SMALLEST_CAP > names.width * type_.body * TIGHT
        if self._is_tall:
            names = bars = box
        self.scale_by = bars.width / max(bar.value for bar in ordered)
        for bar in baseline:
            # Its value stands beside it, even where it is the longest.
            beside = self._number(bar).width + space.gap
            self.scale_by = min(self.scale_by, (bars.width - beside) / bar.value)
        apart = space.gap if baseline and others else 0.0
        self.header = VGroup()
        if not comparison.ratio:
            header, box = box.cut_top(type_.small + space.gap)
            self.header.add(label(comparison.unit, type_.small, palette.muted).at(bars.left, header.top - type_.small))
        # Few bars may be tall, but not without end.
        above = [self._above(bar, names) if self._is_tall else 0.0 for bar in ordered]
        pitch = min((box.height - apart - sum(above)) / len(ordered), 4 * space.pill_height)
        if pitch < _LEAST_PITCH * type_.body:
            most = int(len(ordered) * pitch / (_LEAST_PITCH * type_.body))
            raise DeckError(f"there are {len(ordered)} bars, of which {most} can be read at once; leave some out")
        self.names, self.bars, self.values = VGroup(), VGroup(), VGroup()
        self._spans: list[tuple[float, float]] = []
        top = box.top
        for bar, high in zip(ordered, above, strict=True):
            row = Box(bars.left, top - high - pitch, bars.right, top)
            self._add_bar(bar, names, row)
            top -= high + pitch + (apart if bar.baseline else 0.0)
        spans = self._spans if self._is_tall else [(box.top, top)]
        parts = [line((bars.left, above), (bars.left, below), palette.line, space.stroke) for above, below in spans]
        self.axis = parts[0] if len(parts) == 1 else VGroup(*parts)
        self.reference = VGroup()
        if baseline and others:
            x = bars.left + baseline[0].value * self.scale_by
            start = box.top - pitch * 0.86
            spans = self._spans[1:] if self._is_tall else [(start, top)]
            parts = [dashes((x, above), (x, below), palette.muted, space.stroke, space.hair) for above, below in spans]
            self.reference = parts[0] if len(parts) == 1 else VGroup(*parts)
        self.columns = Box(bars.left, top, bars.right, box.top)
        self.add(self.header, self.axis, self.reference, self.names, self.bars, self.values)

    @classmethod
    def of(cls, values: Mapping[str, float], unit: str, box: Box, theme: Theme) -> Self:
        """Bars of plain `values` in `unit`, by name; none is a baseline, and none claims anything."""
        bars = tuple(Bar(name, value) for name, value in values.items())
        return cls(Comparison("measured", bars, "", unit), box, theme)

    def settle(self, bottom: float) -> Self:
        """Move up or down so that what is left over, down to `bottom`, is above and below in equal parts."""
        return self.shift((0, (bottom - float(self.get_bottom()[1])) / 2, 0))

    def _names_width(self, bars: Sequence[Bar], box: Box) -> float:
        """What names take of `box`: as much as they need where nothing is assumed, with the distance to the bars."""
        most = box.width * _NAMES
        if any(bar.assumes for bar in bars):
            return most
        widest = max(label(bar.label, self.theme.type.body, self.theme.palette.ink).width for bar in bars)
        return min(float(widest) + self.theme.space.gap, most)

    def _lines(self, bar: Bar, names: Box) -> Any:
        """What `bar` assumes."""
        type_, muted = self.theme.type, self.theme.palette.muted
        return paragraph(bar.assumes, type_.small, muted, names.width, leading=1.75) if bar.assumes else VGroup()

    def _above(self, bar: Bar, names: Box) -> float:
        """What a bar's name takes, with what it assumes, over the bar."""
        type_ = self.theme.type
        return type_.body + len(self._lines(bar, names)) * type_.small * 1.75 + self.theme.space.near

    def _add_bar(self, bar: Bar, names: Box, row: Box) -> None:
        type_, space, palette = self.theme.type, self.theme.space, self.theme.palette
        color = palette.ink if not bar.baseline else palette.muted
        lines = self._lines(bar, names)
        block = type_.body + len(lines) * type_.small * 1.75
        if self._is_tall:
            under = Box(row.left, row.bottom, row.right, row.top - block - space.near)
            half = min(max(under.height * 0.23, 0.65 * type_.lead), 1.2 * space.pill_height)
            y = under.top - half - space.hair
            self._spans.append((under.top, y - half - space.hair))
        else:
            y, half = row.center[1], min(row.height * 0.33, 1.2 * space.pill_height)
            if block > row.height:
                said = f"{bar.assumes!r:.60} is more than can be read beside the bar {bar.label!r}"
                raise DeckError(f"{said}; shorten it")
        title = fitted(bar.label, type_.body, color, names.width, weight="SEMIBOLD" if bar.headline else "NORMAL")
        side, x, top = ("left", names.left, row.top) if self._is_tall else ("right", names.right, y + block / 2)
        title.at(x, top - type_.body, side)
        if len(lines):
            lines.at(x, top - type_.body - type_.small * 1.75, side)
        length = max(bar.value * self.scale_by, space.hair)
        spot = Box(row.left, y - half, row.left + length, y + half)
        number = self._number(bar)
        fits = number.width + 2 * space.gap <= length
        if bar.baseline:
            shape = VGroup(
                plain(spot, color=palette.line, stroke_width=space.thin),
                hatching(spot, space.near, palette.line, space.thin),
            )
            number.set_color(palette.ink)
            fits = False
        else:
            fill = palette.headline if bar.headline else palette.bar
            shape = VGroup(plain(spot, color=fill, fill_opacity=1, stroke_width=0))
        if fits:
            number.centered(spot.right - space.gap, y, "right")
        else:
            number.set_color(palette.ink).centered(spot.right + space.gap, y, "left")
        self.names.add(VGroup(title, *lines))
        self.bars.add(shape)
        self.values.add(number)

    def _number(self, bar: Bar) -> Any:
        color = self.theme.palette.on_fill
        return label(figure(bar.value, self.ratio), self.theme.type.lead, color, weight="BOLD", tabular=True)

    def appear(self) -> Any:
        """Axis, the baseline's line and names come."""
        lines = [FadeIn(part) for part in (self.header, self.reference, self.axis) if part.family_members_with_points()]
        return LaggedStart(*lines, *map(FadeIn, self.names), lag_ratio=self.theme.time.lag)

    def grow(self) -> Any:
        """The bars grow from the axis, one after another, each with its value."""
        lag = self.theme.time.handover
        growing = []
        for bar, value in zip(self.bars, self.values, strict=True):
            whole = bar.copy()
            # Too narrow to be seen before its turn comes.
            bar.stretch(1e-5, 0, about_edge=LEFT)
            growing.append(LaggedStart(Transform(bar, whole), FadeIn(value), lag_ratio=lag))
        return LaggedStart(*growing, lag_ratio=lag / 2)
