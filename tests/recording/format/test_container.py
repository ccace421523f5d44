"""The container: whole recordings as files, and what a reader says about files that are not."""

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples
from strategies import FILM, recordings, shown

from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.codec import encode_step
from astrai_slides.recording.format.container import MAGIC, VERSION, content_digest, dump, load, pack
from astrai_slides.recording.format.model import (
    Draw,
    Film,
    Frame,
    Paint,
    Path,
    Recording,
    Rest,
    Step,
    Style,
    TextRun,
    View,
)
from astrai_slides.recording.format.varint import DamagedRecordingError
from astrai_slides.recording.run.record import record_scene

_HEAD = len(MAGIC) + 5
_NAME = "talk.astrai"


def small() -> Recording:
    draw = Draw(Path(((1, False),), bytes(32)), Style(Paint((0xFF,))), 5, 6)
    still, end = Frame((), View(0, 0, 100, 50), 0xFF), Frame((draw,), View(0, 0, 100, 50), 0xFF)
    steps = tuple(Step(name, (still,), ((0, 3),), end) for name in ("one", "two"))
    filmed = Step("three", (still,), ((0, 3),), end, film=Film(FILM.digest, "why"))
    return Recording("Scene", 60.0, 1920, 1080, 0xFF, (*steps, filmed), {FILM.digest: FILM})


def rewritten(change: Callable[[dict[str, Any]], object], data: bytes | None = None) -> bytes:
    """The bytes of a small recording with another header."""
    data = dump(small()) if data is None else data
    size = int.from_bytes(data[_HEAD - 4 : _HEAD], "little")
    header = json.loads(data[_HEAD : _HEAD + size])
    change(header)
    text = json.dumps(header).encode()
    return data[: _HEAD - 4] + len(text).to_bytes(4, "little") + text + data[_HEAD + size :]


@settings(max_examples=examples(50))
@given(recordings)
def test_a_recording_comes_back(recording: Recording) -> None:
    data = dump(recording)
    back = load(data)
    assert dump(recording) == data
    assert (back.scene, back.fps, back.width, back.height) == (
        recording.scene,
        recording.fps,
        recording.width,
        recording.height,
    )
    assert (back.background, back.warnings) == (recording.background, recording.warnings)
    for ours, theirs in zip(back.steps, recording.steps, strict=True):
        assert shown(ours) == shown(theirs)
        assert (ours.name, ours.title, ours.notes, ours.texts, ours.rests) == (
            theirs.name,
            theirs.title,
            theirs.notes,
            theirs.texts,
            theirs.rests,
        )
        assert (ours.loop, ours.auto_next, ours.finish_loop) == (theirs.loop, theirs.auto_next, theirs.finish_loop)
        assert (ours.length, ours.film, ours.direction) == (theirs.length, theirs.film, theirs.direction)
    assert all(recording.blobs[digest] == blob for digest, blob in back.blobs.items())


def test_a_text_of_draws_that_are_not_there_is_damage() -> None:
    recording = small()
    first = recording.steps[0]
    run = TextRun("gone", (0, 0, 1, 1), ((0, len(first.end.ops) + 1),))
    steps = (replace(first, texts=(run,)), *recording.steps[1:])
    with pytest.raises(DamagedRecordingError, match="a text is of more draws than the end state has"):
        load(dump(replace(recording, steps=steps)))


@pytest.mark.parametrize(("at", "more"), [(0, 1), (3, 0)])
def test_a_rest_of_frames_or_draws_that_are_not_there_is_damage(at: int, more: int) -> None:
    recording = small()
    first = recording.steps[0]
    assert first.length == 3
    run = TextRun("gone", (0, 0, 1, 1), ((0, len(first.shown(at).ops) + more),))
    steps = (replace(first, rests=(Rest(at, (run,)),)), *recording.steps[1:])
    with pytest.raises(DamagedRecordingError, match="it rests on frames or draws that it has not"):
        load(dump(replace(recording, steps=steps)))


def test_a_rest_with_a_text_that_is_not_there_is_damage() -> None:
    data = dump(replace(small(), steps=(replace(small().steps[0], rests=(Rest(0, (TextRun("a", (0, 0, 1, 1)),)),)),)))
    damaged = data.replace(b'"rests":[[0,[[0,[]]]]]', b'"rests":[[0,[[1,[]]]]]')
    assert damaged != data
    with pytest.raises(DamagedRecordingError, match="a rest has a text that is not there"):
        load(damaged)


def test_only_what_needs_it_is_written_as_a_newer_version() -> None:
    recording = small()
    first = recording.steps[0]
    assert dump(recording)[len(MAGIC)] == 1
    run = TextRun("there", (0, 0, 1, 1), ((0, len(first.end.ops)),))
    rest = Rest(0, (replace(run, glyphs=()),))
    newer = ((2, {"section": "a part"}), (3, {"texts": (run,)}), (5, {"rests": (rest,)}))
    for version, change in newer:
        step = replace(first, **change)
        assert dump(replace(recording, steps=(step, *recording.steps[1:])))[len(MAGIC)] == version


