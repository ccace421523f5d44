"""Steps to bytes and back: the chunk of docs/recording-format.md."""

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from itertools import repeat as repeat_
from operator import is_not
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from astrai_slides.base.identity import address
from astrai_slides.recording.format.model import Cap, Draw, Frame, Join, Op, Paint, Path, Picture, Step, Style, View
from astrai_slides.recording.format.read_paths import (
    COORDINATE_LIMIT,
    DELTA,
    LINEAR,
    LITERAL,
    Numbered,
    read_few_paths,
    read_paths,
)
from astrai_slides.recording.format.reordered import common_blocks
from astrai_slides.recording.format.varint import (
    DamagedRecordingError,
    Reader,
    signed,
    signed_rows,
    signed_sizes,
    unsigned,
)

DIGEST_BYTES = 16
_KEEP, _CHANGE, _INSERT, _DELETE = range(4)
_JOINS, _CAPS = tuple(Join), tuple(Cap)
_CHANGEABLE = 4
"""Numbers that a change may change: path, style, x and y."""

MOST_DRAWS = 1 << 24
"""Draws of all frames of a step together. A frame costs few bytes however much it keeps of the one before, so that
the size of a chunk does not bound what reading it takes."""

_T = TypeVar("_T")
_Edit: TypeAlias = tuple[int, int, int, int]
"""An edit: its kind, where it starts before and after, and how many ops it is of."""

_Entry: TypeAlias = tuple[Op, int, int]
"""A decoded op with the indices of its path and style, which later edits are relative to."""


class _Paths:
    """The table of paths, each predicted from the path that its mobject had before where that is shorter."""

    def __init__(self) -> None:
        self.out = bytearray()
        self._index: dict[Path, int] = {}
        # by identity besides, as a hash by value is worked out each time; whoever encodes keeps the paths alive
        self._known: dict[int, int] = {}
        self._before: list[int | None] = []
        self._points: list[npt.NDArray[np.int64]] = []
        self._waiting: list[tuple[int, Path]] = []
        self._structure: list[tuple[tuple[int, bool], ...]] = []

    def __len__(self) -> int:
        return len(self._before)

    def __getitem__(self, path: Path) -> int:
        """The index of `path`, which was entered, or an equal one."""
        index = self._known.get(address(path))
        return self._index[path] if index is None else index

    def enter(self, path: Path, old: Path | None) -> int:
        """Return the index of `path`, a new one if it is new; it may be predicted from the path `old`, which has one.

        What is entered is written with the next `write`.
        """
        index = self._known.get(address(path))
        if index is not None:
            return index
        index = self._known[address(path)] = self._index.setdefault(path, len(self._before))
        if index < len(self._before):
            return index
        before = self[old] if old is not None else None
        if before is not None and self._structure[before] != path.subpaths:
            before = None
        self._before.append(before)
        self._structure.append(path.subpaths)
        self._waiting.append((index, path))
        return index

    def write(self) -> None:
        """Write what was entered: of many, those with as many points together, which is far sooner."""
        bodies: dict[int, tuple[int, bytes]] = {}
        alike: dict[int, list[tuple[int, Path]]] = {}
        for index, path in self._waiting:
            alike.setdefault(len(path.xy), []).append((index, path))
        self._points += [_NO_POINTS] * len(self._waiting)
        for group in alike.values():
            bodies.update(self._bodies(*zip(*group, strict=True)))
        for index, path in self._waiting:
            mode, body = bodies[index]
            self.out.append(mode)
            before = self._before[index]
            if mode == LITERAL:
                unsigned(len(path.subpaths), self.out)
                for curves, closed in path.subpaths:
                    unsigned(curves << 1 | closed, self.out)
            else:
                assert before is not None
                unsigned(index - 1 - before, self.out)
                if mode == LINEAR:
                    older = self._before[before]
                    assert older is not None
                    unsigned(before - 1 - older, self.out)
            self.out += body
        self._waiting.clear()

    def _bodies(self, indices: Sequence[int], paths: Sequence[Path]) -> dict[int, tuple[int, bytes]]:
        """How `paths`, with as many points each, are told: the mode and the numbers of each, by its index."""
        count = len(paths)
        joined = np.frombuffer(b"".join(path.xy for path in paths), dtype="<i4")
        points = joined.reshape(count, -1, 2).astype(np.int64)
        for row, index in enumerate(indices):
            self._points[index] = points[row]
        best = _in_columns(np.diff(points, axis=1))
        modes = np.full(count, LITERAL)
        rows = [row for row, index in enumerate(indices) if self._before[index] is not None]
        if rows:
            befores = [before for index in indices if (before := self._before[index]) is not None]
            last = np.stack([self._points[before] for before in befores])
            best[rows] = _in_columns((points[rows] - last)[:, 1:])
            modes[rows] = DELTA
            places = [place for place, before in enumerate(befores) if self._before[before] is not None]
            if places:
                olders = [older for before in befores if (older := self._before[before]) is not None]
                chosen = np.array(rows)[places]
                oldest = np.stack([self._points[older] for older in olders])
                linear = _in_columns((points[chosen] - 2 * last[places] + oldest)[:, 1:])
                shorter = signed_sizes(linear) < signed_sizes(best[chosen])
                best[chosen[shorter]] = linear[shorter]
                modes[chosen[shorter]] = LINEAR
        return dict(zip(indices, zip(modes.tolist(), signed_rows(best), strict=True), strict=True))


