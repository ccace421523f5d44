"""The flow step: one timeline at a time, played turn by turn on stages, grid, clock and counters together."""

from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from manim import AnimationGroup, FadeIn, FadeOut, LaggedStart, VGroup

from astrai_slides.deck.parts.counters import Counter, Sentence
from astrai_slides.deck.parts.shapes import dashes, line
from astrai_slides.deck.parts.text import broken, label
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import Theme
from astrai_slides.serving.parts.clock import LoopClock
from astrai_slides.serving.parts.grid import GridPlan, SlotGrid, grid_legend, legend_rows, name_key
from astrai_slides.serving.parts.request import RequestPill
from astrai_slides.serving.parts.stages import StageRow
from astrai_slides.serving.roles import FASTEST_TURN, state_color
from astrai_slides.serving.sim import State, Timeline, states_at
from astrai_slides.serving.words.wording import Words

_CLOSE = 1.75
"""Distance of baselines of the legend's rows, and in a panel with little room, in cap heights."""
_TALL = 1.5
"""Times its height: in a box that is less wide the panel is under the grids."""
_NARROW = 3.0
"""Scene units: in a narrower panel its parts stand closer."""
_NARROWEST = 2.65
"""Scene units: a panel is not narrower where it stands beside the grids."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Turns `first` to `last` (from 1), shown in one move of `seconds`."""

    first: int
    last: int
    seconds: float


def beats(turns: int, seconds: float) -> list[Beat]:
    """`turns` turns of `seconds` each: one a beat, or several where single ones would be too quick to follow."""
    together = max(ceil(FASTEST_TURN / seconds), 1)
    firsts = range(1, turns + 1, together)
    return [Beat(first, min(first + together - 1, turns), turns * seconds / len(firsts)) for first in firsts]


class FlowPanel:
    """Clock and counters beside the grid, or under it, and a sentence about the turn."""

    def __init__(self, box: Box, theme: Theme, words: Words) -> None:
        type_, space = theme.type, theme.space
        self.words = words
        radius = (type_.figure + type_.small * 2.1 + space.near) / 2
        if box.width > 2 * box.height:
            self._lie(box, radius, theme)
            return
        self.clock = LoopClock((box.left + radius, box.top - radius), radius, theme)
        beside = box.left + 2 * radius + space.gap
        first = box.top - type_.figure - space.hair
        self.turn = Counter(beside, first, box.right - beside, type_.figure, theme)
        second = box.top - 2 * radius - 2 * space.gap - type_.figure
        third = second - type_.small * 2.1 - 2.4 * space.gap
        if box.width < _NARROW:
            # the words under a figure may have two lines, and a sentence three: closer ones, where a footer takes room
            for leading in (type_.leading, _CLOSE):
                theme = replace(theme, type=replace(type_, leading=leading))
                gap = space.gap * leading / type_.leading
                second = first - 2 * type_.small * leading - gap - type_.figure
                third = second - type_.small * leading - 1.6 * gap
                if third - 2 * type_.body * leading >= box.bottom:
                    break
        self.useful = Counter(box.left, second, box.width, type_.figure, theme)
        self.sentence = Sentence(box.left, third, box.width, theme)
        self.result = Counter(box.left, first, box.width, type_.figure * 1.2, theme)

    def _lie(self, box: Box, radius: float, theme: Theme) -> None:
        """Clock and counters side by side, the sentence under them."""
        type_, space = theme.type, theme.space
        self.clock = LoopClock((box.left + radius, box.top - radius), radius, theme)
        first, half = box.top - type_.figure - space.hair, box.width / 2
        beside = box.left + 2 * radius + space.gap
        self.turn = Counter(beside, first, box.center[0] - beside, type_.figure, theme)
        self.useful = Counter(box.center[0], first, half, type_.figure, theme)
        self.result = Counter(box.left, first, half - space.gap, type_.figure, theme)
        # the words under a figure may have two lines
        words = first - 2 * type_.small * type_.leading - space.gap - type_.body
        self.sentence = Sentence(box.left, words, box.width, theme)

    @staticmethod
    def height(theme: Theme) -> float:
        """What it takes where it lies: figures with two lines of words under them, and two lines of a sentence."""
        type_, space = theme.type, theme.space
        figures = type_.figure + space.hair + 2 * type_.small * type_.leading
        return figures + space.gap + type_.body * (1 + type_.leading)

    def show(self, timeline: Timeline, turn: int) -> list[Any]:
        """Animations that turn everything to `turn` of `timeline`."""
        useful = sum(t.useful for t in timeline.turns[:turn])
        total = timeline.slots * turn
        return [
            *self.turn.change(str(turn), self.words.TURN),
            *self.useful.change(f"{useful} / {total}", self.words.useful_cells(useful / total)),
            *self.sentence.change(self.words.turn_sentence(timeline, turn)),
        ]

    def conclude(self, static: Timeline, continuous: Timeline) -> list[Any]:
        """Animations that put the comparison in place of clock and turn."""
        before, after = len(static.turns), len(continuous.turns)
        return [
            FadeOut(self.clock),
            self.turn.leave(),
            *self.result.change(f"{before} → {after}", self.words.toy_speedup(before, after)),
            *self.useful.change(
                f"{continuous.useful_cells} / {continuous.total_cells}",
                self.words.occupancy_change(static, continuous),
            ),
            *self.sentence.change(self.words.conclusion(static, continuous)),
        ]

    def everything(self) -> VGroup:
        """All that is on screen at the end."""
        return VGroup(self.useful.shown, self.sentence.shown, self.result.shown)


