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
from astrai_slides.deck.parts.text import fitted
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.parts.request import RequestPill
from astrai_slides.serving.roles import state_color
from astrai_slides.serving.sim import State
from astrai_slides.serving.words.wording import Words

_STILL = 1e-6


class Stage(VGroup):
    """One state: a box with its name and room for requests."""

    def __init__(self, title: str, color: str, box: Box, pill_width: float, theme: Theme) -> None:
        space = theme.space
        self.box = box
        self.color_name = color
        frame = rounded(box, space.radius, color=color, stroke_width=space.stroke)
        frame.set_fill(color, opacity=space.tint)
        name = fitted(title, theme.type.body, color, box.width - 2 * space.pad, weight="SEMIBOLD")
        name.at(box.center[0], box.top - space.pad - space.hair - theme.type.body, "center")
        super().__init__(frame, name)
        _, self._room = box.cut_top(theme.type.body + 2 * space.pad + space.hair)
        self._pill_width = pill_width
        self._pitch_x = pill_width + space.near * 0.75
        self._near = space.near
        self._pitch_y = space.pill_height + space.near * 0.75

    def places(self, count: int, room_for: int = 0) -> list[tuple[float, float, float]]:
        """Centres for `count` requests, in order: one row, or two where one is too short.

        With `room_for`, as many would keep the places that they have, and nobody moves up when one comes.
        Raises DeckError for more than two rows.
        """
        if room_for > count:
            return self.places(room_for)[:count]
        # The outermost pills may come closer to the frame than to each other.
        across = max(int((self._room.width - self._pill_width - self._near) / self._pitch_x) + 1, 1)
        rows = 1 if count <= across else 2
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
    """The four stages with the arrows that requests move along, and decode's loop on itself."""

    def __init__(self, box: Box, pill_width: float, theme: Theme, words: Words) -> None:
        space = theme.space
        gap = 2.3 * space.gap
        boxes = box.columns(len(State), gap)
        self.theme = theme
        self.stages = {
            state: Stage(words.STATES[state], state_color(state, theme), part, pill_width, theme)
            for state, part in zip(State, boxes, strict=True)
        }
        self.arrows = VGroup(
            *(
                arrow((left.right + space.near, left.center[1]), (right.left - space.near, right.center[1]), theme)
                for left, right in itertools.pairwise(boxes)
            )
        )
        super().__init__(*self.stages.values(), self.arrows)

    def __getitem__(self, state: State) -> Stage:  # type: ignore[override]
        return self.stages[state]

    @property
    def decode_ring(self) -> Any:
        """A frame around the whole Decode stage, clear of its box."""
        space = self.theme.space
        box = self[State.DECODE].box.inset(-space.hair, -space.hair)
        color = state_color(State.DECODE, self.theme)
        return rounded(box, space.radius + space.hair, color=color, stroke_width=space.strong)

    @property
    def self_loop(self) -> Any:
        """The edge that decode drives: from Decode back to Decode, under its box."""
        box = self[State.DECODE].box
        space = self.theme.space
        radius = box.width / 9
        center = (box.center[0], box.bottom - space.hair, 0)
        loop = Arc(radius, 0, -PI, arc_center=center, color=self.theme.palette.line, stroke_width=space.stroke + 0.5)
        loop.add_tip(tip_length=space.near, tip_width=space.near)
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
