"""The table of paths: few of them are what all of them are, and what cannot be is refused."""

import numpy as np
import pytest

from astrai_slides.recording.format.model import Path
from astrai_slides.recording.format.read_paths import DELTA, LINEAR, LITERAL, read_few_paths, read_paths
from astrai_slides.recording.format.varint import DamagedRecordingError, Reader, signed, unsigned

WAYS = [[1, 2, 3, 40, 50, 60], [-5, 0, 7, 1, 1, -300]]
"""Of two paths of one curve the steps to each of three points, all x and then all y."""


def told(mode: int, back: tuple[int, ...], numbers: list[int]) -> bytes:
    out = bytearray()
    unsigned(mode, out)
    if mode == LITERAL:
        unsigned(1, out)
        unsigned(len(numbers) // 6 << 1 | 1, out)
    for each in back:
        unsigned(each, out)
    for number in numbers:
        signed(number, out)
    return bytes(out)


def table(*paths: bytes) -> bytes:
    out = bytearray()
    unsigned(len(paths), out)
    return bytes(out) + b"".join(paths)


CHAIN = table(
    told(LITERAL, (), WAYS[0]),
    told(LITERAL, (), WAYS[1]),
    told(LITERAL, (), [*range(12)]),  # of two curves
    told(DELTA, (2,), [1, 0, 0, 0, 0, 2]),  # from the first
    told(LINEAR, (0, 2), [0, 0, -4, 0, 0, 0]),  # from the one before and the first
    told(DELTA, (3,), [0, 9, 0, 0, 0, 0]),  # from the second
)


def test_paths_are_what_they_are_told_to_be() -> None:
    paths = read_paths(Reader(CHAIN))
    columns = [path.points[1:].T.ravel().tolist() for path in paths]
    first, second = (np.cumsum(np.reshape(way, (2, 3)), axis=1).ravel() for way in WAYS)
    moved = np.add(first, [1, 0, 0, 0, 0, 2])
    assert columns[:2] == [first.tolist(), second.tolist()]
    assert columns[3:] == [
        moved.tolist(),
        (2 * moved - first + [0, 0, -4, 0, 0, 0]).tolist(),
        np.add(second, [0, 9, 0, 0, 0, 0]).tolist(),
    ]
    assert [path.subpaths for path in paths] == [((1, True),)] * 2 + [((2, True),)] + [((1, True),)] * 3
    assert all(path.points[0].tolist() == [0, 0] for path in paths)


@pytest.mark.parametrize("others", [[], [told(LITERAL, (), WAYS[0])]])
def test_a_path_of_one_point(others: list[bytes]) -> None:
    point = table(told(LITERAL, (), []), told(DELTA, (0,), []), *others)
    for read in (read_paths, read_few_paths):
        paths = read(Reader(point))
        assert [paths[index].points.tolist() for index in range(2)] == [[[0, 0]], [[0, 0]]]
        assert [paths[index].subpaths for index in range(2)] == [((0, True),)] * 2


@pytest.mark.parametrize("order", [range(6), range(5, -1, -1)])
def test_few_paths_are_what_all_are(order: range) -> None:
    every = read_paths(Reader(CHAIN))
    few = read_few_paths(Reader(CHAIN))
    assert len(few) == len(every)
    found: dict[int, Path] = {index: few[index] for index in order}
    assert [found[index] for index in range(6)] == every
    assert few[4] is found[4]


@pytest.mark.parametrize(
    "paths",
    [
        [told(DELTA, (0,), WAYS[0])],
        [told(LITERAL, (), WAYS[0]), told(DELTA, (1,), WAYS[0])],
        [told(LITERAL, (), WAYS[0]), told(LINEAR, (0, 0), WAYS[0])],
        [told(LITERAL, (), [*range(12)]), told(LITERAL, (), WAYS[0]), told(LINEAR, (0, 0), WAYS[0])],
        [told(LITERAL, (), [1 << 28, 0, 1, 0, 0, 0])],
        [told(3, (), WAYS[0])],
    ],
    ids=["before the first", "itself", "older than the first", "another structure", "far away", "unknown mode"],
)
def test_what_cannot_be_is_refused(paths: list[bytes]) -> None:
    with pytest.raises(DamagedRecordingError, match="damaged"):
        read_paths(Reader(table(*paths)))
    with pytest.raises(DamagedRecordingError, match="damaged"):
        read_few_paths(Reader(table(*paths)))[len(paths) - 1]
