"""Speaker sheet: a small picture of each step's end state, its notes, planned time and the running total."""

import base64
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from PIL import Image

from astrai_slides.base import atomic
from astrai_slides.errors import AstraiSlidesError
from astrai_slides.export.pdf.composer import Composer, composing
from astrai_slides.export.pdf.flow import Row, characters, rows
from astrai_slides.export.pdf.fonts import Book
from astrai_slides.export.pdf.pages import DIGITS, MARGIN, PAPER, begin_page, foot, heading, notes_of, plain
from astrai_slides.export.shared.steps import description, part_of, title_of
from astrai_slides.export.shared.text import Line, Look, clean, lines, markdown
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.recording.paint.raster import rasterise, rgb
from astrai_slides.talk.document import Document

WORDS_A_MINUTE = 130
"""How fast a speaker is taken to speak, to an audience that listens in a second language."""

_PICTURE_PIXELS = 320
_COLOURS = 64
_PICTURE_POINTS = 168.0
_GUTTER = 14.0
_BETWEEN = 16.0
_TITLE, _HEAD, _TEXT = 18.0, 11.0, 10.0
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_MOST_HASHES = 6
_NOTES_DEPTH = 2
"""Headings in notes stand below those of the sheet."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds planned for a step, and for all up to its end. `estimated`: nobody gave them."""

    seconds: float
    total: float
    estimated: bool


def write_notes(
    recording: Recording, target: Path, document: Document, *, planned: Mapping[str, float] | None = None
) -> None:
    """Write the speaker sheet as Markdown or PDF, by the suffix of `target`.

    `planned` gives seconds by the name of a step or of a part, whose steps share them; a step without takes as long as
    its motion, or as saying its notes if that is longer. Raises AstraiSlidesError for another suffix, or if `planned`
    names what the recording lacks.
    """
    timings = plan(recording, planned or {})
    if target.suffix == ".md":
        atomic.write_bytes(target, _markdown(recording, document, timings).encode())
    elif target.suffix == ".pdf":
        with atomic.replacing(target) as draft:
            _pdf(recording, draft, document, timings)
    else:
        raise AstraiSlidesError(f"{target}: a speaker sheet is .md or .pdf; give one of these suffixes")


def plan(recording: Recording, planned: Mapping[str, float]) -> list[Timing]:
    """Return the time of each step. A loop counts one turn."""
    names = [step.name for step in recording.steps]
    seconds = {step.name: _estimate(step, recording.fps) for step in recording.steps}
    given = {name: float(planned[name]) for name in names if name in planned}
    for name, whole in planned.items():
        if name in given:
            continue
        members = [step.name for step in recording.steps if part_of(step) == name]
        if not members:
            raise AstraiSlidesError(
                f"planned time for {name!r}: there is no such step; the deck has: {', '.join(names)}: "
                "mend [planned] in the talk file"
            )
        # what is left of a part's time after steps with a time of their own
        open_steps = [member for member in members if member not in planned]
        left = max(0.0, whole - sum(given[member] for member in members if member in given))
        share = sum(seconds[member] for member in open_steps)
        for member in open_steps:
            given[member] = left * seconds[member] / share if share else left / len(open_steps)
    seconds |= given
    totals = accumulate(seconds[name] for name in names)
    return [Timing(seconds[name], total, name not in given) for name, total in zip(names, totals, strict=True)]


def _estimate(step: Step, fps: float) -> float:
    words = sum(len(_WORD.findall(line.text)) for line in lines(step.notes))
    return max(step.length / fps / step.playback_rate, words * 60 / WORDS_A_MINUTE)


def clock(seconds: float) -> str:
    """`seconds` as minutes and seconds, 1:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _heads(document: Document, timings: Sequence[Timing]) -> tuple[str, str]:
    """What stands below the sheet's title: whose talk it is, and how long."""
    about = " · ".join(part for part in (document.speaker, document.event, document.date) if part)
    total = clock(timings[-1].total) if timings else clock(0)
    text = f"{len(timings)} steps, {total} planned"
    if any(timing.estimated for timing in timings):
        part = "" if all(timing.estimated for timing in timings) else "in part "
        text += f" ({part}estimated: a step's motion, or its notes at {WORDS_A_MINUTE} words a minute)"
    return about, text


def _times(step: Step, timing: Timing) -> str:
    text = f"{clock(timing.seconds)}, total {clock(timing.total)}"
    if step.loop:
        text += ", repeats until next"
    if step.auto_next:
        text += ", goes on by itself"
    return text


# -- Markdown


def _markdown(recording: Recording, document: Document, timings: Sequence[Timing]) -> str:
    about, total = _heads(document, timings)
    parts = [f"# {_literal(document.title)}", *([_literal(about)] if about else []), _literal(total)]
    for number, (step, timing) in enumerate(zip(recording.steps, timings, strict=True), start=1):
        parts.append(f"## {number}. {_literal(title_of(step))}")
        picture = base64.b64encode(_small(step, recording)).decode()
        parts.append(f"![{_literal(description(step))}](data:image/png;base64,{picture})")
        parts.append(f"*{_times(step, timing)}*")
        if step.notes.strip():
            parts.append(_demoted(step.notes, title_of(step)))
    return "\n\n".join(parts) + "\n"


