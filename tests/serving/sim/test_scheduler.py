import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astrai_slides.serving.sim import Phase, Request, Timeline, continuous_batching, static_batching

TOY = (2, 7, 3, 4, 2)
STATIC_GRID = """
1p 1E -- -- -- -- -- 4p 4. 4. 4E
2p 2. 2. 2. 2. 2. 2E 5p 5E -- --
3p 3. 3E -- -- -- -- -- -- -- --
"""
CONTINUOUS_GRID = """
1p 1E 4p 4. 4. 4E --
2p 2. 2. 2. 2. 2. 2E
3p 3. 3E 5p 5E -- --
"""

workloads = st.lists(st.integers(1, 12), min_size=1, max_size=20)
slot_counts = st.integers(1, 6)


def named(lengths: tuple[int, ...] | list[int]) -> list[Request]:
    return [Request(f"R{number}", 5, length) for number, length in enumerate(lengths, 1)]


def grid(timeline: Timeline) -> str:
    """The timeline in the storyboard's notation."""

    def mark(cell) -> str:
        if cell is None:
            return "--"
        sign = "p" if cell.phase is Phase.PREFILL else "E" if cell.ends else "."
        return cell.request.name.removeprefix("R") + sign

    rows = (" ".join(mark(turn.cells[slot]) for turn in timeline.turns) for slot in range(timeline.slots))
    return "\n".join(rows)


def test_the_storyboards_static_grid_cell_by_cell() -> None:
    timeline = static_batching(named(TOY), 3)
    assert grid(timeline) == STATIC_GRID.strip()
    assert (timeline.useful_cells, timeline.total_cells) == (18, 33)


def test_the_storyboards_continuous_grid_cell_by_cell() -> None:
    timeline = continuous_batching(named(TOY), 3)
    assert grid(timeline) == CONTINUOUS_GRID.strip()
    assert (timeline.useful_cells, timeline.total_cells) == (18, 21)


def test_continuous_batching_takes_the_turns_that_astrais_own_scheduler_took(shared_data: Path) -> None:
    runs = json.loads((shared_data / "astrai_turns.json").read_text("utf-8"))
    assert len(runs) == 12
    for run in runs:
        timeline = continuous_batching(named(run["output_tokens"]), run["slots"])
        turns = [{cell.request.name: cell.phase.value for cell in turn.cells if cell} for turn in timeline.turns]
        assert turns == run["turns"]


@pytest.mark.parametrize("policy", [static_batching, continuous_batching])
@given(lengths=workloads, slots=slot_counts)
def test_every_request_gets_exactly_its_tokens_in_one_slot_without_a_gap(policy, lengths, slots) -> None:
    timeline = policy(named(lengths), slots)
    seen: dict[str, list[tuple[int, int, int]]] = {}
    for turn in timeline.turns:
        names = [cell.request.name for cell in turn.cells if cell]
        assert len(turn.cells) == slots
        assert len(names) == len(set(names))
        for slot, cell in enumerate(turn.cells):
            if cell:
                seen.setdefault(cell.request.name, []).append((turn.number, slot, cell.token))
                # Prefill yields the first token, and only that: no request decodes in the turn of its prefill.
                assert (cell.phase is Phase.PREFILL) == (cell.token == 1)
    assert seen.keys() == {request.name for request in timeline.requests}
    for request in timeline.requests:
        turns, held, tokens = zip(*seen[request.name], strict=True)
        assert tokens == tuple(range(1, request.output_tokens + 1))
        assert turns == tuple(range(turns[0], turns[0] + len(turns)))
        assert len(set(held)) == 1


@pytest.mark.parametrize("policy", [static_batching, continuous_batching])
@given(lengths=workloads, slots=slot_counts)
def test_requests_are_admitted_first_come_first_served(policy, lengths, slots) -> None:
    timeline = policy(named(lengths), slots)
    admitted = [request for turn in timeline.turns for request in turn.admitted]
    assert admitted == list(timeline.requests)
    for turn in timeline.turns:
        done = sum(len(earlier.admitted) for earlier in timeline.turns[: turn.number])
        assert turn.waiting == timeline.requests[done:]


@given(lengths=workloads, slots=slot_counts)
def test_continuous_batching_leaves_no_slot_idle_while_a_request_waits(lengths, slots) -> None:
    for turn in continuous_batching(named(lengths), slots).turns:
        assert not turn.waiting or turn.useful == slots


@given(lengths=workloads, slots=slot_counts)
def test_static_batching_admits_only_whole_batches(lengths, slots) -> None:
    timeline = static_batching(named(lengths), slots)
    expected = [max(lengths[first : first + slots]) for first in range(0, len(lengths), slots)]
    assert len(timeline.turns) == sum(expected)
    for turn in timeline.turns:
        assert not turn.admitted or len(turn.admitted) == turn.useful


@pytest.mark.parametrize("policy", [static_batching, continuous_batching])
def test_no_requests_take_no_turns_and_no_slots_are_refused(policy) -> None:
    assert policy([], 3).turns == ()
    with pytest.raises(ValueError, match="at least one slot, not 0"):
        policy(named(TOY), 0)