def _in_columns(points: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Of each of `points`, shape (paths, n, 2), all x and then all y: shape (paths, 2 n)."""
    return points.transpose(0, 2, 1).reshape(len(points), 2 * points.shape[1])


_NO_POINTS = np.empty((0, 2), np.int64)


@dataclass(frozen=True)
class Chunk:
    """A step encoded, and what its bytes do not tell: where its draws come from, and whole digests of its pictures.

    `sources` has one for every draw that is inserted, in order.
    """

    data: bytes
    sources: tuple[int, ...]
    pictures: tuple[str, ...]

    @cached_property
    def packed(self) -> bytes:
        """The bytes compressed as far as they can be."""
        return zlib.compress(self.data, _PACKED_LEVEL)

    @classmethod
    def unpacked(cls, packed: bytes, sources: tuple[int, ...], pictures: tuple[str, ...]) -> "Chunk":
        """Return the chunk that has been `packed`."""
        return cls.known(zlib.decompress(packed), packed, sources, pictures)

    @classmethod
    def known(cls, data: bytes, packed: bytes, sources: tuple[int, ...], pictures: tuple[str, ...]) -> "Chunk":
        """Return the chunk `data` that has been `packed`."""
        chunk = cls(data, sources, pictures)
        chunk.__dict__["packed"] = packed
        return chunk


class _Encoder:
    """A chunk on its way: frame after frame is added to its tables and commands, which only grow."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        """`frames` are those that will be added."""
        self.styles = bytearray()
        self.paths = _Paths()
        self.commands = bytearray()
        """Without the index of a picture, which counts on from the paths, whose number is known at the end only."""
        self.sources: list[int] = []
        self._style_indices: dict[tuple[object, ...], int] = {}
        self._known_styles: dict[int, int] = {}
        """By identity, as in `_Paths`."""
        self._pictures: dict[tuple[str, int, int], int] = {}
        self._inserted: list[tuple[int, int]] = []
        """Of each picture that is inserted, where in the commands its index belongs, and its place among pictures."""
        self._before = Frame((), View(0, 0, 0, 0), 0)
        self._frames = 0
        for frame in frames:
            for op in frame.ops:
                if isinstance(op, Picture):
                    self._pictures.setdefault((op.digest, op.width, op.height), len(self._pictures))

    def add(self, frame: Frame, repeat: int) -> None:
        """Add a frame that stays for `repeat`."""
        before, out = self._before, self.commands
        has_view = frame.view != before.view or not self._frames
        has_background = frame.background != before.background or not self._frames
        out.append(has_view | has_background << 1)
        unsigned(repeat, out)
        if has_view:
            for name in ("x", "y", "width", "height"):
                signed(getattr(frame.view, name) - getattr(before.view, name), out)
        if has_background:
            out += frame.background.to_bytes(4, "big")
        plan = _plan(before.ops, frame.ops)
        while plan and plan[-1][0] == _KEEP:
            plan.pop()
        unsigned(len(plan), out)
        for kind, a, b, count in plan:
            unsigned(count << 2 | kind, out)
            if kind == _INSERT:
                for op in frame.ops[b : b + count]:
                    self._insert(op)
            elif kind == _CHANGE:
                self._change(before.ops[a : a + count], frame.ops[b : b + count])
        self.paths.write()
        self._before = frame
        self._frames += 1

    def _style(self, style: Style) -> int:
        """The index of `style`, a new one if it is new."""
        index = self._known_styles.get(address(style))
        if index is None:
            # by its bytes, which are sooner hashed than itself, and what they leave out of it
            data = bytearray()
            key = *_write_style(style, data), bytes(data)
            index = self._style_indices.get(key)
            if index is None:
                index = self._style_indices[key] = len(self._style_indices)
                self.styles += data
            self._known_styles[address(style)] = index
        return index

    def _insert(self, op: Op) -> None:
        out = self.commands
        self.sources.append(op.source)
        if isinstance(op, Draw):
            unsigned(self.paths.enter(op.path, None), out)
            unsigned(self._style(op.style), out)
            signed(op.x, out)
            signed(op.y, out)
        else:
            self._inserted.append((len(out), self._pictures[(op.digest, op.width, op.height)]))
            for corner in op.corners:
                signed(corner, out)
            unsigned(op.alpha << 1 | op.smooth, out)

    def _change(self, before: Sequence[Op], after: Sequence[Op]) -> None:
        """Write what of draws is changed, each path predicted from the one that it replaces."""
        out, paths, enter = self.commands, self.paths, self.paths.enter
        for old, new in zip(before, after, strict=True):
            assert isinstance(old, Draw)
            assert isinstance(new, Draw)
            path = style = 0
            if new.path is not old.path:
                path = enter(new.path, old.path) - paths[old.path]
            if new.style is not old.style:
                style = self._style(new.style) - self._style(old.style)
            x, y = new.x - old.x, new.y - old.y
            out.append((path != 0) | (style != 0) << 1 | (x != 0) << 2 | (y != 0) << 3)
            if path:
                signed(path, out)
            if style:
                signed(style, out)
            if x:
                signed(x, out)
            if y:
                signed(y, out)

    def chunk(self) -> Chunk:
        """Return what the frames that were added are encoded as; nothing may be added any more."""
        out = bytearray()
        unsigned(len(self._style_indices), out)
        out += self.styles
        unsigned(len(self._pictures), out)
        for digest, width, height in self._pictures:
            out += bytes.fromhex(digest)[:DIGEST_BYTES]
            unsigned(width, out)
            unsigned(height, out)
        unsigned(len(self.paths), out)
        out += self.paths.out
        unsigned(self._frames, out)
        written = 0
        for at, picture in self._inserted:
            out += self.commands[written:at]
            unsigned(len(self.paths) + picture, out)
            written = at
        out += self.commands[written:]
        return Chunk(bytes(out), tuple(self.sources), tuple(dict.fromkeys(digest for digest, _, _ in self._pictures)))


_PACKED_LEVEL = 9
_LITTLE = 1
"""Levels of compression: where bytes count, and where time does."""

_SURELY = 1 + 1 / 32
"""By how much what parts of a chunk take must differ from a limit for the whole to be on the same side of it."""

_MOST_REMEMBERED = 64 << 20
"""Bytes of chunks that are remembered, as several formats ask for the same."""

_remembered: OrderedDict[tuple[int, int, int], tuple[Step, Chunk]] = OrderedDict()
_remembering = threading.Lock()


def encode_step(step: Step) -> bytes:
    """Return the chunk of `step`: its runs of frames, then its end state. Not compressed."""
    return encoded(step).data


def encoded(step: Step) -> Chunk:
    """Return the chunk of `step` with all that a decoder needs to give back the same step."""
    with _remembering:
        known = _remembered.get(_identity(step))
    if known is not None:
        return known[1]
    chunk = _encode_step(step)
    remember(step, chunk)
    return chunk


def remember(step: Step, chunk: Chunk) -> None:
    """Know that `chunk` is that of `step`."""
    with _remembering:
        _remembered[_identity(step)] = step, chunk
        while len(_remembered) > 1 and sum(len(each.data) for _, each in _remembered.values()) > _MOST_REMEMBERED:
            _remembered.popitem(last=False)


def forget(step: Step) -> None:
    """Let go of `step` and its chunk, which nobody will ask for any more."""
    with _remembering:
        _remembered.pop(_identity(step), None)


def takes_more(step: Step, limit: float) -> bool:
    """Whether the chunk of `step`, compressed a little, takes more than `limit` bytes.

    Encoding ends as soon as that is sure; the chunk of a step that takes less is remembered.
    """
    with _remembering:
        known = _remembered.get(_identity(step))
    if known is None:
        shown = _shown(step)
        encoder = _Encoder(frame for frame, _ in shown)
        size = _GrowingSize()
        for frame, repeat in shown:
            encoder.add(frame, repeat)
            if size.of(encoder.styles, encoder.paths.out, encoder.commands) > limit * _SURELY:
                return True
        chunk = encoder.chunk()
        remember(step, chunk)
        if size.whole(len(chunk.data)) * _SURELY < limit:
            return False
    else:
        chunk = known[1]
    return len(zlib.compress(chunk.data, _LITTLE)) > limit


class _GrowingSize:
    """What parts of a chunk that only grow take when they are compressed, each by itself.

    Together, as they are in the chunk, they take as much but for a hundredth.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[Any, int]] = []
        self._size = 0

    def of(self, *parts: bytearray) -> int:
        """At least so many bytes, now that the parts have grown to these."""
        if not self._parts:
            self._parts = [(zlib.compressobj(_LITTLE), 0) for _ in parts]
        for place, part in enumerate(parts):
            packer, done = self._parts[place]
            self._size += len(packer.compress(memoryview(part)[done:]))
            self._parts[place] = packer, len(part)
        return self._size

    def whole(self, size: int) -> int:
        """So many bytes in all, now that nothing is added any more, with what a chunk of `size` bytes has besides."""
        besides = size - sum(done for _, done in self._parts)
        return self._size + sum(len(packer.flush()) for packer, _ in self._parts) + besides


