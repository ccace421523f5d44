"""What a worker may answer in place of what it was asked for, each by a name."""

import io
import pickle
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from astrai_slides.export.video.answers import CLIPS, ERROR, answer, opened, packed
from astrai_slides.export.video.chunks import Task, encode_chunk
from astrai_slides.export.video.encode import Encoder

Harm = Callable[[Task, bytes], object]
"""Makes an answer to a task of the true one."""

MARK = "ASTRAI_SLIDES_TEST_MARK"
_HEAD = 49
"""Bytes before the answer's SHA-256."""


class Bomb:
    """Code that runs where it is unpickled."""

    def __reduce__(self) -> Any:
        return exec, (f"import os, pathlib; pathlib.Path(os.environ[{MARK!r}]).write_text('ran')",)


class UnspeakableError(Exception):
    """An error without a text."""

    def __str__(self) -> str:
        raise ValueError


def _raise(error: BaseException) -> Harm:
    def harm(task: Task, true: bytes) -> object:
        raise error

    return harm


def _flip(at: int) -> Harm:
    return lambda task, true: true[:at] + bytes([true[at] ^ 4]) + true[at + 1 :]


def _holding(*videos: bytes) -> bytes:
    return b"".join(len(each).to_bytes(8, "little") + each for each in videos)


def _videos(change: Callable[[Task, bytes, bytes], tuple[bytes, ...]]) -> Harm:
    """A whole answer to the right question, with other videos."""

    def harm(task: Task, true: bytes) -> bytes:
        ((forwards, backwards),) = opened(task, true)
        return packed(CLIPS, task, _holding(*change(task, forwards, backwards)))

    return harm


def _content(make: bytes) -> Harm:
    return lambda task, true: packed(CLIPS, task, make)


def _asked_otherwise(change: Callable[[Task], Task]) -> Harm:
    """A true answer to another question, said to be one to this."""

    def harm(task: Task, true: bytes) -> bytes:
        other = change(task)
        clips = opened(other, answer(encode_chunk, other))
        return packed(CLIPS, task, _holding(*(each for pair in clips for each in pair)))

    return harm


def _other_question(task: Task, true: bytes) -> bytes:
    return answer(encode_chunk, replace(task, first=task.first + 1))


def _smaller(task: Task) -> Task:
    return replace(task, quality=replace(task.quality, width=task.quality.width - 16))


def _pictures(clip: bytes) -> list[Any]:
    with av.open(io.BytesIO(clip)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]  # type: ignore[union-attr]


def _drawn(task: Task, pictures: list[Any]) -> bytes:
    encoder = Encoder(task.quality)
    for picture in pictures:
        encoder.add(np.ascontiguousarray(picture))
    return encoder.finish()


def _other_pictures(change: Callable[[list[Any]], list[Any]]) -> Harm:
    def other(task: Task, forwards: bytes, backwards: bytes) -> tuple[bytes, bytes]:
        pictures = change(_pictures(forwards))
        return _drawn(task, pictures), _drawn(task, pictures[::-1])

    return _videos(other)


def _spotted(picture: Any) -> Any:
    """A picture with a spot that it does not have."""
    spotted = picture.copy()
    spotted[8:24, 8:24] ^= 0x80
    return spotted


def _as(codec: str, pixels: str, container: str, **options: str) -> Harm:
    def encoded(task: Task, clip: bytes) -> bytes:
        buffer = io.BytesIO()
        with av.open(buffer, "w", format=container) as output:
            stream = output.add_stream(codec, rate=Fraction(task.quality.fps), options=options)
            stream.width, stream.height, stream.pix_fmt = task.quality.width, task.quality.height, pixels
            for picture in _pictures(clip):
                frame = av.VideoFrame.from_ndarray(picture, format="yuv420p").reformat(format=pixels)
                output.mux(stream.encode(frame))
            output.mux(stream.encode(None))
        return buffer.getvalue()

    return _videos(lambda task, one, other: (encoded(task, one), encoded(task, other)))


def _with_sound(task: Task, clip: bytes) -> bytes:
    buffer = io.BytesIO()
    with av.open(io.BytesIO(clip)) as source, av.open(buffer, "w", format="mp4") as output:
        video = output.add_stream_from_template(source.streams.video[0])
        sound = output.add_stream("aac", rate=8000)
        for packet in source.demux(video=0):  # type: ignore[union-attr]
            if packet.size:
                packet.stream = video
                output.mux(packet)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 8000
        output.mux([*sound.encode(frame), *sound.encode(None)])
    return buffer.getvalue()


def _scratched(clip: bytes) -> bytes:
    """`clip` with its last pictures destroyed."""
    at = clip.index(b"mdat") + 4
    size = int.from_bytes(clip[at - 8 : at - 4], "big") - 8
    half = at + size // 2
    return clip[:half] + b"\xff" * (at + size - half) + clip[at + size :]


_PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"

HARMS: dict[str, Harm] = {
    # no bytes
    "None": lambda task, true: None,
    "an empty tuple": lambda task, true: (),
    "a number": lambda task, true: 7,
    "text": lambda task, true: true.decode("latin-1"),
    "a list": lambda task, true: [true],
    "what can be changed later": lambda task, true: bytearray(true),
    "the videos themselves": lambda task, true: opened(task, true),
    # errors
    "an error": _raise(ValueError("no")),
    "an error without a text": _raise(UnspeakableError()),
    "an error with an endless text": _raise(ValueError("no " * 1_000_000)),
    "an exit": _raise(SystemExit(0)),
    "an interruption": _raise(KeyboardInterrupt()),
    "a told error": lambda task, true: packed(ERROR, task, b"\x1b[2J\x07" * 1000 + b"\n\x00where"),
    "a told error that is no text": lambda task, true: packed(ERROR, task, b"\xff\xfe\x80"),
    # bytes that are no answer
    "nothing": lambda task, true: b"",
    "garbage": lambda task, true: bytes(range(256)) * 40,
    "code": lambda task, true: pickle.dumps(Bomb()),
    "code in an answer": _content(pickle.dumps(Bomb())),
    "code in a told error": lambda task, true: packed(ERROR, task, pickle.dumps(Bomb())),
    "its first byte": lambda task, true: true[:1],
    "its head": lambda task, true: true[:_HEAD],
    "its half": lambda task, true: true[: len(true) // 2],
    "all but a byte": lambda task, true: true[:-1],
    "a byte more": lambda task, true: true + b"x",
    "twice": lambda task, true: true + true,
    "another magic": _flip(0),
    "another kind": _flip(8),
    "another question": _flip(10),
    "another length": _flip(42),
    "another digest": _flip(_HEAD + 3),
    "another byte": _flip(_HEAD + 500),
    "the last byte": lambda task, true: true[:-1] + bytes([true[-1] ^ 1]),
    "an answer to another question": _other_question,
    # whole answers that do not hold what was asked for
    "no content": _content(b""),
    "half a length": _content(b"\x01\x00"),
    "an endless length": _content(b"\xff" * 8 + b"x"),
    "no videos": _content(_holding(b"", b"")),
    "videos of garbage": _content(_holding(b"garbage" * 99, b"garbage" * 99)),
    "playlists": _content(_holding(_PLAYLIST, _PLAYLIST)),
    "one video": _videos(lambda task, one, other: (one,)),
    "three videos": _videos(lambda task, one, other: (one, other, one)),
    "two pairs": _videos(lambda task, one, other: (one, other, one, other)),
    "half a video": _videos(lambda task, one, other: (one[: len(one) // 2], other)),
    "half a video backwards": _videos(lambda task, one, other: (one, other[: len(other) // 2])),
    "the other way round": _videos(lambda task, one, other: (other, one)),
    "forwards only": _videos(lambda task, one, other: (one, one)),
    "scratched": _videos(lambda task, one, other: (_scratched(one), other)),
    "scratched backwards": _videos(lambda task, one, other: (one, _scratched(other))),
    "sound besides": _videos(lambda task, one, other: (_with_sound(task, one), other)),
    # well made videos of something else
    "another part of the step": _asked_otherwise(lambda task: replace(task, segment=task.segment[::-1])),
    "a frame too few": _asked_otherwise(lambda task: replace(task, segment=task.segment[:-1])),
    "a frame too many": _asked_otherwise(lambda task: replace(task, segment=(*task.segment, task.segment[-1]))),
    "another size": _asked_otherwise(_smaller),
    "another quality": _asked_otherwise(lambda task: replace(task, quality=replace(task.quality, crf=40))),
    "black": _other_pictures(lambda pictures: [np.full_like(pictures[0], 16)] * len(pictures)),
    "the first picture only": _other_pictures(lambda pictures: [pictures[0]] * len(pictures)),
    "another first picture": _other_pictures(lambda pictures: [_spotted(pictures[0]), *pictures[1:]]),
    "another last picture": _other_pictures(lambda pictures: [*pictures[:-1], _spotted(pictures[-1])]),
    "another codec": _as("mpeg4", "yuv420p", "mp4"),
    "other pixels": _as("libx264", "yuv444p", "mp4"),
    "other settings": _as("libx264", "yuv420p", "mp4", preset="slow"),
    "another container": _as("libx264", "yuv420p", "matroska"),
}


def mark(folder: Path) -> Path:
    """The file that `Bomb` writes, if it is in the environment as `MARK`."""
    return folder / "ran"
