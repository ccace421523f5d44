"""What two lists of numbers have in common, in order: as `difflib` finds it, sooner where no number comes twice."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

Block: TypeAlias = tuple[int, int, int]
"""So many numbers, the last of the three, are the same from a place of the one and a place of the other list on."""


def common_blocks(before: Sequence[int], after: Sequence[int]) -> Iterator[Block]:
    """Yield what `SequenceMatcher.get_matching_blocks` returns, in order, without its last, which is empty.

    That takes the longest block, the first of several, and then the longest of what lies before and after it in both.
    Where no number comes twice blocks do not overlap, and the longest is looked for among them instead of among all
    numbers: faces of solids change their order from frame to frame by whole sides.
    """
    places = dict(zip(after, range(len(after)), strict=True))
    if len(places) < len(after) or len(set(before)) < len(before):
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        yield from ((block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size)
        return
    waiting = [_blocks(before, places)]
    while waiting:
        blocks = waiting.pop()
        if len(blocks) < 2:
            yield from blocks
            continue
        sizes = [size for _, _, size in blocks]
        at = sizes.index(max(sizes))
        b = blocks[at][1]
        waiting.append([block for block in blocks[at + 1 :] if block[1] > b])
        waiting.append([blocks[at]])
        waiting.append([block for block in blocks[:at] if block[1] < b])


def _blocks(before: Sequence[int], places: dict[int, int]) -> list[Block]:
    """All blocks that cannot be longer, in the order of `before`; `places` tell where the numbers are in the other."""
    found: list[Block] = []
    start = b = size = 0
    for a, place in enumerate(map(places.get, before)):
        if size and place == b + size:
            size += 1
            continue
        if size:
            found.append((start, b, size))
        start, b, size = (a, place, 1) if place is not None else (a, 0, 0)
    if size:
        found.append((start, b, size))
    return found
