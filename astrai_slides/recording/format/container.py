"""A whole recording as bytes: header, chunks and blobs. See docs/recording-format.md."""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Annotated, Any, TypeAlias, overload

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from astrai_slides import __version__
from astrai_slides.base.knobs import Knob, KnobRead
from astrai_slides.base.warning import BuildWarning, Kind
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.recording.format.codec import DIGEST_BYTES, Chunk, decode_first, decode_step, encoded, remember
from astrai_slides.recording.format.model import (
    Blob,
    Caption,
    Film,
    Frame,
    Picture,
    Recording,
    Rest,
    Sound,
    Step,
    TextRun,
)
from astrai_slides.recording.format.varint import DamagedRecordingError

MAGIC = b"\x89ASTR\r\n\x1a"
VERSION = 5
"""The newest that is read. A recording is written as the oldest that has all it holds."""
_SINCE = {"captions": 2, "sounds": 2, "section": 2, "glyphs": 3, "rests": 5, "rest_texts": 5}
"""Keys of a step that came later, and with which version."""
_KNOBS_SINCE = 4
_ONLY_IN_FILES = ("glyphs", "rests", "rest_texts")
"""Keys of a step that no page has a use for."""
_MAX_RAW = 1 << 30
_MAX_HEADER = 1 << 28


