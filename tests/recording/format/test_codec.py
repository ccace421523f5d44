"""The codec: what is written is read back, and nothing that is read is trusted."""

import tracemalloc
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples
from strategies import BLOBS, coordinates, shown, steps

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format import codec
from astrai_slides.recording.format.codec import DIGEST_BYTES, decode_first, decode_step, encode_step, takes_more
from astrai_slides.recording.format.model import Draw, Frame, Paint, Path, Step, Style, View
from astrai_slides.recording.format.varint import (
    DamagedRecordingError,
    Reader,
    signed,
    signed_rows,
    signed_sizes,
    unsigned,
)

HALVES = {digest[: 2 * DIGEST_BYTES]: digest for digest in BLOBS}
VIEW = View(0, 0, 57600, 32400)
EMPTY = Step("", (), (), Frame((), VIEW, 0xFF))
_MOST_MEMORY = 64 << 20


def line(length: int) -> Path:
    return Path(((1, False),), np.array([(0, 0), (1, 1), (2, 2), (length, 0)], "<i4").tobytes())


def drawn(path: Path, x: int = 0, source: int = 1) -> Draw:
    return Draw(path, Style(Paint((0xFF0000FF,))), x, 0, source)


@given(steps())
def test_a_step_comes_back(step: Step) -> None:
    back = decode_step(encode_step(step), replace(step, frames=(), runs=()), HALVES)
    assert shown(back) == shown(step)
    assert back.length == step.length
    assert [count for _, count in back.runs] == [count for _, count in step.runs]
    assert replace(back, frames=(), runs=(), end=step.end) == replace(step, frames=(), runs=())


@given(steps())
def test_the_first_frame_is_that_of_the_step(step: Step) -> None:
    chunk = encode_step(step)
    back = decode_step(chunk, EMPTY, HALVES)
    assert decode_first(chunk, HALVES) == (*back.frames, back.end)[0]


@given(steps())
def test_the_same_step_gives_the_same_bytes(step: Step) -> None:
    chunk = encode_step(step)
    assert encode_step(step) == chunk
    # and a step that was read is written as it was read
    assert encode_step(decode_step(chunk, step, HALVES)) == encode_step(decode_step(chunk, step, HALVES))


def unsteady(frames: int) -> Step:
    """A step in which every draw has a path and a style of its own in each frame."""
    random = np.random.default_rng(1)

    def draw(place: int) -> Draw:
        points = np.vstack([np.zeros((1, 2), "<i4"), random.integers(-900, 900, (12, 2), "<i4")])
        style = Style(Paint((int(random.integers(1 << 32)), 0xFF), (0, 0, int(random.integers(900)), 5)))
        return Draw(Path(((4, True),), points.astype("<i4").tobytes()), style, place, place, place)

    made = tuple(Frame(tuple(map(draw, range(100))), VIEW, 0xFF) for _ in range(frames))
    return Step("", made, tuple((place, 1) for place in range(frames)), made[-1])


