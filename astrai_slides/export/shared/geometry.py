"""Paths as outlines of lines and curves, for formats that draw vectors.

Cairo fills by the non-zero rule, DrawingML knows only the even-odd one: where they differ (glyphs of a variable font
have overlapping contours) the outline is united first. Gradient strokes become outlines that are filled, as few
readers can draw them otherwise.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pathops

from astrai_slides.recording.format.model import GRID, WIDTH_GRID, Cap, Join, Path

_STRAIGHT = 0.75
"""A curve whose handles lie this near to its chord, in grid steps, is a line."""

_JOINS = {
    Join.MITER: pathops.LineJoin.MITER_JOIN,
    Join.ROUND: pathops.LineJoin.ROUND_JOIN,
    Join.BEVEL: pathops.LineJoin.BEVEL_JOIN,
}
_CAPS = {
    Cap.BUTT: pathops.LineCap.BUTT_CAP,
    Cap.ROUND: pathops.LineCap.ROUND_CAP,
    Cap.SQUARE: pathops.LineCap.SQUARE_CAP,
}
_MITER_LIMIT = 10.0

PathCommand = tuple[str, tuple[tuple[float, float], ...]]
"""moveTo, lnTo, quadBezTo, cubicBezTo or close, and its points in grid steps, y upwards."""

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top in grid steps."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A path's commands and the box around all its points, handles included."""

    commands: tuple[PathCommand, ...]
    bounds: Bounds


def outline(path: Path) -> Outline:
    """Return `path` as it was recorded, relative to its first point."""
    return _outline(_commands(path))


def filled(path: Path) -> Outline:
    """Return what filling `path` by the non-zero rule covers, to be filled by the even-odd rule."""
    plain = outline(path)
    if _is_simple(path):
        return plain
    try:
        return _outline(_read(pathops.simplify(_skia(plain.commands, close=True), fix_winding=True)))
    except pathops.PathOpsError:
        return plain


def stroked(path: Path, width: int, join: Join, cap: Cap) -> Outline:
    """Return the area that a stroke `width` (see `WIDTH_GRID`) wide covers."""
    pen = _skia(outline(path).commands)
    pen.stroke(width * GRID / WIDTH_GRID, _CAPS[cap], _JOINS[join], _MITER_LIMIT)
    with suppress(pathops.PathOpsError):
        pen = pathops.simplify(pen, fix_winding=True)
    return _outline(_read(pen))


def _is_simple(path: Path) -> bool:
    """Whether no ink can be covered twice: a single convex outline. Anything else is worth a closer look."""
    if len(path.subpaths) != 1:
        return False
    points = path.points.astype(np.int64)
    edges = np.roll(points, -1, axis=0) - points
    edges = edges[np.any(edges != 0, axis=1)]
    if len(edges) < 3:
        return True
    following = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
    if not (np.all(turns >= 0) or np.all(turns <= 0)):
        return False
    angles = np.arctan2(turns, (edges * following).sum(axis=1))
    return bool(abs(angles.sum()) < 2 * np.pi * 1.5)


def _commands(path: Path) -> Iterator[PathCommand]:
    for points, closed in path.curves():
        flat = points.tolist()
        yield "moveTo", (tuple(flat[0]),)
        for at in range(1, len(flat), 3):
            start, one, two, end = flat[at - 1 : at + 3]
            if _straight(start, one, two, end):
                yield "lnTo", ((end[0], end[1]),)
            else:
                yield "cubicBezTo", ((one[0], one[1]), (two[0], two[1]), (end[0], end[1]))
        if closed:
            yield "close", ()


def _straight(start: Sequence[int], one: Sequence[int], two: Sequence[int], end: Sequence[int]) -> bool:
    across, up = end[0] - start[0], end[1] - start[1]
    length = (across * across + up * up) ** 0.5
    if length == 0:
        return start == one == two
    for handle in (one, two):
        right, above = handle[0] - start[0], handle[1] - start[1]
        along = (right * across + above * up) / length
        if abs(right * up - above * across) > _STRAIGHT * length or not -_STRAIGHT <= along <= length + _STRAIGHT:
            return False
    return True


def _outline(commands: Iterator[PathCommand]) -> Outline:
    kept = tuple(commands)
    points = [point for _, part in kept for point in part]
    if not points:
        return Outline((), (0, 0, 0, 0))
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return Outline(kept, (min(xs), min(ys), max(xs), max(ys)))


def _skia(commands: Sequence[PathCommand], *, close: bool = False) -> pathops.Path:
    path = pathops.Path()
    open_contour = False
    for kind, points in commands:
        if kind == "moveTo":
            if close and open_contour:
                path.close()
            path.moveTo(*points[0])
            open_contour = True
        elif kind == "lnTo":
            path.lineTo(*points[0])
        elif kind == "cubicBezTo":
            path.cubicTo(*points[0], *points[1], *points[2])
        else:
            path.close()
            open_contour = False
    if close and open_contour:
        path.close()
    return path


_VERBS = {
    pathops.PathVerb.MOVE: "moveTo",
    pathops.PathVerb.LINE: "lnTo",
    pathops.PathVerb.QUAD: "quadBezTo",
    pathops.PathVerb.CUBIC: "cubicBezTo",
    pathops.PathVerb.CLOSE: "close",
}


def _read(path: pathops.Path) -> Iterator[PathCommand]:
    path.convertConicsToQuads()
    for verb, points in path:
        yield _VERBS[verb], tuple(points)
