"""What a step ends with as SVG: paths in the numbers they were recorded in, and its texts to search and select."""

import base64
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from astrai_slides.export.shared.characters import clean
from astrai_slides.export.shared.geometry import outline
from astrai_slides.export.shared.steps import description, title_of
from astrai_slides.recording.format.model import (
    GRID,
    WIDTH_GRID,
    Blob,
    Cap,
    Draw,
    Frame,
    Join,
    Op,
    Paint,
    Path,
    Picture,
    Rgba,
    Step,
    TextRun,
    View,
    colour_parts,
)
from astrai_slides.recording.paint.boxes import box, meets

_STROKE_SCALE = GRID / WIDTH_GRID
_CAPS = {Cap.ROUND: "round", Cap.SQUARE: "square"}
_JOINS = {Join.ROUND: "round", Join.BEVEL: "bevel"}
_MITER_LIMIT = 10
_WORTH = 60
"""Characters of a path that is written once, where it comes again."""

_SIGHT = 10_000
_DESCENT = 0.22
"""How far below a line's baseline its box reaches, in heights of the box."""


def svg(step: Step, blobs: Mapping[str, Blob], width: int, height: int) -> str:
    """Return the end state of `step` as an SVG document that is `width` x `height` pixels by itself.

    Texts are paths, as fonts differ from machine to machine; over them lie the same texts without ink. Raises KeyError
    if a picture's blob is missing.
    """
    frame, view = step.end, step.end.view
    title, about = escape(clean(title_of(step))), escape(clean(description(step)))
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {view.width} {view.height}" preserveAspectRatio="none">',
        f"<title>{title}</title>",
        f"<desc>{about}</desc>",
        *_Writer(frame, blobs).rows(),
        *_texts(step.texts, view),
        "</svg>",
    ]
    return "\n".join(rows) + "\n"


class _Writer:
    """The elements of one frame."""

    def __init__(self, frame: Frame, blobs: Mapping[str, Blob]) -> None:
        self._frame = frame
        self._blobs = blobs
        self._ops = list(_seen(frame))
        self._uses = Counter(op.path for op in self._ops if isinstance(op, Draw))
        self._defined: list[str] = []
        self._paths: dict[Path, str] = {}
        self._gradients: dict[Paint, str] = {}
        self._data: dict[Path, str] = {}

    def rows(self) -> Iterator[str]:
        """Definitions, background, and what is drawn, from back to front."""
        view = self._frame.view
        drawn = [row for op in self._ops for row in self._op(op)]
        if self._defined:
            yield from ("<defs>", *self._defined, "</defs>")
        yield f'<rect width="{view.width}" height="{view.height}"{_colour("fill", self._frame.background)}/>'
        across, down = view.width / 2 - view.x, view.height / 2 + view.y
        yield f'<g transform="matrix(1 0 0 -1 {_number(across)} {_number(down)})" stroke-miterlimit="{_MITER_LIMIT}">'
        yield from drawn
        yield "</g>"

    def _op(self, op: Op) -> Iterator[str]:
        if isinstance(op, Picture):
            yield from self._picture(op)
            return
        style = op.style
        fill = style.fill if style.fill is not None and style.fill.is_seen else None
        stroke = style.stroke if style.stroke is not None and style.stroke_width > 0 and style.stroke.is_seen else None
        if style.back is not None and style.back_width > 0 and style.back.is_seen:
            yield self._path(op, ' fill="none"' + self._pen(op, style.back, style.back_width))
        if fill is not None or stroke is not None:
            painted = self._paint("fill", fill) if fill is not None else ' fill="none"'
            yield self._path(op, painted + (self._pen(op, stroke, style.stroke_width) if stroke is not None else ""))

    def _pen(self, draw: Draw, paint: Paint, width: int) -> str:
        style = draw.style
        cap, join = _CAPS.get(style.cap), _JOINS.get(style.join)
        return (
            self._paint("stroke", paint)
            + f' stroke-width="{_number(width * _STROKE_SCALE)}"'
            + (f' stroke-linecap="{cap}"' if cap else "")
            + (f' stroke-linejoin="{join}"' if join else "")
        )

    def _paint(self, name: str, paint: Paint) -> str:
        if paint.is_flat:
            return _colour(name, paint.flat_colour)
        if paint not in self._gradients:
            assert paint.line is not None
            key = self._gradients[paint] = f"g{len(self._gradients)}"
            x0, y0, x1, y1 = paint.line
            last = len(paint.stops) - 1
            stops = "".join(
                f'<stop offset="{_number(place / last)}"{_colour("stop", stop, "color")}/>'
                for place, stop in enumerate(paint.stops)
            )
            at = f'x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"'
            self._defined.append(
                f'<linearGradient id="{key}" gradientUnits="userSpaceOnUse" {at}>{stops}</linearGradient>'
            )
        return f' {name}="url(#{self._gradients[paint]})"'

    def _path(self, draw: Draw, painted: str) -> str:
        path = draw.path
        if path not in self._data:
            self._data[path] = _path_data(path)
        data = self._data[path]
        if self._uses[path] == 1 or len(data) < _WORTH:
            return f'<path transform="translate({draw.x} {draw.y})" d="{data}"{painted}/>'
        if path not in self._paths:
            self._paths[path] = f"p{len(self._paths)}"
            self._defined.append(f'<path id="{self._paths[path]}" d="{data}"/>')
        return f'<use xlink:href="#{self._paths[path]}" x="{draw.x}" y="{draw.y}"{painted}/>'

    def _picture(self, picture: Picture) -> Iterator[str]:
        x0, y0, x1, y1, x2, y2 = picture.corners
        if not picture.alpha or (x1 - x0) * (y2 - y0) == (y1 - y0) * (x2 - x0):
            return
        blob = self._blobs[picture.digest]
        width, height = picture.width, picture.height
        across, down = ((x1 - x0) / width, (y1 - y0) / width), ((x2 - x0) / height, (y2 - y0) / height)
        matrix = " ".join(map(_number, (*across, *down, x0, y0)))
        faint = f' opacity="{_number(picture.alpha / 0xFF)}"' if picture.alpha < 0xFF else ""
        hard = "" if picture.smooth else ' image-rendering="pixelated"'
        data = base64.b64encode(blob.data).decode()
        yield (
            f'<image width="{width}" height="{height}" preserveAspectRatio="none" transform="matrix({matrix})"'
            f'{faint}{hard} xlink:href="data:{blob.mime};base64,{data}"/>'
        )