def _identity(step: Step) -> tuple[int, int, int]:
    # by identity, as comparing takes as long as encoding; the step is kept with it, so that the ids stay its own
    return id(step.frames), id(step.runs), id(step.end)


def _encode_step(step: Step) -> Chunk:
    shown = _shown(step)
    encoder = _Encoder(frame for frame, _ in shown)
    for frame, repeat in shown:
        encoder.add(frame, repeat)
    return encoder.chunk()


def _shown(step: Step) -> list[tuple[Frame, int]]:
    """The frames of a chunk: the runs of `step`, each for so long, and its end."""
    return [(step.frames[index], count) for index, count in step.runs if count > 0] + [(step.end, 0)]


def _plan(before: Sequence[Op], after: Sequence[Op]) -> list[_Edit]:
    """Edits that turn `before` into `after`, neighbours merged."""
    merged: list[_Edit] = []
    for kind, a, b, count in _edits(before, after):
        if merged and merged[-1][0] == kind:
            merged[-1] = (*merged[-1][:3], merged[-1][3] + count)
        elif count:
            merged.append((kind, a, b, count))
    return merged


def _edits(before: Sequence[Op], after: Sequence[Op]) -> Iterator[_Edit]:
    if len(before) == len(after):
        # most of a frame is the very objects of the frame before
        others = list(compress(range(len(after)), map(is_not, before, after)))
        if all(before[place].source == after[place].source for place in others):
            yield from _edits_in_place(before, after, others)
            return
    a0 = b0 = 0
    blocks = common_blocks([op.source for op in before], [op.source for op in after])
    for a, b, count in (*blocks, (len(before), len(after), 0)):
        yield _DELETE, a0, b0, a - a0
        yield _INSERT, a, b0, b - b0
        a0, b0 = a + count, b + count
        for kind, a_in, b_in, alike in _edits_in_place(before[a:a0], after[b:b0], range(count)):
            yield kind, a + a_in, b + b_in, alike


