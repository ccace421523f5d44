"""Frames as bytes for another process of the same recording, which holds them as they were.

Quicker than a step's chunk, and exact: which draws are one object, and where they come from, stays as it is.
"""

import marshal
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress
from operator import not_
from typing import Any

from astrai_slides.base.identity import ById, address
from astrai_slides.recording.format.model import Cap, Draw, Frame, Join, Op, Paint, Path, Picture, Style, View


class Interned:
    """Paths, styles and draws of a step, of which equal ones are one object."""

    def __init__(self) -> None:
        self._paths: dict[Path, Path] = {}
        self._styles: dict[Style, Style] = {}
        # by the identities of a path and a style, which those above keep
        self._draws: dict[tuple[int, int, int, int, int], Draw] = {}
        self._known: ById[Op, Op] = ById()

    def path(self, path: Path) -> Path:
        """Return the path that is equal to `path`."""
        return self._paths.setdefault(path, path)

    def style(self, style: Style) -> Style:
        """Return the style that is equal to `style`."""
        return self._styles.setdefault(style, style)

    def draw(self, path: Path, style: Style, x: int, y: int, source: int) -> Draw:
        """Return the draw of an interned path and style."""
        key = address(path), address(style), x, y, source
        draw = self._draws.get(key)
        if draw is None:
            draw = self._draws[key] = Draw(path, style, x, y, source)
        return draw

    def again(self, frame: Frame) -> Frame:
        """Return `frame` with interned draws."""
        return Frame(tuple(map(self._op, frame.ops)), frame.view, frame.background)

    def _op(self, op: Op) -> Op:
        known = self._known.get(op)
        if known is None:
            known = op
            if isinstance(op, Draw):
                known = self.draw(self.path(op.path), self.style(op.style), op.x, op.y, op.source)
            self._known[op] = known
        return known


def frames_to_bytes(frames: Sequence[tuple[Frame, int]]) -> bytes:
    """Return `frames`, each with how long it stays, as bytes."""
    paths: ById[Path, int] = ById()
    styles: ById[Style, int] = ById()
    ops: list[Op] = []
    numbers: dict[int, int] = {}
    views: dict[View, int] = {}
    told = []
    for frame, count in frames:
        ids = [*map(address, frame.ops)]
        # most of a frame is the very objects of the frame before
        for op in compress(frame.ops, map(not_, map(numbers.__contains__, ids))):
            numbers[address(op)] = len(ops)
            ops.append(op)
            if isinstance(op, Draw):
                paths.setdefault(op.path, len(paths))
                styles.setdefault(op.style, len(styles))
        view = views.setdefault(frame.view, len(views))
        told.append(([*map(numbers.__getitem__, ids)], view, frame.background, count))
    return marshal.dumps(
        (
            [(path.subpaths, path.xy) for path in paths],
            [_style_parts(style) for style in styles],
            [
                (paths[op.path], styles[op.style], op.x, op.y, op.source)
                if isinstance(op, Draw)
                else _picture_parts(op)
                for op in ops
            ],
            [(view.x, view.y, view.width, view.height) for view in views],
            told,
        )
    )


def frames_from_bytes(data: bytes, interned: Interned, source: Callable[[int], int]) -> Iterator[tuple[Frame, int]]:
    """Frames that `frames_to_bytes` was given; `source` tells what the number of a mobject is here."""
    told_paths, told_styles, told_ops, told_views, told = marshal.loads(data)
    paths = [interned.path(Path(*each)) for each in told_paths]
    styles = [interned.style(_style(each)) for each in told_styles]
    views = [View(*each) for each in told_views]
    ops: list[Op] = []
    for each in told_ops:
        if len(each) == _PARTS_OF_A_DRAW:
            path, style, x, y, number = each
            ops.append(interned.draw(paths[path], styles[style], x, y, source(number)))
        else:
            digest, width, height, corners, alpha, smooth, number = each
            ops.append(Picture(digest, width, height, corners, alpha, smooth, source(number)))
    for shown, view, background, count in told:
        yield Frame(tuple([ops[number] for number in shown]), views[view], background), count


_PARTS_OF_A_DRAW = 5


def _picture_parts(op: Picture) -> tuple[Any, ...]:
    return op.digest, op.width, op.height, op.corners, op.alpha, op.smooth, op.source


def _style_parts(style: Style) -> tuple[Any, ...]:
    paints = (paint and (paint.stops, paint.line) for paint in (style.fill, style.stroke, style.back))
    return *paints, style.stroke_width, style.back_width, int(style.join), int(style.cap)


def _style(parts: tuple[Any, ...]) -> Style:
    fill, stroke, back = (each and Paint(*each) for each in parts[:3])
    stroke_width, back_width, join, cap = parts[3:]
    return Style(fill, stroke, stroke_width, back, back_width, Join(join), Cap(cap))


def numbered(before: Mapping[int, int], unique: int, base: int) -> Callable[[int], int]:
    """Return what says of a number that a child gave what it is here: as it is up to `base`, which was given before
    the fork; else as `before` says, or one that no other child gives with another `unique`."""

    def source(number: int) -> int:
        return number if number <= base else before.get(number, -(unique << 32 | number))

    return source
