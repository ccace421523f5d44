"""The slot grid draws what the timeline holds: feet, end caps, idle hatching, names."""

import itertools

import numpy as np
import pytest
from resting import box_of, check_rest, texts_of

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.look.layout import Box, Layout
from astrai_slides.look.theme import SMALLEST_CAP
from astrai_slides.serving.parts.cover_grid import CoverGrid
from astrai_slides.serving.parts.flow import FlowPicture
from astrai_slides.serving.parts.grid import GridPlan, SlotGrid, grid_legend, name_key
from astrai_slides.serving.parts.request import pill_width, request_pills
from astrai_slides.serving.parts.stages import StageRow
from astrai_slides.serving.roles import Regions, end_color, request_color, state_color
from astrai_slides.serving.sim import Request, State, continuous_batching, static_batching
from astrai_slides.serving.talk import MAX_STAGE_TURNS
from astrai_slides.serving.words import en as words

pytestmark = pytest.mark.long

BOX = Box(-6.4, -3, 2.8, 0.8)
TOY = [Request(f"R{number}", 4, output) for number, output in enumerate((2, 7, 3, 4, 2), 1)]


def grid_of(timeline, theme) -> SlotGrid:
    plan = GridPlan.for_timelines([timeline], BOX.left, BOX.right, theme, words)
    return SlotGrid(timeline, plan, BOX.top, BOX.bottom, theme, words)


def fills(cell) -> list[str]:
    return [part.get_fill_color().to_hex() for part in cell.get_family() if part.get_fill_opacity() == 1]


@pytest.mark.parametrize("policy", [static_batching, continuous_batching])
def test_every_cell_shows_what_its_slot_did(policy, theme) -> None:
    timeline = policy(TOY, 3)
    grid = grid_of(timeline, theme)
    assert len(grid.columns) == len(timeline.turns)
    for column, turn in zip(grid.columns, timeline.turns, strict=True):
        for shape, cell in zip(column, turn.cells, strict=True):
            names = [text.original_text for text in texts_of([shape])]
            if cell is None:
                # Idle is a pattern, not a colour: an outline and one path of several strokes.
                _outline, hatching = shape
                assert names == []
                assert len(hatching.get_subpaths()) > 1
                assert fills(shape) == []
                continue
            colors = fills(shape)
            assert names == [cell.request.name]
            assert request_color(timeline.requests.index(cell.request), theme) in colors
            assert (end_color(theme) in colors) == cell.ends
            assert (state_color(State.PREFILL, theme) in colors) == (cell.phase == "prefill")


def test_rows_and_columns_are_the_plan_s(theme) -> None:
    timeline = static_batching(TOY, 3)
    grid = grid_of(timeline, theme)
    lefts = [column.get_left()[0] for column in grid.columns]
    steps = {round(float(b - a), 4) for a, b in itertools.pairwise(lefts)}
    assert len(steps) == 1
    assert [text.original_text for text in grid.slot_labels] == ["slot 1", "slot 2", "slot 3"]
    assert [text.original_text for text in texts_of(grid.numbers)] == [str(n) for n in range(1, 12)]


def test_as_many_turns_fit_as_a_talk_file_may_ask_for(theme) -> None:
    most = static_batching([Request("R1", 4, MAX_STAGE_TURNS)], 1)
    grid = grid_of(most, theme)
    assert [text.original_text for text in texts_of([grid.columns])] == ["R1"]
    numbers = [int(text.original_text) for text in texts_of(grid.numbers)]
    assert 3 < len(numbers) < 30
    with pytest.raises(AstraiSlidesError, match="takes 400 turns, more than the"):
        grid_of(static_batching([Request("R1", 4, 400)], 1), theme)


def test_the_legend_names_the_marks(theme) -> None:
    legend = grid_legend(6, 3, theme, words)
    assert [text.original_text.replace(" ", "") for text in texts_of(legend)] == [
        "prefill:firsttoken",
        "END:lasttoken",
        "idleslot",
    ]
    assert float(legend.get_right()[0]) == pytest.approx(6)


@pytest.mark.parametrize("outputs", [(2, 7, 3, 4, 12, 1, 9, 5), (20, 7, 3, 4, 24, 11, 9, 1)])
def test_every_request_has_its_name_in_its_cells_or_in_the_key(outputs, theme) -> None:
    requests = [Request(f"R{number}", 4, output) for number, output in enumerate(outputs, 1)]
    grid = grid_of(static_batching(requests, 4), theme)
    named = {text.original_text for text in texts_of([grid.columns])}
    key = name_key(grid.unnamed, {r.name: "#FF8B26" for r in requests}, 0, 0, theme)
    listed = [text.original_text for text in texts_of([key])]
    assert named.isdisjoint(listed)
    assert named | set(listed) == {request.name for request in requests}
    assert len(listed) < 2
    check_rest(grid, *key)


def test_a_wide_name_moves_no_other_off_its_cells(theme) -> None:
    requests = [Request(name, 4, output) for name, output in (("R1", 2), ("Ada", 7), ("WWWW", 1), ("R4", 3))]
    grid = grid_of(static_batching(requests, 3), theme)
    names = [text.original_text for text in texts_of([grid.columns])]
    assert [names.count(name) for name in ("R1", "Ada", "R4")] == [2, 7, 3]


