"""The table of paths of a chunk, read: where paths lie is worked out for all paths of a frame together.

A path is told by its points, or by how they differ from those of one or two paths before it. Paths that wait for as
many others, one after the other, are of one generation: their numbers are added as one array.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from astrai_slides.recording.format.model import Path
from astrai_slides.recording.format.varint import DamagedRecordingError, Reader

LITERAL, DELTA, LINEAR = range(3)
"""How a path is told: by its points, by what they differ from another's by, or from where two others lead."""

COORDINATE_LIMIT = 1 << 28

_Item = TypeVar("_Item", covariant=True)
_Numbers = npt.NDArray[np.int64]
_Subpaths = tuple[tuple[int, bool], ...]
_Befores = tuple[()] | tuple[int, int]


class Numbered(Protocol[_Item]):
    """What is told by its number, from 0."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> _Item: ...


class _Table:
    """What is told of each path, before its points are known."""

    def __init__(self) -> None:
        self.structures: list[_Subpaths] = []
        self.counts: list[int] = []
        """Points after the first."""
        self.told: list[_Numbers] = []
        """Zigzag numbers, all x and then all y."""
        self.befores: list[_Befores] = []
        """The two paths that each is predicted from, which may be one."""
        self.generations: list[list[int]] = []
        self._generation: list[int] = []

    def enter(self, structure: _Subpaths, count: int, told: _Numbers, befores: _Befores) -> None:
        generation = 0
        if befores:
            last, older = befores
            generation = 1 + max(self._generation[last], self._generation[older])
        if generation == len(self.generations):
            self.generations.append([])
        self.generations[generation].append(len(self.told))
        self._generation.append(generation)
        self.structures.append(structure)
        self.counts.append(count)
        self.told.append(told)
        self.befores.append(befores)

    def leading_to(self, index: int) -> Iterator[list[int]]:
        """The paths that are needed for path `index`, itself among them, by generation."""
        needed, asked = {index}, [index]
        while asked:
            new = set(self.befores[asked.pop()]) - needed
            needed |= new
            asked += new
        by_generation = sorted(needed, key=self._generation.__getitem__)
        return (list(each) for _, each in groupby(by_generation, self._generation.__getitem__))


def read_paths(reader: Reader) -> list[Path]:
    """Read a table of paths. Raises DamagedRecordingError."""
    table = _read_table(reader)
    points = _points(table, table.generations)
    return list(map(Path, table.structures, _as_bytes([points[index] for index in range(len(points))], table.counts)))


def read_few_paths(reader: Reader) -> Numbered[Path]:
    """Read a table of paths of which few are wanted: each is worked out when it is asked for.

    Raises DamagedRecordingError, also when a path is asked for.
    """
    return _LaterPaths(_read_table(reader))


class _LaterPaths:
    """Paths of a table, worked out when they are asked for."""

    def __init__(self, table: _Table) -> None:
        self._table = table
        self._known: dict[int, Path] = {}

    def __len__(self) -> int:
        return len(self._table.told)

    def __getitem__(self, index: int) -> Path:
        known = self._known.get(index)
        if known is None:
            table = self._table
            points = _points(table, table.leading_to(index))[index]
            known = Path(table.structures[index], _as_bytes([points], [table.counts[index]])[0])
            self._known[index] = known
        return known


def _read_table(reader: Reader) -> _Table:
    table = _Table()
    for _ in range(reader.count()):
        _read_told(reader, table)
    return table


def _read_told(reader: Reader, table: _Table) -> None:
    mode, index = reader.unsigned(), len(table.told)
    befores: _Befores = ()
    if mode == LITERAL:
        structure = tuple([(head >> 1, bool(head & 1)) for head in [reader.unsigned() for _ in range(reader.count())]])
        count = sum([1 + 3 * curves for curves, _ in structure]) - 1
        if count < 0:
            raise DamagedRecordingError("the recording is damaged: a path without points")
    elif mode in (DELTA, LINEAR):
        before = older = _entered(index - 1 - reader.unsigned(), index)
        if mode == LINEAR:
            older = _entered(before - 1 - reader.unsigned(), index)
        structure, count, befores = table.structures[before], table.counts[before], (before, older)
        if table.counts[older] != count:
            raise DamagedRecordingError("the recording is damaged: a path is predicted from another structure")
    else:
        raise DamagedRecordingError(f"the recording is damaged: path mode {mode}")
    # refuses more than there can be
    table.enter(structure, count, reader.unsigned_bulk(2 * count), befores)


def _entered(index: int, count: int) -> int:
    if index < 0:
        raise DamagedRecordingError(f"the recording is damaged: path {index} of {count}")
    return index


def _points(table: _Table, generations: Iterable[Sequence[int]]) -> dict[int, _Numbers]:
    """Where the points after the first of each path of `generations` lie, all x and then all y."""
    points: dict[int, _Numbers] = {}
    for indices in generations:
        told = np.concatenate([table.told[index] for index in indices])
        moved = told >> 1 ^ -(told & 1)
        befores = [table.befores[index] for index in indices]
        if befores[0]:
            last, older = (np.concatenate([points[each] for each in place]) for place in zip(*befores, strict=True))
            # a path that is told by another only is led from that to that
            moved += 2 * last - older
        else:
            _add_up(moved, [table.counts[index] for index in indices])
        if np.abs(moved).max(initial=0) > COORDINATE_LIMIT:
            raise DamagedRecordingError("the recording is damaged: a path reaches too far")
        stop = 0
        for index in indices:
            start, stop = stop, stop + 2 * table.counts[index]
            points[index] = moved[start:stop]
    return points


def _add_up(steps: _Numbers, counts: Sequence[int]) -> None:
    """Make of the steps from point to point of paths with so many points, one after the other, where the points lie."""
    sizes = np.repeat(np.array([count for count in counts if count], np.int64), 2)
    if not sizes.size:
        return
    np.cumsum(steps, out=steps)
    firsts = np.cumsum(sizes) - sizes
    before = np.concatenate((np.zeros(1, np.int64), steps[firsts[1:] - 1]))
    steps -= np.repeat(before, sizes)


def _as_bytes(points: Sequence[_Numbers], counts: Sequence[int]) -> list[bytes]:
    """Each path's points as `Path` has them: those of as many points together."""
    alike: dict[int, list[int]] = {}
    for index, count in enumerate(counts):
        alike.setdefault(count, []).append(index)
    found = [b""] * len(points)
    for count, indices in alike.items():
        pairs = np.zeros((len(indices), count + 1, 2), "<i4")
        columns = np.concatenate([points[index] for index in indices]).reshape(len(indices), 2, count)
        pairs[:, 1:] = columns.transpose(0, 2, 1)
        data, size = pairs.tobytes(), 8 * (count + 1)
        for place, index in enumerate(indices):
            found[index] = data[place * size : (place + 1) * size]
    return found