def encoded_frames(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """The frames that are encoded from now on."""
    found: list[Frame] = []
    add = codec._Encoder.add

    def watched(self: codec._Encoder, frame: Frame, repeat: int) -> None:
        found.append(frame)
        add(self, frame, repeat)

    monkeypatch.setattr(codec._Encoder, "add", watched)
    return found


@given(steps())
def test_whether_a_step_takes_more_is_told_as_of_the_whole(step: Step) -> None:
    size = len(zlib.compress(encode_step(step), 1))
    for known in (True, False):
        if not known:
            codec.forget(step)
        assert not takes_more(step, size)
        if not known:
            codec.forget(step)
        assert takes_more(step, size - 1)


def test_a_step_that_takes_more_is_encoded_until_that_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    step = unsteady(40)
    size = len(zlib.compress(encode_step(step), 1))
    codec.forget(step)
    encoded = encoded_frames(monkeypatch)
    assert takes_more(step, size / 4)
    assert 5 < len(encoded) < 20
    for limit, more in ((size, False), (size - 1, True), (1.5 * size, False)):
        codec.forget(step)
        encoded.clear()
        assert takes_more(step, limit) == more
        assert len(encoded) == 41
    # and not once more
    assert not takes_more(step, size)
    encode_step(step)
    assert len(encoded) == 41


def test_styles_that_differ_in_what_is_not_seen_are_told_as_those_that_come_first() -> None:
    """As they are not equal, each has a place of its own in the table."""
    flat = Paint((0xFF0000FF,))
    alike = [
        Style(flat),
        Style(flat, stroke_width=7),
        Style(flat, back_width=7),
        Style(Paint((0xFF0000FF,), (0, 0, 1, 1))),
        Style(flat, flat, 7),
        Style(Paint((0xFF0000FF,), (0, 0, 1, 1)), flat, 7),
        Style(flat, Paint((0xFF0000FF,), (0, 0, 1, 1)), 7),
    ]
    frame = Frame(tuple(Draw(line(2), style, 0, 0, 1) for style in [*alike, *map(replace, alike)]), VIEW, 0xFF)
    assert encode_step(Step("", (frame,), ((0, 1),), frame))[0] == len(alike)


@settings(max_examples=examples(150))
@given(steps(), st.data())
def test_a_flipped_byte_is_refused_or_read_within_bounds(step: Step, data: st.DataObject) -> None:
    chunk = bytearray(encode_step(step))
    for _ in range(data.draw(st.integers(1, 3))):
        chunk[data.draw(st.integers(0, len(chunk) - 1))] = data.draw(st.integers(0, 255))
    try:
        back = decode_step(bytes(chunk), EMPTY, HALVES)
    except DamagedRecordingError as error:
        assert "damaged" in str(error)  # noqa: PT017
        return
    encode_step(back)


@given(steps(), st.data())
def test_a_truncated_chunk_is_refused(step: Step, data: st.DataObject) -> None:
    chunk = encode_step(step)
    with pytest.raises(DamagedRecordingError):
        decode_step(chunk[: data.draw(st.integers(0, len(chunk) - 1))], EMPTY, HALVES)


@given(steps(), st.binary(min_size=1, max_size=8))
def test_bytes_after_the_end_are_refused(step: Step, more: bytes) -> None:
    with pytest.raises(DamagedRecordingError, match="left over"):
        decode_step(encode_step(step) + more, EMPTY, HALVES)


@given(st.binary(max_size=200))
def test_noise_is_refused_or_read(noise: bytes) -> None:
    try:
        decode_step(noise, EMPTY, HALVES)
    except AstraiSlidesError:
        return


@pytest.mark.parametrize(
    "table", ["styles", "pictures", "paths", "subpaths", "curves", "frames", "commands", "inserts"]
)
def test_a_huge_count_costs_no_memory(table: str) -> None:
    huge = bytearray()
    unsigned((1 << 32) - 1, huge)
    path = b"\x01\x00\x01\x02" + b"\x00" * 6  # one path, literal, one sub-path of one open curve, three points
    head = {
        "styles": b"",
        "pictures": b"\x00",
        "paths": b"\x00\x00",
        "subpaths": b"\x00\x00\x01\x00",
        "curves": b"\x00\x00\x01\x00\x01",
        "frames": b"\x00\x00" + path,
        "commands": b"\x00\x00" + path + b"\x01\x03\x00\x00\x00\x02\x02\x00\x00\x00\xff",
        "inserts": b"\x00\x00" + path + b"\x01\x03\x00\x00\x00\x02\x02\x00\x00\x00\xff\x01",
    }[table]
    tracemalloc.start()
    try:
        with pytest.raises(DamagedRecordingError):
            decode_step(head + bytes(huge) + b"\x00" * 64, EMPTY, HALVES)
        assert tracemalloc.get_traced_memory()[1] < _MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.long
def test_frames_that_repeat_many_draws_cannot_fill_memory() -> None:
    """A few bytes a frame may keep all draws of the frame before: the product is bounded, not only the counts."""
    readable = decode_step(_many_frames(draws=20, frames=20), EMPTY, HALVES)
    assert (readable.length, len(readable.end.ops)) == (20, 20)
    crafted = _many_frames(draws=20_000, frames=20_000)
    tracemalloc.start()
    try:
        with pytest.raises(DamagedRecordingError, match="too many"):
            decode_step(crafted, EMPTY, HALVES)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 1 << 28


def _many_frames(draws: int, frames: int) -> bytes:
    """A chunk whose every frame moves the first of `draws` draws, in six bytes a frame."""
    out = bytearray(b"\x01\x01\x01\xff\x00\x00\xff\x00\x01\x00\x01\x02" + b"\x00" * 6)
    unsigned(frames + 1, out)
    out += b"\x03\x01\x00\x00\x02\x02\x00\x00\x00\xff\x01"
    unsigned(draws << 2 | 2, out)
    out += b"\x00\x00\x00\x00" * draws
    for number in range(frames):
        out += bytes([0, number != frames - 1, 1, 1 << 2 | 1, 1 << 2, 2])
    return bytes(out)


def test_a_moving_mobject_costs_bytes_only_for_what_moves() -> None:
    still = [drawn(line(1000 + place), place, place + 2) for place in range(200)]
    frames = tuple(Frame((drawn(line(5), x), *still), VIEW, 0xFF) for x in range(100))
    step = Step("", frames, tuple((place, 1) for place in range(100)), frames[-1])
    single = len(encode_step(Step("", frames[:1], ((0, 1),), frames[0])))
    assert len(encode_step(step)) - single < 8 * 100


def test_a_straight_motion_of_points_is_predicted() -> None:
    def curve(t: int) -> Path:
        points = [(0, 0), *[(100 * place + 37 * place * t, 11 * t * place) for place in range(1, 31)]]
        return Path(((10, False),), np.array(points, "<i4").tobytes())

    frames = tuple(Frame((drawn(curve(t)),), VIEW, 0xFF) for t in range(50))
    step = Step("", frames, tuple((place, 1) for place in range(50)), frames[-1])
    # 60 numbers a path, which a straight motion leaves at zero: one byte each
    assert len(encode_step(step)) < 50 * 75 + 300


@given(st.lists(st.integers(-(1 << 31), (1 << 31) - 1), max_size=50))
def test_numbers_come_back(values: list[int]) -> None:
    rows = np.array([values, values[::-1], [0] * len(values)], dtype=np.int64)
    bulk, backwards, zeros = signed_rows(rows)
    single = bytearray()
    for value in values:
        signed(value, single)
    assert bytes(single) == bulk
    assert signed_sizes(rows).tolist() == [len(bulk), len(backwards), len(zeros)]
    assert Reader(backwards).signed_bulk(len(values)).tolist() == values[::-1]
    assert zeros == bytes(len(values))
    assert Reader(bulk).signed_bulk(len(values)).tolist() == values
    reader = Reader(bulk)
    assert [reader.signed() for _ in values] == values


PIECES = st.one_of(
    st.tuples(st.just("numbers"), st.lists(st.integers(0, (1 << 32) - 1), max_size=30).map(tuple)),
    st.tuples(st.just("bulk"), st.lists(st.integers(-(1 << 31), (1 << 31) - 1), max_size=30).map(tuple)),
    st.tuples(st.just("ahead"), st.lists(st.integers(0, (1 << 32) - 1), max_size=30).map(tuple)),
    st.tuples(st.just("bytes"), st.binary(max_size=6)),
)


@given(pieces=st.lists(PIECES, max_size=12), window=st.integers(1, 40), left_out=st.integers(1, 5))
def test_numbers_and_bytes_come_back_in_any_order_and_what_is_cut_off_is_refused(
    pieces: list[tuple[str, Any]], window: int, left_out: int
) -> None:
    data = bytearray()
    for kind, piece in pieces:
        if kind == "bytes":
            data += piece
        for value in () if kind == "bytes" else piece:
            (signed if kind == "bulk" else unsigned)(value, data)

    def read(reader: Reader, kind: str, piece: Any) -> Any:
        if kind == "bytes":
            return reader.take(len(piece))
        if kind == "bulk":
            return tuple(reader.signed_bulk(len(piece)).tolist())
        if kind == "numbers":
            return tuple(reader.unsigned() for _ in piece)
        values, place = reader.ahead(len(piece))
        found = tuple(values[place : place + len(piece)])
        reader.went_to(place + len(found))
        return found if len(found) == len(piece) else (*found, reader.unsigned())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reader, "_WINDOW", window)
        reader = Reader(bytes(data))
        assert [read(reader, *each) for each in pieces] == [each for _, each in pieces]
        assert reader.left == 0
        cut = Reader(bytes(data[:-left_out]))
        if data:
            with pytest.raises(DamagedRecordingError):
                [read(cut, *each) for each in pieces]