def test_names_of_one_length_are_all_in_their_cells_or_all_once(theme) -> None:
    timeline = static_batching(TOY, 1)
    seen = set()
    for right in np.linspace(2.0, 3.2, 13):
        plan = GridPlan.for_timelines([timeline], BOX.left, float(right), theme, words)
        grid = SlotGrid(timeline, plan, BOX.top, BOX.bottom, theme, words)
        names = [text.original_text for text in texts_of([grid.columns])]
        alike = {names.count(request.name) == request.output_tokens for request in TOY}
        assert len(alike) == 1, right
        seen |= alike
    assert seen == {True, False}


def test_rows_of_both_policies_are_of_one_height(layout: Layout, theme) -> None:
    for slots in (1, 2, 3, 4):
        static, continuous = static_batching(TOY, slots), continuous_batching(TOY, slots)
        regions, pills = Regions.of(layout, theme), request_pills(TOY, theme)
        stages = StageRow(regions.stages, pill_width(TOY, theme), theme, words)
        picture = FlowPicture(static, continuous, stages, pills, regions.body, (0, 0), theme, words)
        assert picture.small.rows[0].height == pytest.approx(picture.grid.rows[0].height)


@pytest.mark.parametrize("height", [1.6, 1.8, 2.5])
def test_a_foot_keeps_off_the_name_and_the_name_off_the_edge(height: float, theme) -> None:
    timeline = continuous_batching(TOY, 3)
    plan = GridPlan.for_timelines([timeline], BOX.left, BOX.right, theme, words)
    header = theme.type.small + 1.3 * theme.space.near
    bottom = BOX.top - header - 3 * height * SMALLEST_CAP
    grid = SlotGrid(timeline, plan, BOX.top, bottom, theme, words)
    begins = [cell for column in grid.columns[:1] for cell in column]
    assert len(begins) == 3
    for cell in begins:
        fill, foot, name = cell
        edge = foot.get_stroke_width() / 200
        below = name.get_bottom()[1] - foot.get_top()[1] - edge
        above = fill.get_top()[1] - name.get_top()[1]
        assert min(below, above, foot.get_bottom()[1] - fill.get_bottom()[1] - edge) > 0.02 * SMALLEST_CAP


@pytest.mark.parametrize("slots", [2, 3])
def test_a_name_over_several_cells_has_no_gap_under_it_and_covers_no_foot(slots: int, theme) -> None:
    timeline = continuous_batching(TOY, slots)
    plan = GridPlan.for_timelines([timeline], 0, 1.2 + 0.31 * len(timeline.turns), theme, words)
    height = 1.8 * SMALLEST_CAP * slots + theme.type.small + 1.3 * theme.space.near
    grid = SlotGrid(timeline, plan, height, 0, theme, words)
    names = texts_of([grid.columns])
    assert sorted(name.original_text for name in names) == ["R1", "R2", "R3", "R4", "R5"]
    shapes = [part for column in grid.columns for cell in column for part in cell if part not in names]
    feet = [part for part in shapes if part.get_fill_color().to_hex() == state_color(State.PREFILL, theme)]
    assert len(feet) == len(TOY)
    for name in names:
        color = request_color(int(name.original_text[1:]) - 1, theme)
        boxes = [box_of(part) for part in shapes if part.get_fill_color().to_hex() == color]
        for x in np.linspace(name.get_left()[0], name.get_right()[0], 40):
            assert any(box.left <= x <= box.right for box in boxes)
        row = next(row for row in grid.rows if row.bottom < name.get_center()[1] < row.top)
        assert all(row.bottom <= box.bottom and box.top <= row.top for box in boxes)
    for place, foot in enumerate(map(shapes.index, feet)):
        later = [box_of(part) for part in shapes[foot + 1 :]]
        assert not any(meets(box_of(feet[place]), box) for box in later)


@pytest.mark.parametrize("width", [0.31, 0.33, 0.35, 0.37, 0.4, 0.5])
def test_a_grid_of_low_rows_names_the_same_cells_as_one_of_high_rows(width: float, theme) -> None:
    timeline = static_batching(TOY, 3)
    plan = GridPlan.for_timelines([timeline], 0, 1.2 + width * len(timeline.turns), theme, words)
    high, low = (SlotGrid(timeline, plan, top, 0, theme, words) for top in (3.0, 1.2))
    parts = [[len(cell) for column in grid.columns for cell in column] for grid in (high, low)]
    assert parts[0] == parts[1]


def meets(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    return wide > 0.001 and min(one.top, other.top) - max(one.bottom, other.bottom) > 0.001


def test_the_cover_s_grid_ends_with_the_schedule(layout: Layout, theme) -> None:
    timeline = continuous_batching(TOY, 3)
    grid = CoverGrid(timeline, layout.body, theme)
    colors = [request_color(index, theme) for index in range(len(TOY))]
    filled = [[c.get_fill_color().to_hex() for c in column if c.get_fill_opacity()] for column in grid]
    for index, color in enumerate(colors):
        shown = [number for number, column in enumerate(filled) if color in column]
        assert shown == list(range(shown[0], shown[0] + TOY[index].output_tokens)), "once, without a second run"
    few = CoverGrid(continuous_batching([Request("R1", 1, 1)], 1), layout.body, theme)
    assert [bool(column[0].get_fill_opacity()) for column in few][:1] == [True]
