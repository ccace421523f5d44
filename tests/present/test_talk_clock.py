"""The time of a talk and of its steps."""

import pytest

from astrai_slides.present.talk_clock import TalkClock


@pytest.fixture
def now() -> list[float]:
    """The present moment, in seconds."""
    return [100.0]


@pytest.fixture
def clock(now: list[float]) -> TalkClock:
    return TalkClock(3, lambda: now[0])


def test_it_begins_with_the_first_step_that_is_played(now: list[float], clock: TalkClock) -> None:
    clock.go(0, at_start=True)
    now[0] += 50
    assert (clock.has_begun, clock.runs, clock.total) == (False, False, 0)
    clock.go(0, at_start=False)
    now[0] += 2
    assert (clock.has_begun, clock.runs, clock.total) == (True, True, 2)


def test_all_visits_of_a_step_count_and_so_does_going_back_to_the_start(now: list[float], clock: TalkClock) -> None:
    for index, at_start, seconds in (
        (0, False, 1),
        (1, False, 20),
        (0, False, 300),
        (0, True, 4000),
        (1, False, 50_000),
    ):
        clock.go(index, at_start=at_start)
        now[0] += seconds
    assert [clock.at(index) for index in range(3)] == [4301, 50_020, 0]
    assert clock.total == 54_321


def test_no_time_passes_while_it_is_held(now: list[float], clock: TalkClock) -> None:
    clock.go(2, at_start=False)
    now[0] += 5
    clock.hold()
    now[0] += 100
    assert (clock.runs, clock.has_begun, clock.at(2)) == (False, True, 5)
    clock.go(2, at_start=False)
    now[0] += 1
    assert clock.total == 6