def _literal(text: str) -> str:
    """`text` on one line, no character of which Markdown takes for form."""
    return re.sub(r"([\\`*_\[\]<>#~|!&])", r"\\\1", " ".join(clean(text).split()))


def _demoted(notes: str, title: str) -> str:
    """`notes` with headings below the sheet's, and without one at their top that only says the title again."""
    rows = clean(notes).strip("\n").split("\n")
    written = lines("\n".join(rows))
    tokens = markdown().parse("\n".join(rows))
    if written and written[0].heading and written[0].text.strip() == clean(title).strip() and tokens[0].map:
        # as many empty lines, as the other tokens know theirs by number
        rows[: tokens[0].map[1]] = [""] * tokens[0].map[1]
        tokens = tokens[1:]
    for token in tokens:
        if token.type == "heading_open" and token.map:
            first, last = token.map
            hashes = "#" * min(_MOST_HASHES, int(token.tag[1:]) + _NOTES_DEPTH)
            if token.markup.startswith("#"):
                rows[first] = re.sub(r"#+", hashes, rows[first], count=1)
            else:
                # underlined: the line below becomes the text's own last line
                rows[first], rows[last - 1] = f"{hashes} {' '.join(rows[first : last - 1])}", ""
                rows[first + 1 : last - 1] = [""] * max(0, last - 2 - first)
    return "\n".join(rows).strip("\n")


def _small(step: Step, recording: Recording) -> bytes:
    view = step.end.view
    height = max(1, round(_PICTURE_PIXELS * view.height / view.width))
    pixels = rgb(rasterise(step.end, recording.blobs, _PICTURE_PIXELS, height))
    buffer = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels)).quantize(_COLOURS, dither=Image.Dither.NONE)
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


# -- PDF


def _pdf(recording: Recording, draft: Path, document: Document, timings: Sequence[Timing]) -> None:
    notes = [notes_of(step) for step in recording.steps]
    heads = [heading(f"{number}. {title_of(step)}") for number, step in enumerate(recording.steps, start=1)]
    times = [_faint(_times(step, timing)) for step, timing in zip(recording.steps, timings, strict=True)]
    about, total = _heads(document, timings)
    tops = [(heading(document.title), _TITLE), *((plain(text), _TEXT) for text in (about, total) if text)]
    every = [*heads, *times, *(line for line, _ in tops), *(line for part in notes for line in part)]
    book = Book(characters([*every, foot(document, 0)]) | DIGITS)
    with composing(recording, draft, document, book) as composer:
        sheet = _Sheet(composer, document, book)
        for line, size in tops:
            sheet.top(line, size)
        for step, head, time, written in zip(recording.steps, heads, times, notes, strict=True):
            sheet.step(step, head, time, written)


def _faint(text: str) -> Line:
    return Line(((text, Look(italic=True)),))


class _Sheet:
    """Steps one below the other, pictures at the left."""

    def __init__(self, composer: Composer, document: Document, book: Book) -> None:
        self._composer = composer
        self._document = document
        self._book = book
        self._bottom = PAPER[1] - 1.5 * MARGIN
        self._column = PAPER[0] - 2 * MARGIN - _PICTURE_POINTS - _GUTTER
        self._y = MARGIN
        self._new_page()

    def top(self, line: Line, size: float) -> None:
        for row in rows([line], PAPER[0] - 2 * MARGIN, self._book, size):
            self._composer.aside(row, MARGIN, self._y, faint=False)
            self._y += row.height

    def step(self, step: Step, head: Line, time: Line, notes: Sequence[Line]) -> None:
        view = step.end.view
        scale = min(_PICTURE_POINTS / view.width, _PICTURE_POINTS / view.height)
        wide, tall = view.width * scale, view.height * scale
        written: list[Row] = [
            *rows([head], self._column, self._book, _HEAD),
            *rows([time], self._column, self._book, _TEXT),
            *rows(notes, self._column, self._book, _TEXT),
        ]
        needed = max(tall, sum(row.height for row in written[:4]))
        self._y += _BETWEEN
        if self._y + needed > self._bottom:
            self._new_page()
        self._composer.section(title_of(step), part_of(step), self._y)
        self._composer.picture(step.end, step.texts, MARGIN, self._y, wide, tall, alt=description(step), framed=True)
        below = self._y + tall
        for row in written:
            if self._y + row.height > self._bottom:
                self._new_page()
                below = self._y
            self._composer.row(row, MARGIN + _PICTURE_POINTS + _GUTTER, self._y)
            self._y += row.height
        self._y = max(self._y, below)

    def _new_page(self) -> None:
        begin_page(self._composer, PAPER, self._document, self._book)
        self._y = MARGIN