def test_the_header_says_what_the_format_says() -> None:
    header = pack(small()).header.model_dump()
    assert [step["name"] for step in header["steps"]] == ["one", "two", "three"]
    assert [step["length"] for step in header["steps"]] == [3, 3, 3]
    assert header["blobs"] == [{"digest": FILM.digest, "mime": "video/mp4", "size": len(FILM.data)}]
    one, two, three = (step["digest"] for step in header["steps"])
    # names do not count, what is seen does
    assert one == two != three


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a recording"),
        (b"GIF89a and more", "not a recording"),
        (MAGIC, "ends inside its head"),
        (MAGIC + bytes([VERSION]) + b"\x00\x00", "ends inside its head"),
        (MAGIC + bytes([VERSION + 1]) + bytes(8), f"version {VERSION + 1}.*upgrade"),
        (MAGIC + bytes([0]) + bytes(8), "damaged"),
        (MAGIC + bytes([VERSION]) + b"\xff\xff\xff\xff{}", "header has no room"),
        (MAGIC + bytes([VERSION]) + b"\x02\x00\x00\x00{}", "damaged header"),
        (MAGIC + bytes([VERSION]) + b"\x02\x00\x00\x00\xff\xfe", "damaged header"),
        (MAGIC + bytes([VERSION]) + (20000).to_bytes(4, "little") + b"[" * 20000, "damaged header"),
    ],
)
def test_another_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(AstraiSlidesError, match=reason) as caught:
        load(data, _NAME)
    assert _NAME in str(caught.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda header: header["steps"][0].update(size=header["steps"][0]["size"] + 1), "bytes of content"),
        (lambda header: header["steps"][0].update(raw=3), "another length"),
        (lambda header: header["steps"][0].update(raw=1 << 40), "damaged header"),
        (lambda header: header["steps"][0].update(raw=-1), "damaged header"),
        (lambda header: header["steps"][0].update(length=4), "3 frames where 4"),
        (lambda header: header["steps"][0].update(sha256="0" * 64), "step 'one'.*damaged"),
        (lambda header: header["steps"][0].update(name=7), "damaged header"),
        (lambda header: header["steps"][0].pop("loop"), "damaged header"),
        (lambda header: header["steps"][2]["film"].update(digest="0" * 64), "film is missing"),
        (lambda header: header["blobs"][0].update(digest="0" * 64), "not what was written"),
        (lambda header: header.update(steps=[]), "damaged"),
        (lambda header: header.update(fps=0), "damaged header"),
        (lambda header: header.update(fps=float("nan")), "damaged header"),
        (lambda header: header.update(more=1), "damaged header"),
        (lambda header: header.update(width=0), "damaged header"),
    ],
)
def test_a_header_that_lies_is_refused(change: Callable[[dict[str, Any]], object], reason: str) -> None:
    with pytest.raises(DamagedRecordingError, match=reason) as caught:
        load(rewritten(change), _NAME)
    assert _NAME in str(caught.value)


def test_a_header_that_tells_the_truth_again_is_read() -> None:
    assert load(rewritten(lambda header: None)) == load(dump(small()))


def test_a_chunk_that_inflates_without_end_is_not_inflated() -> None:
    """64 MiB of zeros in 64 KiB: what is inflated is bounded by what the header announces."""
    bomb = zlib.compress(bytes(1 << 26), 9)
    data = dump(small())
    head = pack(small()).header.steps[0]
    size = int.from_bytes(data[_HEAD - 4 : _HEAD], "little")
    at = _HEAD + size
    swapped = data[:at] + bomb + data[at + head.size :]

    def announce(header: dict[str, Any]) -> None:
        header["steps"][0].update(size=len(bomb), sha256=hashlib.sha256(bomb).hexdigest())

    with pytest.raises(DamagedRecordingError, match="another length"):
        load(rewritten(announce, swapped), _NAME)


def test_every_truncation_is_refused() -> None:
    data = dump(small())
    for length in range(len(data)):
        with pytest.raises(AstraiSlidesError):
            load(data[:length], _NAME)


def test_bytes_after_the_end_are_refused() -> None:
    with pytest.raises(DamagedRecordingError, match="announced"):
        load(dump(small()) + b"\x00")


def test_every_flipped_content_byte_is_noticed() -> None:
    data = dump(small())
    size = int.from_bytes(data[_HEAD - 4 : _HEAD], "little")
    for place in range(_HEAD + size, len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 0x40
        with pytest.raises(DamagedRecordingError):
            load(bytes(damaged))


@settings(max_examples=examples(200))
@given(st.data())
def test_a_flipped_header_byte_is_refused_or_harmless(data: st.DataObject) -> None:
    whole = bytearray(dump(small()))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    try:
        back = load(bytes(whole))
    except AstraiSlidesError:
        return
    assert [shown(step) for step in back.steps] == [shown(step) for step in small().steps]


def test_a_step_that_was_read_is_the_step_that_was_written(tmp_path: FilePath) -> None:
    """Byte for byte, though its reader does not know which draws came from one mobject."""
    deck = FilePath(__file__).resolve().parents[2] / "corpus" / "creation.py"
    recording = record_scene(deck, "MatchingShapes", fps=8, width=426, height=240, media=tmp_path)
    data = dump(recording)
    read = load(data)
    assert dump(read) == data
    assert [content_digest(step, encode_step(step)) for step in read.steps] == [
        content_digest(step, encode_step(step)) for step in recording.steps
    ]
