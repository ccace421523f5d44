"""What a worker answers: bytes that say themselves what they are and what was asked, so that all of it can be checked.

An answer is the magic, its kind, the digest of the task, the length of its content, the SHA-256 of all that and of the
content, and the content: mp4s, each with its length, or the text of an error. Nothing in it is ever unpickled.
"""

import hashlib
import struct
import traceback
from collections.abc import Callable, Iterator

from astrai_slides.export.video.chunks import EncodedChunk, Task

MAGIC = b"\x89ASTRAN\n"

CLIPS, ERROR = b"C", b"E"

_HEAD = struct.Struct("<8sc32sQ")
_SUM = 32
_LENGTH = struct.Struct("<Q")
_LONGEST_ERROR = 100_000
"""Characters of an error's text that are taken over."""

_LONGEST_SENTENCE = 500


class BadAnswerError(Exception):
    """An answer is not one to what was asked; the message says in what."""


class WorkerError(Exception):
    """What a worker says went wrong; notes hold where, as it tells it."""


class LostError(Exception):
    """No answer comes; the message says why."""


def asked(task: Task) -> bytes:
    """Digest all that decides the answer to `task`."""
    digest = hashlib.sha256()
    film = hashlib.sha256(task.film).hexdigest() if task.film is not None else ""
    background = task.background if film else 0
    ways = "both ways" if task.backwards else "forwards"
    for part in (task.digest, repr(task.segment), str(task.first), task.quality.key, film, str(background), ways):
        digest.update(part.encode() + b"\n")
    return digest.digest()


def answer(work: Callable[[Task], EncodedChunk], task: Task) -> bytes:
    """Do `work` on `task` and say how it went. Runs on workers; raises no Exception."""
    try:
        clips = work(task)
    except Exception as error:
        lines = f"{said(error)}\n{''.join(traceback.format_exception(error))}"
        return packed(ERROR, task, lines[:_LONGEST_ERROR].encode("utf-8", "replace"))
    return packed(CLIPS, task, b"".join(_LENGTH.pack(len(each)) + each for pair in clips for each in pair))


def packed(kind: bytes, task: Task, content: bytes) -> bytes:
    """Return an answer to `task` with `content`."""
    head = _HEAD.pack(MAGIC, kind, asked(task), len(content))
    return head + hashlib.sha256(head + content).digest() + content


def opened(task: Task, data: object) -> EncodedChunk:
    """Return the mp4s of an answer to `task`, which are still to be looked at.

    Raises WorkerError with what the worker says went wrong, and BadAnswerError if `data` is no whole answer to `task`.
    """
    if not isinstance(data, bytes):
        raise BadAnswerError(f"the answer is no bytes but {type(data).__name__}")
    start = _HEAD.size + _SUM
    if len(data) < start:
        raise BadAnswerError(f"the answer has {len(data)} bytes, too few to be one")
    magic, kind, question, length = _HEAD.unpack_from(data)
    if magic != MAGIC or kind not in (CLIPS, ERROR):
        raise BadAnswerError("the answer does not begin as one does")
    if question != asked(task):
        raise BadAnswerError("the answer is to another question")
    if len(data) != start + length:
        raise BadAnswerError(f"the answer has {len(data) - start} bytes of content in place of {length}")
    content = data[start:]
    if hashlib.sha256(data[: _HEAD.size] + content).digest() != data[_HEAD.size : start]:
        raise BadAnswerError("the answer is damaged: its SHA-256 is another")
    if kind == ERROR:
        raise _worker_error(content)
    parts = list(_parts(content))
    if not parts or len(parts) % 2:
        raise BadAnswerError(f"the answer holds {len(parts)} videos, not one in each direction")
    return tuple(zip(parts[::2], parts[1::2], strict=True))


def _worker_error(content: bytes) -> WorkerError:
    text, _, where = content[:_LONGEST_ERROR].decode("utf-8", "replace").partition("\n")
    error = WorkerError(_plain(text))
    error.add_note("".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in where))
    return error


def _parts(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        if len(content) - at < _LENGTH.size:
            raise BadAnswerError("the answer ends within a length")
        (length,) = _LENGTH.unpack_from(content, at)
        at += _LENGTH.size
        if length > len(content) - at:
            raise BadAnswerError("the answer ends within a video")
        yield content[at : at + length]
        at += length


def said(error: BaseException) -> str:
    """Return what `error` is in one line, also where its text cannot be made."""
    try:
        text = str(error)
    except Exception:
        text = "its text cannot be made"
    if isinstance(error, BadAnswerError | WorkerError | LostError):
        return _plain(text)
    return _plain(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def _plain(text: str) -> str:
    """`text` in one line without control characters: it may come from anyone, and goes to a terminal."""
    line = " ".join(text.split())
    return "".join(each if each.isprintable() else "\ufffd" for each in line)[:_LONGEST_SENTENCE]