def _seen(frame: Frame) -> Iterable[Op]:
    view = frame.view
    height = round(_SIGHT * view.height / view.width)
    return (op for op in frame.ops if meets(box(op, view, _SIGHT, height), (0, 0, _SIGHT, height)))


_LETTERS = {"moveTo": "m", "lnTo": "l", "cubicBezTo": "c", "close": "z"}


def _path_data(path: Path) -> str:
    """The path as SVG writes it, each point from the one before, which takes half the room."""
    parts: list[str] = []
    at, start = (0.0, 0.0), (0.0, 0.0)
    for kind, points in outline(path).commands:
        parts.append(_LETTERS[kind] + " ".join(f"{_number(x - at[0])} {_number(y - at[1])}" for x, y in points))
        if kind == "moveTo":
            start = points[0]
        at = points[-1] if points else start
    return "".join(parts)


def _texts(runs: Sequence[TextRun], view: View) -> Iterator[str]:
    """The texts that rest on the frame, where they are and as wide, without ink."""
    if not runs:
        return
    left_edge, top_edge = view.x - view.width / 2, view.y + view.height / 2
    yield '<g fill-opacity="0" font-family="sans-serif" xml:space="preserve">'
    for run in runs:
        left, bottom, right, top = run.box
        lines = [line for line in run.text.splitlines() if line.strip()]
        size = (top - bottom) / max(1, len(lines))
        for place, line in enumerate(lines):
            base = top_edge - top + (place + 1 - _DESCENT) * size
            at = f'x="{_number(left - left_edge)}" y="{_number(base)}" font-size="{_number(size)}"'
            wide = f'textLength="{max(1, right - left)}" lengthAdjust="spacingAndGlyphs"'
            yield f"<text {at} {wide}>{escape(clean(line))}</text>"
    yield "</g>"


def _colour(name: str, colour: Rgba, part: str = "") -> str:
    """Attributes for a colour, and for its opacity where it has some."""
    red, green, blue, alpha = colour_parts(colour)
    told = f"#{round(red):02x}{round(green):02x}{round(blue):02x}"
    faint = f" {name}-opacity={quoteattr(_number(alpha / 0xFF))}" if alpha < 0xFF else ""
    return f' {name}{"-" + part if part else ""}="{told}"{faint}'


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))