@pytest.mark.parametrize("before", [0, 20])
def test_a_number_that_is_too_long_is_refused_where_it_comes(before: int) -> None:
    data = bytes(before) + b"\x80" * 9 + bytes(9)
    for read in (Reader.unsigned, lambda reader: reader.signed_bulk(1)):
        reader = Reader(data)
        assert all(reader.unsigned() == 0 for _ in range(before))
        with pytest.raises(DamagedRecordingError, match="too long"):
            read(reader)
    values, place = Reader(data).ahead(before + 1)
    assert values[place:] == [0] * before


@given(coordinates)
def test_far_draws_come_back(x: int) -> None:
    frame = Frame((drawn(line(5), x),), VIEW, 0xFF)
    assert decode_step(encode_step(Step("", (), (), frame)), EMPTY, HALVES).end == frame


def test_a_draw_may_stand_in_the_place_of_an_equal_one() -> None:
    def square(side: int) -> Draw:  # a path of its own each time
        xy = np.array([[0, 0], [0, 0], [side, 0], [side, 0]], "<i4").tobytes()
        return Draw(Path(((1, False),), xy), Style(Paint((0xFF0000FF,))), 0, 0, 1)

    frames = tuple(Frame((each,), View(0, 0, 10, 10), 0) for each in (square(1), square(1), square(2)))
    step = Step("", frames, tuple((place, 1) for place in range(3)), frames[2])
    assert tuple(decode_step(encode_step(step), step, {}).frames) == frames