def _edits_in_place(before: Sequence[Op], after: Sequence[Op], others: Iterable[int]) -> Iterator[_Edit]:
    """Edits between as many ops of the same mobjects, of which only those at `others` may differ."""
    done = 0
    for place in others:
        yield _KEEP, done, done, place - done
        old, new = before[place], after[place]
        if old is new or old == new:
            yield _KEEP, place, place, 1
        elif isinstance(old, Draw) and isinstance(new, Draw):
            yield _CHANGE, place, place, 1
        else:
            yield _DELETE, place, place, 1
            yield _INSERT, place, place, 1
        done = place + 1
    yield _KEEP, done, done, len(after) - done


def _write_style(style: Style, out: bytearray) -> tuple[object, object, object]:
    """Append `style` to `out`; return what that leaves out of its fill, stroke and background, as it is never seen."""
    fill, stroke, back = style.fill, style.stroke, style.back
    flags = (fill is not None) | (stroke is not None) << 1 | (back is not None) << 2
    out.append(flags | style.join << 3 | style.cap << 5)
    of_fill = None if fill is None else _write_paint(fill, out)
    of_stroke = style.stroke_width if stroke is None else _write_paint(stroke, out)
    if stroke is not None:
        unsigned(style.stroke_width, out)
    of_back = style.back_width if back is None else _write_paint(back, out)
    if back is not None:
        unsigned(style.back_width, out)
    return of_fill, of_stroke, of_back


