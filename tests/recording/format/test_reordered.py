"""Blocks that two lists have in common are those that difflib finds, whatever changed places."""

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from astrai_slides.recording.format.reordered import common_blocks


@st.composite
def cuts_and_pastes(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """A list of different numbers, and the same with parts moved, and some left out or new."""
    before = list(range(draw(st.integers(0, 30))))
    after = list(before)
    for _ in range(draw(st.integers(0, 5))):
        start, stop, to = (draw(st.integers(0, len(after))) for _ in range(3))
        part, rest = after[start:stop], after[:start] + after[max(start, stop) :]
        after = rest[:to] + part + rest[to:]
    gone = draw(st.sets(st.sampled_from(after), max_size=4)) if after else set()
    come = draw(st.lists(st.integers(0, len(after)), max_size=4))
    after = [number for number in after if number not in gone]
    for new, place in enumerate(come, 100):
        after.insert(place, new)
    return before, after


def by_difflib(before: list[int], after: list[int]) -> list[tuple[int, int, int]]:
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks[:-1]]


@given(cuts_and_pastes())
def test_moved_parts(lists: tuple[list[int], list[int]]) -> None:
    assert list(common_blocks(*lists)) == by_difflib(*lists)


@given(st.permutations(range(12)))
def test_any_order(after: list[int]) -> None:
    assert list(common_blocks(range(12), after)) == by_difflib(list(range(12)), after)


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_numbers_that_come_twice(before: list[int], after: list[int]) -> None:
    assert list(common_blocks(before, after)) == by_difflib(before, after)
