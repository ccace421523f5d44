"""A contact sheet: what every step ends with on one picture, each with its number and title beneath."""

import math
from collections.abc import Sequence
from pathlib import Path

import cairo
import numpy as np

from astrai_slides.base import atomic
from astrai_slides.export.shared.characters import clean
from astrai_slides.export.shared.outlined_words import Drawn, drawn
from astrai_slides.export.shared.steps import chapter_of
from astrai_slides.recording.format.model import Recording, Step
from astrai_slides.recording.paint.painter import Painter
from astrai_slides.recording.paint.raster import encode_png, straight
from astrai_slides.talk.document import Document

WIDTH = 1920
"""Pixels."""

_MOST_PER_EM = 10
"""Characters of a line for which an em has room: dots take a fifth of one."""
_MARGIN = 48
_GAP = 32
_HEAD, _ABOUT, _TITLE = 44.0, 26.0, 26.0
"""Sizes of letters: the talk's title, what is known of it, and a step's title."""

_LEADING = 1.5
_MOST_HEIGHT = 30_000
"""Pixels; Cairo draws no more than 32,767."""

_SHEET, _INK, _FAINT, _LINE = (1.0, 1.0, 1.0), (0.1, 0.1, 0.12), (0.4, 0.4, 0.44), (0.78, 0.78, 0.8)
_COLUMNS = {1: 1, 2: 2, 4: 2, 9: 3}
"""By how many steps there are at most; more have four, as long as that fits."""

_MOST_COLUMNS = 4


def write_contact_sheet(recording: Recording, numbers: Sequence[int], target: Path, document: Document) -> None:
    """Write all steps of `recording`, with the numbers that they have in `numbers`, as one PNG of `WIDTH` pixels."""
    about = " · ".join(part for part in (document.speaker, document.event, document.date) if part)
    head = _MARGIN + _HEAD * _LEADING + (_ABOUT * _LEADING if about else 0)
    columns, cell = _grid(len(recording.steps), recording.height / recording.width, head)
    tall = cell * recording.height / recording.width
    row = tall + _TITLE * _LEADING + _GAP
    height = math.ceil(head + _GAP / 2 + row * math.ceil(len(recording.steps) / columns) + _MARGIN - _GAP)
    pixels = np.zeros((height, WIDTH, 4), np.uint8)
    surface = cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, WIDTH, height)
    ctx = cairo.Context(surface)
    ctx.set_source_rgb(*_SHEET)
    ctx.paint()
    room = WIDTH - 2 * _MARGIN
    _write(ctx, document.title, _MARGIN, _MARGIN + _HEAD, _HEAD, room, bold=True)
    if about:
        _write(ctx, about, _MARGIN, head - _ABOUT * (_LEADING - 1) / 2, _ABOUT, room, colour=_FAINT)
    painter = Painter(recording.blobs)
    for place, (number, step) in enumerate(zip(numbers, recording.steps, strict=True)):
        x = _MARGIN + place % columns * (cell + _GAP)
        y = head + _GAP / 2 + place // columns * row
        _picture(ctx, painter, step, (round(x), round(y), round(cell), round(tall)))
        label = f"{number}" if chapter_of(step) == str(number) else f"{number} · {chapter_of(step)}"
        _write(ctx, label, x, y + tall + _TITLE * 1.2, _TITLE, cell)
    surface.finish()
    atomic.write_bytes(target, encode_png(straight(pixels)))


def _grid(count: int, aspect: float, head: float) -> tuple[int, float]:
    """How many columns there are, and how wide each is."""
    columns = next((columns for most, columns in _COLUMNS.items() if count <= most), _MOST_COLUMNS)
    while True:
        cell = (WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) / columns
        height = head + (cell * aspect + _TITLE * _LEADING + _GAP) * math.ceil(count / columns) + _MARGIN
        if height <= _MOST_HEIGHT or columns >= count:
            return columns, cell
        columns += 1


def _picture(
    ctx: "cairo.Context[cairo.ImageSurface]", painter: Painter, step: Step, area: tuple[int, int, int, int]
) -> None:
    x, y, width, height = area
    view = step.end.view
    scale = min(width / view.width, height / view.height)
    wide, tall = view.width * scale, view.height * scale
    ctx.save()
    ctx.set_source_rgb(0, 0, 0)  # as a screen shows what is transparent
    ctx.rectangle(x, y, width, height)
    ctx.fill()
    ctx.restore()
    part = cairo.ImageSurface(cairo.FORMAT_ARGB32, max(1, round(wide)), max(1, round(tall)))
    painter.paint(cairo.Context(part), step.end, part.get_width(), part.get_height())
    ctx.set_source_surface(part, x + (width - part.get_width()) // 2, y + (height - part.get_height()) // 2)
    ctx.paint()
    ctx.set_source_rgb(*_LINE)
    ctx.set_line_width(1)
    ctx.rectangle(x - 0.5, y - 0.5, width + 1, height + 1)
    ctx.stroke()


def _write(
    ctx: "cairo.Context[cairo.ImageSurface]",
    text: str,
    x: float,
    baseline: float,
    size: float,
    room: float,
    *,
    bold: bool = False,
    colour: tuple[float, float, float] = _INK,
) -> None:
    """Write a line of `text`, or as much of it as is no wider than `room` pixels, with an ellipsis."""
    line = _fitting(" ".join(clean(text).split()), room / size, bold=bold)
    if line is None:
        return
    ctx.save()
    ctx.translate(x, baseline)
    ctx.scale(size, -size)
    ctx.new_path()
    for kind, values in line.commands:
        if kind == "m":
            ctx.move_to(*values)
        elif kind == "l":
            ctx.line_to(*values)
        elif kind == "c":
            ctx.curve_to(*values)
        else:
            ctx.close_path()
    ctx.restore()
    ctx.set_source_rgb(*colour)
    ctx.fill()


def _fitting(text: str, room: float, *, bold: bool) -> Drawn | None:
    """`text` as outlines, in ems no wider than `room`."""
    if not text:
        return None
    # of ten thousand letters no more are set, over and over, than there may be room for
    longest = round(room * _MOST_PER_EM)
    whole = drawn(text, bold=bold, italic=False) if len(text) <= longest else None
    if whole is not None and whole.width <= room:
        return whole
    fits, most = 1, min(len(text) - 1, longest)
    while fits < most:
        middle = (fits + most + 1) // 2
        if drawn(f"{text[:middle].rstrip()}…", bold=bold, italic=False).width <= room:
            fits = middle
        else:
            most = middle - 1
    return drawn(f"{text[:fits].rstrip()}…", bold=bold, italic=False)