def _write_paint(paint: Paint, out: bytearray) -> object:
    """As `_write_style`."""
    stops, line = paint.stops, paint.line
    unsigned(len(stops), out)
    out += b"".join([stop.to_bytes(4, "big") for stop in stops])
    if len(stops) < 2:
        return line
    assert line is not None
    for coordinate in line:
        signed(coordinate, out)
    return None


def decode_step(chunk: bytes, step: Step, digests: dict[str, str], sources: Iterable[int] | None = None) -> Step:
    """Return `step` with the frames, runs and end state of `chunk`.

    `step` carries what the container's header says (name, notes, ...). `digests` maps the first half of a blob's
    digest (hex) to the whole; `sources` are those of its `Chunk`, if the draws are to have them again. Raises
    DamagedRecordingError; no size in `chunk` is trusted before it is checked.
    """
    reader = Reader(chunk)
    frames: list[Frame] = []
    runs: list[tuple[int, int]] = []
    end: Frame | None = None
    for frame, repeat in _read_frames(reader, digests, sources):
        if repeat:
            runs.append((len(frames), repeat))
            frames.append(frame)
        end = frame
    if reader.left:
        raise DamagedRecordingError(f"the recording is damaged: {reader.left} bytes are left over after the end state")
    assert end is not None
    return replace(step, frames=tuple(frames), runs=tuple(runs), end=end)


