"""What slides ask of a timeline, on the storyboard's toy."""

from astrai_slides.serving.sim import (
    DecodeRow,
    Request,
    State,
    busiest_decode,
    continuous_batching,
    decode_rows,
    first_takeover,
    largest_group,
    states_at,
    static_batching,
    takeovers,
)
from astrai_slides.serving.sim.questions import takeovers_beside_others

TOY = [
    Request(f"R{number}", prompt, output)
    for number, (prompt, output) in enumerate(zip((6, 11, 4, 9, 7), (2, 7, 3, 4, 2), strict=True), 1)
]
STATIC, CONTINUOUS = static_batching(TOY, 3), continuous_batching(TOY, 3)
WAITING, PREFILL, DECODE, FINISHED = State


def test_requests_are_where_the_schedule_has_them() -> None:
    assert states_at(CONTINUOUS, 0)[WAITING] == ["R1", "R2", "R3", "R4", "R5"]
    assert states_at(CONTINUOUS, 3) == {WAITING: ["R5"], PREFILL: ["R4"], DECODE: ["R2", "R3"], FINISHED: ["R1"]}
    assert states_at(CONTINUOUS, 8)[FINISHED] == ["R1", "R3", "R5", "R4", "R2"]
    for turn in range(9):
        assert sorted(name for names in states_at(CONTINUOUS, turn).values() for name in names) == [
            request.name for request in TOY
        ]


def taken(timeline, turn: int) -> list[tuple[str, str]]:
    return [(each.new.name, each.old.name) for each in takeovers(timeline, turn) if each.turn == turn]


def test_slots_are_taken_over_in_the_turn_after_an_end() -> None:
    assert [taken(CONTINUOUS, turn) for turn in (1, 2, 3, 4, 5)] == [[], [], [("R4", "R1")], [("R5", "R3")], []]
    first = first_takeover(CONTINUOUS)
    assert first is not None
    assert (first.turn, first.new.name, first.old.name) == (3, "R4", "R1")


def test_a_static_batch_takes_slots_over_only_all_at_once() -> None:
    # At turn 8 only slot 2 held a request in the turn before.
    assert taken(STATIC, 8) == [("R5", "R2")]
    together = continuous_batching([Request(f"R{number}", 4, 2) for number in range(4)], 2)
    assert len(takeovers(together, 3)) == 2
    assert takeovers_beside_others(together, 3) == []
    assert first_takeover(together) is None


def test_rows_of_a_decode_and_their_positions() -> None:
    assert busiest_decode(CONTINUOUS) == 5
    rows = decode_rows(CONTINUOUS, 5)
    assert [(row.name, row.position) for row in rows] == [("R4", 11), ("R2", 15), ("R5", 8)]
    assert decode_rows(CONTINUOUS, 1) == []


def test_the_latest_of_the_busiest_turns_is_taken_and_different_positions_count_more() -> None:
    same = continuous_batching([Request("R1", 4, 4), Request("R2", 4, 4)], 2)
    assert busiest_decode(same) == 4
    # Turns 2 and 3 decode at two positions, 5 and 6 at one, as many rows each.
    mixed = continuous_batching([Request(f"R{prompt}", prompt, 3) for prompt in (4, 6, 5, 5)], 2)
    assert [len({row.position for row in decode_rows(mixed, turn)}) for turn in (2, 3, 5, 6)] == [2, 2, 1, 1]
    assert busiest_decode(mixed) == 3


def test_the_largest_group_shares_a_position() -> None:
    one, two, three = DecodeRow("R1", 4, 1), DecodeRow("R2", 3, 2), DecodeRow("R3", 9, 1)
    assert largest_group([three, one, two]) == [one, two]
    assert largest_group([three, one]) == [three]
    assert largest_group([]) == []
