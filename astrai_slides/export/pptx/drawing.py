"""A recorded frame as native shapes."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np

from astrai_slides.export.pptx.text import LinkTo, attribute
from astrai_slides.export.shared.filled_outlines import FilledOutlines
from astrai_slides.export.shared.geometry import Bounds, Outline, outline, stroked
from astrai_slides.export.shared.links import link_boxes
from astrai_slides.recording.format.model import (
    GRID,
    WIDTH_GRID,
    Cap,
    Draw,
    Frame,
    Join,
    Paint,
    Path,
    Picture,
    Rgba,
    Style,
    TextRun,
    View,
    colour_of,
    mixed,
)
from astrai_slides.recording.paint.boxes import box, meets

_ALPHA = 0xFF
_UNSEEN = 0xFFFFFF00
_PERCENT = 100_000
_MAX_LINE = 20_116_800
_CAPS = {Cap.BUTT: "flat", Cap.ROUND: "rnd", Cap.SQUARE: "sq"}
_JOINS = {Join.MITER: '<a:miter lim="1000000"/>', Join.ROUND: "<a:round/>", Join.BEVEL: "<a:bevel/>"}
_DEGREE = 60_000
_MOST_MERGED = 400
"""Paths of one shape: more would be slow to select and edit."""

_REMEMBERED = 2_000
"""Outlines kept for reuse: glyphs come again in every step; all shapes of a long talk would fill memory."""

ImageOf = Callable[[Picture], tuple[str, "Placement"]]
"""Stores a picture, perhaps redrawn, and returns the relationship's id and where it goes."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture's place in EMU (before turning), its turn in 1/60000 degree clockwise, flip, and alpha (0 to 255)."""

    x: int
    y: int
    width: int
    height: int
    turn: int = 0
    flip: bool = False
    alpha: int = _ALPHA


@dataclass(frozen=True, slots=True)
class Canvas:
    """A slide of `width` x `height` EMU that shows `view`."""

    width: int
    height: int
    view: View

    @property
    def scale(self) -> float:
        """EMU in a grid step."""
        return self.height / self.view.height

    def x(self, grid: float) -> float:
        """Where a grid coordinate lies on the slide."""
        return self.width / 2 + (grid - self.view.x) * self.width / self.view.width

    def y(self, grid: float) -> float:
        """Where a grid coordinate, upwards, lies on the slide, downwards."""
        return self.height / 2 - (grid - self.view.y) * self.height / self.view.height


def group(
    frame: Frame,
    texts: Sequence[TextRun],
    canvas: Canvas,
    first_id: int,
    name: str,
    description: str,
    image: ImageOf,
    link_to: LinkTo,
    fills: FilledOutlines,
) -> str:
    """Return `frame` as a `p:grpSp` whose id is `first_id`; its members have the ids that follow.

    `fills` are those of the document that it is a part of.
    """
    ids = count(first_id)
    own = next(ids)
    members = [_background(next(ids), frame.background, canvas, description)]
    for shape in _shapes(frame, texts, canvas, fills):
        if isinstance(shape, Picture):
            members.append(_picture(next(ids), *image(shape)))
        else:
            members.append(_freeform(next(ids), shape, canvas))
    for run in texts:
        for place, address in link_boxes(run.text, run.box):
            members.append(_link(next(ids), place, address, link_to(address), canvas))
    area = f'<a:off x="0" y="0"/><a:ext cx="{canvas.width}" cy="{canvas.height}"/>'
    inner = f'<a:chOff x="0" y="0"/><a:chExt cx="{canvas.width}" cy="{canvas.height}"/>'
    return (
        f'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="{own}" name={attribute(name)} descr={attribute(description)}/>'
        '<p:cNvGrpSpPr><a:grpSpLocks noChangeAspect="1"/></p:cNvGrpSpPr><p:nvPr/></p:nvGrpSpPr>'
        f"<p:grpSpPr><a:xfrm>{area}{inner}</a:xfrm></p:grpSpPr>{''.join(members)}</p:grpSp>"
    )


def complexity(frame: Frame) -> int:
    """How many points `frame` has, pictures not counted."""
    return sum(len(op.path.xy) // 8 for op in frame.ops if isinstance(op, Draw))


@dataclass(slots=True)
class _Shape:
    """Paths painted alike, absolute: (outline, x, y) in grid steps each."""

    name: str
    fill: Paint | None
    stroke: Paint | None
    stroke_width: int
    style: Style
    paths: list[tuple[Outline, int, int]]
    strokes: list[tuple[Outline, int, int]]
    """Where they differ from `paths`: fills united, strokes as they were drawn."""


def _shapes(
    frame: Frame, texts: Sequence[TextRun], canvas: Canvas, fills: FilledOutlines
) -> Iterator[_Shape | Picture]:
    held: _Shape | None = None
    area = (0, 0, canvas.width, canvas.height)
    for op in frame.ops:
        if not meets(box(op, frame.view, canvas.width, canvas.height), area):
            continue
        if isinstance(op, Picture):
            if held:
                yield held
                held = None
            if op.alpha:
                yield op
            continue
        name = _text_at(op, texts)
        for shape in _of(op, name, fills):
            if held is not None and _joins(held, shape):
                held.paths += shape.paths
            else:
                if held:
                    yield held
                held = shape
    if held:
        yield held


def _joins(held: _Shape, shape: _Shape) -> bool:
    """Whether `shape` may be one with `held`: painted alike, flat, and filled only or stroked only."""
    return (
        held.name == shape.name
        and held.fill == shape.fill
        and held.stroke == shape.stroke
        and held.stroke_width == shape.stroke_width
        and (held.stroke is None or (held.style.join == shape.style.join and held.style.cap == shape.style.cap))
        and (held.fill is None or held.stroke is None)
        and all(paint is None or paint.line is None for paint in (held.fill, held.stroke))
        and not (held.strokes or shape.strokes)
        and len(held.paths) < _MOST_MERGED
        and bool(held.name)
    )


def _of(draw: Draw, name: str, fills: FilledOutlines) -> Iterator[_Shape]:
    style = draw.style
    place = draw.x, draw.y
    if style.back is not None and style.back.is_seen and style.back_width > 0:
        yield from _strokes(draw, name, style.back, style.back_width)
    fill = style.fill if style.fill is not None and style.fill.is_seen else None
    stroke = style.stroke if style.stroke is not None and style.stroke.is_seen and style.stroke_width > 0 else None
    if stroke is not None and stroke.is_flat and fill is not None:
        whole, plain = fills.of(draw.path), _outline(draw.path)
        strokes = [] if whole == plain else [(plain, *place)]
        yield _Shape(name, fill, stroke, style.stroke_width, style, [(whole, *place)], strokes)
        return
    if fill is not None:
        yield _Shape(name, fill, None, 0, style, [(fills.of(draw.path), *place)], [])
    if stroke is not None:
        yield from _strokes(draw, name, stroke, style.stroke_width)


def _strokes(draw: Draw, name: str, paint: Paint, width: int) -> Iterator[_Shape]:
    if paint.is_flat:
        yield _Shape(name, None, paint, width, draw.style, [(_outline(draw.path), draw.x, draw.y)], [])
        return
    area = stroked(draw.path, width, draw.style.join, draw.style.cap)
    if area.commands:
        yield _Shape(name, paint, None, 0, draw.style, [(area, draw.x, draw.y)], [])


@lru_cache(maxsize=_REMEMBERED)
def _outline(path: Path) -> Outline:
    return outline(path)


def _text_at(draw: Draw, texts: Sequence[TextRun]) -> str:
    """The text whose box holds `draw`: glyphs are named by what they write."""
    left, bottom, right, top = _outline(draw.path).bounds
    for run in texts:
        if (
            run.box[0] <= draw.x + left + 1
            and run.box[1] <= draw.y + bottom + 1
            and run.box[2] >= draw.x + right - 1
            and run.box[3] >= draw.y + top - 1
        ):
            return run.text
    return ""


# -- elements


def _background(shape: int, colour: Rgba, canvas: Canvas, description: str) -> str:
    """A sheet under the drawing, so that the poster does not show through it.

    It is described as the group is, as LibreOffice reads no description of a group.
    """
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{shape}" name="Background" descr={attribute(description)}/>'
        "<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{canvas.width}" cy="{canvas.height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{solid(colour | _ALPHA)}<a:ln><a:noFill/></a:ln>'
        "</p:spPr></p:sp>"
    )


def _link(shape: int, box: tuple[float, float, float, float], address: str, relation: str, canvas: Canvas) -> str:
    """A sheet over an address that opens it. It is not seen, but filled: what has no fill takes no click."""
    left, bottom, right, top = box
    x, y = round(canvas.x(left)), round(canvas.y(top))
    width, height = max(1, round(canvas.x(right)) - x), max(1, round(canvas.y(bottom)) - y)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{shape}" name={attribute(address)} descr={attribute(address)}>'
        f'<a:hlinkClick r:id="{relation}"/></p:cNvPr><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>'
        f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{solid(_UNSEEN)}<a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


_POINT = '<a:pt x="%d" y="%d"/>'
_COMMANDS = {
    "close": "<a:close/>",
    **{
        kind: f"<a:{kind}>{_POINT * points}</a:{kind}>"
        for kind, points in (("moveTo", 1), ("lnTo", 1), ("quadBezTo", 2), ("cubicBezTo", 3))
    },
}
"""How each is written, with room for its points."""


def _freeform(shape: int, drawn: _Shape, canvas: Canvas) -> str:
    every = drawn.paths + drawn.strokes
    left = math.floor(min(x + path.bounds[0] for path, x, _ in every))
    bottom = math.floor(min(y + path.bounds[1] for path, _, y in every))
    right = max(left + 1, math.ceil(max(x + path.bounds[2] for path, x, _ in every)))
    top = max(bottom + 1, math.ceil(max(y + path.bounds[3] for path, _, y in every)))
    x, y = round(canvas.x(left)), round(canvas.y(top))
    width, height = max(1, round(canvas.x(right)) - x), max(1, round(canvas.y(bottom)) - y)
    size = f'w="{right - left}" h="{top - bottom}"'
    fill_only = bool(drawn.strokes)
    paths = "".join(
        _path(
            path,
            px - left,
            top - py,
            size,
            fill=drawn.fill is not None,
            stroke=drawn.stroke is not None and not fill_only,
        )
        for path, px, py in drawn.paths
    )
    paths += "".join(_path(path, px - left, top - py, size, fill=False, stroke=True) for path, px, py in drawn.strokes)
    fill = "<a:noFill/>" if drawn.fill is None else _fill(drawn.fill, (left, bottom, right, top), drawn.paths[0])
    line = "<a:ln><a:noFill/></a:ln>"
    if drawn.stroke is not None:
        pen = min(_MAX_LINE, round(drawn.stroke_width * GRID / WIDTH_GRID * canvas.scale))
        line = (
            f'<a:ln w="{pen}" cap="{_CAPS[drawn.style.cap]}">{solid(drawn.stroke.flat_colour)}'
            f'<a:prstDash val="solid"/>{_JOINS[drawn.style.join]}</a:ln>'
        )
    name = drawn.name or f"Shape {shape}"
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{shape}" name={attribute(name)}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>'
        f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>{paths}</a:pathLst></a:custGeom>{fill}{line}</p:spPr></p:sp>'
    )


def _path(path: Outline, x: float, y: float, size: str, *, fill: bool, stroke: bool) -> str:
    """One `a:path`; (`x`, `y`) is where its origin lies, `y` downwards."""
    flags = ("" if fill else ' fill="none"') + ("" if stroke else ' stroke="0"')
    points = np.array([point for _, part in path.commands for point in part], np.float64).reshape(-1, 2)
    places = np.rint([x, y] + points * [1, -1]).astype(np.int64)
    # all numbers are put in at once: one by one, they take most of the time of a slide
    commands = "".join([_COMMANDS[kind] for kind, _ in path.commands]) % tuple(places.ravel().tolist())
    return f"<a:path {size}{flags}>{commands}</a:path>"


def _picture(shape: int, relation: str, place: Placement) -> str:
    turn = f' rot="{place.turn}"' if place.turn else ""
    flip = ' flipV="1"' if place.flip else ""
    alpha = "" if place.alpha == _ALPHA else f'<a:alphaModFix amt="{round(place.alpha * _PERCENT / _ALPHA)}"/>'
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="{shape}" name="Picture {shape}"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="{relation}">{alpha}</a:blip><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        f'<p:spPr><a:xfrm{turn}{flip}><a:off x="{place.x}" y="{place.y}"/>'
        f'<a:ext cx="{place.width}" cy="{place.height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )


def solid(colour: Rgba) -> str:
    """Return `a:solidFill` of a colour."""
    return f"<a:solidFill>{_rgb(colour)}</a:solidFill>"


def _rgb(colour: Rgba) -> str:
    alpha = colour & _ALPHA
    inside = "" if alpha == _ALPHA else f'<a:alpha val="{round(alpha * _PERCENT / _ALPHA)}"/>'
    return (
        f'<a:srgbClr val="{colour >> 8:06X}">{inside}</a:srgbClr>'
        if inside
        else f'<a:srgbClr val="{colour >> 8:06X}"/>'
    )


def _fill(paint: Paint, bounds: Bounds, origin: tuple[Outline, int, int]) -> str:
    if paint.is_flat:
        return solid(paint.flat_colour)
    assert paint.line is not None
    x0, y0, x1, y1 = paint.line
    line = origin[1] + x0, origin[2] + y0, origin[1] + x1, origin[2] + y1
    stops = "".join(
        f'<a:gs pos="{round(place * _PERCENT)}">{_rgb(colour)}</a:gs>'
        for place, colour in spread(paint.stops, line, bounds)
    )
    angle = round(math.degrees(math.atan2(y0 - y1, x1 - x0)) % 360 * _DEGREE) % (360 * _DEGREE)
    return f'<a:gradFill rotWithShape="1"><a:gsLst>{stops}</a:gsLst><a:lin ang="{angle}" scaled="0"/></a:gradFill>'


def spread(stops: Sequence[Rgba], line: tuple[float, float, float, float], bounds: Bounds) -> list[tuple[float, Rgba]]:
    """Return the stops of a gradient along `line` as DrawingML wants them.

    There a gradient of a direction always runs from one corner of the shape's box to the opposite one, so ours is
    cut or continued to that length. Places are 0 to 1, in order.
    """
    x0, y0, x1, y1 = line
    across, up = x1 - x0, y1 - y0
    square = across * across + up * up
    corners = [((x - x0) * across + (y - y0) * up) / square for x in bounds[::2] for y in bounds[1::2]]
    start, end = min(corners), max(corners)
    last = len(stops) - 1

    def at(place: float) -> Rgba:
        scaled = min(1.0, max(0.0, place)) * last
        before = min(last - 1, int(scaled))
        part = scaled - before
        return colour_of(mixed((stops[before], stops[before + 1]), (1 - part, part)))

    inner = [index / last for index in range(len(stops)) if start < index / last < end]
    places = [start, *inner, end]
    return [((place - start) / (end - start), at(place)) for place in places]
