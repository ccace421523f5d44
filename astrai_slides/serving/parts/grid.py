"""The slot grid: what every slot did in every turn, drawn from a timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from manim import AnimationGroup, FadeIn, Transform, VGroup, VMobject

from astrai_slides.deck.parts.shapes import hatching, plain, rounded
from astrai_slides.deck.parts.text import label
from astrai_slides.errors import DeckError
from astrai_slides.look.layout import Box
from astrai_slides.look.theme import SMALLEST_CAP, Theme
from astrai_slides.serving.parts.request import name_width
from astrai_slides.serving.roles import end_color, request_color, state_color
from astrai_slides.serving.sim import Cell, Phase, Request, State, Timeline
from astrai_slides.serving.words.wording import Words

_STRIDES = (1, 2, 5, 10, 20, 50)
_NARROWEST = 0.06
"""Scene units: a column narrower than this (8 px at 1080p) no longer shows its end caps."""


_FOOT_SHARE = 0.33
"""Share of the height that a name leaves of its cell that the foot takes at most; the rest keeps the two apart."""


@dataclass(frozen=True, slots=True)
class GridPlan:
    """Geometry that grids to be compared share: cells of `columns` turns beside row labels."""

    left: float
    labels: float
    cell_width: float
    columns: int

    @classmethod
    def for_timelines(
        cls, timelines: list[Timeline], left: float, right: float, theme: Theme, words: Words
    ) -> "GridPlan":
        """Room for the longest of `timelines` from `left` to `right`.

        Raises DeckError when there are more turns than can be told apart.
        """
        labels = _label_width(theme, words)
        columns = max(len(timeline.turns) for timeline in timelines)
        width = (right - left - labels) / columns
        if width < _NARROWEST:
            most = int((right - left - labels) / _NARROWEST)
            raise DeckError(
                f"the toy workload takes {columns} turns, more than the {most} that a slide can show;"
                " use fewer requests, shorter outputs or more slots"
            )
        # Few turns do not make huge cells.
        return cls(left, labels, min(width, 2.2 * theme.space.pill_width), columns)

    def column(self, turn: int) -> tuple[float, float]:
        """Left and right of turn `turn` (from 1)."""
        left = self.left + self.labels + (turn - 1) * self.cell_width
        return left, left + self.cell_width

    @property
    def right(self) -> float:
        """Where the last column ends."""
        return self.column(self.columns)[1]


def _label_width(theme: Theme, words: Words) -> float:
    # The same for every policy, so that two grids may be compared; no digit is wider than 4.
    names = [*words.POLICIES.values(), words.slot(4)]
    return theme.space.gap + float(
        max(label(name, theme.type.small, theme.palette.ink, weight="SEMIBOLD").width for name in names)
    )


class SlotGrid(VGroup):
    """Slots as rows, turns as columns; a cell shows its request, prefill's foot and the cap that ends an answer.

    Hidden until `show` reveals it turn by turn. A request whose name is too wide for each of its cells has it once in
    its run of cells; `unnamed` are those whose run is too short even for that. Where columns are narrow, turn numbers
    skip.
    """

    def __init__(
        self,
        timeline: Timeline,
        plan: GridPlan,
        top: float,
        bottom: float,
        theme: Theme,
        words: Words,
        *,
        numbers: bool = True,
    ) -> None:
        super().__init__()
        self.timeline, self.plan, self.theme = timeline, plan, theme
        type_, space, palette = theme.type, theme.space, theme.palette
        header = type_.small + 1.3 * space.near
        self.policy = label(words.POLICIES[timeline.policy], type_.small, palette.ink, weight="SEMIBOLD")
        self.policy.at(plan.left, top - type_.small)
        rows = Box(plan.left, bottom, plan.right, top - header).rows(timeline.slots, 0.0)
        self.slot_labels = VGroup(
            *(
                label(words.slot(slot + 1), type_.small, palette.muted).centered(plan.left, row.center[1], "left")
                for slot, row in enumerate(rows)
            )
        )
        self.rows = rows
        self._name_cap = type_.small if rows[0].height > 2.4 * type_.small else SMALLEST_CAP
        self._colors = {r.name: request_color(i, theme) for i, r in enumerate(timeline.requests)}
        widest = max((name_width(r.name, theme) for r in timeline.requests), default=0.0)
        # Where names would not have room beside them, end caps are slim.
        self._cap_share = 1.0 if plan.cell_width >= widest + 4 * space.hair else 0.45
        # By the larger size for all grids, so that one may become another of the same timeline.
        widths = {name: float(label(name, type_.small, palette.on_fill, weight="BOLD").width) for name in self._colors}
        # R4 is a little wider than R1: names as long are set alike, all in their cells or none.
        self._name_widths = {
            name: max(width for other, width in widths.items() if len(other) == len(name)) for name in widths
        }
        self.unnamed: list[Request] = []
        self.numbers = VGroup(*(self._number(turn.number, top) for turn in timeline.turns)) if numbers else VGroup()
        self.columns = VGroup(*(self._column(index) for index in range(len(timeline.turns))))
        self.add(self.policy, self.slot_labels, self.numbers, self.columns)

    @property
    def frame(self) -> Any:
        """A frame around the first column, to be moved with `focus`."""
        return self._frame_at(1)

    def _frame_at(self, turn: int) -> Any:
        left, right = self.plan.column(turn)
        out = self.theme.space.hair / 2
        box = Box(left - out, self.rows[-1].bottom - out, right + out, self.rows[0].top + out)
        return rounded(
            box,
            self.theme.space.radius,
            color=state_color(State.DECODE, self.theme),
            stroke_width=self.theme.space.stroke,
        )

    def focus(self, frame: Any, turn: int) -> Any:
        """Animation that puts `frame` around turn `turn`."""
        return frame.animate.move_to(self._frame_at(turn))

    def labels_appear(self) -> Any:
        """The policy's name and the slots' names come."""
        return FadeIn(VGroup(self.policy, self.slot_labels))

    def show(self, first: int, last: int) -> Any:  # type: ignore[override]
        """Animation that reveals turns `first` to `last` (from 1)."""
        return FadeIn(VGroup(*(part for t in range(first - 1, last) for part in self._parts(t))))

    def _parts(self, index: int) -> list[Any]:
        return [self.columns[index], *([self.numbers[index]] if len(self.numbers) else [])]

    def shrink_to(self, other: "SlotGrid") -> Any:
        """Animation that makes this grid, revealed, look like `other`, of the same timeline and columns."""
        pairs = [(self.policy, other.policy), (self.slot_labels, other.slot_labels)]
        pairs += [(self.numbers, other.numbers), (self.columns, other.columns)]
        return AnimationGroup(*(Transform(one, two) for one, two in pairs if len(one)))

    def _number(self, number: int, top: float) -> Any:
        type_, palette = self.theme.type, self.theme.palette
        widest = label(str(len(self.timeline.turns)), type_.small, palette.muted, tabular=True).width
        fits = (s for s in _STRIDES if s * self.plan.cell_width >= widest + self.theme.space.near)
        stride = next(fits, _STRIDES[-1])
        if stride > 1 and number % stride and number != 1:
            return VMobject()
        if number == 1 and stride > 1 and (stride - 1) * self.plan.cell_width < widest + self.theme.space.near:
            return VMobject()
        left, right = self.plan.column(number)
        return label(str(number), type_.small, palette.muted, tabular=True).at(
            (left + right) / 2, top - type_.small, "center"
        )

    def _column(self, index: int) -> VGroup:
        turn = self.timeline.turns[index]
        return VGroup(
            *(
                self._idle(row, turn.number) if cell is None else self._cell(cell, slot, row, turn.number)
                for slot, (row, cell) in enumerate(zip(self.rows, turn.cells, strict=True))
            )
        )

    def _box(self, row: Box, turn: int) -> Box:
        left, right = self.plan.column(turn)
        gap_x = min(self.theme.space.hair, self.plan.cell_width * 0.12) / 2
        gap_y = min(self.theme.space.hair, row.height * 0.12) / 2
        return Box(left + gap_x, row.bottom + gap_y, right - gap_x, row.top - gap_y)

    def _idle(self, row: Box, turn: int) -> VGroup:
        space, palette = self.theme.space, self.theme.palette
        box = self._box(row, turn)
        spacing = max(min(1.6 * space.near, box.width), 1.2 * space.hair)
        if box.width < 2 * space.near:
            spacing = (box.width + box.height) / 2  # one line, as many narrow cells would flicker
        return VGroup(
            plain(box, color=palette.line, stroke_width=space.thin * 0.7),
            hatching(box, spacing, palette.line, space.thin * 0.7),
        )

    def _cell(self, cell: Cell, slot: int, row: Box, turn: int) -> VGroup:
        space, palette = self.theme.space, self.theme.palette
        box = self._box(row, turn)
        fill = box
        parts = []
        if cell.ends:
            width, gap = self._cap_size(box)
            fill = Box(box.left, box.bottom, box.right - width - gap, box.top)
            cap = Box(box.right - width, box.bottom, box.right, box.top)
            parts.append(plain(cap, color=end_color(self.theme), fill_opacity=1, stroke_width=0))
        color = self._colors[cell.request.name]
        parts.insert(0, rounded(fill, space.radius * 0.6, color=color, fill_opacity=1, stroke_width=0))
        foot = cell.phase is Phase.PREFILL
        if foot:
            parts.append(self._foot(fill))
        lift = self._lift(box) if foot else 0.0
        name = label(cell.request.name, self._name_cap, palette.on_fill, weight="BOLD")
        if self._name_widths[cell.request.name] <= box.width - sum(self._cap_size(box)) - space.hair / 2:
            parts.append(name.centered(fill.center[0], box.center[1] + lift))
        elif cell.ends:
            parts += self._run_name(cell.request, slot, box, turn)
        return VGroup(*parts)

    def _cap_size(self, box: Box) -> tuple[float, float]:
        """Width of the cap that ends an answer, and of the gap before it."""
        hair = self.theme.space.hair * self._cap_share
        return min(hair * 1.3, box.width * 0.3), min(hair * 0.6, box.width * 0.12)

    def _foot_size(self, box: Box) -> tuple[float, float]:
        """Height of the foot, and of what is under it."""
        beside = box.height - self._name_cap  # little, of a cell hardly higher than the name in it
        height = min(self.theme.space.hair * 0.9, box.height * 0.17, beside * _FOOT_SHARE)
        return height, height * 0.6

    def _lift(self, box: Box) -> float:
        """How far a name goes up to stand in the middle of what the foot leaves; tall cells have room enough."""
        used = sum(self._foot_size(box))
        text = self.theme.type.small
        return used / 2 if box.height < 2 * (used + text) else 0.0

    def _foot(self, box: Box) -> Any:
        # The dark edge keeps the foot apart from any request's colour.
        x = min(self.theme.space.hair, box.width * 0.12)
        height, y = self._foot_size(box)
        foot = Box(box.left + x, box.bottom + y, box.right - x, box.bottom + y + height)
        edge, fill = self.theme.palette.on_fill, state_color(State.PREFILL, self.theme)
        return rounded(foot, height / 2, color=edge, fill_color=fill, fill_opacity=1, stroke_width=1.5)

    def _run_name(self, request: Request, slot: int, box: Box, turn: int) -> list[Any]:
        """The name, once, in the middle of the cells of a request that ends in `turn`; `unnamed` if too wide.

        It keeps off the cell with the foot where the others have room for it.
        """
        run = [t for t in self.timeline.turns if (c := t.cells[slot]) is not None and c.request == request]
        boxes = [self._box(self.rows[slot], each.number) for each in run]
        boxes[-1] = Box(box.left, box.bottom, box.right - sum(self._cap_size(box)), box.top)
        name = label(request.name, self._name_cap, self.theme.palette.on_fill, weight="BOLD")
        begun = run[0].cells[slot]
        with_foot = begun is not None and begun.phase is Phase.PREFILL
        half = (self._name_widths[request.name] + self.theme.space.hair) / 2
        for first in (1, 0) if with_foot and len(boxes) > 1 else (0,):
            left, right = boxes[first].left, boxes[-1].right
            if 2 * half <= right - left + self.theme.space.hair / 2:
                x, over_foot = (left + right) / 2, with_foot and first == 0
                y = box.center[1] + (self._lift(box) if over_foot else 0.0)
                bridges = self._bridges(boxes, (x, y), half, request, with_foot=with_foot)
                # over the frame of a turn, which would run through the name
                return [part.set_z_index(1) for part in (*bridges, name.centered(x, y))]
        self.unnamed.append(request)
        return []

    def _bridges(
        self, boxes: Sequence[Box], at: tuple[float, float], half: float, request: Request, *, with_foot: bool
    ) -> list[Any]:
        """What fills the gaps between the cells of `request` under a name that is `half` as wide each way of `at`.

        It is no higher than the name needs, so that cells can be counted.
        """
        bridges = []
        high = self._name_cap / 2 + self.theme.space.hair / 4
        for number, (one, other) in enumerate(pairwise(boxes)):
            if one.right < at[0] + half and other.left > at[0] - half:
                corner = min(self.theme.space.radius, one.width / 2, other.width / 2)
                foot = sum(self._foot_size(one)) if with_foot and number == 0 else 0.0
                bottom, top = max(one.bottom + foot, at[1] - high), min(one.top, at[1] + high)
                gap = Box(one.right - corner, bottom, other.left + corner, top)
                bridges.append(plain(gap, color=self._colors[request.name], fill_opacity=1, stroke_width=0))
        return bridges


def name_key(requests: Sequence[Request], colors: Mapping[str, str], left: float, y: float, theme: Theme) -> VGroup:
    """Names on their colours, for `requests` that have no name in the grid: in a row from `left`."""
    space, type_ = theme.space, theme.type
    key, half = VGroup(), 0.75 * type_.small
    for request in requests:
        name = label(request.name, SMALLEST_CAP, theme.palette.on_fill, weight="BOLD")
        box = Box(0, y - half, name.width + 2 * space.near, y + half)
        ground = rounded(box, space.radius * 0.6, color=colors[request.name], fill_opacity=1, stroke_width=0)
        entry = VGroup(ground, name.centered(*box.center[:2]))
        key.add(entry.shift((left, 0, 0)))
        left = entry.get_right()[0] + space.near
    return key


def legend_rows(width: float, theme: Theme, words: Words) -> list[VGroup]:
    """The entries of `grid_legend` in rows no wider than `width`, all in one place, from 0 to the right of it."""
    rows: list[VGroup] = []
    for entry in grid_legend(0.0, 0.0, theme, words):
        left = rows[-1].get_right()[0] + 2 * theme.space.gap if rows else 0.0
        if not rows or left + entry.width > width:
            rows.append(VGroup())
            left = 0.0
        rows[-1].add(entry.shift((left - entry.get_left()[0], 0, 0)))
    return rows


def grid_legend(right: float, baseline: float, theme: Theme, words: Words) -> VGroup:
    """What the grid's marks mean: prefill's foot, the end cap, idle; ends at `right`."""
    space, palette, type_ = theme.space, theme.palette, theme.type
    side = type_.small * 1.15
    legend = VGroup()
    x = 0.0
    for kind, told in (("foot", words.FIRST_TOKEN), ("end", words.LAST_TOKEN), ("idle", words.IDLE_SLOT)):
        box = Box(x, baseline - 0.08 * side, x + 1.5 * side, baseline + side)
        if kind == "foot":
            middle = Box(box.left, box.center[1] - space.hair / 2, box.right, box.center[1] + space.hair / 2)
            sign: Any = rounded(
                middle, space.hair / 2, color=state_color(State.PREFILL, theme), fill_opacity=1, stroke_width=0
            )
        elif kind == "end":
            bar = Box(box.right - space.hair * 1.3, box.bottom, box.right, box.top)
            sign = plain(bar, color=end_color(theme), fill_opacity=1, stroke_width=0)
        else:
            sign = VGroup(
                plain(box, color=palette.line, stroke_width=space.thin * 0.7),
                hatching(box, space.near, palette.line, space.thin * 0.7),
            )
        text = label(told, type_.small, palette.muted).at(box.right + space.near, baseline)
        legend.add(VGroup(sign, text))
        x = text.get_right()[0] + 2 * space.gap
    return legend.shift(((right - legend.get_right()[0]), 0, 0))
