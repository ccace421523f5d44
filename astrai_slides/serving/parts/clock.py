"""The generation loop as a clock: cleanup and refill are thin, prefill and decode wide."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from manim import DEGREES, PI, AnnularSector, FadeIn, LaggedStart, Rotate, Triangle, VGroup, linear

from astrai_slides.deck.parts.text import label
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
_WIDEST = 0.15
"""Of the room's width, that the radius may take."""


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


def phase_captions(clock: LoopClock, theme: Theme, words: Words) -> VGroup:
    """Name and task of every phase, beside its mark: two on the left, two on the right, aligned in rows."""
    type_ = theme.type
    reach = clock.radius + 2.2 * theme.space.gap
    captions = VGroup()
    for index, (phase, degrees) in enumerate(LOOP.items()):
        told = words.PHASES[phase]
        side = 1 if clock.mark_direction(index)[0] > 0 else -1
        align = "left" if side > 0 else "right"
        x = clock.center_point[0] + side * reach
        top = clock.center_point[1] + (clock.radius - type_.body if degrees < 90 else -clock.radius * 0.2)
        name = label(told.name, type_.lead, loop_color(phase, theme), weight="SEMIBOLD").at(x, top, align)
        does = [
            label(line, type_.small, theme.palette.ink).at(
                x, top - type_.lead * 1.75 - row * type_.small * type_.leading, align
            )
            for row, line in enumerate(told.does)
        ]
        captions.add(VGroup(name, *does))
    return captions


def dial_name(clock: LoopClock, words: Sequence[str], theme: Theme) -> VGroup:
    """A few words set in the middle of the dial, one a line."""
    type_ = theme.type
    x, y = clock.center_point[:2]
    leading = type_.small * 1.7
    top = y + (len(words) - 1) / 2 * leading
    return VGroup(
        *(
            label(word, type_.small, theme.palette.muted).centered(x, top - row * leading)
            for row, word in enumerate(words)
        )
    )