def decode_first(chunk: bytes, digests: dict[str, str], sources: Iterable[int] | None = None) -> Frame:
    """Return the first frame of `chunk` as `decode_step` does, without reading on."""
    return next(_read_frames(Reader(chunk), digests, sources, read_few_paths))[0]


def _read_frames(
    reader: Reader,
    digests: dict[str, str],
    sources: Iterable[int] | None,
    read_paths: Callable[[Reader], Numbered[Path]] = read_paths,
) -> Iterator[tuple[Frame, int]]:
    """Frames and how long each stays; the end state comes last and stays for no time."""
    styles = [_read_style(reader) for _ in range(reader.count())]
    pictures = [_read_picture(reader, digests) for _ in range(reader.count())]
    paths = read_paths(reader)
    count = reader.count()
    if count < 1:
        raise DamagedRecordingError("the recording is damaged: a step has no frame")
    ops: list[_Entry] = []
    drawn = 0
    numbers = repeat_(0) if sources is None else iter(sources)
    view, background = View(0, 0, 0, 0), 0
    for number in range(count):
        flags, repeat = reader.unsigned(), reader.unsigned()
        if (repeat == 0) != (number == count - 1):
            raise DamagedRecordingError("the recording is damaged: the end state is not the last frame")
        if flags & 1:
            x, y, width, height = (reader.signed() for _ in range(4))
            view = View(view.x + x, view.y + y, view.width + width, view.height + height)
            if view.width <= 0 or view.height <= 0:
                raise DamagedRecordingError("the recording is damaged: a frame shows an empty view")
        if flags & 2:
            background = int.from_bytes(reader.take(4), "big")
        ops = _read_commands(reader, ops, styles, paths, pictures, numbers)
        drawn += len(ops)
        if drawn > MOST_DRAWS:
            raise DamagedRecordingError(f"the recording is damaged: too many draws in a step, over {MOST_DRAWS}")
        yield Frame(tuple(op for op, _, _ in ops), view, background), repeat


def _read_commands(
    reader: Reader,
    before: Sequence[_Entry],
    styles: Sequence[Style],
    paths: Numbered[Path],
    pictures: Sequence[tuple[str, int, int]],
    sources: Iterator[int],
) -> list[_Entry]:
    ops: list[_Entry] = []
    at = 0
    for _ in range(reader.count()):
        head = reader.unsigned()
        kind, count = head & 3, head >> 2
        if kind != _INSERT and count > len(before) - at:
            raise DamagedRecordingError("the recording is damaged: an edit passes the end of its frame")
        if kind in (_CHANGE, _INSERT) and count > reader.left:
            raise DamagedRecordingError(f"the recording is damaged: {count} draws in {reader.left} bytes")
        if kind == _KEEP:
            ops += before[at : at + count]
        elif kind == _CHANGE:
            ops += _read_changes(reader, before[at : at + count], styles, paths)
        elif kind == _INSERT:
            ops += [_read_insert(reader, styles, paths, pictures, next(sources, 0)) for _ in range(count)]
        if kind != _INSERT:
            at += count
    ops += before[at:]
    return ops


