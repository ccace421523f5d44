"""The states of a request, side by side: Waiting Queue, Prefill, Decode (batched), Finished."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from manim import (
    PI,
    UP,
    AnimationGroup,
    Arc,
    FadeIn,
    FadeOut,
    GrowArrow,
    LaggedStart,
    ShowPassingFlash,
    VGroup,
)

from astrai_slides.deck.parts.shapes import arrow, rounded
from astrai_slides.deck.parts.text import TIGHT, broken, fitted, label, paragraph
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import SMALLEST_CAP, Theme
from astrai_slides.serving.parts.request import RequestPill
from astrai_slides.serving.roles import NAME_LEADING, STAGES_APART, state_color
from astrai_slides.serving.sim import State
from astrai_slides.serving.words.wording import Words

_STILL = 1e-6
_STACKED = 4.0
"""Times its height: in a box that is less wide stages are stacked."""
_CLEAR = 0.7
"""Of a hair, what an arrow between stages that are stacked leaves at its ends: the frame of Decode is less wide."""
_STROKES_A_UNIT = 100
"""Stroke widths of one that are as wide as a unit of the scene, as manim draws them."""
_WIDEST_GAP = 0.05
"""Of the width, what is between stages that stand side by side."""


class Stage(VGroup):
    """One state: a box with its name, in `lines`, and room for requests under it, or beside a name `beside` wide."""

    def __init__(
        self,
        title: str,
        color: str,
        box: Box,
        pill_width: float,
        theme: Theme,
        lines: int = 1,
        beside: float | None = None,
    ) -> None:
        space, body = theme.space, theme.type.body
        self.box = box
        self.color_name = color
        frame = rounded(box, space.radius, color=color, stroke_width=space.stroke)
        frame.set_fill(color, opacity=space.tint)
        if beside is None:
            width, first = box.width - 2 * space.pad, box.top - space.pad - space.hair - body
            more = (lines - 1) * NAME_LEADING * body
            name: Any = (
                fitted(title, body, color, width, weight="SEMIBOLD")
                if lines == 1
                else paragraph(title, body, color, width, leading=NAME_LEADING, weight="SEMIBOLD")
            )
            # a name of fewer lines stands in the middle of the room for all
            shorter = (lines - (len(name) if lines > 1 else 1)) * NAME_LEADING * body / 2
            name.at(box.center[0], first - shorter, "center")
            _, self._room = box.cut_top(body + more + 2 * space.pad + space.hair)
        else:
            name = fitted(title, theme.type.small, color, beside, weight="SEMIBOLD")
            name.centered(box.left + space.pad, box.center[1], "left")
            _, self._room = box.cut_left(space.pad + beside)
        super().__init__(frame, name)
        self._rows = 2 if beside is None else 1
        self._pill_width = pill_width
        self._pitch_x = pill_width + space.near * 0.75
        self._near = space.near
        self._pitch_y = space.pill_height + space.near * 0.75

    def places(self, count: int, room_for: int = 0) -> list[tuple[float, float, float]]:
        """Centres for `count` requests, in order: one row, or two where one is too short and there is room for two.

        With `room_for`, as many would keep the places that they have, and nobody moves up when one comes.
        Raises DeckError for more rows.
        """
        if room_for > count:
            return self.places(room_for)[:count]
        # The outermost pills may come closer to the frame than to each other.
        across = max(int((self._room.width - self._pill_width - self._near) / self._pitch_x) + 1, 1)
        rows = 1 if count <= across else self._rows
        first = -(-count // rows)
        if first > across:
            raise DeckError(
                f"names of {count} requests do not fit side by side on the slide; give shorter ones, or none, which are"
                " R1, R2 and so on"
            )
        x, y, _ = self._room.center
        places = []
        for index in range(count):
            row, column = divmod(index, first)
            in_row = first if row == 0 else count - first
            places.append(
                (x + (column - (in_row - 1) / 2) * self._pitch_x, y + ((rows - 1) / 2 - row) * self._pitch_y, 0.0)
            )
        return places


class StageRow(VGroup):
    """The four stages with the arrows that requests move along, and decode's loop on itself.

    They stand side by side, or under each other in a box that is not much wider than high.
    """

    def __init__(self, box: Box, pill_width: float, theme: Theme, words: Words) -> None:
        space = theme.space
        self._is_stacked = box.width < _STACKED * box.height
        self.theme = theme
        beside, lines = None, 1
        if self._is_stacked:
            boxes = box.rows(len(State), STAGES_APART * space.gap)
            names = [
                label(name, theme.type.small, theme.palette.ink, weight="SEMIBOLD") for name in words.STATES.values()
            ]
            beside = min(max(name.width for name in names), box.width / 2)
        else:
            boxes = self._side_by_side(box, theme)
            lines = self.name_lines(box, theme, words)
        self.stages = {
            state: Stage(words.STATES[state], state_color(state, theme), part, pill_width, theme, lines, beside)
            for state, part in zip(State, boxes, strict=True)
        }
        self.arrows = VGroup(*(self._arrow(one, next_one) for one, next_one in itertools.pairwise(boxes)))
        super().__init__(*self.stages.values(), self.arrows)

    @staticmethod
    def _side_by_side(box: Box, theme: Theme) -> list[Box]:
        return box.columns(len(State), min(2.3 * theme.space.gap, _WIDEST_GAP * box.width))

    @classmethod
    def name_lines(cls, box: Box, theme: Theme, words: Words) -> int:
        """How many lines the names of stages need that stand side by side from left to right of `box`."""
        body, color = theme.type.body, theme.palette.ink
        room = cls._side_by_side(box, theme)[0].width - 2 * theme.space.pad
        names = [label(name, body, color, weight="SEMIBOLD") for name in words.STATES.values()]
        if all(name.width * SMALLEST_CAP <= room * body * TIGHT for name in names):
            return 1  # a little smaller they fit
        return max(len(broken(name, body, room, weight="SEMIBOLD")) for name in words.STATES.values())

    def _arrow(self, one: Box, next_one: Box) -> Any:
        if not self._is_stacked:
            near = self.theme.space.near
            return arrow((one.right + near, one.center[1]), (next_one.left - near, next_one.center[1]), self.theme)
        near, x = _CLEAR * self.theme.space.hair, one.center[0]
        return arrow((x, one.bottom - near), (x, next_one.top + near), self.theme)

    def __getitem__(self, state: State) -> Stage:  # type: ignore[override]
        return self.stages[state]

    @property
    def decode_ring(self) -> Any:
        """A frame around the whole Decode stage: clear of its box, or where stages are stacked its line made wider."""
        space = self.theme.space
        out = space.stroke / _STROKES_A_UNIT / 2 if self._is_stacked else space.hair
        box = self[State.DECODE].box.inset(-out, -out)
        color = state_color(State.DECODE, self.theme)
        return rounded(box, space.radius + out, color=color, stroke_width=space.strong)

    @property
    def self_loop(self) -> Any:
        """The edge that decode drives: from Decode back to Decode, under its box."""
        box = self[State.DECODE].box
        space = self.theme.space
        radius, x, tip = box.width / 9, box.center[0], space.near
        if self._is_stacked:
            # beside the arrow down, between the two boxes
            radius, x, tip = STAGES_APART * space.gap / 3, box.left + 0.75 * box.width, space.hair
        center = (x, box.bottom - space.hair, 0)
        loop = Arc(radius, 0, -PI, arc_center=center, color=self.theme.palette.line, stroke_width=space.stroke + 0.5)
        loop.add_tip(tip_length=tip, tip_width=tip)
        return loop

    def check_room(self, count: int) -> None:
        """Raise DeckError if `count` requests, which may all be in one stage, do not fit there."""
        for stage in self.stages.values():
            stage.places(count)

    def edge(self, index: int) -> Any:
        """The arrow after the `index`-th stage."""
        return self.arrows[index]

    def appear(self) -> Any:
        """Stages and arrows come one after another, from left to right."""
        time = self.theme.time
        coming: list[Any] = []
        for index, stage in enumerate(self.stages.values()):
            coming.append(FadeIn(stage, shift=UP * self.theme.space.near))
            if index < len(self.arrows):
                coming.append(GrowArrow(self.arrows[index]))  # type: ignore[arg-type]
        return LaggedStart(*coming, lag_ratio=time.lag, run_time=2 * time.move)

    def leave(self) -> Any:
        """All but the Waiting Queue go."""
        return FadeOut(VGroup(*list(self.stages.values())[1:], self.arrows))

    def arrive(self) -> Any:
        """All but the Waiting Queue come."""
        return FadeIn(VGroup(*list(self.stages.values())[1:], self.arrows))

    def move(
        self, pills: Mapping[str, RequestPill], states: Mapping[State, Sequence[str]], *, keep: bool = False
    ) -> list[Any]:
        """Animations that take the requests to their stages; none for those that stay where they are.

        With `keep`, finished requests keep their places when others come.
        """
        places = self._places(states, len(pills) if keep else 0)
        return [
            pills[name].animate.move_to(place)
            for name, place in places.items()
            if np.abs(pills[name].get_center() - place).max() > _STILL
        ]

    def place(self, pills: Mapping[str, RequestPill], states: Mapping[State, Sequence[str]]) -> None:
        """Put the requests into their stages, off screen."""
        for name, place in self._places(states, 0).items():
            pills[name].move_to(place)

    def _places(self, states: Mapping[State, Sequence[str]], finished: int) -> dict[str, tuple[float, float, float]]:
        """Where the requests go, by name, with room for `finished` of them in Finished."""
        return {
            name: place
            for state, names in states.items()
            for name, place in zip(
                names, self[state].places(len(names), finished if state is State.FINISHED else 0), strict=True
            )
        }


def flash(edge: Any, color: str, theme: Theme) -> Any:
    """Light runs along `edge`, which takes the colour."""
    lit = edge.copy()
    lit.pop_tips()
    lit.set_stroke(color, width=theme.space.strong)
    return AnimationGroup(edge.animate.set_color(color), ShowPassingFlash(lit, time_width=1.0))
