"""The generation loop as a clock: cleanup and refill are thin, prefill and decode wide."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from manim import DEGREES, PI, AnnularSector, FadeIn, LaggedStart, Rotate, Triangle, VGroup, linear

from astrai_slides.deck.parts.text import Align, broken, label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.roles import loop_color
from astrai_slides.serving.sim import LoopPhase
from astrai_slides.serving.words.wording import Words

LOOP: Mapping[LoopPhase, float] = {
    LoopPhase.CLEANUP: 32,
    LoopPhase.REFILL: 32,
    LoopPhase.PREFILL: 148,
    LoopPhase.DECODE: 148,
}
"""The loop once around, clockwise, and the degrees of the dial that each phase takes; cleanup ends at the top."""

_DEGREES = tuple(LOOP.values())
_GAP = 3.0
_CLOSE = 1.75
"""Distance of baselines of captions under each other, in cap heights."""
_WIDEST = 0.14
"""Of the room's width, that the radius may take."""
_INSIDE = 0.5
"""Of the radius, up to which the hand leaves the dial free."""
_BESIDE = 1.5
"""Times its height: in a room that is less wide all captions stand on the right of the dial."""

_Caption = list[tuple[Any, float, float]]
"""Lines, each with how far below the first line the second is, and how far below the second this one."""


class LoopClock(VGroup):
    """A dial with a mark for each phase and one hand."""

    def __init__(self, center: tuple[float, float], radius: float, theme: Theme) -> None:
        self.theme = theme
        self.center_point = np.array((*center, 0.0))
        self.radius = radius
        angle = _DEGREES[0]
        marks = []
        for phase, degrees in LOOP.items():
            marks.append(
                AnnularSector(
                    inner_radius=radius * 0.76,
                    outer_radius=radius,
                    angle=-(degrees - _GAP) * DEGREES,
                    start_angle=PI / 2 + (angle - _GAP / 2) * DEGREES,
                    arc_center=self.center_point,
                    color=loop_color(phase, theme),
                    fill_opacity=1,
                    stroke_width=0,
                )
            )
            angle -= degrees
        self.marks = VGroup(*marks)
        hand = Triangle(color=theme.palette.ink, fill_opacity=1, stroke_width=0)
        hand.stretch_to_fit_width(radius * 0.2).stretch_to_fit_height(radius * 0.22)
        hand.move_to(self.center_point + np.array((0, radius * 0.62, 0)))
        self.hand = hand.rotate(_DEGREES[0] * DEGREES, about_point=self.center_point)
        super().__init__(self.marks, self.hand)

    @classmethod
    def in_box(cls, box: Box, theme: Theme) -> "LoopClock":
        """As large as `box` allows, leaving room above for the edge that decode drives, and for words beside it."""
        if box.width < _BESIDE * box.height:
            radius = min(box.height / 2, box.width * _WIDEST)
            return cls((box.left + radius, box.center[1]), radius, theme)
        top = box.top - theme.space.gap
        radius = min((top - box.bottom) / 2, box.width * _WIDEST)
        return cls((box.center[0], top - radius), radius, theme)

    def color_of(self, index: int) -> str:
        """Colour of the `index`-th phase."""
        return loop_color(tuple(LOOP)[index], self.theme)

    def mark_direction(self, index: int) -> Any:
        """Unit vector from the centre to the middle of a phase's mark."""
        passed = sum(_DEGREES[:index]) + _DEGREES[index] / 2
        angle = PI / 2 + (_DEGREES[0] - passed) * DEGREES
        return np.array((np.cos(angle), np.sin(angle), 0.0))

    def appear(self) -> Any:
        """Marks come one by one, clockwise, then the hand."""
        return LaggedStart(*map(FadeIn, self.marks), FadeIn(self.hand), lag_ratio=self.theme.time.lag)

    def pass_phase(self, index: int) -> Any:
        """The hand goes over one phase."""
        return Rotate(self.hand, -_DEGREES[index] * DEGREES, about_point=self.center_point, rate_func=linear)

    def turn(self) -> Any:
        """The hand goes around once."""
        return Rotate(self.hand, -2 * PI, about_point=self.center_point)