def _read_changes(
    reader: Reader, before: Sequence[_Entry], styles: Sequence[Style], paths: Numbered[Path]
) -> list[_Entry]:
    """What `before` is changed to. Most of a recording is this, so that it is written out rather than called."""
    values, place = reader.ahead((1 + _CHANGEABLE) * len(before))
    changed: list[_Entry] = []
    most_paths, most_styles, least, most = len(paths), len(styles), -COORDINATE_LIMIT, COORDINATE_LIMIT
    try:
        for draw, path, style in before:
            if not isinstance(draw, Draw):
                raise DamagedRecordingError("the recording is damaged: a picture is changed in place")
            mask, place = values[place], place + 1
            x, y = draw.x, draw.y
            if mask & 1:
                value, place = values[place], place + 1
                path += value >> 1 ^ -(value & 1)
            if mask & 2:
                value, place = values[place], place + 1
                style += value >> 1 ^ -(value & 1)
            if mask & 4:
                value, place = values[place], place + 1
                x += value >> 1 ^ -(value & 1)
            if mask & 8:
                value, place = values[place], place + 1
                y += value >> 1 ^ -(value & 1)
            if 0 <= path < most_paths and 0 <= style < most_styles and least <= x <= most and least <= y <= most:
                changed.append((Draw(paths[path], styles[style], x, y, draw.source), path, style))
            else:
                _indexed(path, style, x, y, styles, paths, draw.source)  # says what is wrong with it
    except IndexError:
        reader.went_to(len(values))
        reader.unsigned()  # says what is wrong with the number that is missing
        raise
    reader.went_to(place)
    return changed


def _read_insert(
    reader: Reader,
    styles: Sequence[Style],
    paths: Numbered[Path],
    pictures: Sequence[tuple[str, int, int]],
    source: int,
) -> _Entry:
    index = reader.unsigned()
    if index >= len(paths):
        digest, width, height = _entry(pictures, index - len(paths), "picture")
        x0, y0, x1, y1, x2, y2 = (reader.signed() for _ in range(6))
        alpha = reader.unsigned()
        if alpha >> 1 > 255:
            raise DamagedRecordingError("the recording is damaged: an opacity is over 255")
        return Picture(digest, width, height, (x0, y0, x1, y1, x2, y2), alpha >> 1, bool(alpha & 1), source), 0, 0
    return _indexed(index, reader.unsigned(), reader.signed(), reader.signed(), styles, paths, source)


def _indexed(
    path: int, style: int, x: int, y: int, styles: Sequence[Style], paths: Numbered[Path], source: int
) -> _Entry:
    if abs(x) > COORDINATE_LIMIT or abs(y) > COORDINATE_LIMIT:
        raise DamagedRecordingError("the recording is damaged: a draw is too far away")
    return Draw(_entry(paths, path, "path"), _entry(styles, style, "style"), x, y, source), path, style


def _entry(table: Numbered[_T], index: int, kind: str) -> _T:
    if not 0 <= index < len(table):
        raise DamagedRecordingError(f"the recording is damaged: {kind} {index} of {len(table)}")
    return table[index]


def _read_style(reader: Reader) -> Style:
    flags = reader.unsigned()
    if flags >> 7 or flags >> 3 & 3 == 3 or flags >> 5 & 3 == 3:
        raise DamagedRecordingError("the recording is damaged: a style has unknown flags")
    fill = _read_paint(reader) if flags & 1 else None
    stroke, width = (_read_paint(reader), reader.unsigned()) if flags & 2 else (None, 0)
    back, back_width = (_read_paint(reader), reader.unsigned()) if flags & 4 else (None, 0)
    return Style(fill, stroke, width, back, back_width, _JOINS[flags >> 3 & 3], _CAPS[flags >> 5 & 3])


def _read_paint(reader: Reader) -> Paint:
    count = reader.count()
    if count < 1:
        raise DamagedRecordingError("the recording is damaged: a colour has no stop")
    data = reader.take(4 * count)
    stops = tuple(int.from_bytes(data[at : at + 4], "big") for at in range(0, 4 * count, 4))
    if count == 1:
        return Paint(stops)
    x0, y0, x1, y1 = (reader.signed() for _ in range(4))
    return Paint(stops, (x0, y0, x1, y1))


def _read_picture(reader: Reader, digests: dict[str, str]) -> tuple[str, int, int]:
    half = reader.take(DIGEST_BYTES).hex()
    if half not in digests:
        raise DamagedRecordingError(f"the recording is damaged: picture {half} is missing")
    return digests[half], reader.unsigned(), reader.unsigned()