_Place: TypeAlias = Annotated[int, Field(ge=0)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FilmHeader(_Model):
    """Why and by which blob a step is filmed."""

    digest: str
    reason: str


class SoundHeader(_Model):
    """Which blob is heard, from which second of the step, and its gain in dB."""

    digest: str
    start: float = Field(ge=0)
    gain: float


class StepHeader(_Model):
    """All of a step but its frames. `size` and `raw` are bytes of its chunk, compressed and inflated."""

    name: str
    title: str
    notes: str
    loop: bool
    auto_next: bool
    finish_loop: bool
    playback_rate: float
    reversed_playback_rate: float
    direction: str
    texts: list[tuple[str, int, int, int, int]]
    glyphs: list[list[tuple[_Place, _Place]]] = []
    """Of each of `texts` which ops of the end are its glyphs: (first, how many)."""
    film: FilmHeader | None
    captions: list[tuple[str, float, float]] = []
    sounds: list[SoundHeader] = []
    section: str = ""
    rest_texts: list[tuple[str, int, int, int, int]] = []
    """Texts of the rests, each once."""
    rests: list[tuple[_Place, list[tuple[_Place, list[tuple[_Place, _Place]]]]]] = []
    """Of each rest the frame, and its texts: place among `rest_texts`, and which ops of the frame are its glyphs."""
    length: int = Field(ge=0)
    digest: str
    raw: int = Field(ge=0, le=_MAX_RAW)
    size: int = Field(ge=0)
    sha256: str


class BlobHeader(_Model):
    """A file beside the frames. `size` is in bytes."""

    digest: str
    mime: str
    size: int = Field(ge=0)


class KnobHeader(_Model):
    """A knob that the deck read, and from where to where it needed it: (step, frame)."""

    name: str
    label: str
    values: list[bool | int | float | str]
    texts: list[str]
    value: _Place
    since: tuple[_Place, _Place]
    until: tuple[_Place, _Place] | None

    @property
    def read(self) -> KnobRead:
        """The same, as a recording has it."""
        knob = Knob(self.name, self.label, tuple(self.values), tuple(self.texts), self.value)
        return KnobRead(knob, self.since, self.until)

    @classmethod
    def of(cls, read: KnobRead) -> "KnobHeader":
        """The header of a knob that was read."""
        return cls(
            name=read.knob.name,
            label=read.knob.label,
            values=list(read.knob.values),
            texts=list(read.knob.texts),
            value=read.knob.value,
            since=read.since,
            until=read.until,
        )


class Header(_Model):
    """What a recording holds; `background` is 0xRRGGBBAA, `width` and `height` pixels."""

    generator: str
    scene: str
    fps: float = Field(gt=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    background: int = Field(ge=0, lt=1 << 32)
    steps: list[StepHeader] = Field(min_length=1)
    blobs: list[BlobHeader]
    warnings: list[tuple[Kind, str]]
    """Each with its kind."""
    palette: list[tuple[str, str]] = Field(default_factory=list)
    """Name and #RRGGBB of each colour of the theme; left out where there is none."""
    knobs: list[KnobHeader] = Field(default_factory=list)
    """The knobs that the deck read; left out where there is none."""
    divided: list[tuple[_Place, _Place]] = Field(default_factory=list)
    """Where the deck said that it needs some of them no more, (step, frame); left out where it reads none."""

    @property
    def version(self) -> int:
        """The oldest version that has all of it."""
        steps = (since for name, since in _SINCE.items() if any(getattr(step, name) for step in self.steps))
        return max([1, *steps, *[_KNOBS_SINCE] * bool(self.knobs)])

    def written(self, *, for_page: bool = False) -> dict[str, Any]:
        """The header as JSON has it: what came after version 1 only where there is any, and what a page can use."""
        content = self.model_dump()
        if not self.palette:
            del content["palette"]
        if not self.knobs or for_page:
            del content["knobs"], content["divided"]
        for step in content["steps"]:
            for name in _SINCE:
                if not step[name] or (for_page and name in _ONLY_IN_FILES):
                    del step[name]
        return content


@dataclass(frozen=True, slots=True)
class Packed:
    """A recording ready to be written: its header, a compressed chunk a step, and its blobs."""

    header: Header
    chunks: tuple[bytes, ...]
    blobs: tuple[Blob, ...]


def step_blobs(step: Step) -> list[str]:
    """Digests of the blobs that `step` shows, each once, in order of appearance."""
    digests = dict.fromkeys(encoded(step).pictures)
    if step.film:
        digests[step.film.digest] = None
    return list(digests)


def content_digest(step: Step, chunk: bytes) -> str:
    """Identify all that is seen of `step`: the SHA-256 of its inflated chunk and of the blobs it names."""
    digest = hashlib.sha256(chunk)
    for name in step_blobs(step):
        digest.update(bytes.fromhex(name))
    return digest.hexdigest()


def end_digest(step: Step) -> str:
    """Identify what is seen at the end of `step`; "" for one that is filmed, whose end is a picture of it."""
    return "" if step.film is not None else frame_digest(step.end)


def frame_digest(frame: Frame) -> str:
    """Identify what is seen of `frame`, whichever mobjects it comes from."""
    at_rest = Step("", (frame,), ((0, 1),), frame)
    return content_digest(at_rest, encoded(at_rest).data)


def pack(recording: Recording) -> Packed:
    """Encode and compress all steps. The same recording gives the same bytes."""
    headers, chunks = [], []
    for step in recording.steps:
        encoding = encoded(step)
        raw, chunk = encoding.data, encoding.packed
        chunks.append(chunk)
        rest_texts, rests = _rest_headers(step)
        headers.append(
            StepHeader(
                name=step.name,
                title=step.title,
                notes=step.notes,
                loop=step.loop,
                auto_next=step.auto_next,
                finish_loop=step.finish_loop,
                playback_rate=step.playback_rate,
                reversed_playback_rate=step.reversed_playback_rate,
                direction=step.direction,
                texts=[(run.text, *run.box) for run in step.texts],
                glyphs=[list(run.glyphs) for run in step.texts] if any(run.glyphs for run in step.texts) else [],
                film=FilmHeader(digest=step.film.digest, reason=step.film.reason) if step.film else None,
                section=step.section,
                captions=[(each.text, each.start, each.seconds) for each in step.captions],
                rest_texts=rest_texts,
                rests=rests,
                sounds=[SoundHeader(digest=each.digest, start=each.start, gain=each.gain) for each in step.sounds],
                length=step.length,
                digest=content_digest(step, raw),
                raw=len(raw),
                size=len(chunk),
                sha256=hashlib.sha256(chunk).hexdigest(),
            )
        )
    used = dict.fromkeys(name for step in recording.steps for name in step_blobs(step))
    used |= dict.fromkeys(sound.digest for step in recording.steps for sound in step.sounds)
    blobs = tuple(recording.blobs[name] for name in used)
    header = Header(
        generator=f"astrai-slides {__version__}",
        scene=recording.scene,
        fps=float(recording.fps),
        width=recording.width,
        height=recording.height,
        background=recording.background,
        steps=headers,
        blobs=[BlobHeader(digest=blob.digest, mime=blob.mime, size=len(blob.data)) for blob in blobs],
        warnings=[(warning.kind, warning.text) for warning in recording.warnings],
        palette=list(recording.palette),
        knobs=[KnobHeader.of(each) for each in recording.knobs],
        divided=list(recording.divided) if recording.knobs else [],
    )
    return Packed(header, tuple(chunks), blobs)


def step_identities(recording: Recording) -> list[str]:
    """A SHA-256 of each step of `recording`, of all that a file keeps of it."""
    return [hashlib.sha256(step.model_dump_json().encode()).hexdigest() for step in pack(recording).header.steps]


_RestText: TypeAlias = tuple[str, int, int, int, int]
_RestHeader: TypeAlias = tuple[int, list[tuple[int, list[tuple[int, int]]]]]


def _rest_headers(step: Step) -> tuple[list[_RestText], list[_RestHeader]]:
    texts: dict[_RestText, int] = {}
    rests = [
        (rest.at, [(texts.setdefault((run.text, *run.box), len(texts)), list(run.glyphs)) for run in rest.texts])
        for rest in step.rests
    ]
    return list(texts), rests


def dump(recording: Recording) -> bytes:
    """Return `recording` as the bytes of an `.astrai` file."""
    packed = pack(recording)
    header = json.dumps(packed.header.written(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    parts = [MAGIC, bytes([packed.header.version]), len(header).to_bytes(4, "little"), header, *packed.chunks]
    return b"".join([*parts, *(blob.data for blob in packed.blobs)])


def load(data: bytes, name: str = "the recording", *, for_page: bool = False) -> Recording:
    """Read the bytes of an `.astrai` file called `name`.

    `for_page`: as quickly as can be, for whoever writes a page of it. Frames are decoded when they are asked for, but
    for those of a recording with pictures, and there are no ends.

    Raises AstraiSlidesError for a file that is not a recording or is newer than this reader, DamagedRecordingError
    for one that does not hold together.
    """
    start = len(MAGIC) + 5
    if data[: len(MAGIC)] != MAGIC:
        raise AstraiSlidesError(f"{name}: not a recording of astrai-slides")
    if len(data) < start:
        raise DamagedRecordingError(f"{name}: damaged, it ends inside its head")
    version = data[len(MAGIC)]
    if version > VERSION:
        raise AstraiSlidesError(
            f"{name}: version {version} of the recording format; this astrai-slides reads up to {VERSION}: upgrade it"
        )
    size = int.from_bytes(data[start - 4 : start], "little")
    if version < 1 or size > min(len(data) - start, _MAX_HEADER):
        raise DamagedRecordingError(f"{name}: damaged, its header has no room")
    header = _header(data[start : start + size], name)
    sizes = [step.size for step in header.steps] + [blob.size for blob in header.blobs]
    if sum(sizes) != len(data) - start - size:
        raise DamagedRecordingError(
            f"{name}: damaged, {len(data) - start - size} bytes of content where {sum(sizes)} are announced"
        )
    parts, at = [], start + size
    for length in sizes:
        parts.append(data[at : at + length])
        at += length
    blobs = {}
    for blob, content in zip(header.blobs, parts[len(header.steps) :], strict=True):
        if hashlib.sha256(content).hexdigest() != blob.digest:
            raise DamagedRecordingError(f"{name}: damaged, the {blob.mime} {blob.digest[:8]} is not what was written")
        blobs[blob.digest] = Blob(blob.digest, blob.mime, content)
    halves = {digest[: 2 * DIGEST_BYTES]: digest for digest in blobs}
    steps = tuple(
        _step(step, chunk, halves, blobs, name, later=for_page and not blobs)
        for step, chunk in zip(header.steps, parts[: len(header.steps)], strict=True)
    )
    warnings = tuple(BuildWarning(kind, text) for kind, text in header.warnings)
    pixels = header.width, header.height
    palette, knobs = tuple(header.palette), tuple(each.read for each in header.knobs)
    return Recording(
        header.scene,
        header.fps,
        *pixels,
        header.background,
        steps,
        blobs,
        warnings,
        palette,
        knobs,
        tuple(header.divided),
    )


def _header(data: bytes, name: str) -> Header:
    try:
        content: Any = json.loads(data.decode())
        return Header.model_validate_json(json.dumps(content))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise DamagedRecordingError(f"{name}: damaged header ({reason})") from error


class _ChunkFrames(Sequence[Frame]):
    """Frames of a chunk, decoded when someone looks at them."""

    def __init__(self, raw: bytes, length: int) -> None:
        self._raw = raw
        self._length = length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Frame: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Frame]: ...

    def __getitem__(self, index: int | slice) -> Frame | Sequence[Frame]:
        return decode_first(self._raw, {}) if index == 0 else decode_step(self._raw, Step.blank(), {}).frames[index]


def _step(
    header: StepHeader, chunk: bytes, halves: dict[str, str], blobs: dict[str, Blob], name: str, *, later: bool
) -> Step:
    where = f"{name}, step {header.name!r}"
    if hashlib.sha256(chunk).hexdigest() != header.sha256:
        raise DamagedRecordingError(f"{where}: damaged, its bytes are not those that were written")
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(chunk, header.raw + 1)
    except zlib.error as error:
        raise DamagedRecordingError(f"{where}: damaged ({error})") from error
    if len(raw) != header.raw or not inflater.eof:
        raise DamagedRecordingError(f"{where}: damaged, it inflates to another length than the announced {header.raw}")
    if header.film and header.film.digest not in blobs:
        raise DamagedRecordingError(f"{where}: damaged, its film is missing")
    if any(sound.digest not in blobs for sound in header.sounds):
        raise DamagedRecordingError(f"{where}: damaged, a sound is missing")
    step = Step(
        name=header.name,
        frames=(),
        runs=(),
        end=Frame.blank(),
        title=header.title,
        notes=header.notes,
        loop=header.loop,
        auto_next=header.auto_next,
        finish_loop=header.finish_loop,
        playback_rate=header.playback_rate,
        reversed_playback_rate=header.reversed_playback_rate,
        direction=header.direction,
        texts=_texts(header),
        film=Film(header.film.digest, header.film.reason) if header.film else None,
        captions=tuple(Caption(*each) for each in header.captions),
        section=header.section,
        sounds=tuple(Sound(each.digest, each.start, each.gain) for each in header.sounds),
    )
    if later:  # no page has rests
        step = replace(step, frames=_ChunkFrames(raw, header.length), runs=((0, header.length),))
        remember(step, Chunk.known(raw, chunk, (), ()))
        return step
    step = replace(decode_step(raw, step, halves, count(1)), rests=_rests(header, where))
    if any(first + many > len(step.end.ops) for run in step.texts for first, many in run.glyphs):
        raise DamagedRecordingError(f"{where}: damaged, a text is of more draws than the end state has")
    if not _hold(step.rests, step):
        raise DamagedRecordingError(f"{where}: damaged, it rests on frames or draws that it has not")
    if step.length != header.length:
        raise DamagedRecordingError(f"{where}: damaged, {step.length} frames where {header.length} are announced")
    # encoded again, it would be told apart from the step that was recorded: a reader does not know mobjects
    shown = dict.fromkeys(
        op.digest for frame in (*step.frames, step.end) for op in frame.ops if isinstance(op, Picture)
    )
    remember(step, Chunk.known(raw, chunk, (), tuple(shown)))
    return step


def _texts(header: StepHeader) -> tuple[TextRun, ...]:
    glyphs = header.glyphs + [[] for _ in header.texts[len(header.glyphs) :]]
    return tuple(
        TextRun(text, (left, bottom, right, top), tuple(places))
        for (text, left, bottom, right, top), places in zip(header.texts, glyphs, strict=False)
    )


def _rests(header: StepHeader, where: str) -> tuple[Rest, ...]:
    if any(text >= len(header.rest_texts) for _, texts in header.rests for text, _ in texts):
        raise DamagedRecordingError(f"{where}: damaged, a rest has a text that is not there")
    runs = [(text, (left, bottom, right, top)) for text, left, bottom, right, top in header.rest_texts]
    return tuple(
        Rest(at, tuple(TextRun(*runs[text], tuple(glyphs)) for text, glyphs in texts)) for at, texts in header.rests
    )


def _hold(rests: Sequence[Rest], step: Step) -> bool:
    """Whether each of `rests` is of a frame of `step`, and of draws of that."""
    return all(
        rest.at < step.length
        and all(sum(span) <= len(step.shown(rest.at).ops) for run in rest.texts for span in run.glyphs)
        for rest in rests
    )