class FlowPicture:
    """Both policies over the same requests, to one scale, in `box`; static first, then continuous under it.

    The legend ends at `legend_at`, or is at the foot of the grids. In a box that is not much wider than high clock and
    counters are under the grids.
    """

    def __init__(
        self,
        static: Timeline,
        continuous: Timeline,
        stages: StageRow,
        pills: dict[str, RequestPill],
        box: Box,
        legend_at: tuple[float, float] | None,
        theme: Theme,
        words: Words,
    ) -> None:
        type_, space = theme.type, theme.space
        self.words = words
        self.theme, self.stages, self.pills = theme, stages, pills
        self.static, self.continuous = static, continuous
        if is_tall := box.width < _TALL * box.height:
            area, panel = box.cut_top(box.height - FlowPanel.height(theme) - space.gap)
            panel = Box(panel.left, panel.bottom, panel.right, panel.top - space.gap)
        else:
            area, panel = box.cut_left(min(box.width * 0.735, box.width - _NARROWEST - space.gap))
            panel = Box(panel.left + space.gap, panel.bottom, panel.right, panel.top)
        self.panel = FlowPanel(panel, theme, words)
        if legend_at is not None:
            self.legend = grid_legend(*legend_at, theme, words)
        else:
            self.legend, area = self._legend_under(area)
        bottom = area.bottom
        right = area.right if is_tall else area.right - space.gap
        plan = GridPlan.for_timelines([static, continuous], area.left, right, theme, words)
        header = type_.small + 1.3 * space.near
        room = (area.height - 2 * header - space.gap) / (2 * static.slots)
        # Rows of both policies are of one height, as they are to be compared.
        compact = header + static.slots * min(room, 3 * space.pill_height)
        split = area.top - compact
        self.large = SlotGrid(static, plan, area.top, self._bottom(area.top, bottom, static.slots), theme, words)
        self.small = SlotGrid(static, plan, area.top, split, theme, words)
        top = split - space.gap
        self.grid = SlotGrid(continuous, plan, top, top - compact, theme, words, numbers=False)
        self.key = self._key(plan.column(1)[0], top - type_.small / 2)
        self.plan = plan
        self.bracket = self._bracket()

    def _legend_under(self, area: Box) -> tuple[VGroup, Box]:
        """The legend at the foot of `area`, and what is left over it."""
        type_, space = self.theme.type, self.theme.space
        rows = legend_rows(area.width, self.theme, self.words)
        for number, row in enumerate(reversed(rows)):
            row.shift((area.left, area.bottom + number * type_.small * _CLOSE, 0))
        high = type_.small + (len(rows) - 1) * type_.small * _CLOSE
        return VGroup(*rows), area.above(area.bottom + high + space.gap)

    def _bottom(self, top: float, bottom: float, slots: int) -> float:
        """Rows are not taller than they need to be."""
        header = self.theme.type.small + 1.3 * self.theme.space.near
        return max(bottom, top - header - slots * 3 * self.theme.space.pill_height)

    def _key(self, left: float, y: float) -> VGroup:
        """Names of those that have none in one of the grids, above the second."""
        nameless = [*self.small.unnamed, *self.grid.unnamed]
        requests = [request for request in self.static.requests if request in nameless]
        colors = {name: pill.color_name for name, pill in self.pills.items()}
        return name_key(requests, colors, left, y, self.theme)

    def enter(self) -> list[Any]:
        """Grid and panel come, empty."""
        return [self.large.labels_appear(), FadeIn(self.panel.clock), FadeIn(self.legend)]

    def beat(self, timeline: Timeline, beat: Beat) -> Any:
        """One animation for a beat: requests move, then the grid's column and the counters follow; the hand turns."""
        grid = self.large if timeline is self.static else self.grid
        moves = self.stages.move(self.pills, states_at(timeline, beat.last), keep=True)
        if beat.first == 1:
            self.frame = grid.frame
            moves.append(FadeIn(self.frame))
        if beat.last > 1:
            moves.append(grid.focus(self.frame, beat.last))
        after = [grid.show(beat.first, beat.last), *self.panel.show(timeline, beat.last)]
        told = LaggedStart(AnimationGroup(*moves), AnimationGroup(*after), lag_ratio=0.6)
        return AnimationGroup(told, self.panel.clock.turn(), run_time=beat.seconds)

    def finish(self, timeline: Timeline) -> list[Any]:
        """The last cleanup: who ended in the last turn leaves; no turn is in play any more."""
        moves = self.stages.move(self.pills, states_at(timeline, len(timeline.turns) + 1), keep=True)
        return [*moves, FadeOut(self.frame)]

    def restart(self) -> list[Any]:
        """Static moves up, small, and the same requests wait again."""
        moves = self.stages.move(self.pills, states_at(self.continuous, 0))
        key = [FadeIn(self.key)] if len(self.key) else []
        return [self.large.shrink_to(self.small), self.grid.labels_appear(), *key, *moves]

    def compare(self) -> list[Any]:
        """The bracket over the turns that continuous batching does not need, and the figures."""
        bracket = [FadeIn(self.bracket)] if len(self.bracket) else []
        return [*bracket, *self.panel.conclude(self.static, self.continuous)]

    def _bracket(self) -> VGroup:
        """From where continuous ends to where static ends, in the empty part of the continuous rows."""
        saved = len(self.static.turns) - len(self.continuous.turns)
        if saved <= 0:
            return VGroup()
        space, palette, type_ = self.theme.space, self.theme.palette, self.theme.type
        color = state_color(State.DECODE, self.theme)
        left = self.plan.column(len(self.continuous.turns))[1] + space.hair
        right = self.plan.column(len(self.static.turns))[1]
        y = (self.grid.rows[0].top + self.grid.rows[-1].bottom) / 2
        tick = space.near
        sides = [line((x, y - tick), (x, y + tick), color, space.stroke) for x in (left, right)]
        bar = line((left, y), (right, y), color, space.stroke)
        guide = dashes((right, self.small.rows[-1].bottom), (right, y + tick), palette.muted, space.thin, space.hair)
        bracket = VGroup(bar, *sides, guide)
        said = self.words.saved(saved)
        told = [label(said, type_.body, color, weight="SEMIBOLD")]
        if told[0].width >= right - left:
            told = [
                label(text, type_.small, color, weight="SEMIBOLD")
                for text in broken(said, type_.small, right - left, weight="SEMIBOLD")
            ]
        bottom = y + tick + space.near + (len(told) - 1) * type_.leading * type_.small
        has_room = len(told) == 1 or bottom + type_.small <= self.small.rows[-1].bottom
        # else the panel beside tells both numbers
        if has_room and all(text.width < right - left for text in told):
            for number, text in enumerate(told):
                height = bottom - number * type_.leading * type_.small
                bracket.add(text.at((left + right) / 2, height, "center"))
        return bracket

    def everything(self) -> VGroup:
        """All that is on screen at the end."""
        return VGroup(self.large, self.grid, self.legend, self.bracket, self.key, self.panel.everything())