def phase_captions(clock: LoopClock, box: Box, theme: Theme, words: Words) -> VGroup:
    """Name and task of every phase, beside its mark: two on the left, two on the right, aligned in rows.

    `box` is the room of both; where it is narrow, all are on the right, in the order of the loop.
    """
    if box.width < _BESIDE * box.height:
        return _captions_under_each_other(clock, box, theme, words)
    type_ = theme.type
    reach = clock.radius + 2.2 * theme.space.gap
    captions = VGroup()
    ends = {-1: np.inf, 1: np.inf}
    for index, (phase, degrees) in enumerate(LOOP.items()):
        side = 1 if clock.mark_direction(index)[0] > 0 else -1
        align: Align = "left" if side > 0 else "right"
        x = clock.center_point[0] + side * reach
        top = clock.center_point[1] + (clock.radius - type_.body if degrees < 90 else -clock.radius * 0.2)
        lines = _task(words.PHASES[phase].does, box.width / 2 - reach, theme)
        # the one below keeps off the one above, which may need more lines in a narrow room
        top = min(top, ends[side] - theme.space.gap - type_.lead)
        caption = _caption(phase, lines, type_.leading, theme, words)
        ends[side] = _place(caption, x, top, align)
        captions.add(VGroup(*(line for line, *_ in caption)))
    return captions


def _captions_under_each_other(clock: LoopClock, box: Box, theme: Theme, words: Words) -> VGroup:
    x = clock.center_point[0] + clock.radius + 1.5 * theme.space.gap
    all_lines = [_task(words.PHASES[phase].does, box.right - x, theme) for phase in LOOP]
    captions = [_caption(phase, lines, _CLOSE, theme, words) for phase, lines in zip(LOOP, all_lines, strict=True)]
    lead = theme.type.lead
    high = sum(lead - _place(caption, x, 0.0, "left") for caption in captions)
    apart = min((box.height - high) / len(captions), 1.5 * theme.space.gap)
    top = box.center[1] + (high + apart * (len(captions) - 1)) / 2
    placed = VGroup()
    for caption in captions:
        top = _place(caption, x, top - lead, "left") - apart
        placed.add(VGroup(*(line for line, *_ in caption)))
    return placed


def _place(caption: _Caption, x: float, top: float, align: Align) -> float:
    """Put the name's baseline at `top`; returns the baseline of the last line."""
    for line, first, more in caption:
        line.at(x, top - first - more, align)
    return top - caption[-1][1] - caption[-1][2]


def _task(lines: Sequence[str], width: float, theme: Theme) -> Sequence[str]:
    """`lines` as they are where they fit, else broken to `width`."""
    if all(label(line, theme.type.small, theme.palette.ink).width <= width for line in lines):
        return lines
    sentence = "".join(f"{line} " if line.isascii() else line for line in lines)
    return broken(sentence, theme.type.small, width)


def _caption(phase: LoopPhase, lines: Sequence[str], leading: float, theme: Theme, words: Words) -> _Caption:
    """The name of a phase, and what it does under it."""
    type_ = theme.type
    name = label(words.PHASES[phase].name, type_.lead, loop_color(phase, theme), weight="SEMIBOLD")
    first = 1.75 if leading > _CLOSE else 1.45
    does = [
        (label(line, type_.small, theme.palette.ink), type_.lead * first, row * type_.small * leading)
        for row, line in enumerate(lines)
    ]
    return [(name, 0.0, 0.0), *does]


def dial_name(clock: LoopClock, words: Sequence[str], theme: Theme) -> VGroup:
    """A few words set in the middle of the dial, one a line; under a dial that is too small for them."""
    type_ = theme.type
    x, y = clock.center_point[:2]
    leading = type_.small * 1.7
    set_words = [label(word, type_.small, theme.palette.muted) for word in words]
    half = (len(words) - 1) / 2 * leading
    fits = all(
        np.hypot(word.width / 2, abs(half - row * leading) + type_.small / 2) <= _INSIDE * clock.radius
        for row, word in enumerate(set_words)
    )
    top = y + half if fits else y - clock.radius - theme.space.gap - type_.small / 2
    return VGroup(*(word.centered(x, top - row * leading) for row, word in enumerate(set_words)))
